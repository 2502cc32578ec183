"""Mail goes out through the server that the town named in its settings; without one it lands in DATA/mail/ to be
looked at."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from allmende.config import env
from allmende.spine.instance.domain.queries import current


def connection_of(mail: dict[str, Any], **kwargs: Any) -> BaseEmailBackend:
    """A connection after settings {host, port, security: none|starttls|tls, user}."""
    if not mail.get("host"):
        return get_connection(
            "django.core.mail.backends.filebased.EmailBackend", file_path=str(settings.DATA / "mail"), **kwargs
        )
    return get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=mail["host"],
        port=int(mail.get("port") or 587),
        username=mail.get("user") or None,
        password=env.get("ALLMENDE_MAIL_PASSWORD", "") or env.secrets(settings.DATA).get("mail_password"),
        use_tls=mail.get("security") == "starttls",
        use_ssl=mail.get("security") == "tls",
        timeout=15,
        **kwargs,
    )


class Backend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        mail = current().mail
        sender = mail.get("sender")
        for message in email_messages:
            if sender and message.from_email == settings.DEFAULT_FROM_EMAIL:
                message.from_email = sender
        return connection_of(mail, fail_silently=self.fail_silently).send_messages(email_messages) or 0
