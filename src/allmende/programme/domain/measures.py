"""Drafting, changing, publishing and withdrawing measures."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from allmende.spine.facts import emit
from allmende.spine.people.access import require

from ..facts import MeasureChanged, MeasureDrafted, MeasurePublished, MeasureWithdrawn
from ..models import FormerSlug, Measure, Programme

EDITABLE = frozenset(
    {"topic", "title", "summary", "reason", "course", "easy", "maturity", "since", "place_name", "source_url"}
)
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def make_slug(title: str, taken_by: Measure | None = None) -> str:
    """A free address part for a title, German letters spelt out. Former addresses of other measures count as taken."""
    base = slugify(title.translate(_UMLAUTS))[:110] or "massnahme"
    slug, number = base, 1
    while (
        Measure.objects.filter(slug=slug).exclude(pk=taken_by.pk if taken_by else 0).exists()
        or FormerSlug.objects.filter(slug=slug).exclude(measure=taken_by).exists()
    ):
        number += 1
        slug = f"{base}-{number}"
    return slug


def _check(values: dict[str, Any]) -> None:
    unknown = set(values) - EDITABLE
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")


@transaction.atomic
def draft_measure(programme: Programme, values: dict[str, Any], *, actor: Any) -> Measure:
    """A new draft. Raises PermissionDenied, ValueError for unknown fields, ValidationError for bad ones."""
    require(actor, "programme.add_measure")
    _check(values)
    measure = Measure(programme=programme, slug=make_slug(values["title"]), **values)
    measure.full_clean(exclude=["slug"])
    measure.save()
    emit(MeasureDrafted(title=measure.title), subject=measure, actor=actor)
    return measure


@transaction.atomic
def change_measure(measure: Measure, values: dict[str, Any], *, version: int, actor: Any) -> Measure:
    """Save changed fields on top of `version`.

    Raises PermissionDenied, VersionConflict (carries the row as saved meanwhile), ValueError, ValidationError.
    Where nothing
    differs, nothing is saved and no fact is written.
    """
    require(actor, "programme.change_measure", measure)
    _check(values)
    row = Measure.locked(measure.pk, version)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return row
    for name in changed:
        setattr(row, name, values[name])
    row.full_clean(exclude=["slug"])
    if "title" in changed:
        _move(row, make_slug(row.title, taken_by=row))
    row.version += 1
    row.save()
    emit(
        MeasureChanged(title=row.title, fields=changed, version=row.version),
        subject=row,
        actor=actor,
        public=row.published is not None,
    )
    return row


def _move(row: Measure, slug: str) -> None:
    if slug == row.slug:
        return
    FormerSlug.objects.filter(slug=slug, measure=row).delete()
    if row.published is not None:
        FormerSlug.objects.get_or_create(slug=row.slug, defaults={"measure": row})
    row.slug = slug


@transaction.atomic
def publish_measure(measure: Measure, *, actor: Any) -> Measure:
    """Show a draft to everybody. A published one stays as it is."""
    require(actor, "programme.publish_measure", measure)
    row = Measure.locked(measure.pk)
    if row.published is None:
        row.published = timezone.now()
        row.version += 1
        row.save()
        emit(MeasurePublished(title=row.title), subject=row, actor=actor)
    return row


@transaction.atomic
def withdraw_measure(measure: Measure, *, actor: Any) -> Measure:
    """Take a measure off the public pages. It stays as a draft."""
    require(actor, "programme.publish_measure", measure)
    row = Measure.locked(measure.pk)
    if row.published is not None:
        row.published = None
        row.version += 1
        row.save()
        emit(MeasureWithdrawn(title=row.title), subject=row, actor=actor, url="")
    return row
