"""Migrations of running instances to another version of their model: tried out first, then moved, and moved back."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Account

from ..core import migrate
from ..core.bpmn import parser
from ..enums import MigrationState, MoveState, VersionState
from ..models import Instance, Migration, Model, Move, Version
from . import migrating_one as one

# Instances that a job moves before it makes room for others.
BATCH = 200

# What is done in a state of the migration: to which instances, and the state afterwards.
_WORK: dict[str, tuple[MoveState, Callable[[int], None], MigrationState]] = {
    MigrationState.TRYING: (MoveState.NEW, one.try_out, MigrationState.TRIED),
    MigrationState.MOVING: (MoveState.FITS, one.move, MigrationState.MOVED),
    MigrationState.REVERTING: (MoveState.MOVED, one.revert, MigrationState.REVERTED),
}


def specs_of(version: Version) -> dict[str, parser.Specs]:
    return parser.specs(bytes(version.xml))


def _pairs(source: Version, target: Version) -> list[tuple[parser.Specs, parser.Specs]]:
    """Processes of a version with those that go on with them, as far as there are."""
    old, new = specs_of(source), specs_of(target)
    found = []
    for process, specs in old.items():
        try:
            found.append((specs, new[migrate.process_in(new, process)]))
        except migrate.Stays:
            continue
    return found


def suggestion(source: Version, target: Version) -> dict[str, str]:
    """Old elements and their counterparts, as far as they are sure."""
    found: dict[str, str] = {}
    for old, new in _pairs(source, target):
        found |= migrate.suggest(old, new)
    return found


def questions(source: Version, target: Version) -> list[migrate.Question]:
    """Steps that somebody has to name a counterpart of."""
    found: dict[str, migrate.Question] = {}
    for old, new in _pairs(source, target):
        found |= {each.place.element: each for each in migrate.questions(old, new)}
    return list(found.values())


def running_versions(model: Model) -> list[Version]:
    """Versions by which something runs, with how much (`running`), newest first."""
    rows = model.versions.filter(instances__state__in=one.RUNS).annotate(running=Count("instances"))
    return list(rows.defer("source", "xml").order_by("-number"))


@transaction.atomic
def plan(source: Version, target: Version, chosen: Mapping[str, str], *, actor: Any) -> Migration:
    """Begin a migration of all that runs by `source`: each instance is tried out by a job, none is moved yet.

    `chosen`: counterparts of elements that have no sure one. Raises PermissionDenied; ValidationError ("target", or
    the element).
    """
    require_actor(actor, "process.migrate")
    if source.model_id != target.model_id or source.pk == target.pk:
        raise ValidationError({"target": _("Choose another version of the same model.")})
    if target.state not in (VersionState.RELEASED, VersionState.RETIRED):
        raise ValidationError({"target": _("Cases can only be moved to a released version.")})
    asked = {each.place.element: {one.element for one in each.choices} for each in questions(source, target)}
    for element, to in chosen.items():
        if to not in asked.get(element, ()):
            raise ValidationError({element: _("Choose one of the steps.")})
    migration = Migration.objects.create(
        source=source,
        target=target,
        mapping=suggestion(source, target) | dict(chosen),
        author=actor if isinstance(actor, Account) else None,
    )
    running = Instance.objects.filter(version_of=source, state__in=one.RUNS).order_by("pk").values_list("pk", flat=True)
    Move.objects.bulk_create((Move(migration=migration, instance_id=pk) for pk in running), batch_size=1000)
    _defer(migration)
    return migration


def _defer(migration: Migration) -> None:
    from .. import tasks

    tasks.migrate.defer(migration=migration.pk)


def _next(migration: Migration, before: tuple[MigrationState, ...], to: MigrationState, actor: Any) -> Migration:
    require_actor(actor, "process.migrate")
    row = Migration.locked(migration.pk)
    if row.state not in before:
        raise ValidationError(_("That is not possible now: look at the migration again."))
    row.state = to
    row.version += 1
    row.save()
    _defer(row)
    return row


@transaction.atomic
def apply(migration: Migration, *, actor: Any) -> Migration:
    """Move the instances that can be moved, by a job. Raises PermissionDenied, ValidationError."""
    return _next(migration, (MigrationState.TRIED,), MigrationState.MOVING, actor)


@transaction.atomic
def revert(migration: Migration, *, actor: Any) -> Migration:
    """Move back what has not gone on since, by a job. Raises PermissionDenied, ValidationError."""
    return _next(migration, (MigrationState.MOVED,), MigrationState.REVERTING, actor)


def work(pk: int, batch: int = BATCH) -> bool:
    """Do a part of what a migration has to do, each instance in a transaction of its own: killed in the middle, the
    next call goes on. True: there is more."""
    migration = Migration.objects.filter(pk=pk).first()
    if migration is None or migration.state not in _WORK:
        return False
    before, do, after = _WORK[migration.state]
    open_ = migration.moves.filter(state=before)
    for move in list(open_.order_by("pk").values_list("pk", flat=True)[:batch]):
        do(move)
    if open_.exists():
        return True
    Migration.objects.filter(pk=pk, state=migration.state).update(state=after)
    return False


def counts(migration: Migration) -> dict[str, int]:
    """How many instances are in which state."""
    rows = migration.moves.order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def reason(move: Move) -> str:
    """Why an instance stays, for people."""
    step = move.why.get("name") or move.why.get("element", "")
    known = {
        "gone": _("It waits at “%(step)s”, which has no counterpart."),
        "kind": _("It waits at “%(step)s”, whose counterpart is a step of another kind."),
        "ways": _("At “%(step)s” a way has to be chosen, and its counterpart has none."),
        "process": _("The other version has no such process."),
        "away": _("It has ended, or already moved elsewhere."),
        "loop": _("It would go round in circles at “%(step)s”."),
        "state": _("What is kept of it cannot be read by the other version."),
    }
    text = known.get(move.why.get("code", ""))
    return text % {"step": step} if text else ""


def forget() -> int:
    """Drop what was kept of instances that went on since they moved; how many."""
    gone = 0
    rows = Move.objects.filter(state=MoveState.MOVED, kept__isnull=False).select_related("instance")
    for move in rows.defer("kept", "instance__head").iterator():
        if move.instance.version != move.at_version or move.instance.state not in one.RUNS:
            gone += Move.objects.filter(pk=move.pk, state=MoveState.MOVED).update(state=MoveState.WENT_ON, kept=None)
    return gone
