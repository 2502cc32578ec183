"""Jobs of migrations killed at many statements, and workers that do the same at once: each thing happens once."""

import datetime as dt
from collections import Counter

import pytest
from django.db import transaction

from allmende.process.core.engine.clock import SetClock
from allmende.process.domain import history, instances, items, known, migrating, starting, timers
from allmende.process.enums import Happening, ItemState, MigrationState, MoveState
from allmende.process.models import Begun, Event, Instance, Move, Schedule, Timer, Trigger
from allmende.programme.facts import MeasurePublished
from allmende.spine.facts import emit
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.support.full import FULL

from .killing import at_once, killed_at
from .moving import CHOSEN, NEW, OLD
from .test_migration import cases, do, engine, version_of

pytestmark = pytest.mark.django_db(transaction=True)
CASES = 20 if FULL else 5
# At which statement the job is killed, one time after the other: from its first to behind the first case.
POINTS = range(1, 120 if FULL else 50, 1 if FULL else 3)
LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=60)


def whole(case):
    """Whether the engine's rows can be read by the version that the case has, and wait for what its items and timers
    say."""
    case = Instance.objects.select_related("version_of__model").get(pk=case.pk)
    run = known.run_of(case)
    waiting = sorted(one.task for one in run.waiting())
    ringing = sorted((alarm.task, alarm.due) for alarm in run.alarms())
    assert sorted(case.items.filter(state=ItemState.OPEN).values_list("task", flat=True)) == waiting
    assert sorted(case.timers.values_list("task", "due")) == ringing
    assert history.broken(case) is None


def kills(migration, found, check):
    """Kill the job again and again; after each time every case is as `check` wants it. How often it was killed."""
    number = 0
    for point in POINTS:
        if not killed_at(point, lambda: migrating.work(migration.pk)):
            break
        number += 1
        for case, move in zip(found, Move.objects.order_by("instance_id"), strict=True):
            check(case, move)
            whole(case)
    return number


def test_a_migration_killed_anywhere_moves_each_case_once_and_wholly():
    old = version_of(OLD)
    with transaction.atomic():
        found = cases(old, CASES)
    new = version_of(NEW, old.model)
    before = {case.pk: engine(case) for case in found}
    migration = migrating.plan(old, new, CHOSEN, actor="test")

    def tried(case, move):
        assert move.state in (MoveState.NEW, MoveState.FITS)
        assert engine(case) == before[case.pk]

    assert kills(migration, found, tried) > 3
    migration = migrating.apply(do(migration), actor="test")
    after = {}

    def moved(case, move):
        events = case.events.filter(kind=Happening.MIGRATED).count()
        now = engine(case)
        if move.state == MoveState.FITS:
            assert (now, events, move.kept) == (before[case.pk], 0, None)
        else:
            # Once it has moved nothing touches it again.
            assert (now["case"][0], events, move.state) == (new.pk, 1, MoveState.MOVED)
            assert after.setdefault(case.pk, now) == now

    assert kills(migration, found, moved) > 5
    do(migration)
    assert migrating.counts(migration) == {MoveState.MOVED: CASES}
    assert Event.objects.filter(kind=Happening.MIGRATED).count() == CASES
    assert FactRow.objects.filter(kind="process.instance.moved").count() == CASES
    after = {case.pk: engine(case) for case in found}
    migration = migrating.revert(migration, actor="test")

    def back(case, move):
        assert engine(case) == (after if move.state == MoveState.MOVED else before)[case.pk]

    assert kills(migration, found, back) > 5
    assert do(migration).state == MigrationState.REVERTED
    assert {case.pk: engine(case) for case in found} == before
    assert Counter(Event.objects.values_list("instance", "kind"))[found[0].pk, Happening.REVERTED] == 1
    assert Event.objects.filter(kind=Happening.REVERTED).count() == CASES


def test_two_jobs_of_one_migration_move_each_case_once():
    old = version_of(OLD)
    with transaction.atomic():
        found = cases(old, CASES)
    new = version_of(NEW, old.model)
    before = [engine(case) for case in found]
    migration = migrating.apply(do(migrating.plan(old, new, CHOSEN, actor="test")), actor="test")
    at_once([lambda: migrating.work(migration.pk)] * 2)
    assert migrating.counts(migration) == {MoveState.MOVED: CASES}
    assert Counter(Event.objects.filter(kind=Happening.MIGRATED).values_list("instance", flat=True)) == {
        case.pk: 1 for case in found
    }
    for case in found:
        whole(case)
    migration = migrating.revert(do(migration), actor="test")
    at_once([lambda: migrating.work(migration.pk)] * 2)
    assert [engine(case) for case in found] == before


def test_two_workers_begin_each_due_case_once():
    office = make_account(Role.PROGRAMME_OFFICE)
    model = version_of(OLD).model
    now = dt.datetime.now(dt.UTC)
    rows = []
    for number in range(6):
        values = {"title": f"Plan {number} {{date}}", "rhythm": "daily", "at": dt.time(7)}
        row = Schedule(model=model)
        rows.append(starting.set_schedule(row, values, actor=office, now=now - dt.timedelta(days=9)))
    at_once([starting.run_due] * 3)
    assert Counter(title.split(" ")[1] for title in Instance.objects.values_list("title", flat=True)) == {
        str(number): 1 for number in range(6)
    }
    for row in rows:
        row.refresh_from_db()
        assert row.active and row.next_run > now
    assert [history.broken(case) for case in Instance.objects.all()] == [None] * 6


def test_two_workers_begin_one_case_for_one_fact():
    office = make_account(Role.PROGRAMME_OFFICE)
    measure, model = make_measure(), version_of(OLD).model
    row = Trigger(model=model)
    starting.set_trigger(row, {"fact_kind": "programme.measure.published", "title": "{title}"}, actor=office)
    with transaction.atomic():
        emit(MeasurePublished(title="Licht"), subject=measure, actor=office)
    fact = FactRow.objects.get(kind="programme.measure.published", subject=measure.urn)
    at_once([lambda: starting.run_trigger(row.pk, fact.pk)] * 3)
    case = Instance.objects.get()
    assert (case.title, case.subject, Begun.objects.get().instance) == ("Licht", measure.urn, case)


def test_two_workers_let_each_timer_ring_once():
    old, office, found = version_of(OLD), make_account(Role.PROGRAMME_OFFICE), []
    for number in range(6):
        case = instances.start(old, title=f"Fall {number}", actor="test")
        items.complete(case.items.get(), {}, actor=office)
        found.append(case)
    assert Timer.objects.count() == 6
    at_once([lambda: timers.ring(SetClock(LATER))] * 3)
    rang = Event.objects.filter(kind=Happening.RANG).values_list("instance", flat=True)
    assert Counter(rang) == {case.pk: 1 for case in found}
    assert not Timer.objects.exists()
    for case in found:
        assert case.items.filter(element="remind").count() == 1
        whole(case)
