"""Cases that begin by the calendar, or because something happened in another room."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core import working_days
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.rhythm import Rhythm, following
from allmende.process.domain import starting
from allmende.process.models import Begun, Instance, Schedule, Trigger
from allmende.programme.facts import MeasurePublished
from allmende.spine.facts import emit
from allmende.spine.facts.handlers import HANDLERS
from allmende.spine.facts.models import FactRow
from allmende.spine.notify.models import Notice
from allmende.spine.people.domain.accounts import disable_account
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .moving import OLD
from .test_migration import version_of

BERLIN = ZoneInfo("Europe/Berlin")
NOW = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)


def due(rhythm, *moment):
    found = following(rhythm, dt.datetime(*moment, tzinfo=BERLIN), "RP")
    return found and found.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("rhythm", "moment", "expected"),
    [
        (Rhythm("daily"), (2026, 11, 23, 6), "2026-11-23 07:00"),
        (Rhythm("daily"), (2026, 11, 23, 7), "2026-11-24 07:00"),
        (Rhythm("daily"), (2026, 11, 20, 8), "2026-11-23 07:00"),
        (Rhythm("daily", working_day=False), (2026, 11, 20, 8), "2026-11-21 07:00"),
        (Rhythm("weekly", day=3), (2026, 11, 23, 8), "2026-11-25 07:00"),
        # All Saints' Day, a holiday in Rhineland-Palatinate, is a Sunday in 2026.
        (Rhythm("monthly", day=1), (2026, 10, 31), "2026-11-02 07:00"),
        (Rhythm("monthly", day=31), (2026, 2, 3), "2026-03-02 07:00"),
        (Rhythm("monthly", day=31, working_day=False), (2026, 2, 1), "2026-02-28 07:00"),
        (Rhythm("monthly", day=31, working_day=False), (2028, 2, 1), "2028-02-29 07:00"),
        (Rhythm("quarterly", day=15, month=2), (2026, 3, 1), "2026-05-15 07:00"),
        (Rhythm("yearly", day=1, month=1), (2026, 6, 1), "2027-01-04 07:00"),
        (Rhythm("yearly", day=29, month=2, working_day=False), (2026, 3, 1), "2027-02-28 07:00"),
        # The night in which the clock goes forward has no 02:30, the one in which it goes back has two.
        (Rhythm("daily", dt.time(2, 30), working_day=False), (2026, 3, 28, 3), "2026-03-29 03:30"),
        (Rhythm("daily", dt.time(2, 30), working_day=False), (2026, 10, 24, 3), "2026-10-25 02:30"),
        (Rhythm("cycle", cycle="R/2026-01-05T08:00/P2W"), (2026, 11, 23, 9), "2026-12-07 08:00"),
        (Rhythm("cycle", cycle="R2/2026-01-05T08:00/P1M"), (2026, 1, 5, 8), "2026-02-05 08:00"),
        (Rhythm("cycle", cycle="R2/2026-01-05T08:00/P1M"), (2026, 2, 5, 8), None),
    ],
)
def test_when_it_is_due_next(rhythm, moment, expected):
    assert due(rhythm, *moment) == expected


@given(
    st.sampled_from(["daily", "weekly", "monthly", "quarterly", "yearly"]),
    st.integers(1, 7),
    st.integers(1, 3),
    st.booleans(),
    st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2028, 12, 31)),
)
def test_each_time_comes_after_the_one_before_on_the_hour_that_was_asked_for(kind, day, month, working, moment):
    rhythm = Rhythm(kind, dt.time(9), day, month, working)
    first = following(rhythm, moment.replace(tzinfo=dt.UTC), "RP")
    second = following(rhythm, first, "RP")
    assert moment.replace(tzinfo=dt.UTC) < first < second
    for found in (first, second):
        local = found.astimezone(BERLIN)
        assert (local.hour, local.minute) == (9, 0)
        assert not working or working_days.is_working_day(local.date(), "RP")
    # Nothing lies between: asked from any time in between, the answer is the same.
    assert following(rhythm, first + (second - first) / 2, "RP") == second


@pytest.mark.parametrize("text", ["", "R/P2W", "täglich", "P2W", "R/2026-13-01/P1D"])
def test_a_repetition_needs_a_beginning(text):
    with pytest.raises(ValueError, match="repetition"):
        following(Rhythm("cycle", cycle=text), NOW, "RP")


@pytest.fixture
def model(db):
    return version_of(OLD).model


@pytest.fixture
def office(db):
    return make_account(Role.PROGRAMME_OFFICE)


def schedule(model, office, **values):
    told = {"title": "Bericht {quarter}/{year}", "rhythm": "daily"} | values
    return starting.set_schedule(Schedule(model=model), told, actor=office, now=NOW)


def later(**more):
    return SetClock(NOW + dt.timedelta(**more))


def test_a_case_begins_when_it_is_due_in_the_name_of_the_owner(model, office):
    row = schedule(model, office)
    assert row.next_run == dt.datetime(2026, 11, 24, 6, tzinfo=dt.UTC)
    assert starting.run_due(later(hours=23)) == 0
    assert starting.run_due(later(hours=24)) == 1
    case = Instance.objects.get()
    assert (case.title, case.starter, case.version_of.model) == ("Bericht 4/2026", office, model)
    row.refresh_from_db()
    assert (row.last_run, row.next_run) == (NOW + dt.timedelta(days=1), NOW + dt.timedelta(days=2))


def test_what_was_missed_is_caught_up_once(model, office):
    schedule(model, office)
    assert starting.run_due(later(days=10)) == 1
    assert starting.run_due(later(days=10)) == 0
    assert Instance.objects.count() == 1


def test_a_second_worker_finds_it_done(model, office):
    row = schedule(model, office)
    moment = NOW + dt.timedelta(days=1)
    assert starting._run(row.pk, moment) is True
    assert starting._run(row.pk, moment) is False


def test_the_last_repetition_ends_it(model, office):
    row = schedule(model, office, rhythm="cycle", cycle="R1/2026-11-24T08:00/P1D")
    assert starting.run_due(later(days=3)) == 1
    row.refresh_from_db()
    assert (row.active, row.next_run, row.trouble) == (False, None, "")


def test_an_owner_who_left_pauses_it_and_the_office_hears_of_it(model, office):
    row = schedule(model, office)
    second = make_account(Role.PROGRAMME_OFFICE)
    disable_account(office, actor=make_account(Role.ADMINISTRATOR))
    assert starting.run_due(later(days=1)) == 0
    row.refresh_from_db()
    why = "Wer das eingerichtet hat, arbeitet nicht mehr hier. Jemand anders muss es übernehmen."
    assert (row.active, row.trouble) == (False, why)
    told = Notice.objects.get(account=second)
    assert (told.title, told.text) == ("„Antrag“ beginnt nicht mehr von selbst", why)
    starting.set_schedule(row, {}, actor=second, now=NOW + dt.timedelta(days=1))
    assert starting.run_due(later(days=2)) == 1
    assert Instance.objects.get().starter == second


def test_an_owner_without_the_right_pauses_it(model, office):
    row = schedule(model, office)
    office.assignments.all().delete()
    assert starting.run_due(later(days=1)) == 0
    row.refresh_from_db()
    assert (
        row.trouble == "Wer das eingerichtet hat, darf keine Vorgänge mehr beginnen. Jemand anders muss es übernehmen."
    )


def test_without_a_released_version_it_pauses(model, office):
    row = schedule(model, office)
    model.versions.update(state="retired")
    assert starting.run_due(later(days=1)) == 0
    row.refresh_from_db()
    assert (row.active, row.trouble) == (False, "Es gibt keine freigegebene Fassung.")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"rhythm": "cycle", "cycle": "jeden Tag"}, "cycle"),
        ({"rhythm": "cycle", "cycle": "R1/2020-01-01T08:00/P1D"}, "cycle"),
        ({"rhythm": "weekly", "day": 8}, "day"),
        ({"rhythm": "quarterly", "month": 4}, "month"),
        ({"rhythm": "nie"}, "rhythm"),
        ({"title": " "}, "title"),
    ],
)
def test_a_schedule_that_makes_no_sense(model, office, values, field):
    with pytest.raises(ValidationError) as refused:
        schedule(model, office, **values)
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize("role", [Role.PROJECT_LEAD, Role.EDITOR, Role.AUDITOR])
def test_only_the_office_sets_them_up(model, role):
    person = make_account(role)
    with pytest.raises(PermissionDenied):
        schedule(model, person)
    with pytest.raises(PermissionDenied):
        trigger(model, person)


def trigger(model, office, **values):
    told = {"fact_kind": "programme.measure.published", "title": "Zu {title}"} | values
    return starting.set_trigger(Trigger(model=model), told, actor=office)


def published(measure):
    with transaction.atomic():
        pk = emit(MeasurePublished(title=measure.title), subject=measure, actor="test")
    return FactRow.objects.get(pk=pk)


def test_a_fact_begins_a_case_about_what_it_tells_of_once(model, office):
    row, measure = trigger(model, office), make_measure(title="Licht")
    fact = published(measure)
    case = starting.run_trigger(row.pk, fact.pk)
    assert (case.title, case.subject, case.starter) == ("Zu Licht", measure.urn, office)
    assert starting.run_trigger(row.pk, fact.pk) is None
    assert (Instance.objects.count(), Begun.objects.count()) == (1, 1)


def test_the_pump_puts_it_into_the_queue(model, office):
    before = published(make_measure())
    row = trigger(model, office)
    after = published(make_measure())
    assert "process.triggers" in HANDLERS
    assert starting.take_note([before]) == 0
    assert starting.take_note([before, after]) == 1
    starting.pause(row, actor=office)
    assert starting.take_note([after]) == 0


@pytest.mark.parametrize(
    ("condition", "begins"),
    [
        ('contains(title, "Licht")', True),
        ('title = "Anderes"', False),
        ("missing > 3", False),
        ("title", False),
        ('starts with(subject, "measure:")', True),
    ],
)
def test_a_condition_in_feel_decides(model, office, condition, begins):
    row = trigger(model, office, condition=condition)
    case = starting.run_trigger(row.pk, published(make_measure(title="Licht")).pk)
    assert (case is not None) is begins
    row.refresh_from_db()
    assert row.active


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"fact_kind": "nothing.happened"}, "fact_kind"),
        ({"fact_kind": "process.instance.started"}, "fact_kind"),
        ({"condition": "if then"}, "condition"),
        ({"title": ""}, "title"),
    ],
)
def test_a_trigger_that_makes_no_sense(model, office, values, field):
    with pytest.raises(ValidationError) as refused:
        trigger(model, office, **values)
    assert list(refused.value.message_dict) == [field]


def test_titles_take_only_names_in_braces():
    told = {"title": "<b>Licht</b>\n{0.__class__}", "amount": 5, "tags": ["a"], "public": True}
    assert starting.filled("{title}: {amount} {tags} {public} {0.__class__}", told) == (
        "<b>Licht</b> {0.__class__}: 5 {tags} {public} {0.__class__}"
    )
