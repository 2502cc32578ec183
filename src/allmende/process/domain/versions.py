"""Versions of models: imported, their findings accepted, given to release, released by a second person."""

import hashlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Account
from allmende.spine.slugs import free_slug

from ..core import xml as safe
from ..core.bpmn.importer import Imported, make_runnable
from ..core.bpmn.steps import lanes as lanes_in
from ..enums import ModelKind, VersionState
from ..facts import ModelImported, VersionReleased
from ..models import Model, Version
from . import decisions, lanes, library, openings
from .people import WORKERS

OPEN = (VersionState.DRAFT, VersionState.REVIEW)


def read(data: bytes, model: Model | None = None) -> Imported:
    """A drawn model made runnable; it may call all released models but the one that it becomes a version of.

    Raises ValidationError for what cannot be read.
    """
    try:
        return make_runnable(data, library.callable_by(model))
    except safe.Unreadable as error:
        where = _(" (line %(line)d)") % {"line": error.line} if error.line else ""
        raise ValidationError({"file": unreadable(error) + where}) from error


def unreadable(error: safe.Unreadable) -> str:
    """Why a file is not read, for people."""
    known = {
        "empty": _("The file is empty."),
        "too_big": _("The file is too large: at most 5 MB are read."),
        "doctype": _("The file has a document type or entities. That is not allowed."),
        "include": _("The file refers to other files. That is not allowed."),
        "html": _("This is a web page, not a process model."),
        "too_deep": _("The file is nested too deeply."),
        "too_many": _("The file has too many elements."),
        "encoding": _("The file's character encoding is not known."),
    }
    return known.get(error.code) or _("This is not a process model in BPMN 2.0: %(detail)s") % {"detail": error.message}


@transaction.atomic
def import_model(
    data: bytes, *, title: str, filename: str = "", model: Model | None = None, note: str = "", actor: Any
) -> Version:
    """A new model, or the next version of `model`. The same file as the open version changes nothing.

    Raises PermissionDenied, ValidationError ("file", "title").
    """
    require_actor(actor, "process.change_model")
    imported = read(data, model)
    sha256 = hashlib.sha256(imported.xml).hexdigest()
    model = _new(title) if model is None else Model.locked(model.pk)
    open_ = model.versions.filter(state__in=OPEN).first()
    if open_ is not None and bytes(open_.source) == data and open_.sha256 == sha256:
        return open_
    if open_ is not None and open_.state == VersionState.REVIEW:
        raise ValidationError({"file": _("A version of this model waits for its release.")})
    last = model.versions.order_by("-number").values_list("number", flat=True).first() or 0
    row = open_ or Version(model=model, number=last + 1)
    row.source, row.xml, row.sha256 = data, imported.xml, sha256
    row.filename, row.note = filename[:200], note.strip()[:300]
    row.findings = [each.as_json() for each in imported.findings]
    row.accepted = []
    row.lanes = lanes.suggest(lanes_in(imported.xml), [(lane, role) for lane, role in row.lanes])
    row.author = actor if isinstance(actor, Account) else None
    row.version += 1
    row.save()
    emit(ModelImported(title=model.title, number=row.number), subject=model, actor=actor)
    return row


def _new(title: str) -> Model:
    model = Model(title=title.strip(), kind=ModelKind.PROCESS)
    model.slug = free_slug(model.title, lambda slug: Model.objects.filter(slug=slug).exists(), fallback="prozess")
    model.full_clean()
    model.save()
    return model


def _draft(version: Version) -> Version:
    row = Version.objects.select_for_update(of=("self",)).select_related("model").get(pk=version.pk)
    if row.state != VersionState.DRAFT:
        raise ValidationError(_("This version can no longer be changed."))
    return row


@transaction.atomic
def accept(version: Version, places: list[int] | None = None, *, actor: Any) -> Version:
    """Say yes to findings by their place in the list, or to all. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "process.change_model")
    row = _draft(version)
    every = range(len(row.findings))
    wanted = set(every) if places is None else set(places)
    row.accepted = sorted(set(row.accepted) | (wanted & set(every)))
    row.save()
    return row


@transaction.atomic
def set_lanes(version: Version, roles: Mapping[str, str], *, actor: Any) -> Version:
    """Say which role works in which lane. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "process.change_model")
    row = _draft(version)
    for lane, role in row.lanes:
        if roles.get(lane, role) not in ("", *WORKERS):
            raise ValidationError({lane: _("Choose a role.")})
    row.lanes = [[lane, roles.get(lane, role)] for lane, role in row.lanes]
    row.save()
    return row


def missing(version: Version) -> list[str]:
    """What has to be done before a version can be released, in words; empty: nothing."""
    if version.model.kind == ModelKind.DECISION:
        return decisions.missing(version)
    found = []
    problems = [each for each in version.findings if each["level"] == "problem"]
    if problems:
        found.append(_("The model has problems that have to be mended in the drawing."))
    open_ = [
        place
        for place, each in enumerate(version.findings)
        if each["level"] == "change" and place not in version.accepted
    ]
    if open_:
        found.append(_("%(count)d changes are not accepted yet.") % {"count": len(open_)})
    if names := openings.taken(version):
        found.append(_("Cases of another process already begin with: %(names)s.") % {"names": ", ".join(names)})
    found += library.trouble(version)
    if without := [lane for lane, role in version.lanes if not role]:
        found.append(_("No role is named for: %(lanes)s.") % {"lanes": ", ".join(without)})
    return found


@transaction.atomic
def submit(version: Version, *, actor: Any) -> Version:
    """Give a version to release. Raises PermissionDenied, ValidationError with what is missing."""
    require_actor(actor, "process.change_model")
    row = _draft(version)
    if found := missing(row):
        raise ValidationError(found)
    row.state = VersionState.REVIEW
    row.version += 1
    row.save()
    return row


@transaction.atomic
def take_back(version: Version, *, actor: Any) -> Version:
    """Out of review, to be changed. Raises PermissionDenied, ValidationError."""
    require_actor(actor, "process.change_model")
    row = Version.locked(version.pk)
    if row.state != VersionState.REVIEW:
        raise ValidationError(_("This version does not wait for its release."))
    row.state = VersionState.DRAFT
    row.version += 1
    row.save()
    return row


@transaction.atomic
def release(version: Version, *, actor: Any) -> Version:
    """From now on new instances run by this version; the one before is retired, what runs by it runs on.

    Raises PermissionDenied; ValidationError where the version does not wait for it, or its author releases it.
    """
    require_actor(actor, "process.release_version")
    Model.locked(version.model_id)
    row = Version.objects.select_for_update(of=("self",)).select_related("model").get(pk=version.pk)
    if row.state != VersionState.REVIEW:
        raise ValidationError(_("This version does not wait for its release."))
    person = actor if isinstance(actor, Account) else None
    if person is not None and row.author_id == person.pk:
        raise ValidationError(_("You imported this version yourself: a second person has to release it."))
    # A test case may have come meanwhile, or another version of what is called.
    late = decisions.missing(row) if row.model.kind == ModelKind.DECISION else library.trouble(row)
    if late:
        raise ValidationError(late)
    row.model.versions.filter(state=VersionState.RELEASED).update(state=VersionState.RETIRED)
    row.state, row.releaser, row.released = VersionState.RELEASED, person, timezone.now()
    row.version += 1
    row.save()
    emit(VersionReleased(title=row.model.title, number=row.number, sha256=row.sha256), subject=row.model, actor=actor)
    return row


def texts(version: Version) -> list[dict[str, Any]]:
    """The findings in the language of the reader, with their place and whether they are accepted."""
    language = "en" if (get_language() or "").startswith("en") else "de"
    accepted = set(version.accepted)
    return [
        each | {"place": place, "sentence": each["text"][language], "accepted": place in accepted}
        for place, each in enumerate(version.findings)
    ]
