"""Which notices go out together, and when."""

from datetime import UTC, datetime, time, timedelta

import pytest

from allmende.spine.notify.domain import choices, mailing
from allmende.spine.notify.domain.notices import mark_read, notify
from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.models import Delivery, Notice
from tests.factories import make_account

from .conftest import jobs

pytestmark = pytest.mark.django_db

# A Friday; 7 o'clock in Berlin is 6 o'clock UTC.
FRIDAY = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def told(person, topic: str, key: str, moment: datetime) -> Notice:
    notify(person, topic, key, key=key)
    Notice.objects.filter(account=person, key=key).update(created=moment)
    return Notice.objects.get(account=person, key=key)


def contents() -> list[tuple[str, list[str]]]:
    return [(row.key, [n.title for n in row.notices.order_by("id")]) for row in Delivery.objects.order_by("id")]


def test_at_once_means_all_that_waits_in_one_mail(topic: str) -> None:
    person, other = make_account(), make_account()
    first = told(person, topic, "a", FRIDAY)
    told(person, topic, "b", FRIDAY)
    only = told(other, topic, "c", FRIDAY)
    assert mailing.collect_all(Cadence.IMMEDIATELY, FRIDAY) == 2
    assert contents() == [(f"at-once:{first.pk}", ["a", "b"]), (f"at-once:{only.pk}", ["c"])]
    assert mailing.collect_all(Cadence.IMMEDIATELY, FRIDAY) == 0


def test_a_daily_digest_takes_what_came_before_seven(topic: str) -> None:
    person = make_account()
    choices.choose(person, {topic: "daily"})
    told(person, topic, "yesterday", FRIDAY - DAY + MINUTE)
    told(person, topic, "just before", FRIDAY - MINUTE)
    told(person, topic, "after", FRIDAY + MINUTE)
    assert mailing.collect_all(Cadence.DAILY, FRIDAY - MINUTE) == 0
    assert mailing.collect_all(Cadence.DAILY, FRIDAY + 5 * MINUTE) == 1
    assert mailing.collect_all(Cadence.DAILY, FRIDAY + 15 * MINUTE) == 0
    assert mailing.collect_all(Cadence.DAILY, FRIDAY + DAY) == 1
    assert contents() == [
        (f"daily:{person.pk}:2026-11-20", ["yesterday", "just before"]),
        (f"daily:{person.pk}:2026-11-21", ["after"]),
    ]


def test_a_weekly_digest_waits_for_monday_and_a_missed_one_is_made_up(topic: str) -> None:
    person = make_account()
    choices.choose(person, {topic: "weekly"})
    told(person, topic, "friday", FRIDAY)
    assert mailing.collect_all(Cadence.WEEKLY, FRIDAY + DAY) == 0
    # Everything stood still on Monday; it is Tuesday noon.
    assert mailing.collect_all(Cadence.WEEKLY, FRIDAY + 4 * DAY + timedelta(hours=5)) == 1
    assert contents() == [(f"weekly:{person.pk}:2026-11-23", ["friday"])]


def test_what_was_read_or_is_unwanted_is_not_mailed(topic: str) -> None:
    reader, silent = make_account(), make_account()
    told(reader, topic, "read", FRIDAY)
    mark_read(reader)
    told(silent, topic, "a", FRIDAY)
    choices.choose(silent, {topic: "never"})
    assert mailing.collect_all(Cadence.IMMEDIATELY, FRIDAY) == 0
    assert Delivery.objects.count() == 0


def test_quiet_hours_put_the_mail_off(topic: str) -> None:
    quiet, awake = make_account(), make_account()
    choices.set_quiet_hours(quiet, time(6), time(9, 30))
    for person in (quiet, awake):
        told(person, topic, "a", FRIDAY)
    mailing.collect_all(Cadence.IMMEDIATELY, FRIDAY)
    ids = {row.account_id: row.pk for row in Delivery.objects.all()}
    assert jobs("send_delivery") == [
        ("notify.send_delivery", {"delivery_id": ids[quiet.pk]}, FRIDAY + timedelta(hours=2, minutes=30)),
        ("notify.send_delivery", {"delivery_id": ids[awake.pk]}, None),
    ]


def test_a_forgotten_mail_gets_one_new_job(topic: str) -> None:
    from django.db import connection

    person = make_account()
    told(person, topic, "a", FRIDAY)
    mailing.collect_all(Cadence.IMMEDIATELY, FRIDAY)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    assert mailing.schedule_forgotten(FRIDAY + 59 * MINUTE) == 0
    assert mailing.schedule_forgotten(FRIDAY + 61 * MINUTE) == 1
    assert mailing.schedule_forgotten(FRIDAY + 71 * MINUTE) == 1
    assert len(jobs("send_delivery")) == 1
    Delivery.objects.update(sent=FRIDAY)
    assert mailing.schedule_forgotten(FRIDAY + DAY) == 0


def test_message_ids_are_of_the_towns_address(topic: str, post: object) -> None:
    told(make_account(), topic, "a", FRIDAY)
    mailing.collect_all(Cadence.IMMEDIATELY, FRIDAY)
    row = Delivery.objects.get()
    assert row.message_id == f"<{row.public_id}@stadt.example>"
