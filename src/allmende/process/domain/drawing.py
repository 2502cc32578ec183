"""What the drawing of a model shows beside its shapes, and how it is saved: marks of a case, check, new version."""

import hashlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import can, require_actor
from allmende.spine.people.enums import Role
from allmende.spine.slugs import free_slug

from ..core import xml as reader
from ..core.bpmn.blank import blank
from ..core.bpmn.names import WITHIN
from ..core.bpmn.same import same
from ..enums import Happening, ItemKind, ItemState
from ..models import Instance, Model, Version, WorkItem
from . import versions

PASSED = (Happening.PASSED, Happening.COMPLETED, Happening.ACTED, Happening.RANG, Happening.RECEIVED)


class Mark(NamedTuple):
    """Something about an element. `state`: "open", "failed" or "passed"; `text` is empty for passed ones, `url` where
    the reader may not do anything about it."""

    element: str
    state: str
    text: str = ""
    url: str = ""


def _drawn(element: str) -> str:
    """The id in the drawing of a step of the engine, which may stand before or behind it (`id#out`), or in what it
    calls (`id/…`)."""
    return element.partition(WITHIN)[0].partition("#")[0]


def _who(item: WorkItem) -> str:
    if item.kind == ItemKind.ACTION:
        return _("Failed") if item.trouble else _("Done by the system")
    who = item.assignee or (Role(item.role).label if item.role else _("everybody of the staff"))
    return _("Here: %(who)s") % {"who": who}


def _open(case: Instance, person: Any) -> Iterator[Mark]:
    for item in case.items.filter(state=ItemState.OPEN).select_related("assignee").order_by("pk"):
        url = item.get_absolute_url() if can(person, "process.work", item) else ""
        yield Mark(_drawn(item.element), "failed" if item.trouble else "open", _who(item), url)
    for timer in case.timers.order_by("due", "pk"):
        day = date_format(localtime(timer.due), "SHORT_DATETIME_FORMAT")
        yield Mark(_drawn(timer.element), "open", _("Waits until %(day)s") % {"day": day})
    for subscription in case.subscriptions.order_by("name", "pk"):
        yield Mark(_drawn(subscription.element), "open", _("Waits for: %(name)s") % {"name": subscription.name})


def marks(case: Instance, person: Any) -> list[Mark]:
    """Where a case stands and what it has passed, by the elements of its drawing."""
    found = list(_open(case, person))
    waiting = {each.element for each in found}
    events = case.events.filter(kind__in=PASSED).exclude(element="").order_by("element")
    passed = {_drawn(element) for element in events.values_list("element", flat=True).distinct()}
    return [*found, *(Mark(element, "passed") for element in sorted(passed - waiting))]


@transaction.atomic
def begin(title: str, *, actor: Any) -> Version:
    """A new model that begins with an empty sheet. Raises PermissionDenied, ValidationError ("title")."""
    slug = free_slug(title, lambda found: Model.objects.filter(slug=found).exists(), fallback="new")
    return versions.import_model(blank(title.strip(), f"process-{slug}"), title=title, actor=actor)


def latest(model: Model) -> Version:
    """The version with the highest number: on it one goes on drawing. A model has at least one."""
    return model.versions.order_by("-number")[0]


def state_of(version: Version) -> str:
    """Names what a version says now; another text as soon as somebody saves over it."""
    return hashlib.sha256(f"{version.public_id}:{version.sha256}".encode()).hexdigest()


def check(data: bytes, *, actor: Any) -> list[dict[str, Any]]:
    """What would have to be said about a drawing, each with `sentence` in the reader's language; nothing is kept.

    Raises PermissionDenied, ValidationError for what cannot be read.
    """
    require_actor(actor, "process.change_model")
    language = "en" if (get_language() or "").startswith("en") else "de"
    found = (each.as_json() for each in versions.read(data).findings)
    return [each | {"sentence": each["text"][language]} for each in found]


@transaction.atomic
def save(model: Model, data: bytes, *, base: str, note: str = "", actor: Any) -> Version:
    """A drawing as the next version, or over the open draft. One that says the same as the latest changes nothing.

    `base`: `state_of` the version that was drawn on. Raises PermissionDenied; VersionConflict where somebody saved
    meanwhile; ValidationError.
    """
    require_actor(actor, "process.change_model")
    row = Model.locked(model.pk)
    last = latest(row)
    if state_of(last) != base:
        raise VersionConflict(last)
    if same(reader.read(versions.read(data, row).xml), reader.read(bytes(last.xml))):
        return last
    told = note or (last.note if last.state in versions.OPEN else "")
    return versions.import_model(data, title=row.title, filename=last.filename, model=row, note=told, actor=actor)
