"""From notices to e-mails: which notices go out together, and when."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from allmende.spine.ids import uuid7
from allmende.spine.instance.domain.queries import current

from ..core.clock import latest_due, next_allowed
from ..enums import Cadence
from ..models import Delivery, Notice
from .queries import settings_of

FORGOTTEN = timedelta(hours=1)


def zone() -> ZoneInfo:
    """The town's time zone."""
    return ZoneInfo(settings.TIME_ZONE)


def base_url() -> str:
    """The town's public address, without a slash at its end."""
    return (current().base_url or settings.BASE_URL).rstrip("/")


def collect_soon() -> None:
    """Have notices that go out at once collected, after this transaction. Many in one transaction make one job."""
    from ..tasks import collect_immediate

    try:
        # A job already waiting is as good; the savepoint keeps its refusal from ending the caller's transaction.
        with transaction.atomic():
            collect_immediate.configure(queueing_lock="notify.immediate").defer()
    except AlreadyEnqueued:
        pass


def _to_mail(cadence: Cadence, before: datetime | None) -> QuerySet[Notice]:
    rows = Notice.objects.filter(cadence=cadence, delivery__isnull=True, read__isnull=True)
    return rows if before is None else rows.filter(created__lt=before)


def collect_all(cadence: Cadence, now: datetime | None = None) -> int:
    """Make an e-mail for every account with notices that are due at this cadence. Returns how many. Each account in its
    own transaction."""
    now = now or timezone.now()
    due = None if cadence == Cadence.IMMEDIATELY else latest_due(now, cadence == Cadence.WEEKLY, zone())
    accounts = _to_mail(cadence, due).order_by().values_list("account", flat=True).distinct()
    return sum(collect(pk, cadence, due, now) is not None for pk in list(accounts))


@transaction.atomic
def collect(account_id: int, cadence: Cadence, due: datetime | None, now: datetime) -> Delivery | None:
    """Put an account's notices into one e-mail and have it sent, not before the quiet hours end. None where there is
    nothing, or where the digest of this date was already made (what came late goes into the next)."""
    rows = list(_to_mail(cadence, due).filter(account=account_id).select_for_update(skip_locked=True, of=("self",)))
    if not rows:
        return None
    key = f"at-once:{min(row.pk for row in rows)}" if due is None else f"{cadence}:{account_id}:{due:%Y-%m-%d}"
    public_id = uuid7()
    domain = urlsplit(base_url()).hostname or "localhost"
    delivery, made = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "account_id": account_id,
            "public_id": public_id,
            "message_id": f"<{public_id}@{domain}>",
            "created": now,
        },
    )
    if not made:
        return None
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(delivery=delivery)
    schedule(delivery, now)
    return delivery


def schedule(delivery: Delivery, now: datetime) -> None:
    """A job that sends it, at the end of the account's quiet hours. One job at a time for each e-mail."""
    from ..tasks import send_delivery

    quiet = settings_of(delivery.account)
    at = next_allowed(now, quiet.quiet_from, quiet.quiet_to, zone())
    later: dict[str, Any] = {} if at <= now else {"schedule_at": at}
    try:
        with transaction.atomic():
            send_delivery.configure(lock=f"notify:{delivery.pk}", queueing_lock=f"notify:{delivery.pk}", **later).defer(
                delivery_id=delivery.pk
            )
    except AlreadyEnqueued:
        pass


def schedule_forgotten(now: datetime) -> int:
    """E-mails an hour old that nobody sent or gave up get a job again, whatever became of theirs (a restored backup has
    none)."""
    rows = Delivery.objects.filter(sent__isnull=True, failed__isnull=True, created__lt=now - FORGOTTEN)
    for delivery in rows.select_related("account"):
        schedule(delivery, now)
    return len(rows)
