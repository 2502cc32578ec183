"""Sending one e-mail: at least once, with a Message-ID that makes a second copy recognisable, and never while another
process is at it.

The transaction of `facts.effects.once` would stay open while a slow mail server takes its time, and an open writing
transaction holds back the pump for the whole town. So here a session's advisory lock keeps others out, the SMTP
dialogue runs outside any transaction, and what came of it is written right after. Killed before the server took the
message: the next try sends it. Killed between the server's "250" and our note of it: the next try sends it again under
the same Message-ID, which mail systems and people recognise as the same message.
"""

import logging
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.spine.facts import emit

from ..core.clock import is_quiet
from ..facts import MailPaused
from ..models import Delivery, MailSettings
from .composing import compose, language_of
from .mailing import schedule, zone
from .queries import settings_of

log = logging.getLogger("allmende.notify")

TRIES = 11  # with waits of 3, 9, 27 … seconds: a day
BOUNCES = 3
_LOCK_SPACE = 7_220_532


class MailDelayed(Exception):
    """Not this time; try again later. Holds a word or an SMTP code, never an address."""


@contextmanager
def _only_here(delivery_id: int) -> Iterator[bool]:
    """Hold this e-mail in this process: the lock dies with the connection, so a killed worker's is free at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK_SPACE, delivery_id % 2**31])
        held = bool(cursor.fetchone()[0])
    try:
        yield held
    finally:
        if held:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK_SPACE, delivery_id % 2**31])


def send(delivery_id: int, now: datetime | None = None) -> bool:
    """Send an e-mail unless that is done or given up. Returns whether it went out now.

    Raises MailDelayed where a later try makes sense. In quiet hours it is scheduled for their end.
    """
    now = now or timezone.now()
    with _only_here(delivery_id) as held:
        if not held:
            raise MailDelayed("another process is at it")
        delivery = Delivery.objects.select_related("account").filter(pk=delivery_id).first()
        if delivery is None or delivery.sent or delivery.failed:
            return False
        chosen = settings_of(delivery.account)
        if not delivery.account.is_active or chosen.paused:
            return _give_up(delivery, "paused" if chosen.paused else "inactive")
        if is_quiet(now, chosen.quiet_from, chosen.quiet_to, zone()):
            schedule(delivery, now)
            return False
        message = compose(delivery)
        if message is None:
            return _give_up(delivery, "nothing left to say")
        try:
            message.send()
        except (smtplib.SMTPException, OSError) as error:
            problem = error
        else:
            Delivery.objects.filter(pk=delivery.pk).update(sent=timezone.now(), attempts=F("attempts") + 1, error="")
            MailSettings.objects.filter(account=delivery.account, bounces__gt=0).update(bounces=0)
            return True
        # Outside the except block: the server's words, which may name the address, do not travel along as context.
        return _refused(delivery, *_read(problem))


def _read(error: Exception) -> tuple[str, bool, bool]:
    """(word for the record, for good?, the address itself refused?)"""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max(code for code, _text in error.recipients.values())
        return str(code), code >= 500, code >= 500
    if isinstance(error, smtplib.SMTPDataError):
        return str(error.smtp_code), error.smtp_code >= 500, False
    if isinstance(error, smtplib.SMTPResponseException):
        # Sender or log-in refused: the town's settings are wrong, not the message. They can be corrected.
        return str(error.smtp_code), False, False
    return type(error).__name__, False, False


def _refused(delivery: Delivery, word: str, for_good: bool, address: bool) -> bool:
    attempts = delivery.attempts + 1
    Delivery.objects.filter(pk=delivery.pk).update(attempts=attempts, error=word)
    log.warning("mail was not taken", extra={"delivery": delivery.pk, "reason": word, "attempts": attempts})
    if address:
        _bounced(delivery)
    if for_good or attempts >= TRIES:
        return _give_up(delivery, word)
    raise MailDelayed(word)


def _give_up(delivery: Delivery, word: str) -> bool:
    """The notices stay on the site; only the e-mail does not go out."""
    Delivery.objects.filter(pk=delivery.pk).update(failed=timezone.now(), error=word)
    return False


@transaction.atomic
def _bounced(delivery: Delivery) -> None:
    """Three refusals in a row by the receiving server end the mail to this address until its owner says otherwise."""
    from .notices import notify

    row, _made = MailSettings.objects.select_for_update().get_or_create(account=delivery.account)
    row.bounces += 1
    if row.bounces >= BOUNCES and row.paused is None:
        row.paused = timezone.now()
        emit(MailPaused(), subject=delivery.account, actor="system")
        with override(language_of(delivery.account)):
            notify(
                delivery.account,
                "notify.mail",
                _("E-mail to you is paused"),
                text=_(
                    "Your address refused several e-mails in a row. Check it and let e-mail come again in the settings."
                ),
                url=reverse("notify:settings"),
                key=f"mail-paused:{row.paused.isoformat()}",
            )
    row.save()
