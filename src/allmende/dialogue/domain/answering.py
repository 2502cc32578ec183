"""The answer that is owed: a decision with its reason, and what it led to."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine import subjects
from allmende.spine.facts import emit
from allmende.spine.people.access import require

from ..enums import ANSWERS, ReviewState, Shown
from ..facts import ContributionAnswered
from ..models import Answer, Contribution


def missing_reviews(row: Contribution) -> int:
    """How many judgements are still to come before it may be answered."""
    given = row.reviews.filter(state=ReviewState.GIVEN).count()
    return max(0, row.phase.rules.reviews - given)


@transaction.atomic
def answer(row: Contribution, *, standing: str, reason: str, measure: str = "", version: int, actor: Any) -> Answer:
    """Say what becomes of a contribution, and why; a later answer takes the place of an earlier one, which stays to be
    read. `measure`: URN of a public measure that it led to. Raises PermissionDenied, ValidationError by field,
    VersionConflict."""
    require(actor, "dialogue.answer_contribution", row)
    found = Contribution.locked(row.pk, version)
    problems: dict[str, Any] = {}
    if standing not in ANSWERS:
        problems["standing"] = _("Choose what becomes of it.")
    if not reason.strip():
        problems["reason"] = _("An answer needs its reason.")
    if measure and (not measure.startswith("measure:") or subjects.find(measure, None) is None):
        problems["measure"] = _("This measure is not public.")
    if found.shown not in (Shown.VISIBLE, Shown.HIDDEN):
        raise ValidationError(_("This contribution is not shown."))
    if missing := missing_reviews(found):
        raise ValidationError(_("Judgements that still have to come: %(number)s.") % {"number": missing})
    if problems:
        raise ValidationError(problems)
    office = found.phase.participation.office
    made = Answer(
        contribution=found,
        standing=standing,
        reason=reason.strip(),
        measure=measure,
        office=str(office) if office is not None else _("The administration"),
        author=actor,
    )
    made.full_clean(exclude=["author"])
    made.save()
    found.standing = standing
    found.version += 1
    found.save()
    emit(
        ContributionAnswered(
            number=found.number, participation=found.phase.participation.title, standing=standing, measure=measure
        ),
        subject=found,
        actor=actor,
        public=found.shown == Shown.VISIBLE,
    )
    return made
