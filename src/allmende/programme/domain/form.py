"""The form of a measure's document: its keys, its parts, what may be wrong with it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from ..models import Decision, Dependency, Indicator, Involvement, Measure, Milestone, Party, Risk, Target

SCHEMA = 1
Document = dict[str, Any]
FIELDS = (
    "code", "title", "summary", "reason", "course", "result", "easy", "maturity", "since", "place_name", "source_url",
    "origin_kind", "origin_text", "origin_url", "adopted_from", "input", "activity", "output", "outcome", "quality",
    "assumptions", "advice", "lang",
)  # fmt: skip
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)


@dataclass(frozen=True)
class Problem:
    """`path`: where in the document, e.g. ("milestones", 2, "done")."""

    path: tuple[str | int, ...]
    message: str


@dataclass(frozen=True)
class Reference:
    """A foreign key that a document names by something readable."""

    model: type[models.Model]
    by: str
    missing: Callable[[], str]


@dataclass(frozen=True)
class Part:
    """A kind of child row. `name`: key of the list, and the reverse name on Measure."""

    name: str
    model: type[Any]
    fields: tuple[str, ...]
    references: dict[str, Reference] = field(default_factory=dict)
    # Days that lie behind us: something that happened cannot be in the future.
    past: tuple[str, ...] = ()


PARTS = (
    Part("decisions", Decision, ("date", "body", "kind", "text", "url"), past=("date",)),
    Part("milestones", Milestone, ("title", "baseline", "plan", "done", "note"), past=("done",)),
    Part(
        "involvements", Involvement, ("party", "role", "starts", "ends"),
        {"party": Reference(Party, "slug", lambda: _("There is no such party."))},
    ),
    Part(
        "dependencies", Dependency, ("needs", "kind", "note"),
        {"needs": Reference(Measure, "public_id", lambda: _("There is no such measure."))},
    ),
    Part(
        "risks", Risk, ("text", "likelihood", "impact", "response", "occurred", "handling", "closed"),
        past=("occurred", "closed"),
    ),
    Part(
        "targets", Target, ("indicator", "level", "area", "baseline", "baseline_date", "value", "due", "note"),
        {"indicator": Reference(Indicator, "slug", lambda: _("There is no such indicator."))}, past=("baseline_date",),
    ),
)  # fmt: skip
KEYS = ("schema", *FIELDS, "topic", "phase", "geometry", *(part.name for part in PARTS))


# Keys that came later. Documents of earlier days lack them, which says the same as nothing in them.
_LATER: Document = {"advice": ""}
_LATER_ROWS: dict[str, Document] = {"risks": {"occurred": None, "handling": ""}}


def upgraded(doc: Document) -> Document:
    """A document of whatever day with all the keys of today, for comparing: drafts and history keep what they hold."""
    out = _LATER | doc
    for name, later in _LATER_ROWS.items():
        if isinstance(rows := out.get(name), list):
            out[name] = [later | row if isinstance(row, dict) else row for row in rows]
    return out
