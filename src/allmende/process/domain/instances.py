"""Instances: started, and broken off."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import can, require_actor
from allmende.spine.people.models import Account

from ..core.engine.clock import Clock, SystemClock
from ..core.engine.run import Run
from ..enums import Happening, InstanceState, ModelKind, VersionState
from ..facts import InstanceStarted
from ..models import Instance, Model, Version
from . import history, library, steps


def released(model: Model) -> Version | None:
    """The version by which new instances run."""
    return model.versions.filter(state=VersionState.RELEASED).first()


def may_start(person: Any, version: Version, subject: str = "") -> bool:
    """Whether somebody may begin a case by a version, about what `subject` (a URN) names."""
    return can(person, "process.start_instance", Instance(version_of=version, subject=subject))


def startable(person: Any, subject: str) -> list[Model]:
    """Processes that somebody may begin about something, by title."""
    rows = Version.objects.filter(state=VersionState.RELEASED, model__kind=ModelKind.PROCESS)
    rows = rows.select_related("model").only("lanes", "model").order_by("model__title", "pk")
    return [row.model for row in rows if may_start(person, row, subject)]


@transaction.atomic
def start(
    version: Version,
    *,
    process: str = "",
    at: str = "",
    message: str = "",
    title: str,
    subject: str = "",
    values: dict[str, Any] | None = None,
    actor: Any,
    clock: Clock | None = None,
) -> Instance:
    """Start a process of a released version and let it go on until somebody has something to do.

    `process`: id in the model, else the only one; `at`: id of its start event; `message`: which one began it;
    `subject`: URN of what it is about, whose public id the model knows as `subject`. Raises PermissionDenied,
    ValidationError.
    """
    require_actor(actor, "process.start_instance", Instance(version_of=version, subject=subject))
    if version.state != VersionState.RELEASED or version.model.kind != ModelKind.PROCESS:
        raise ValidationError(_("Only a released version can be started."))
    found = process or next(iter(steps.processes_of(version)), "")
    row = Instance(
        version_of=version,
        process=found,
        title=title.strip(),
        subject=subject,
        starter=actor if isinstance(actor, Account) else None,
    )
    row.called = library.pin(version)
    row.full_clean(exclude=["head", "starter", "called"])
    with steps.spoken():
        known = {"subject": subject.partition(":")[2]} if subject else {}
        run = Run.begin(steps.specs_of(row), known | (values or {}), clock or SystemClock(), at)
    row.save()
    told: dict[str, Any] = {"version": version.number, "sha256": version.sha256}
    told |= {name: value for name, value in (("message", message), ("called", row.called)) if value}
    history.write(row, Happening.STARTED, payload=told, actor=actor)
    emit(InstanceStarted(title=row.title, about=row.subject), subject=row, actor=actor)
    steps.keep(row, run, actor=actor)
    return row


@transaction.atomic
def cancel(instance: Instance, *, reason: str, actor: Any) -> Instance:
    """Break an instance off. Raises PermissionDenied, ValidationError without a reason."""
    require_actor(actor, "process.manage_instance", instance)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is broken off.")})
    with steps.step(instance, actor=actor) as (row, run):
        row.state, row.trouble = InstanceState.CANCELLED, reason.strip()
        run.cancel()
    return row
