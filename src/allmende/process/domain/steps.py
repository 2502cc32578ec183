"""One step of an instance is one transaction: the row is locked, the engine goes on until everything waits, and what
changed is written: state, work items, timers, subscriptions, history, facts."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..core.bpmn import parser
from ..core.engine.clock import Clock, SystemClock
from ..core.engine.loop import EndlessLoop
from ..core.engine.rows import Unreadable
from ..core.engine.run import Refused, Run
from ..enums import Happening, InstanceState, ItemState
from ..facts import InstanceEnded, InstanceStuck
from ..models import Instance, Subscription, Timer, Version, WorkItem
from . import assignment, history, library, store


def specs_of(instance: Instance) -> parser.Specs:
    """The engine's specification of what an instance runs by; read once a worker process."""
    return library.specs(instance.version_of, instance.called)[instance.process]


def processes_of(version: Version) -> list[str]:
    """Ids of the processes of a version that can be started, as they stand in the file."""
    return list(parser.specs(bytes(version.xml)))


def lane_of(instance: Instance, element: str) -> str:
    """The lane in which an element of an instance's process is drawn; empty without one."""
    scopes = specs_of(instance).subprocess_specs.values()
    found = (spec for scope in scopes for spec in scope.task_specs.values() if getattr(spec, "element", "") == element)
    return next((spec.lane for spec in found if spec.lane), "")


@contextmanager
def step(instance: Instance, *, actor: Any, clock: Clock | None = None) -> Iterator[tuple[Instance, Run]]:
    """Within a transaction: the locked instance and its Run; afterwards everything that changed is written.

    Raises ValidationError where the instance no longer runs, or the engine refuses (then nothing is written).
    """
    row = Instance.objects.select_for_update(of=("self",)).select_related("version_of").get(pk=instance.pk)
    if row.state not in (InstanceState.RUNNING, InstanceState.STUCK):
        raise ValidationError(_("This process has ended."))
    with spoken():
        run = Run.resume(specs_of(row), row.head, store.read(row), clock or SystemClock())
        yield row, run
    keep(row, run, actor=actor)


@contextmanager
def spoken() -> Iterator[None]:
    """What the engine refuses, in words for people."""
    try:
        yield
    except EndlessLoop as error:
        raise ValidationError(
            _("This step would go round in circles without end (at “%(element)s”). It was not carried out.")
            % {"element": ", ".join(error.elements[:3])}
        ) from error
    except Unreadable as error:
        raise ValidationError(unreadable(error)) from error
    except Refused as error:
        raise ValidationError(refusal(error)) from error


def unreadable(error: Unreadable) -> str:
    """Why the state of an instance cannot be read, for people."""
    if error.newer:
        return _("A newer version of Allmende wrote the state of this case. It goes on where that version runs.")
    return _("The state of this case does not fit its process. Nothing was changed; please tell the administration.")


def refusal(error: Refused) -> str:
    """Why the engine did not take a step, for people."""
    return _("Choose one of the ways.") if error.code == "choice" else _("This task is no longer open.")


def keep(row: Instance, run: Run, *, actor: Any, also: Iterable[UUID] = ()) -> None:
    """Write what a step changed. `also`: tasks that are to be looked at although the step did not change them."""
    delta = run.delta()
    store.write(row, delta)
    moved = delta.tasks().union(also)
    history.write_many(row, [(Happening.PASSED, passed.element, passed.name) for passed in run.passed()])
    _items(row, run, moved)
    _timers(row, run, moved)
    _subscriptions(row, run, moved)
    if run.ended:
        _end(row, actor=actor)
    elif row.state == InstanceState.STUCK:
        row.state, row.trouble = InstanceState.RUNNING, ""
    row.version += 1
    row.save()
    from . import routing

    routing.after(row, run, actor=actor)


def _end(row: Instance, *, actor: Any) -> None:
    broken_off = row.state == InstanceState.CANCELLED
    row.state = InstanceState.CANCELLED if broken_off else InstanceState.DONE
    row.ended = timezone.now()
    happening = Happening.CANCELLED if broken_off else Happening.ENDED
    history.write(row, happening, payload={"reason": row.trouble} if broken_off else None, actor=actor)
    emit(InstanceEnded(title=row.title, about=row.subject, state=row.state), subject=row, actor=actor)


def _items(row: Instance, run: Run, moved: set[UUID]) -> None:
    """Work items follow the engine's waiting tasks, among those that moved."""
    waiting = {each.task: each for each in run.waiting(moved)}
    open_ = dict(row.items.filter(state=ItemState.OPEN, task__in=moved).values_list("task", "pk"))
    if gone := [pk for task, pk in open_.items() if task not in waiting]:
        WorkItem.objects.filter(pk__in=gone).update(state=ItemState.CANCELLED, closed=timezone.now())
    new = [each for task, each in waiting.items() if task not in open_]
    if new:
        WorkItem.objects.bulk_create(assignment.items_for(row, new, run.data_of))


def _timers(row: Instance, run: Run, moved: set[UUID]) -> None:
    now = {each.task: each for each in run.alarms(moved)}
    kept = {timer.task: timer for timer in row.timers.filter(task__in=moved)}
    if gone := [timer.pk for task, timer in kept.items() if task not in now]:
        Timer.objects.filter(pk__in=gone).delete()
    for task, each in now.items():
        if task not in kept:
            Timer.objects.create(instance=row, task=task, element=each.element, due=each.due)
        elif kept[task].due != each.due:
            Timer.objects.filter(pk=kept[task].pk).update(due=each.due)


def _subscriptions(row: Instance, run: Run, moved: set[UUID]) -> None:
    now = {(each.task, each.kind, each.name): each for each in run.listening(moved)}
    kept = {(each.task, each.kind, each.name): each.pk for each in row.subscriptions.filter(task__in=moved)}
    if gone := [pk for key, pk in kept.items() if key not in now]:
        Subscription.objects.filter(pk__in=gone).delete()
    new = [each for key, each in now.items() if key not in kept]
    if new:
        Subscription.objects.bulk_create(
            Subscription(instance=row, task=each.task, element=each.element, kind=each.kind, name=each.name[:200])
            for each in new
        )


@transaction.atomic
def stick(instance: Instance, why: str) -> None:
    """Note that an instance cannot go on by itself, and why. Its state stays as it was."""
    row = Instance.objects.select_for_update().get(pk=instance.pk)
    if row.state == InstanceState.RUNNING:
        row.state, row.trouble = InstanceState.STUCK, why
        history.write(row, Happening.FAILED, payload={"why": why})
        row.save()
        emit(InstanceStuck(title=row.title), subject=row, actor=None)
