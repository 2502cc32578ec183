"""Cases that begin by themselves: by the calendar, or because something happened in another room; each in the name of
whoever set it up."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.spine import subjects
from allmende.spine.facts import FactRow, emit
from allmende.spine.facts.kinds import KINDS
from allmende.spine.facts.models import FactRow as Stored
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.access import require
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account

from ..core import rhythm
from ..core.engine.clock import ZONE, Clock, SystemClock
from ..core.feel import FeelError, evaluate, names
from ..enums import ModelKind, Rhythm
from ..facts import StartChanged
from ..models import Begun, Instance, Schedule, Trigger
from . import deadlines, instances

Row = TypeVar("Row", Schedule, Trigger)
TOPIC = "process.tasks"
_DAYS = {Rhythm.WEEKLY: 7, Rhythm.MONTHLY: 31, Rhythm.QUARTERLY: 31, Rhythm.YEARLY: 31}
_MONTHS = {Rhythm.QUARTERLY: 3, Rhythm.YEARLY: 12}
SCHEDULE_FIELDS = ("title", "rhythm", "at", "day", "month", "working_day", "cycle", "subject")
TRIGGER_FIELDS = ("fact_kind", "condition", "title")


def fact_kinds() -> list[str]:
    """Kinds of facts that may begin a case. Those of processes may not: a case would begin the next without end."""
    return sorted(kind for kind in KINDS if not kind.startswith("process."))


def _rhythm(row: Schedule) -> rhythm.Rhythm:
    return rhythm.Rhythm(row.rhythm, row.at, row.day, row.month, row.working_day, row.cycle)


@transaction.atomic
def set_schedule(
    row: Schedule, values: Mapping[str, Any], *, actor: Account, now: dt.datetime | None = None
) -> Schedule:
    """Set a new or changed schedule up; from now on it runs in the name of `actor`. `row` may be unsaved, with its
    model. Raises PermissionDenied, ValidationError by field."""
    row = _prepared(row, {name: values[name] for name in SCHEDULE_FIELDS if name in values}, actor)
    row.full_clean(exclude=["owner"])
    _check_days(row)
    try:
        row.next_run = rhythm.following(_rhythm(row), now or timezone.now(), deadlines.state())
    except ValueError as error:
        raise ValidationError(
            {"cycle": _("This is not a repetition with a beginning, such as R/2026-01-05T08:00/P2W.")}
        ) from error
    if row.next_run is None:
        raise ValidationError({"cycle": _("It would never be due.")})
    return _saved(row, actor)


def _check_days(row: Schedule) -> None:
    kind = Rhythm(row.rhythm)
    for name, most in (("day", _DAYS.get(kind)), ("month", _MONTHS.get(kind))):
        value = getattr(row, name)
        if most is None:
            setattr(row, name, None)
        elif not 1 <= (value or 1) <= most:
            raise ValidationError({name: _("From 1 to %(most)d.") % {"most": most}})


@transaction.atomic
def set_trigger(row: Trigger, values: Mapping[str, Any], *, actor: Account) -> Trigger:
    """Set a new or changed trigger up, for what happens from now on, in the name of `actor`. Raises PermissionDenied,
    ValidationError by field."""
    row = _prepared(row, {name: values[name] for name in TRIGGER_FIELDS if name in values}, actor)
    row.since = timezone.now()
    row.full_clean(exclude=["owner"])
    if row.fact_kind not in fact_kinds():
        raise ValidationError({"fact_kind": _("Choose what has to happen.")})
    if row.condition:
        try:
            names(row.condition)
        except FeelError as error:
            raise ValidationError(
                {"condition": _("This is not a FEEL expression: %(why)s") % {"why": error}}
            ) from error
    return _saved(row, actor)


def _prepared(row: Row, values: Mapping[str, Any], actor: Account) -> Row:
    require(actor, "process.change_start")
    if row.pk is not None:
        row = type(row).locked(row.pk)
        row.version += 1
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if row.model.kind != ModelKind.PROCESS:
        raise ValidationError(_("Only a process can be begun."))
    return row


def _saved(row: Row, actor: Account) -> Row:
    row.owner, row.active, row.trouble = actor, True, ""
    row.save()
    emit(StartChanged(title=str(row.model), active=True), subject=row, actor=actor)
    return row


@transaction.atomic
def pause(row: Schedule | Trigger, *, actor: Any) -> None:
    """Begin nothing any more, until somebody sets it up again. Raises PermissionDenied."""
    require(actor, "process.change_start")
    _stop(type(row).locked(row.pk), "", actor)


def _stop(row: Schedule | Trigger, why: str, actor: Any) -> None:
    row.active, row.trouble = False, why
    row.version += 1
    row.save()
    emit(StartChanged(title=str(row.model), active=False), subject=row, actor=actor)


def _halt(row: Schedule | Trigger, why: str) -> None:
    """It cannot go on: it pauses, and the office hears why."""
    _stop(row, why, None)
    title = _("“%(title)s” no longer begins by itself") % {"title": row.model}
    office = holders(Role.PROGRAMME_OFFICE, INSTANCE)
    notify(office, TOPIC, title, text=why, url=row.get_absolute_url(), key=f"process.halt:{row.urn}:{row.version}")


def _begin(row: Schedule | Trigger, title: str, subject: str, values: dict[str, Any]) -> Instance | None:
    """A case in the name of the owner; None where none can begin: then it pauses and says so."""
    version = instances.released(row.model)
    if row.owner is None or not row.owner.is_active:
        _halt(row, _("Whoever set this up no longer works here. Somebody else has to take it over."))
        return None
    if version is None:
        _halt(row, _("There is no released version."))
        return None
    try:
        with transaction.atomic():
            return instances.start(version, title=title[:200], subject=subject, values=values, actor=row.owner)
    except PermissionDenied:
        _halt(row, _("Whoever set this up may no longer begin cases. Somebody else has to take it over."))
    except ValidationError as error:
        _halt(row, " ".join(error.messages))
    return None


def run_due(clock: Clock | None = None) -> int:
    """Begin what is due by the calendar; how many cases began. What was missed is caught up with one case, and nothing
    begins twice, however many workers there are."""
    now = (clock or SystemClock()).now()
    due = Schedule.objects.filter(active=True, next_run__lte=now).order_by("next_run").values_list("pk", flat=True)
    with override(settings.LANGUAGE_CODE):
        return sum(_run(pk, now) for pk in list(due))


@transaction.atomic
def _run(pk: int, now: dt.datetime) -> bool:
    row = Schedule.objects.select_for_update(of=("self",)).select_related("model", "owner").filter(pk=pk).first()
    if row is None or not row.active or row.next_run is None or row.next_run > now:
        return False
    day = row.next_run.astimezone(ZONE).date()
    began = _begin(row, filled(row.title, _of_day(day)), row.subject, {"due": day.isoformat()})
    row.last_run = row.next_run if began else row.last_run
    row.next_run = rhythm.following(_rhythm(row), now, deadlines.state())
    if row.next_run is None:
        row.active = False
    row.save()
    return began is not None


def _of_day(day: dt.date) -> dict[str, str]:
    return {
        "date": f"{day:%d.%m.%Y}",
        "month": f"{day:%m}",
        "quarter": str((day.month - 1) // 3 + 1),
        "year": f"{day:%Y}",
    }


def filled(template: str, values: Mapping[str, Any]) -> str:
    """A title with the values of the names in braces; names that are not known stay as they are."""
    for name, value in values.items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            template = template.replace(f"{{{name}}}", " ".join(str(value).split()))
    return template


def take_note(facts: Iterable[FactRow]) -> int:
    """Put what facts begin into the queue of jobs, in the transaction that reads them; how much."""
    from .. import tasks

    rows = list(facts)
    waiting: dict[str, list[Trigger]] = {}
    for one in Trigger.objects.filter(active=True, fact_kind__in={row.kind for row in rows}):
        waiting.setdefault(one.fact_kind, []).append(one)
    wanted = [(each.pk, row.id) for row in rows for each in waiting.get(row.kind, ()) if row.time >= each.since]
    for trigger, fact in wanted:
        tasks.trigger.defer(trigger=trigger, fact=fact)
    return len(wanted)


def run_trigger(pk: int, fact: int) -> Instance | None:
    """Begin a case because of a fact, unless it did already, or the condition says no."""
    with override(settings.LANGUAGE_CODE), transaction.atomic():
        row = Trigger.objects.select_for_update(of=("self",)).select_related("model", "owner").filter(pk=pk).first()
        told = Stored.objects.filter(pk=fact).first()
        if row is None or not row.active or told is None or Begun.objects.filter(trigger=row, fact=fact).exists():
            return None
        known = {**told.payload, "kind": told.kind, "subject": told.subject}
        if not _holds(row, known):
            return None
        about = subjects.find(told.subject, row.owner) if row.owner else None
        case = _begin(row, filled(row.title, known), about.urn if about else "", {"occasion": known})
        if case is not None:
            Begun.objects.create(trigger=row, fact=fact, instance=case)
        return case


def _holds(row: Trigger, known: dict[str, Any]) -> bool:
    try:
        return not row.condition or evaluate(row.condition, known) is True
    except FeelError as error:
        _halt(row, _("This is not a FEEL expression: %(why)s") % {"why": error})
        return False
