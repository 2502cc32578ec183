"""What becomes of decisions that arrived: taken over into a measure's draft, or put aside. By a person."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.ids import uuid7
from allmende.spine.people.access import require, require_actor

from ..domain import revisions
from ..enums import ArrivalState
from ..models import CouncilDecision, Measure, Revision
from . import shapes
from .facts import CouncilDecisionSorted

FIELDS = ("date", "body", "kind", "text", "url")
_WORDS = ("title", "paper", "reference", "body", "result", "text")


def arrived(text: str = "", *, state: str = "", body: str = "") -> QuerySet[CouncilDecision]:
    """Decisions, the newest meeting first; those that hold every word."""
    rows = CouncilDecision.objects.select_related("measure", "source")
    for word in text.split()[:8]:
        asked = Q()
        for name in _WORDS:
            asked |= Q(**{f"{name}__icontains": word})
        rows = rows.filter(asked)
    if state:
        rows = rows.filter(state=state)
    if body:
        rows = rows.filter(body=body)
    return rows.order_by("-date", "-pk")


def bodies() -> list[str]:
    """Those who decided something that arrived."""
    rows = CouncilDecision.objects.exclude(body="").order_by("body")
    return list(rows.values_list("body", flat=True).distinct())


def about(reference: str) -> QuerySet[CouncilDecision]:
    """Decisions on a paper, as people write its reference."""
    found = shapes.key(reference)
    return CouncilDecision.objects.filter(key=found).exclude(key="").order_by("-date", "-pk")


def proposed(row: CouncilDecision) -> dict[str, Any]:
    """How the decision may stand with a measure; a person changes what does not fit."""
    text = row.text or row.paper or row.title
    head = f"{row.result}\n\n" if row.result and row.text else ""
    date = row.date if row.date is not None and row.date <= timezone.localdate() else None
    return {"date": date, "body": row.body, "kind": shapes.kind_of(row.result), "text": head + text, "url": row.url}


@transaction.atomic
def take_over(decision: CouncilDecision, measure: Measure, values: Mapping[str, Any], *, actor: Any) -> Revision:
    """Put a decision into the draft of a measure, which a second person then reviews. `values`: FIELDS, `date` as a
    day. Of two at once only the first does.

    Raises PermissionDenied; ValidationError by field, or where it is taken over already, the measure has it, or its
    draft is in review.
    """
    require(actor, "programme.change_measure", measure)
    row = CouncilDecision.objects.select_for_update().get(pk=decision.pk)
    if row.state == ArrivalState.TAKEN:
        raise ValidationError(_("This decision has been taken over already."), code="taken")
    draft = Revision.locked(revisions.begin(measure, actor=actor).pk)
    new = {"id": str(uuid7())} | {name: values.get(name) or "" for name in FIELDS}
    if isinstance(new["date"], dt.date):
        new["date"] = new["date"].isoformat()
    there = draft.document["decisions"]
    if new["url"] and any((each.get("url"), each.get("date")) == (new["url"], new["date"]) for each in there):
        raise ValidationError(_("The measure has this decision already."), code="there")
    try:
        draft = revisions.edit(draft, {"decisions": [*there, new]}, version=draft.version, actor=actor)
    except ValidationError as error:
        raise _by_field(error, len(there)) from None
    row.measure, row.row = measure, new["id"]
    _sort(row, ArrivalState.TAKEN, actor)
    return draft


def _by_field(error: ValidationError, place: int) -> ValidationError:
    """Problems of the new row at the fields of its form; all others as they are."""
    if not hasattr(error, "error_dict"):
        return error
    found: dict[str, list[str]] = {}
    for path, texts in error.message_dict.items():
        name = path.removeprefix(f"decisions.{place}.")
        found.setdefault(name if name in FIELDS else "__all__", []).extend(texts)
    return ValidationError(found)


@transaction.atomic
def put_aside(decision: CouncilDecision, *, actor: Any) -> CouncilDecision:
    """It does not concern the programme. Raises PermissionDenied, ValidationError where it is taken over."""
    require_actor(actor, "programme.manage_council")
    row = CouncilDecision.objects.select_for_update().get(pk=decision.pk)
    if row.state == ArrivalState.TAKEN:
        raise ValidationError(_("This decision has been taken over already."), code="taken")
    return _sort(row, ArrivalState.IGNORED, actor)


@transaction.atomic
def put_back(decision: CouncilDecision, *, actor: Any) -> CouncilDecision:
    """Among the new ones again. What stands with a measure stays there. Raises PermissionDenied."""
    require_actor(actor, "programme.manage_council")
    row = CouncilDecision.objects.select_for_update().get(pk=decision.pk)
    row.measure, row.row = None, None
    return _sort(row, ArrivalState.NEW, actor)


def _sort(row: CouncilDecision, state: ArrivalState, actor: Any) -> CouncilDecision:
    if row.state != state:
        row.state = state
        row.version += 1
        row.save()
        emit(CouncilDecisionSorted(reference=row.reference, state=state), subject=row, actor=actor)
    return row
