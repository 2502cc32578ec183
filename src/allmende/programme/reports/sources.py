"""From the name of a row, as a report has it, to the page where it can be seen today."""

import uuid
from typing import Any

from allmende.spine.links import link

from ..models import Decision, Figure, Indicator, Measure, Milestone, Report, Target, Value
from . import sections


def page_of(urn: str) -> str | None:
    """The address of a row's public page; None where the row is gone or no longer public.

    Raises ValueError for what is no URN.
    """
    kind, _colon, name = urn.partition(":")
    public_id = uuid.UUID(name)
    if kind in ("milestone", "decision", "target"):
        return _of_measure(kind, public_id)
    if kind == "measure":
        measure = Measure.objects.filter(public_id=public_id, published__isnull=False).first()
        return measure.get_absolute_url() if measure else None
    if kind == "indicator":
        return _indicator(Indicator.objects.filter(public_id=public_id).first())
    if kind == "value":
        value = Value.objects.filter(public_id=public_id).select_related("indicator").first()
        return _indicator(value.indicator) if value else None
    if kind == "figure":
        return _of_figure(Figure.objects.filter(public_id=public_id).select_related("measure").first())
    if kind == "report":
        report = Report.objects.filter(public_id=public_id).only("public_id").first()
        return report.get_absolute_url() if report else None
    return sections.page_of(kind, public_id)


def _of_measure(kind: str, public_id: uuid.UUID) -> str | None:
    model: Any = {"milestone": Milestone, "decision": Decision, "target": Target}[kind]
    row = model.objects.filter(public_id=public_id).select_related("measure").first()
    if row is None:
        return None
    if row.measure is None:
        return _indicator(row.indicator)
    return str(row.measure.get_absolute_url()) if row.measure.published else None


def _of_figure(row: Figure | None) -> str | None:
    if row is None:
        return None
    if row.measure is None:
        return link("programme:figures")
    return row.measure.get_absolute_url() if row.measure.published else None


def _indicator(row: Indicator | None) -> str | None:
    return row.get_absolute_url() if row is not None and row.published else None
