"""Models of decisions: imported, begun empty, their tables edited. Versions, drafts and the release by a second person
are those of every model (`versions`)."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Account
from allmende.spine.slugs import free_slug

from ..core.dmn import blank
from ..core.dmn.check import Fault, faults
from ..core.dmn.rewrite import write
from ..core.dmn.sheets import Sheet
from ..enums import ModelKind, VersionState
from ..facts import DecisionTableChanged, ModelImported
from ..models import Model, Version
from . import decisions_cases as cases
from . import decisions_reading as reading
from . import decisions_words as words

OPEN = (VersionState.DRAFT, VersionState.REVIEW)
_NOTE_OF_TABLE = 300


class Faulty(ValidationError):
    """A table that cannot be saved as it is; `faults` say where."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__([words.fault(each) for each in found])
        self.faults = found


@transaction.atomic
def import_file(
    data: bytes, *, title: str, filename: str = "", model: Model | None = None, note: str = "", actor: Any
) -> Version:
    """A new decision model from a DMN file, or the next version of `model`. The same file as the open version changes
    nothing. What cannot be read is refused; cells with faults come in, and are mended before the release.

    Raises PermissionDenied, ValidationError ("file", "title").
    """
    require_actor(actor, "process.change_model")
    reading.read(data)
    model = _new(title) if model is None else _locked(model)
    open_ = model.versions.filter(state__in=OPEN).first()
    if open_ is not None and bytes(open_.source) == data:
        return open_
    if open_ is not None and open_.state == VersionState.REVIEW:
        raise ValidationError({"file": _("A version of this model waits for its release.")})
    row = open_ or _next(model)
    row.filename, row.note = filename[:200], note.strip()[:300]
    _keep(row, data, actor)
    emit(ModelImported(title=model.title, number=row.number), subject=model, actor=actor)
    return row


def begin(title: str, inputs: Sequence[tuple[str, str]], output: tuple[str, str], *, actor: Any) -> Version:
    """A new model with an empty table. `inputs` and `output` are names with types. Raises PermissionDenied,
    ValidationError ("title", "inputs", "output")."""
    require_actor(actor, "process.change_model")
    if not inputs or len(inputs) > reading.MOST_COLUMNS:
        raise ValidationError({"inputs": _("Name at least one input, one a line.")})
    for name, _type in inputs:
        if not blank.is_name(name):
            raise ValidationError({"inputs": _not_a_name(name)})
    if len({name for name, _type in inputs}) < len(inputs):
        raise ValidationError({"inputs": _("An input is there twice.")})
    if not blank.is_name(output[0]):
        raise ValidationError({"output": _not_a_name(output[0])})
    return import_file(blank.blank(" ".join(title.split()), inputs, output), title=title, actor=actor)


def _not_a_name(name: str) -> str:
    return _("“%(name)s” cannot be a name: use words of letters and digits, such as “Length of contract”.") % {
        "name": name
    }


@transaction.atomic
def save_table(
    version: Version,
    sheet: Sheet,
    *,
    expected: int,
    new_inputs: Iterable[tuple[str, str]] = (),
    check: bool = True,
    actor: Any,
) -> Version:
    """Write a table into the draft; of a version that is not one, a new draft is made. Nothing else of the file
    changes. `expected`: the version's counter when it was read. `new_inputs`: names and types of inputs that the
    decision shall have from now on. `check`: refuse cells that cannot be read.

    Raises PermissionDenied, Faulty, ValidationError, VersionConflict with what is there by now.
    """
    require_actor(actor, "process.change_model")
    model = _locked(version.model)
    row = Version.objects.select_for_update(of=("self",)).select_related("model").get(pk=version.pk)
    if row.version != expected:
        raise VersionConflict(row)
    wanted = list(new_inputs)
    for name, _type in wanted:
        if not blank.is_name(name):
            raise ValidationError(_not_a_name(name))
    if row.state != VersionState.DRAFT:
        if model.versions.filter(state__in=OPEN).exists():
            raise ValidationError(_("There is a newer version that is not released yet. Change that one."))
        row = _next(model, after=row)
    data = write(bytes(row.xml), sheet, wanted)
    found = [each for each in reading.read(data).faults_of(sheet.place) if check]
    if found:
        raise Faulty(found)
    if data == bytes(row.xml):
        return version
    row.note = row.note or (_("Table “%(name)s” changed") % {"name": sheet.name})[:_NOTE_OF_TABLE]
    _keep(row, data, actor)
    emit(DecisionTableChanged(title=model.title, table=sheet.name, number=row.number), subject=model, actor=actor)
    return row


def check(sheet: Sheet, more: Iterable[str] = ()) -> list[Fault]:
    """What is wrong with a table that is being edited; `more`: names of inputs that it will have."""
    names = sheet.names | frozenset(more)
    return faults(Sheet(**{**sheet.__dict__, "names": names}))


def missing(version: Version, runs: Sequence[cases.Run] | None = None) -> list[str]:
    """What has to be done before a version can be released, in words; empty: nothing. `runs`: its test cases, where
    they ran already."""
    try:
        found = reading.of(version).texts()
    except ValidationError as error:
        return list(error.messages)
    runs = cases.run(version) if runs is None else runs
    failed = [each for each in runs if not each.passed]
    if failed:
        counted = {"passed": len(runs) - len(failed), "all": len(runs)}
        found.append(_("%(passed)d of %(all)d test cases pass.") % counted)
        found += [
            _("Test case “%(title)s” fails: %(why)s") % {"title": each.case.title, "why": each.why} for each in failed
        ]
    return found


def _locked(model: Model) -> Model:
    row = Model.locked(model.pk)
    if row.kind != ModelKind.DECISION:
        raise ValidationError({"file": _("This model is a process, not a decision.")})
    return row


def _new(title: str) -> Model:
    model = Model(title=" ".join(title.split()), kind=ModelKind.DECISION)
    model.slug = free_slug(model.title, lambda slug: Model.objects.filter(slug=slug).exists(), fallback="entscheidung")
    model.full_clean()
    model.save()
    return model


def _next(model: Model, after: Version | None = None) -> Version:
    """The next version, not saved yet; begun with what `after` says."""
    last = model.versions.order_by("-number").values_list("number", flat=True).first() or 0
    row = Version(model=model, number=last + 1, version=0)
    if after is not None:
        row.xml, row.filename = bytes(after.xml), after.filename
    return row


def _keep(row: Version, data: bytes, actor: Any) -> None:
    row.source, row.xml, row.sha256 = data, data, hashlib.sha256(data).hexdigest()
    row.author = actor if isinstance(actor, Account) else None
    row.version += 1
    row.save()
