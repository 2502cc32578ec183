"""Asking experts, and what they say."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.access import can, require
from allmende.spine.people.models import Account

from ..enums import OPEN, Feasibility, ReviewState, Shown, Standing
from ..facts import ContributionExamined, ReviewGiven
from ..models import Contribution, Review

TOPIC = "dialogue.reviews"
LOWEST, HIGHEST = 1, 5


@transaction.atomic
def ask(row: Contribution, experts: list[Account], *, actor: Any) -> list[Review]:
    """Ask experts for their judgement; who was asked already is not asked twice. The contribution is then being
    examined. Raises PermissionDenied, ValidationError."""
    require(actor, "dialogue.answer_contribution", row)
    found = Contribution.locked(row.pk)
    if found.standing not in OPEN or found.shown != Shown.VISIBLE:
        raise ValidationError(_("This contribution is no longer open."))
    for expert in experts:
        if not can(expert, "dialogue.review"):
            raise ValidationError(_("%(name)s is no expert of the town.") % {"name": expert})
        if found.author is not None and found.author.account_id == expert.pk:
            raise ValidationError(_("%(name)s put it in: nobody judges their own.") % {"name": expert})
    known = set(found.reviews.values_list("expert", flat=True))
    new = [Review.objects.create(contribution=found, expert=expert) for expert in experts if expert.pk not in known]
    if new and found.standing == Standing.NEW:
        found.standing = Standing.EXAMINED
        found.version += 1
        found.save()
        emit(
            ContributionExamined(number=found.number, participation=found.phase.participation.title, reviews=len(new)),
            subject=found,
            actor=actor,
            public=True,
        )
    for review in new:
        title = _("You are asked for your judgement: %(title)s") % {"title": found.title}
        notify([review.expert], TOPIC, title, url=review.get_absolute_url(), key=f"review:{review.pk}")
    return new


@transaction.atomic
def give(review: Review, values: dict[str, Any], *, version: int, actor: Any) -> Review:
    """Give one's judgement. `values`: scores, feasibility, cost_low_cents, cost_high_cents, text, interests, name. It
    may be put better until the answer is there. Raises PermissionDenied, ValidationError by field, VersionConflict."""
    require(actor, "dialogue.give_review", review)
    if not can(actor, "dialogue.review"):
        raise PermissionDenied("dialogue.review")
    contribution = Contribution.objects.select_for_update().get(pk=review.contribution_id)
    row = Review.locked(review.pk, version)
    if contribution.standing not in OPEN:
        raise ValidationError(_("This contribution was answered already."))
    first = row.state != ReviewState.GIVEN
    for name, value in values.items():
        setattr(row, name, value)
    row.text, row.interests = row.text.strip(), row.interests.strip()
    _check(row, len(contribution.phase.rules.criteria))
    row.state, row.given = ReviewState.GIVEN, row.given or timezone.now()
    row.version += 1
    row.full_clean()
    row.save()
    if first:
        emit(
            ReviewGiven(number=contribution.number, participation=contribution.phase.participation.title),
            subject=contribution,
            actor=actor,
            public=public(contribution),
        )
    return row


def _check(row: Review, criteria: int) -> None:
    problems: dict[str, Any] = {}
    fits = len(row.scores) == criteria and all(
        isinstance(each, int) and LOWEST <= each <= HIGHEST for each in row.scores
    )
    if not fits:
        problems["scores"] = _("Judge by every criterion, from 1 to 5.")
    if row.feasibility not in Feasibility.values:
        problems["feasibility"] = _("Say whether it is feasible.")
    if not row.text:
        problems["text"] = _("Please write something.")
    if not row.interests:
        problems["interests"] = _("Say whether there are conflicts of interest; write “none” where there are none.")
    if not row.name.strip():
        problems["name"] = _("Say as what you are named in public.")
    if problems:
        raise ValidationError(problems)


@transaction.atomic
def hand_back(review: Review, reason: str, *, actor: Any) -> Review:
    """An expert cannot judge, for example because of a conflict of interest; the office asks another. Raises
    PermissionDenied, ValidationError."""
    require(actor, "dialogue.give_review", review)
    row = Review.locked(review.pk)
    if row.state == ReviewState.GIVEN:
        raise ValidationError(_("The judgement was given already."))
    if not reason.strip():
        raise ValidationError({"interests": _("Please write something.")})
    row.state, row.interests = ReviewState.REFUSED, reason.strip()
    row.version += 1
    row.save()
    return row


def public(row: Contribution) -> bool:
    """Whether the judgements of a contribution are shown: once all are given that its phase wants, and those that
    were asked for have come or were handed back."""
    states = list(row.reviews.values_list("state", flat=True))
    given = states.count(ReviewState.GIVEN)
    return bool(given) and given >= row.phase.rules.reviews and ReviewState.ASKED not in states
