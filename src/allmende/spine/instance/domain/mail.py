"""A test mail that is really sent, and what went wrong in words that help.

The host is whatever an administrator (or the holder of the set-up code) types: only they may make the server
open a connection.
"""

import contextlib
import smtplib
import socket
import ssl
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require
from allmende.spine.secrets import save_secrets, secrets

from ..facts import MailTested
from . import queries

PASSWORD = "mail_password"  # noqa: S105 - the name of the secret, not the secret
TIMEOUT_SECONDS = 10


class MailProblem(Exception):
    """`code` for programs, the text for people: what failed and what to look at."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def send_test(mail: dict[str, Any], password: str | None, to: str, *, name: str) -> None:
    """Send one message to `to` through the server `mail` describes. Raises MailProblem."""
    backend = EmailBackend(
        host=mail["host"],
        port=int(mail["port"]),
        username=mail.get("user") or None,
        password=password or None,
        use_tls=mail.get("security") == "starttls",
        use_ssl=mail.get("security") == "tls",
        timeout=TIMEOUT_SECONDS,
    )
    message = EmailMessage(
        _("Test mail from %(name)s") % {"name": name},
        _("This message shows that the mail server is set up rightly. Nothing needs to be done."),
        mail["sender"],
        [to],
        connection=backend,
    )
    try:
        message.send()
    except Exception as error:
        problem = explain(error, mail, to)
        if problem is None:
            raise
        raise problem from error
    finally:
        # A failed log-in leaves the connection open; whether the good-bye succeeds does not matter any more.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            backend.close()


def explain(error: Exception, mail: dict[str, Any], to: str) -> MailProblem | None:
    """What a failure of smtplib means for whoever fills in the form; None for what is no failure of the mail server."""
    where = {
        "host": mail["host"],
        "port": mail["port"],
        "to": to,
        "sender": mail["sender"],
        "user": mail.get("user", ""),
    }
    found = _connection(error) or _conversation(error)
    if found is None:
        return None
    code, text = found
    return MailProblem(code, text % where)


def _connection(error: Exception) -> tuple[str, str] | None:
    if isinstance(error, socket.gaierror):
        return "host_unknown", _("There is no server named %(host)s. Check the spelling of the name.")
    if isinstance(error, ConnectionRefusedError):
        return "refused", _(
            "The server %(host)s takes no mail on port %(port)s. "
            "Check the port, and whether a firewall lets the connection out."
        )
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate", _(
            "The certificate of %(host)s could not be verified. Use the name that stands in the certificate, "
            "or make the certificate of your own authority known to this server."
        )
    if isinstance(error, ssl.SSLError):
        return "tls", _(
            "No protected connection came about with %(host)s on port %(port)s. "
            "Port 465 usually wants TLS from the start, port 587 STARTTLS."
        )
    if isinstance(error, TimeoutError):
        return "timeout", _("The server %(host)s did not answer on port %(port)s within ten seconds.")
    return None


def _conversation(error: Exception) -> tuple[str, str] | None:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "auth", _("The server %(host)s refused user name and password (user name: %(user)s).")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "unsupported", _(
            "The server %(host)s does not offer what was chosen. Try another protection, or leave out the user name."
        )
    if isinstance(error, smtplib.SMTPSenderRefused):
        return "sender", _("The server does not let this account send as %(sender)s.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "recipient", _("The server does not take messages for %(to)s.")
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "disconnected", _("The server %(host)s hung up. It may want another protection on port %(port)s.")
    if isinstance(error, smtplib.SMTPException):
        return "refused_message", _("The server %(host)s did not take the message.")
    if isinstance(error, OSError):
        return "unreachable", _("The server %(host)s cannot be reached from here.")
    return None


def stored_password() -> str:
    """The mail password in use; the environment goes before the file (as in `config.mail`)."""
    return secrets(settings.DATA).get(PASSWORD, "")


def test_settings(to: str, *, actor: Any) -> None:
    """Try the mail server now in use. Raises PermissionDenied, MailProblem; the fact says how it went either way."""
    require(actor, "instance.change_settings")
    row = queries.current()
    problem: MailProblem | None = None
    try:
        send_test(row.mail, stored_password(), to, name=row.name)
    except MailProblem as found:
        problem = found
    with transaction.atomic():
        emit(MailTested(outcome=problem.code if problem else "sent"), subject=row, actor=actor)
    if problem:
        raise problem


def save_password(password: str, *, actor: Any) -> None:
    """Keep the mail password in DATA/secrets.json. An empty one takes it away. Raises PermissionDenied."""
    if actor is not None:
        require(actor, "instance.change_settings")
    save_secrets(settings.DATA, **{PASSWORD: password or None})
