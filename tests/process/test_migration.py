"""Cases moved to another version of their model, and back to exactly what they were."""

import random
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from allmende.process.core.engine.clock import SetClock
from allmende.process.domain import history, instances, items, migrating, migrating_one, steps, timers, versions
from allmende.process.enums import InstanceState, ItemState, MigrationState, MoveState
from allmende.process.models import Instance, Migration, Model, Move, TaskRow, WorkItem
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.support.full import FULL

from .moving import CHOSEN, NEW, OLD, flow, model

pytestmark = pytest.mark.django_db


def version_of(data, of=None):
    """A released version; the one before is retired."""
    row = versions.import_model(data, title="Antrag", model=of, actor="test")
    versions.submit(versions.accept(row, actor="test"), actor="test")
    return versions.release(row, actor="test")


@pytest.fixture
def two():
    old = version_of(OLD)
    case = instances.start(old, title="Antrag 1", actor="test")
    new = version_of(NEW, old.model)
    return old, new, case


ITEM = (
    "pk", "task", "element", "kind", "title", "title_en", "role", "assignee", "due", "ways", "draft", "closed",
)  # fmt: skip


def engine(case):
    """All that the engine and the house know of a case, besides its history."""
    case = Instance.objects.get(pk=case.pk)
    return {
        "case": (case.version_of_id, case.process, case.state, case.trouble, case.head),
        "rows": list(TaskRow.objects.filter(instance=case).order_by("position").values_list("key", "position", "doc")),
        "items": list(case.items.filter(state=ItemState.OPEN).order_by("pk").values_list(*ITEM)),
        "timers": sorted(case.timers.values_list("task", "element", "due")),
        "subscriptions": sorted(case.subscriptions.values_list("public_id", "task", "element", "kind", "name")),
    }


def do(migration):
    while migrating.work(migration.pk):
        pass
    migration.refresh_from_db()
    return migration


def moved(old, new, chosen=CHOSEN, actor="test"):
    migration = do(migrating.plan(old, new, chosen, actor=actor))
    return do(migrating.apply(migration, actor=actor))


def answer(case, luck, clock):
    """A step at random, by the engine alone."""
    with steps.step(case, actor=None, clock=clock) as (_row, run):
        waiting, alarms = run.waiting(), run.alarms()
        if not waiting or (alarms and luck.random() < 0.2):
            clock.set(min(alarm.due for alarm in alarms) + timedelta(minutes=1))
            run.tick()
            return
        one = luck.choice(waiting)
        run.answer(one.task, {f"{one.element}{one.item}": luck.randint(0, 9)}, [one.ways[0][0]] if one.ways else ())


def cases(old, number):
    """Cases at random points, none of which has ended."""
    luck, found = random.Random(number), []
    clock = SetClock(old.released)
    for place in range(number):
        case = instances.start(old, title=f"Antrag {place}", values={"n": place}, actor="test", clock=clock)
        for _step in range(luck.randint(0, 6)):
            answer(case, luck, clock)
        found.append(case)
    return found


def test_cases_at_random_points_go_there_and_back_to_the_same_state():
    old = version_of(OLD)
    found = cases(old, 500 if FULL else 40)
    new = version_of(NEW, old.model)
    before = [engine(case) for case in found]
    migration = moved(old, new)
    assert migrating.counts(migration) == {MoveState.MOVED: len(found)}
    assert set(Instance.objects.values_list("version_of", flat=True)) == {new.pk}
    migration = do(migrating.revert(migration, actor="test"))
    assert migration.state == MigrationState.REVERTED
    assert migrating.counts(migration) == {MoveState.REVERTED: len(found)}
    assert [engine(case) for case in found] == before
    assert [history.broken(Instance.objects.get(pk=case.pk)) for case in found] == [None] * len(found)
    assert not Move.objects.filter(kept__isnull=False).exists()


def test_who_works_on_it_and_what_was_entered_stays(two):
    old, new, case = two
    office = make_account(Role.PROGRAMME_OFFICE)
    item = case.items.get()
    items.complete(item, {}, actor=office)
    check = case.items.get(element="check", state=ItemState.OPEN)
    items.claim(check, actor=office)
    WorkItem.objects.filter(pk=check.pk).update(draft={"note": "<b>halb</b>"})
    moved(old, new, actor=office)
    check.refresh_from_db()
    assert (check.element, check.title, check.assignee, check.draft) == (
        "examine", "Prüfen", office, {"note": "<b>halb</b>"},
    )  # fmt: skip
    case.refresh_from_db()
    assert (case.version_of, case.version, case.state) == (new, 4, InstanceState.RUNNING)
    assert sorted(case.timers.values_list("element", flat=True)) == ["late", "slow"]
    assert list(case.subscriptions.values_list("kind", "name")) == [("message", "back")]
    told = case.events.get(kind="migrated")
    assert (told.payload, told.actor, history.broken(case)) == ({"from": 1, "to": 2}, office, None)
    fact = FactRow.objects.get(kind="process.instance.moved")
    assert (fact.subject, fact.payload) == (case.urn, {"title": "Antrag 1", "number": 2})
    items.complete(check, {}, actor=office)
    assert case.items.filter(element="listen", state=ItemState.OPEN).count() == 3


def test_what_went_on_since_stays_where_it_is(two):
    old, new, case = two
    office = make_account(Role.PROGRAMME_OFFICE)
    migration = moved(old, new)
    items.complete(case.items.get(), {}, actor=office)
    before = engine(case)
    do(migrating.revert(migration, actor="test"))
    assert engine(case) == before
    move = Move.objects.get()
    assert (move.state, move.kept) == (MoveState.WENT_ON, None)


def test_taking_a_task_on_is_no_step_and_stays_with_the_person(two):
    old, new, case = two
    office = make_account(Role.PROGRAMME_OFFICE)
    migration = moved(old, new)
    items.claim(case.items.get(), actor=office)
    do(migrating.revert(migration, actor="test"))
    case.refresh_from_db()
    assert (case.version_of, case.items.get().assignee) == (old, office)


def test_a_step_that_fell_away_says_so_and_nothing_changes(two):
    old, _new, case = two
    other = version_of(model('<startEvent id="s"/><userTask id="z" name="Anders"/>' + flow("s", "z")), old.model)
    before = engine(case)
    migration = do(migrating.plan(old, other, {}, actor="test"))
    assert engine(case) == before
    move = migration.moves.get()
    assert (migration.state, move.state) == (MigrationState.TRIED, MoveState.STAYS)
    assert migrating.reason(move) == "Der Vorgang wartet bei „Aufnehmen“, und dazu gibt es kein Gegenstück."
    do(migrating.apply(migration, actor="test"))
    assert engine(case) == before


def test_a_trial_changes_nothing(two):
    old, new, case = two
    before, events = engine(case), case.events.count()
    migration = do(migrating.plan(old, new, CHOSEN, actor="test"))
    assert (engine(case), case.events.count(), migration.moves.get().state) == (before, events, MoveState.FITS)


def test_a_worker_that_was_killed_is_followed_by_one_that_goes_on(two):
    old, new, case = two
    more = [migrating_case(old, place) for place in range(4)]
    migration = migrating.plan(old, new, CHOSEN, actor="test")
    assert migrating.work(migration.pk, batch=2)
    assert migrating.counts(migration) == {MoveState.FITS: 2, MoveState.NEW: 3}
    do(migration)
    migrating.apply(migration, actor="test")
    first = migration.moves.first()
    migrating_one.move(first.pk)
    migrating_one.move(first.pk)
    do(migration)
    assert migrating.counts(migration) == {MoveState.MOVED: 5}
    for one in (case, *more):
        assert one.events.filter(kind="migrated").count() == 1


def migrating_case(old, place):
    """Begun by the version while it was the released one."""
    old.model.versions.filter(state="released").update(state="retired")
    type(old).objects.filter(pk=old.pk).update(state="released")
    old.refresh_from_db()
    case = instances.start(old, title=f"Fall {place}", actor="test")
    type(old).objects.filter(pk=old.pk).update(state="retired")
    return case


def test_a_case_that_ended_meanwhile_stays(two):
    old, new, case = two
    migration = do(migrating.plan(old, new, CHOSEN, actor="test"))
    instances.cancel(case, reason="Zurückgezogen", actor="test")
    migrating.apply(migration, actor="test")
    do(migration)
    assert migrating.reason(migration.moves.get()) == "Der Vorgang ist beendet oder schon anderswohin umgezogen."


def test_a_stuck_case_is_tried_again_by_the_new_version_and_stuck_after_the_way_back(two):
    old, new, case = two
    steps.stick(case, "Es geht nicht.")
    migration = moved(old, new)
    case.refresh_from_db()
    assert (case.state, case.trouble) == (InstanceState.RUNNING, "")
    do(migrating.revert(migration, actor="test"))
    case.refresh_from_db()
    assert (case.state, case.trouble) == (InstanceState.STUCK, "Es geht nicht.")


def test_timers_of_moved_cases_ring_by_the_new_version(two):
    old, new, case = two
    items.complete(case.items.get(), {}, actor=make_account(Role.PROGRAMME_OFFICE))
    moved(old, new)
    due = case.timers.get(element="late").due
    assert timers.ring(SetClock(due - timedelta(hours=1))) == 0
    assert timers.ring(SetClock(due)) == 1
    assert case.items.get(element="remind").title == "Mahnen"


@pytest.mark.parametrize("role", [Role.PROJECT_LEAD, Role.EDITOR, Role.AUDITOR])
def test_only_the_office_moves_cases(two, role):
    old, new, _case = two
    with pytest.raises(PermissionDenied):
        migrating.plan(old, new, CHOSEN, actor=make_account(role))
    assert Migration.objects.count() == 0


def test_what_cannot_be_asked_for(two):
    old, new, _case = two
    draft = versions.import_model(NEW.replace(b"Mahnen", b"Rufen"), title="Antrag", model=old.model, actor="test")
    for source, target, chosen, field in [
        (old, old, {}, "target"),
        (old, draft, {}, "target"),
        (old, version_of(OLD), {}, "target"),
        (old, new, {"drop": "nirgends"}, "drop"),
        (old, new, {"intake": "second"}, "intake"),
    ]:
        with pytest.raises(ValidationError) as refused:
            migrating.plan(source, target, chosen, actor="test")
        assert list(refused.value.message_dict) == [field]
    migration = migrating.plan(old, new, {}, actor="test")
    for verb in (migrating.apply, migrating.revert):
        with pytest.raises(ValidationError):
            verb(migration, actor="test")


def test_what_was_kept_is_forgotten_once_a_case_went_on(two):
    old, new, case = two
    moved(old, new)
    assert migrating.forget() == 0
    items.complete(case.items.get(), {}, actor=make_account(Role.PROGRAMME_OFFICE))
    assert migrating.forget() == 1
    assert Move.objects.get().kept is None


def test_running_versions_are_counted(two):
    old, new, _case = two
    assert [(row.number, row.running) for row in migrating.running_versions(Model.objects.get())] == [(1, 1)]
    moved(old, new)
    assert [(row.number, row.running) for row in migrating.running_versions(Model.objects.get())] == [(2, 1)]
