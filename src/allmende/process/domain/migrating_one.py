"""One instance of a migration: tried out, moved, moved back, each in a transaction of its own."""

import datetime as dt
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from allmende.spine.facts import emit

from ..core import migrate
from ..core.engine.clock import SystemClock
from ..core.engine.loop import EndlessLoop
from ..core.engine.rows import SUB, Delta, Row, Unreadable, upgraded
from ..core.engine.run import Run
from ..enums import Happening, InstanceState, ItemKind, ItemState, MoveState
from ..facts import InstanceMoved
from ..models import Instance, Migration, Move, Subscription, Timer, WorkItem
from . import assignment, history, library, steps, store

RUNS = (InstanceState.RUNNING, InstanceState.STUCK)
# What a migration may change of a work item. Who works on it and what was entered stays in any case.
_ITEM = ("element", "kind", "title", "title_en", "role", "due", "state", "closed", "ways", "trouble")
_DATES = {"due": dt.date, "closed": dt.datetime}


class _Rewritten(NamedTuple):
    """The process of the other version, what it calls, head and rows as it has them, and the instance as it runs by
    them."""

    process: str
    called: dict[str, str]
    head: str
    rows: list[Row]
    run: Run


def _rewritten(row: Instance, migration: Migration) -> _Rewritten:
    """An instance by the other version. What it calls already stays the version that it is.

    Raises migrate.Stays."""
    try:
        called = library.pin(migration.target, row.called)
    except ValidationError as error:
        raise migrate.Stays("state") from error
    old, new = library.specs(migration.source, row.called)[row.process], library.specs(migration.target, called)
    process = migrate.process_in(new, row.process)
    mapping = migrate.suggest(old, new[process]) | migration.mapping if row.called else migration.mapping
    clock = SystemClock()
    try:
        head, kept = upgraded(row.head, store.read(row))
        rows = migrate.rewrite(kept, old, new[process], mapping, clock.now().timestamp())
        run = Run.resume(new[process], head, rows, clock)
        run.settle()
    except Unreadable as error:
        raise migrate.Stays("state") from error
    except EndlessLoop as error:
        raise migrate.Stays("loop", ", ".join(error.elements[:3])) from error
    return _Rewritten(process, called, head, rows, run)


def _locked(pk: int, state: MoveState) -> tuple[Move, Instance] | None:
    """A move that is in a state, and its instance; None where another worker was faster."""
    move = (
        Move.objects.select_for_update(of=("self",)).select_related("migration__source", "migration__target").get(pk=pk)
    )
    if move.state != state:
        return None
    rows = Instance.objects.select_for_update(of=("self",)).select_related("version_of")
    return move, rows.get(pk=move.instance_id)


def _stays(move: Move, why: migrate.Stays) -> None:
    move.state = MoveState.STAYS
    move.why = {"code": why.code, "element": why.element, "name": why.name}
    move.save()


def _away(row: Instance, migration: Migration) -> bool:
    return row.state not in RUNS or row.version_of_id != migration.source_id


@transaction.atomic
def try_out(pk: int) -> None:
    """Find out whether an instance can move; nothing of it changes."""
    if (found := _locked(pk, MoveState.NEW)) is None:
        return
    move, row = found
    try:
        if _away(row, move.migration):
            raise migrate.Stays("away")
        _rewritten(row, move.migration)
    except migrate.Stays as why:
        _stays(move, why)
        return
    move.state = MoveState.FITS
    move.save()


@transaction.atomic
def move(pk: int) -> None:
    """Move an instance. What keeps it where it is by now is noted."""
    if (found := _locked(pk, MoveState.FITS)) is None:
        return
    one, row = found
    migration = one.migration
    try:
        if _away(row, migration):
            raise migrate.Stays("away")
        process, called, head, rows, run = _rewritten(row, migration)
    except migrate.Stays as why:
        _stays(one, why)
        return
    one.kept = _kept(row)
    row.version_of, row.process, row.called, row.head = migration.target, process, called, head
    _replace(row, rows)
    _items(row, run)
    row.timers.all().delete()
    row.subscriptions.all().delete()
    numbers = {"from": migration.source.number, "to": migration.target.number}
    history.write(row, Happening.MIGRATED, payload=numbers, actor=migration.author)
    emit(InstanceMoved(title=row.title, number=migration.target.number), subject=row, actor=migration.author)
    steps.keep(row, run, actor=migration.author, also=_tasks(rows))
    one.state, one.at_version = MoveState.MOVED, row.version
    one.save()


def _tasks(rows: list[Row]) -> set[UUID]:
    return {UUID(row.key) for row in rows if not row.key.startswith(SUB)}


def _replace(row: Instance, rows: list[Row]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM process_taskrow WHERE instance_id = %s", [row.pk])
    store.write(row, Delta(None, rows, []))


def _items(row: Instance, run: Run) -> None:
    """Open items say what the other version says of their steps. A step of the system that failed is tried again."""
    fresh = {item.task: item for item in assignment.items_for(row, run.waiting())}
    for item in row.items.filter(state=ItemState.OPEN, task__in=fresh):
        now = fresh[item.task]
        for name in ("element", "kind", "title", "title_en", "role", "ways"):
            setattr(item, name, getattr(now, name))
        item.due = item.due or now.due
        item.trouble = "" if item.kind == ItemKind.ACTION else item.trouble
        item.version += 1
        item.save()


def _kept(row: Instance) -> dict[str, Any]:
    """What an instance is made of, besides its history: JSON. Days and moments as ISO 8601."""
    items = row.items.filter(state=ItemState.OPEN, task__isnull=False).values("pk", *_ITEM)
    return {
        "version": row.version_of_id,
        "process": row.process,
        "called": row.called,
        "state": row.state,
        "trouble": row.trouble,
        "head": row.head,
        "rows": [list(each) for each in store.read(row)],
        "items": [{name: _plain(value) for name, value in item.items()} for item in items],
        "timers": [[str(one.task), one.element, one.due.isoformat()] for one in row.timers.order_by("pk")],
        "subscriptions": [
            [str(one.public_id), str(one.task), one.element, one.kind, one.name]
            for one in row.subscriptions.order_by("pk")
        ],
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value


@transaction.atomic
def revert(pk: int) -> None:
    """Make an instance what it was before it moved, as long as it has not gone on since."""
    if (found := _locked(pk, MoveState.MOVED)) is None:
        return
    one, row = found
    migration, kept = one.migration, one.kept
    if kept is None or row.state not in RUNS or row.version != one.at_version:
        one.state, one.kept = MoveState.WENT_ON, None
        one.save()
        return
    row.version_of_id, row.process, row.called = kept["version"], kept["process"], kept.get("called", {})
    row.state, row.trouble, row.head = kept["state"], kept["trouble"], kept["head"]
    _replace(row, [Row(*each) for each in kept["rows"]])
    _restore_items(row, kept["items"])
    _restore_waiting(row, kept)
    history.write(
        row,
        Happening.REVERTED,
        payload={"from": migration.target.number, "to": migration.source.number},
        actor=migration.author,
    )
    emit(InstanceMoved(title=row.title, number=migration.source.number), subject=row, actor=migration.author)
    row.version += 1
    row.save()
    one.state, one.kept = MoveState.REVERTED, None
    one.save()
    _act_again(row, migration)


def _restore_items(row: Instance, kept: list[dict[str, Any]]) -> None:
    open_ = row.items.filter(state=ItemState.OPEN, task__isnull=False)
    open_.exclude(pk__in=[each["pk"] for each in kept]).update(state=ItemState.CANCELLED, closed=timezone.now())
    items = WorkItem.objects.in_bulk([each["pk"] for each in kept])
    for each in kept:
        if (item := items.get(each["pk"])) is None:
            continue
        for name in _ITEM:
            kind, value = _DATES.get(name), each[name]
            setattr(item, name, kind.fromisoformat(value) if kind is not None and value else value)
        item.version += 1
        item.save()


def _restore_waiting(row: Instance, kept: dict[str, Any]) -> None:
    row.timers.all().delete()
    row.subscriptions.all().delete()
    Timer.objects.bulk_create(
        Timer(instance=row, task=task, element=element, due=dt.datetime.fromisoformat(due))
        for task, element, due in kept["timers"]
    )
    Subscription.objects.bulk_create(
        Subscription(public_id=public_id, instance=row, task=task, element=element, kind=kind, name=name)
        for public_id, task, element, kind, name in kept["subscriptions"]
    )


def _act_again(row: Instance, migration: Migration) -> None:
    """Steps of the system that wait again: the job that was to do them may have found them called off."""
    from .. import tasks

    actor = migration.author_id
    for item in row.items.filter(state=ItemState.OPEN, kind=ItemKind.ACTION, trouble="").values_list("pk", flat=True):
        tasks.act.defer(item=item, actor=actor)
