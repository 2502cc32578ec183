"""A message or signal from outside, of which a person says that it has arrived: by letter, by telephone, at the
counter."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.people.access import can, require
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account

from ..core.outline import Step
from ..enums import Happening, ItemKind
from ..models import Instance, Subscription, WorkItem
from . import fields, forms, history, library, steps

# Not a name that a form of a model can have.
NOTE = "arrival-note"
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Expected:
    """Something that a case waits for. `name` for people; `may`: the person may say that it has arrived."""

    row: Subscription
    name: str
    may: bool


def step_of(row: Subscription) -> Step:
    """What the model says of the step that waits."""
    return library.outline_of(row.instance).get(row.element) or Step(row.element, row.name)


def name_of(row: Subscription) -> str:
    """The message as the model names it, else the step that waits for it."""
    step = step_of(row)
    return row.name or forms.shown(step.name, step.name_en) or row.element


def as_item(row: Subscription) -> WorkItem:
    """What waits as if it were a task of its lane, for the rights; it is never saved."""
    lane = steps.lane_of(row.instance, row.element)
    role = library.lanes_of(row.instance).get(lane, "") or Role.PROGRAMME_OFFICE
    return WorkItem(
        instance=row.instance, element=row.element, subject=row.instance.subject, kind=ItemKind.EVENT, role=role
    )


def may_report(person: Any, row: Subscription) -> bool:
    """Whether somebody may say that it has arrived: who may do the tasks of its lane."""
    return can(person, "process.work", as_item(row))


def waiting(instance: Instance) -> QuerySet[Subscription]:
    return instance.subscriptions.select_related("instance__version_of").order_by("name", "pk")


def expected(instance: Instance, person: Any) -> list[Expected]:
    """What a case waits for from outside."""
    return [Expected(row, name_of(row), may_report(person, row)) for row in waiting(instance)]


def build(row: Subscription, data: Mapping[str, Any] | None = None, *, person: Any) -> django_forms.Form:
    """The form of what arrives: what the model asks of it, and a note. Files are added in a task."""
    step = step_of(row)
    made = {each.name: fields.field(each, person) for each in step.form.fields if each.type not in ("note", "file")}
    made[NOTE] = django_forms.CharField(
        label=_("Note"),
        help_text=_("How and from whom it came. It stands in the history."),
        max_length=LONGEST_NOTE,
        required=step.note,
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )
    form: type[django_forms.Form] = type("ArrivalForm", (django_forms.Form,), made)
    return form(data)


def reported(instance: Instance, public_id: UUID) -> str:
    """Who said when that it has arrived, in words, where it is waited for no longer."""
    told = instance.events.filter(kind=Happening.RECEIVED, payload__waited=str(public_id)).select_related("actor")
    event = told.first()
    if event is None:
        return _("This case no longer waits for it.")
    when = timezone.localtime(event.time)
    return _("%(who)s already said on %(day)s at %(time)s that it has arrived.") % {
        "who": event.actor or _("somebody"),
        "day": f"{when:%d.%m.%Y}",
        "time": f"{when:%H:%M}",
    }


@transaction.atomic
def report(instance: Instance, public_id: UUID, data: Mapping[str, Any], *, actor: Account) -> Instance:
    """Say that what a case waits for has arrived, with what the model asks of it. Of two at once only the first counts.

    Raises PermissionDenied; ValidationError by field, or with the code "gone" where it is waited for no longer.
    """
    Instance.objects.select_for_update().get(pk=instance.pk)
    row = waiting(instance).filter(public_id=public_id).first()
    if row is None:
        require(actor, "process.view_instance", instance)
        raise ValidationError(reported(instance, public_id), code="gone")
    require(actor, "process.work", as_item(row))
    form = build(row, data, person=actor)
    if not form.is_valid():
        raise ValidationError({name: list(texts) for name, texts in form.errors.items()})
    values = {name: fields.plain(value) for name, value in form.cleaned_data.items()}
    note = str(values.pop(NOTE)).strip()
    told = {"waited": str(row.public_id), "values": sorted(values), **({"reason": note} if note else {})}
    with steps.step(row.instance, actor=actor) as (case, run):
        history.write(
            case, Happening.RECEIVED, element=row.element, name=row.name or step_of(row).name, payload=told, actor=actor
        )
        run.arrive(row.task, row.kind, _listened(run, row), values)
    return case


def _listened(run: Any, row: Subscription) -> str:
    """The whole name: rows keep 200 characters of it."""
    names = [each.name for each in run.listening([row.task]) if each.kind == row.kind]
    return next((name for name in names if name[:200] == row.name), row.name)
