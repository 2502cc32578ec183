"""The processes that come along with Allmende, in `shipped/*.bpmn`. A town takes over those that it wants; each then
goes its own way as a model of the town, with versions of its own."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import Http404

from allmende.spine.people.access import require_actor
from allmende.spine.slugs import free_slug
from allmende.spine.ui.formats import english

from ..core import outline, xml
from ..core.bpmn.names import label, own, tag
from ..models import Model, Version
from . import decisions_shipped, versions

FOLDER = Path(__file__).parents[1] / "shipped"


@dataclass(frozen=True)
class Shipped:
    """One file. `name` without its ending; `purpose` is the documentation of its process."""

    path: Path
    title: str
    title_en: str
    purpose: str
    purpose_en: str

    @property
    def name(self) -> str:
        return self.path.stem

    def __str__(self) -> str:
        return (english() and self.title_en) or self.title

    @property
    def told(self) -> str:
        return (english() and self.purpose_en) or self.purpose


def files() -> list[Path]:
    """The shipped processes, by name."""
    return sorted(FOLDER.glob("*.bpmn"))


@functools.lru_cache(maxsize=64)
def _read(path: Path) -> Shipped:
    process = next(xml.read(path.read_bytes()).iter(tag("process")))
    step = outline.step(process)
    return Shipped(path, label(process), process.get(own("nameEn"), ""), step.documentation, step.documentation_en)


def open_() -> list[Shipped]:
    """What the town has not taken over yet, by title: no model has its title."""
    every = [_read(path) for path in files()]
    there = set(Model.objects.filter(title__in=[each.title for each in every]).values_list("title", flat=True))
    return sorted((each for each in every if each.title not in there), key=lambda each: each.title)


@transaction.atomic
def take_over(name: str, *, actor: Any) -> Version:
    """Import one of the shipped processes by the name of its file; the version waits for its release by a second
    person as every other does. Raises PermissionDenied, Http404 where it is not there or taken over already."""
    require_actor(actor, "process.change_model")
    found = next((each for each in open_() if each.name == name), None)
    if found is None:
        raise Http404
    return _import(found, actor)


@transaction.atomic
def install(*, actor: str) -> list[Version]:
    """Import what is not there yet, released: the system's doing, for the demo town and for tests."""
    decisions_shipped.install(actor=actor)
    return [_released(_import(each, actor), actor) for each in open_()]


def _import(found: Shipped, actor: Any) -> Version:
    row = versions.import_model(found.path.read_bytes(), title=found.title, filename=found.path.name, actor=actor)
    row.model.title_en, row.model.purpose = found.title_en, found.purpose
    row.model.save(update_fields=["title_en", "purpose", "changed"])
    _with_decisions(found, actor)
    return row


def _with_decisions(found: Shipped, actor: Any) -> None:
    """Decisions that steps of the process ask come along with it, where the town has none of that name."""
    asked = {each.get(own("decision")) for each in xml.read(found.path.read_bytes()).iter(tag("businessRuleTask"))}
    for name, title in decisions_shipped.open_():
        if free_slug(title, lambda _slug: False, fallback="") in asked:
            decisions_shipped.take_over(name, actor=actor)


def _released(row: Version, actor: str) -> Version:
    return versions.release(versions.submit(versions.accept(row, actor=actor), actor=actor), actor=actor)
