"""Targets of the whole programme. Those of a measure stand in its document and change with its draft.

A target belongs to its indicator: the indicator's version tells two editors of each other.
"""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from ..enums import Level
from ..indicator_facts import TargetChanged, TargetRemoved, TargetSet
from ..models import Indicator, Target
from .form import EARLIEST, LATEST
from .recording import WIDTH, touch

RIGHT = "programme.change_indicator"
FIELDS = ("level", "area", "baseline", "baseline_date", "value", "due", "note")


@transaction.atomic
def set_target(
    indicator: Indicator, values: Mapping[str, Any], *, version: int | None = None, actor: Any
) -> Target:  # fmt: skip
    """What the whole programme wants an indicator to reach in an area. `values`: keys of FIELDS, the level that of the
    newest definition unless named. `version`: the indicator's that this was written on.

    Raises PermissionDenied, VersionConflict (carries the indicator), ValidationError by field.
    """
    require_actor(actor, RIGHT)
    row = Indicator.locked(indicator.pk, version)
    target = Target(indicator=row, level=_level(row))
    _put(target, values)
    target.save()
    touch(row)
    emit(TargetSet(title=row.title, area=target.area), subject=row, actor=actor, public=row.published is not None)
    return target


@transaction.atomic
def change_target(target: Target, values: Mapping[str, Any], *, version: int | None = None, actor: Any) -> Target:
    """Say it otherwise; what is not given stays. No difference, no fact.

    Raises PermissionDenied, VersionConflict (carries the indicator), Target.DoesNotExist where it is gone or a
    measure's, ValidationError by field.
    """
    require_actor(actor, RIGHT)
    row, found = _locked(target, version)
    before = {name: getattr(found, name) for name in FIELDS}
    _put(found, values)
    changed = [name for name in FIELDS if getattr(found, name) != before[name]]
    if not changed:
        return found
    found.save()
    touch(row)
    emit(
        TargetChanged(title=row.title, area=found.area, fields=changed),
        subject=row, actor=actor, public=row.published is not None,
    )  # fmt: skip
    return found


@transaction.atomic
def remove_target(target: Target, *, version: int | None = None, actor: Any) -> None:
    """Give a target up. Raises PermissionDenied, VersionConflict (carries the indicator), Target.DoesNotExist."""
    require_actor(actor, RIGHT)
    row, found = _locked(target, version)
    found.delete()
    touch(row)
    emit(TargetRemoved(title=row.title, area=found.area), subject=row, actor=actor, public=row.published is not None)


def _locked(target: Target, version: int | None) -> tuple[Indicator, Target]:
    row = Indicator.locked(target.indicator_id, version)
    return row, Target.objects.get(pk=target.pk, indicator=row, measure=None)


def _level(indicator: Indicator) -> str:
    return indicator.definitions.order_by("-number").values_list("level", flat=True)[0]


def _put(target: Target, values: Mapping[str, Any]) -> None:
    """Set what is given. Raises ValidationError with every problem at its field."""
    wrong: dict[str, list[str]] = {}
    for name in FIELDS:
        if name in values:
            value = values[name]
            setattr(target, name, value.strip() if isinstance(value, str) else value)
    for name in ("area", "note"):
        if "\0" in str(getattr(target, name)):
            wrong[name] = [_("There is a character here that cannot be stored.")]
    try:
        target.clean_fields(exclude={"indicator", "measure"})
    except ValidationError as error:
        wrong = error.message_dict | wrong
    if target.value is None:
        wrong.setdefault("value", [_("Say which value is to be reached.")])
    if not wrong:
        wrong = _days(target) or _place(target)
    if wrong:
        raise ValidationError(wrong)  # type: ignore[arg-type]


def _days(target: Target) -> dict[str, list[str]]:
    wrong: dict[str, list[str]] = {}
    for name in ("baseline_date", "due"):
        day = getattr(target, name)
        if day is not None and not EARLIEST <= day <= LATEST:
            wrong[name] = [_("The year lies outside of 1900 to 2100.")]
    since, due = target.baseline_date, target.due
    if since is not None and since > timezone.localdate():
        wrong.setdefault("baseline_date", [_("This day lies in the future.")])
    if since is not None and due is not None and due <= since:
        wrong.setdefault("due", [_("The day of the target lies before the day of the baseline.")])
    return wrong


def _place(target: Target) -> dict[str, list[str]]:
    """What is wrong about where: a level that no value can have, an area measured at another one, the same twice."""
    indicator = target.indicator
    defined = Level(_level(indicator))
    if WIDTH.index(Level(target.level)) < WIDTH.index(defined):
        text = _("The definition is about %(level)s; a value of a smaller area is not comparable.")
        return {"level": [text % {"level": defined.label}]}
    known = indicator.values.filter(area=target.area).values_list("level", flat=True).first()
    if known not in (None, target.level):
        text = _("Values of “%(area)s” are recorded for another level: %(level)s.")
        return {"level": [text % {"area": target.area, "level": Level(known).label}]}
    others = indicator.targets.filter(measure=None, area=target.area).exclude(pk=target.pk)
    if others.exists():
        return {"area": [_("The programme has a target for this area already.")]}
    return {}
