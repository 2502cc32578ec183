"""Areas beside the town's own: what they are called and where their values come from, so that towns compare."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from ..indicator_facts import AreaDescribed
from ..models import Indicator, SeriesArea
from .recording import Recorded, record_values, touch

FIELDS = ("name", "source", "source_url", "licence")


@transaction.atomic
def describe_area(indicator: Indicator, area: str, values: Mapping[str, Any], *, actor: Any) -> SeriesArea:
    """Say what an area of an indicator is called; what is not given stays. `values`: keys of FIELDS, empty for the
    source and licence of the definition. No difference, no fact.

    Raises PermissionDenied, ValidationError by field.
    """
    require_actor(actor, "programme.record_value")
    row = Indicator.locked(indicator.pk)
    code = area.strip()
    if "\0" in code:
        raise ValidationError({"area": [_("There is a character here that cannot be stored.")]})
    found = row.areas.filter(area=code).first() or SeriesArea(indicator=row, area=code)
    before = {name: getattr(found, name) for name in FIELDS}
    for name in FIELDS:
        if name in values:
            setattr(found, name, str(values[name]).strip())
    _check(found)
    if found.pk is not None and before == {name: getattr(found, name) for name in FIELDS}:
        return found
    found.save()
    touch(row)
    emit(
        AreaDescribed(title=row.title, area=found.area, name=found.name),
        subject=row, actor=actor, public=row.published is not None,
    )  # fmt: skip
    return found


def _check(found: SeriesArea) -> None:
    wrong: dict[str, list[str]] = {}
    try:
        found.clean_fields(exclude={"indicator"})
    except ValidationError as error:
        wrong = error.message_dict
    for name in FIELDS:
        if "\0" in getattr(found, name):
            wrong[name] = [_("There is a character here that cannot be stored.")]
    if wrong:
        raise ValidationError(wrong)  # type: ignore[arg-type]


@transaction.atomic
def record_series(
    indicator: Indicator, rows: Sequence[Mapping[str, Any]], areas: Mapping[str, Mapping[str, Any]], *,
    vintage: datetime | None = None, actor: Any,
) -> Recorded:  # fmt: skip
    """Values together with what their areas are called, all or none. `areas`: by code, as for `describe_area`.

    Raises PermissionDenied, RowsRefused for values, ValidationError by field for an area.
    """
    done = record_values(rows, vintage=vintage, actor=actor)
    for area, values in areas.items():
        describe_area(indicator, area, values, actor=actor)
    return done


def described(indicators: Iterable[int]) -> dict[tuple[int, str], SeriesArea]:
    """What is said of areas, by indicator (primary key) and code. One query."""
    rows = SeriesArea.objects.filter(indicator__in=list(indicators))
    return {(row.indicator_id, row.area): row for row in rows}
