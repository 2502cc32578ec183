"""The accessibility statement, and feedback on barriers."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.instance.domain.queries import current
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import require_actor

from ..core.enforcement import BODIES, Body
from ..enums import CaseKind
from ..facts import FeedbackGiven, StatementChanged
from ..models import Case, Feedback, Statement

ANSWER_WITHIN = timedelta(days=28)  # after a month without answer one may turn to the enforcement body
FIELDS = frozenset(
    {
        "conformance", "method", "made_on", "reviewed_on", "limitations", "contact_email", "contact_phone",
        "enforcement_name", "enforcement_email", "enforcement_url",
    }
)  # fmt: skip
MOST_LIMITATIONS = 50


@dataclass(frozen=True)
class Whole:
    """The statement with what the instance and the state add. `enforcement` None: nobody has entered one yet."""

    row: Statement
    town: str
    state: str
    contact_email: str
    law: str
    weeks: int
    enforcement: Body | None


def stored() -> Statement:
    return Statement.objects.filter(pk=1).first() or Statement(pk=1)


def statement() -> Whole:
    """What the page shows."""
    row, town = stored(), current()
    known = BODIES.get(town.state)
    entered = Body(
        row.enforcement_name,
        row.enforcement_email,
        row.enforcement_url,
        known.law if known else "",
        known.weeks if known else 4,
    )
    body = entered if row.enforcement_name else known
    return Whole(
        row=row,
        town=town.town or town.name,
        state=town.get_state_display() if town.state else "",
        contact_email=row.contact_email or town.contact_email,
        law=known.law if known else "",
        weeks=body.weeks if body else 4,
        enforcement=body,
    )


def _clean_limitations(values: Any) -> list[dict[str, str]]:
    found = []
    for entry in values:
        row = {name: str(entry.get(name, "")).strip()[:1000] for name in ("what", "why", "instead")}
        if not any(row.values()):
            continue
        if not row["what"] or not row["why"]:
            raise ValidationError({"limitations": _("Every limitation says what is not accessible, and why.")})
        found.append(row)
    if len(found) > MOST_LIMITATIONS:
        raise ValidationError({"limitations": _("At most 50 limitations can be listed.")})
    return found


@transaction.atomic
def change_statement(values: dict[str, Any], *, version: int, actor: Any) -> Statement:
    """Save the statement on top of `version`. Raises PermissionDenied, ValueError, ValidationError, VersionConflict."""
    require_actor(actor, "moderation.change_statement")
    if set(values) - FIELDS:
        raise ValueError(f"not changeable: {sorted(set(values) - FIELDS)}")
    if "limitations" in values:
        values = values | {"limitations": _clean_limitations(values["limitations"])}
    Statement.objects.get_or_create(pk=1)
    row = Statement.objects.select_for_update().get(pk=1)
    if row.version != version:
        raise VersionConflict(row)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.version += 1
        row.full_clean()
        row.save()
        emit(StatementChanged(fields=changed), subject=row, actor=actor, url="/barrierefreiheit/")
    return row


@transaction.atomic
def give_feedback(text: str, *, page: str = "", email: str = "") -> Case:
    """Put a reported barrier into the queue. Nobody needs to sign in. Raises ValidationError."""
    row = Feedback(
        text=text.replace("\r\n", "\n").strip(),
        page=page.strip(),
        email=email.strip(),
        lang=(get_language() or "de")[:2],
    )
    row.full_clean()
    row.save()
    case = Case.objects.create(kind=CaseKind.FEEDBACK, feedback=row, due=timezone.now() + ANSWER_WITHIN)
    # Even somebody signed in gives feedback as nobody: the actor stays empty.
    emit(FeedbackGiven(wants_answer=bool(row.email)), subject=case, actor="anonymous")
    return case
