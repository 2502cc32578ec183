"""Jobs: collecting notices into e-mails, and sending them."""

from django.db import InterfaceError, OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy

from allmende.spine.jobs import app

from .domain import mailing, sending
from .enums import Cadence


@app.task(name="notify.collect_immediate")
def collect_immediate() -> None:
    mailing.collect_all(Cadence.IMMEDIATELY)


@app.task(
    name="notify.send_delivery",
    retry=RetryStrategy(
        max_attempts=sending.TRIES,
        exponential_wait=3,
        retry_exceptions=[sending.MailDelayed, OperationalError, InterfaceError],
    ),
)
def send_delivery(delivery_id: int) -> None:
    sending.send(delivery_id)


@app.periodic(cron="*/10 * * * *")
@app.task(name="notify.digests", queueing_lock="notify.digests")
def digests(timestamp: int) -> None:
    """Every ten minutes: a digest whose time came while everything stood still goes out as soon as it runs again."""
    for cadence in (Cadence.DAILY, Cadence.WEEKLY, Cadence.IMMEDIATELY):
        mailing.collect_all(cadence)
    mailing.schedule_forgotten(timezone.now())
