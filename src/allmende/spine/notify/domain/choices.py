"""Following things, choosing how often, quiet hours, unsubscribing."""

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.models import Account

from ..enums import Cadence
from ..facts import NotifySettingsChanged
from ..models import MailSettings, Notice, Subscription
from ..topics import Subject, get
from .queries import choices_of, topics_for

SALT = "allmende.notify.unsubscribe"


def _told(account: Account, *fields: str) -> None:
    emit(NotifySettingsChanged(fields=sorted(fields)), subject=account, actor=account)


@transaction.atomic
def follow(account: Account, topic: str, subject: str) -> Subject:
    """Follow a thing. Raises LookupError for an unknown topic, PermissionDenied for what the person may not see or the
    topic does not follow."""
    declared = get(topic)
    resolved = None
    if (
        declared.resolve is not None
        and subject.partition(":")[0] == declared.follows
        and declared in topics_for(account)
    ):
        resolved = declared.resolve(subject, account)
    if resolved is None:
        raise PermissionDenied("not to be followed")
    _row, made = Subscription.objects.get_or_create(account=account, topic=topic, subject=subject)
    if made:
        _told(account, "follows")
    return resolved


@transaction.atomic
def unfollow(account: Account, topic: str, subject: str) -> bool:
    """Stop following. Returns whether it was followed."""
    rows = Subscription.objects.filter(account=account, topic=topic, subject=subject).exclude(subject="")
    if not rows.delete()[0]:
        return False
    _told(account, "follows")
    return True


@transaction.atomic
def choose(account: Account, wanted: Mapping[str, str]) -> list[str]:
    """Set how often e-mail about topics comes, for notices still to be mailed too. Returns the topics that changed.

    Raises LookupError for an unknown topic, PermissionDenied for one that does not concern the person, ValueError for
    an unknown cadence.
    """
    mine = topics_for(account)
    before = choices_of(account)
    changed = []
    for key, value in wanted.items():
        topic, cadence = get(key), Cadence(value)
        if topic not in mine:
            raise PermissionDenied(key)
        if before.get(key, topic.default) == cadence:
            continue
        _set(account, key, cadence)
        changed.append(key)
    if changed:
        _told(account, "topics")
    return changed


def _set(account: Account, topic: str, cadence: Cadence) -> None:
    Subscription.objects.update_or_create(
        account=account, topic=topic, subject="", defaults={"cadence": cadence, "created": timezone.now()}
    )
    Notice.objects.filter(account=account, topic=topic, delivery__isnull=True, read__isnull=True).update(
        cadence=cadence
    )


@transaction.atomic
def set_quiet_hours(account: Account, quiet_from: time | None, quiet_to: time | None) -> MailSettings:
    """Set or (both None) end the quiet hours. Raises ValidationError for half of them or for none of any length."""
    if (quiet_from is None) != (quiet_to is None):
        missing = "quiet_from" if quiet_from is None else "quiet_to"
        raise ValidationError({missing: _("Quiet hours need both times.")})
    if quiet_from is not None and quiet_from == quiet_to:
        raise ValidationError({"quiet_to": _("Quiet hours that end when they begin are none.")})
    row, _made = MailSettings.objects.select_for_update().get_or_create(account=account)
    if (row.quiet_from, row.quiet_to) != (quiet_from, quiet_to):
        row.quiet_from, row.quiet_to = quiet_from, quiet_to
        row.save()
        _told(account, "quiet_hours")
    return row


@transaction.atomic
def resume_mail(account: Account) -> None:
    """Send e-mail again to an address that had refused it."""
    if MailSettings.objects.filter(account=account, paused__isnull=False).update(paused=None, bounces=0):
        _told(account, "mail")


def unsubscribe_token(account: Account, topics: Iterable[str]) -> str:
    """A signed key that stops e-mail about these topics without signing in. It holds as long as the instance's
    secret."""
    # Without a timestamp: a second copy of a mail carries the same address as the first.
    return signing.Signer(salt=SALT).sign_object([str(account.public_id), sorted(set(topics))], compress=True)


def read_token(token: str) -> tuple[Account, list[str]] | None:
    """Whose key it is and for which topics; None for a forged or outlived one."""
    try:
        public_id, topics = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    account = Account.objects.filter(public_id=public_id).first()
    return None if account is None else (account, [str(topic) for topic in topics])


@transaction.atomic
def unsubscribe(account: Account, topics: Iterable[str]) -> None:
    """No more e-mail about these topics; the notices stay on the site. Repeatable."""
    before: Any = choices_of(account)
    open_ones = [topic for topic in topics if before.get(topic) != Cadence.NEVER]
    for topic in open_ones:
        _set(account, topic, Cadence.NEVER)
    if open_ones:
        _told(account, "topics")
