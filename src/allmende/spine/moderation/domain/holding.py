"""Applying and changing the hold rules."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Pseudonym

from ..core import holding
from ..enums import CommentState, Hold
from ..facts import HoldRulesChanged
from ..models import Comment, HoldRules

FIELDS = frozenset({"max_links", "first", "words"})


def rules() -> HoldRules:
    """The rules of this town; an unsaved row of defaults where none were set."""
    return HoldRules.objects.filter(pk=1).first() or HoldRules(pk=1, version=0)


def holds(text: str, author: Pseudonym, *, besides: Comment | None = None) -> list[str]:
    """Why this text by this author should wait; empty where it need not. `besides`: a comment of theirs not counted."""
    found, current = [], rules()
    if holding.links(text) > current.max_links:
        found.append(Hold.LINKS.value)
    earlier = Comment.objects.filter(author=author, state=CommentState.VISIBLE)
    if current.first and not earlier.exclude(pk=besides.pk if besides else 0).exists():
        found.append(Hold.FIRST.value)
    if holding.listed(text, current.words):
        found.append(Hold.WORDS.value)
    return found


@transaction.atomic
def change_rules(values: dict[str, Any], *, version: int, actor: Any) -> HoldRules:
    """Save rules on top of `version`. Raises PermissionDenied, ValueError, ValidationError, VersionConflict."""
    require_actor(actor, "moderation.change_rules")
    if set(values) - FIELDS:
        raise ValueError(f"not changeable: {sorted(set(values) - FIELDS)}")
    if any(len(line) > 60 for line in values.get("words", "").splitlines()):
        raise ValidationError({"words": _("A listed word has at most 60 signs; write one a line.")})
    HoldRules.objects.get_or_create(pk=1, defaults={"version": 0})
    row = HoldRules.objects.select_for_update().get(pk=1)
    if row.version != version:
        raise VersionConflict(row)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.version += 1
        row.full_clean()
        row.save()
        emit(HoldRulesChanged(fields=changed), subject=row, actor=actor)
    return row
