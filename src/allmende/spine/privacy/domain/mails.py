"""Mails of this app: plain text, in the person's language."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import translation

from allmende.spine.instance.domain.queries import current
from allmende.spine.people.models import Account

log = logging.getLogger("allmende.privacy")


def url(route: str) -> str:
    return f"{(current().base_url or settings.BASE_URL).rstrip('/')}{reverse(route)}"


def language_of(account: Account) -> str:
    return account.language or settings.LANGUAGE_CODE


def send(account: Account, write: Callable[[], tuple[str, str]]) -> None:
    """Send what `write()` says (subject, text), called in the person's language. Raises what the mail server raises."""
    send_to(account.email, language_of(account), write)


def send_to(address: str, language: str, write: Callable[[], tuple[str, str]]) -> None:
    with translation.override(language):
        subject, text = write()
    EmailMessage(subject=subject, body=f"{text}\n\n{current().name}\n", to=[address]).send()
