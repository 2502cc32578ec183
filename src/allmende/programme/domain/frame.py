"""The frame that measures stand in: topics, phases and parties are added, changed and, while unused, removed."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.models import Record
from allmende.spine.people.access import require_actor
from allmende.spine.slugs import free_slug

from ..facts import FrameChanged
from ..models import Party, Phase, Programme, Topic

KINDS: dict[str, tuple[type[Any], tuple[str, ...]]] = {
    "topic": (Topic, ("title", "title_en", "order")),
    "phase": (Phase, ("number", "title", "focus", "starts", "ends")),
    "party": (Party, ("name", "kind", "url", "note")),
}


@transaction.atomic
def put(kind: str, values: dict[str, Any], *, row: Any = None, actor: Any) -> Any:
    """Add a `kind` (key of KINDS), or change `row`. Addresses stay when titles change.

    Raises PermissionDenied, ValidationError by field.
    """
    require_actor(actor, "programme.change_frame")
    model, fields = KINDS[kind]
    made = row is None
    target = model() if made else model.objects.select_for_update().get(pk=row.pk)
    for name in fields:
        if name in values:
            setattr(target, name, values[name])
    if made and isinstance(target, Phase):
        target.programme = Programme.objects.order_by("pk")[:1].get()
    if made and isinstance(target, Topic | Party):
        longest = 45 if isinstance(target, Topic) else 110
        target.slug = free_slug(
            str(target), lambda slug: model.objects.filter(slug=slug).exists(), longest=longest, fallback="eintrag"
        )
    target.full_clean()
    target.save()
    emit(FrameChanged(what=kind, title=str(target), made=made), subject=_urn(kind, target), actor=actor)
    return target


def _urn(kind: str, row: Any) -> str:
    """Topics are no records: they have no name but their key."""
    return row.urn if isinstance(row, Record) else f"{kind}:{row.pk}"


@transaction.atomic
def remove(kind: str, row: Any, *, actor: Any) -> None:
    """Take away what nothing uses. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "programme.change_frame")
    title, urn = str(row), _urn(kind, row)
    try:
        row.delete()
    except ProtectedError:
        raise ValidationError(_("“%(title)s” is in use and stays.") % {"title": title}) from None
    emit(FrameChanged(what=kind, title=title, made=False), subject=urn, actor=actor)
