"""Defining, redefining, breaking, publishing indicators. Values are recorded in `recording`, read in `series` and
`aims`."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor
from allmende.spine.slugs import free_slug

from ..facts import IndicatorDefined
from ..indicator_facts import IndicatorPublished, IndicatorWithdrawn, SeriesBroken
from ..models import Definition, Indicator, SeriesBreak
from .form import EARLIEST, LATEST
from .recording import Recorded, RowProblem, RowsRefused, record_values, touch

__all__ = [
    "Recorded", "RowProblem", "RowsRefused", "add_break", "define_indicator", "publish_indicator", "record_values",
    "redefine", "withdraw_indicator",
]  # fmt: skip

OWN = ("title", "title_en", "common")
MEANT = (
    "text", "unit", "decimals", "direction", "formula", "source", "source_url", "licence", "cadence", "level",
)  # fmt: skip
# What changes the numbers themselves; the rest (source, licence, rhythm) only tells of them.
MEANING = ("text", "unit", "formula")
# Values in two units, or of two levels, cannot be one series, not even a broken one.
FIXED = ("unit", "level")


def _free_slug(title: str) -> str:
    return free_slug(title, lambda slug: Indicator.objects.filter(slug=slug).exists(), fallback="kennzahl")


def _is_public(indicator: Indicator) -> bool:
    return indicator.published is not None


@transaction.atomic
def define_indicator(values: Mapping[str, Any], *, actor: Any) -> Indicator:
    """A new indicator that is not public yet, with its first definition. `values`: keys of OWN and MEANT, `slug` where
    it is to have a certain address.

    Raises PermissionDenied, ValidationError by field.
    """
    require_actor(actor, "programme.change_indicator")
    title = str(values.get("title", "")).strip()
    indicator = Indicator(slug=values.get("slug") or _free_slug(title), **_given(values, OWN))
    definition = Definition(indicator=indicator, **_given(values, MEANT))
    _check(indicator, definition)
    indicator.save()
    definition.save()
    emit(IndicatorDefined(title=indicator.title, number=1), subject=indicator, actor=actor, public=False)
    return indicator


def _given(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    found = {name: values[name] for name in names if name in values}
    return {name: value.strip() if isinstance(value, str) else value for name, value in found.items()}


def _check(indicator: Indicator, definition: Definition) -> None:
    """Raises ValidationError with what is wrong about both, by field."""
    wrong: dict[str, Any] = {}
    for row in (indicator, definition):
        try:
            row.clean_fields(exclude={"indicator"})
            row.validate_unique(exclude={"indicator"})
        except ValidationError as error:
            wrong |= error.message_dict
    if definition.decimals is not None and definition.decimals > 6:
        wrong["decimals"] = [_("At most six.")]
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def redefine(
    indicator: Indicator, values: Mapping[str, Any], *, valid_from: dt.date, reason: str = "",
    version: int | None = None, actor: Any,
) -> Definition:  # fmt: skip
    """A new definition from a day on; what is not given stays. Values keep the definition they were measured
    by; once there are some, unit and level stay.

    Where the meaning changes (MEANING), the series breaks on that day, because of `reason`. Raises PermissionDenied,
    VersionConflict where somebody changed the indicator after `version`, ValidationError by field.
    """
    require_actor(actor, "programme.change_indicator")
    row = Indicator.locked(indicator.pk, version)
    last = row.definitions.order_by("-number")[0]
    meant = {name: getattr(last, name) for name in MEANT} | _given(values, MEANT)
    definition = Definition(indicator=row, number=last.number + 1, valid_from=valid_from, **meant)
    for name, value in _given(values, OWN).items():
        setattr(row, name, value)
    _check(row, definition)
    for name in FIXED:
        if getattr(definition, name) != getattr(last, name) and row.values.exists():
            raise ValidationError({name: _("Values are recorded already: measured otherwise it is another indicator.")})
    if last.valid_from is not None and valid_from <= last.valid_from:
        raise ValidationError({"valid_from": _("This day must lie after that of the last definition.")})
    if not EARLIEST <= valid_from <= LATEST:
        raise ValidationError({"valid_from": _("The year lies outside of 1900 to 2100.")})
    definition.save()
    if any(getattr(last, name) != getattr(definition, name) for name in MEANING):
        if not reason.strip():
            raise ValidationError({"reason": _("Say why values before and after do not compare.")})
        SeriesBreak.objects.get_or_create(indicator=row, date=valid_from, defaults={"reason": reason.strip()})
    touch(row)
    emit(
        IndicatorDefined(title=row.title, number=definition.number),
        subject=row,
        actor=actor,
        public=_is_public(row),
    )
    return definition


@transaction.atomic
def add_break(indicator: Indicator, *, date: dt.date, reason: str, actor: Any) -> SeriesBreak:
    """From this day on values do not compare with those before. Raises PermissionDenied, ValidationError by field."""
    require_actor(actor, "programme.change_indicator")
    row = Indicator.locked(indicator.pk)
    found = SeriesBreak(indicator=row, date=date, reason=reason.strip())
    found.clean_fields(exclude={"indicator"})
    if not EARLIEST <= date <= LATEST:
        raise ValidationError({"date": _("The year lies outside of 1900 to 2100.")})
    if row.breaks.filter(date=date).exists():
        raise ValidationError({"date": _("The series already breaks on this day.")})
    found.save()
    touch(row)
    emit(SeriesBroken(title=row.title, date=date.isoformat()), subject=row, actor=actor, public=_is_public(row))
    return found


@transaction.atomic
def publish_indicator(indicator: Indicator, *, actor: Any) -> Indicator:
    """Show an indicator to everybody, with all its values; a public one stays as it is. Raises PermissionDenied."""
    require_actor(actor, "programme.change_indicator")
    row = Indicator.locked(indicator.pk)
    if row.published is None:
        row.published = timezone.now()
        touch(row)
        emit(IndicatorPublished(title=row.title), subject=row, actor=actor)
    return row


@transaction.atomic
def withdraw_indicator(indicator: Indicator, *, actor: Any) -> Indicator:
    """Take an indicator off the public pages; it stays, with its values. Raises PermissionDenied."""
    require_actor(actor, "programme.change_indicator")
    row = Indicator.locked(indicator.pk)
    if row.published is not None:
        row.published = None
        touch(row)
        emit(IndicatorWithdrawn(title=row.title), subject=row, actor=actor, url="")
    return row
