"""Planning participations and their phases, announcing them, saying what came of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.programme.models import Topic
from allmende.spine import subjects
from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor
from allmende.spine.slugs import free_slug

from ..core import rules as core
from ..enums import Audience, ParticipationState, PhaseKind, Placed
from ..facts import (
    ParticipationChanged,
    ParticipationDrafted,
    ParticipationEvaluated,
    ParticipationPublished,
    ParticipationWithdrawn,
    RulesFrozen,
)
from ..models import Participation, Phase
from . import queries

FIELDS = frozenset({"title", "summary", "purpose", "easy", "lang", "subject", "office", "contact"})
# Which fields of a phase are no rules: they may be put better at any time.
WORDS = frozenset({"title", "text"})
COLUMNS = frozenset({"kind", "opens", "closes", "audience"})


def _apply(row: Participation, values: dict[str, Any], actor: Any) -> list[str]:
    if set(values) - FIELDS:
        raise ValueError(f"not changeable: {sorted(set(values) - FIELDS)}")
    about = values.get("subject")
    if about and about != row.subject and not isinstance(actor, str) and subjects.find(about, actor) is None:
        raise ValidationError({"subject": _("There is no such thing.")})
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    row.full_clean(exclude=["slug"])
    return changed


@transaction.atomic
def draft(values: dict[str, Any], *, actor: Any) -> Participation:
    """A new participation that nobody sees yet. `values`: `FIELDS`. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "dialogue.add_participation")
    row = Participation()
    _apply(row, values, actor)
    row.slug = free_slug(
        row.title, lambda slug: Participation.objects.filter(slug=slug).exists(), fallback="beteiligung"
    )
    row.save()
    emit(ParticipationDrafted(title=row.title), subject=row, actor=actor)
    return row


@transaction.atomic
def change(row: Participation, values: dict[str, Any], *, version: int, actor: Any) -> Participation:
    """Put it in better words. The address stays. Raises PermissionDenied, ValidationError, VersionConflict."""
    require_actor(actor, "dialogue.change_participation", row)
    found = Participation.locked(row.pk, version)
    changed = _apply(found, values, actor)
    if changed:
        found.version += 1
        found.save()
        emit(
            ParticipationChanged(title=found.title, fields=changed),
            subject=found,
            actor=actor,
            public=found.state != ParticipationState.DRAFT,
        )
    return found


def rules_of(values: dict[str, Any]) -> core.Rules:
    """The rules that `values` of a form or a file say. Raises ValidationError by field."""
    found = core.Rules(**values)
    texts = {
        "before_opening": _("The end lies before the beginning."),
        "days": _("Between 1 and %(most)s days.") % {"most": core.LONGEST_ANSWER_DAYS},
        "missing": _("Say what experts judge by."),
        "number": _("This number is not possible here."),
    }
    problems = {name: texts[code] for name, code in core.problems(found).items()}
    if found.kind not in PhaseKind.values:
        problems["kind"] = _("There is no such kind.")
    if found.audience not in Audience.values:
        problems["audience"] = _("There is no such audience.")
    if found.place not in Placed.values:
        problems["place"] = _("There is no such choice.")
    if found.area and queries.area_of(found) is None:
        problems["area"] = _("There is no such choice.")
    if set(found.topics) - set(Topic.objects.values_list("slug", flat=True)):
        problems["topics"] = _("There is no such choice.")
    if problems:
        raise ValidationError(problems)
    return found


def _take(phase: Phase, rules: core.Rules) -> None:
    for name in COLUMNS:
        setattr(phase, name, getattr(rules, name))
    phase.settings = {name: value for name, value in vars(rules).items() if name not in COLUMNS}


@transaction.atomic
def add_phase(row: Participation, *, title: str, text: str = "", rules: core.Rules, actor: Any) -> Phase:
    """A further phase. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "dialogue.change_participation", row)
    parent = Participation.locked(row.pk)
    _running(parent)
    number = (parent.phases.aggregate(last=Max("number"))["last"] or 0) + 1
    phase = Phase(participation=parent, number=number, title=title.strip(), text=text.strip())
    _take(phase, rules)
    phase.full_clean()
    phase.save()
    _tell_phase(parent, ["phases"], actor)
    return phase


@transaction.atomic
def change_phase(phase: Phase, *, title: str, text: str, rules: core.Rules, version: int, actor: Any) -> Phase:
    """Words at any time; rules only until somebody has contributed. Raises PermissionDenied, ValidationError,
    VersionConflict."""
    require_actor(actor, "dialogue.change_participation", phase)
    parent = Participation.locked(phase.participation_id)
    row = Phase.locked(phase.pk, version)
    _running(parent)
    changed = core.changed(row.rules, rules)
    if changed and row.frozen:
        raise ValidationError(
            {
                name: _("The rules hold since the first contribution: they cannot be changed any more.")
                for name in changed
            }
        )
    if row.title != title.strip() or row.text != text.strip() or changed:
        row.title, row.text = title.strip(), text.strip()
        _take(row, rules)
        row.version += 1
        row.full_clean()
        row.save()
        _tell_phase(parent, ["phases"], actor)
    return row


@transaction.atomic
def drop_phase(phase: Phase, *, actor: Any) -> None:
    """Take away a phase to which nobody has contributed. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "dialogue.change_participation", phase)
    parent = Participation.locked(phase.participation_id)
    row = Phase.locked(phase.pk)
    if row.frozen:
        raise ValidationError(_("Somebody has contributed already: this phase stays."))
    row.delete()
    _tell_phase(parent, ["phases"], actor)


def _tell_phase(parent: Participation, fields: list[str], actor: Any) -> None:
    public = parent.state != ParticipationState.DRAFT
    emit(ParticipationChanged(title=parent.title, fields=fields), subject=parent, actor=actor, public=public)


def _running(row: Participation) -> None:
    if row.state in (ParticipationState.EVALUATED, ParticipationState.WITHDRAWN):
        raise ValidationError(_("This participation has ended."))


def missing(row: Participation) -> list[str]:
    """What it still needs before it can be announced, in words."""
    found = []
    if not row.phases.exists():
        found.append(_("a phase"))
    if not row.purpose:
        found.append(_("what is open, what is settled, and what becomes of it"))
    if row.office is None:
        found.append(_("the office that answers"))
    return found


@transaction.atomic
def publish(row: Participation, *, actor: Any) -> Participation:
    """Announce it, before its first phase opens or later. Raises PermissionDenied, ValidationError naming what is
    missing; what is public stays as it is."""
    require_actor(actor, "dialogue.publish_participation", row)
    found = Participation.locked(row.pk)
    if found.state != ParticipationState.DRAFT:
        return found
    if lacks := missing(found):
        raise ValidationError(_("Before it is announced it needs: %(what)s.") % {"what": ", ".join(lacks)})
    found.state, found.published = ParticipationState.PUBLISHED, timezone.now()
    found.version += 1
    found.save()
    emit(ParticipationPublished(title=found.title), subject=found, actor=actor)
    return found


@transaction.atomic
def withdraw(row: Participation, reason: str, *, actor: Any) -> Participation:
    """Break it off, with the reason for everybody. What came in stays, and is still answered. Raises PermissionDenied,
    ValidationError."""
    return _end(row, ParticipationState.WITHDRAWN, reason, actor)


@transaction.atomic
def evaluate(row: Participation, result: str, *, actor: Any) -> Participation:
    """Say what came of it, once every phase is over. Raises PermissionDenied, ValidationError."""
    if row.phases.filter(closes__gt=timezone.now()).exists():
        raise ValidationError(_("A phase has not ended yet."))
    return _end(row, ParticipationState.EVALUATED, result, actor)


def _end(row: Participation, state: ParticipationState, text: str, actor: Any) -> Participation:
    require_actor(actor, "dialogue.publish_participation", row)
    found = Participation.locked(row.pk)
    if found.state == ParticipationState.DRAFT:
        raise ValidationError(_("It was never announced."))
    _running(found)
    if not text.strip():
        raise ValidationError({"result": _("Please write something.")})
    found.state, found.result = state, text.strip()
    found.version += 1
    found.full_clean()
    found.save()
    kind = ParticipationWithdrawn if state == ParticipationState.WITHDRAWN else ParticipationEvaluated
    emit(kind(title=found.title), subject=found, actor=actor)
    return found


def freeze(phase: Phase, *, actor: Any) -> None:
    """Hold the rules of a locked phase fast: somebody contributes. Inside the verb's transaction."""
    if phase.frozen:
        return
    phase.frozen = phase.rules.digest
    emit(RulesFrozen(title=phase.title, digest=phase.frozen), subject=phase, actor=actor)
