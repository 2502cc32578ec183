"""Models that call processes of other models. A case keeps the versions of what it calls, as they were released when it
began: `Instance.called` maps the way to a call activity (`a`, `a/b` for one inside of what `a` calls) to the public id
of a version."""

import dataclasses
import functools
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..core import outline
from ..core.bpmn import parser
from ..core.bpmn.names import WITHIN
from ..core.bpmn.parser import Call
from ..enums import ModelKind, VersionState
from ..models import Instance, Model, Version

# Models that call each other, one inside the other.
DEEPEST = 10


@functools.lru_cache(maxsize=256)
def _calls(sha256: str, pk: int) -> tuple[Call, ...]:
    return tuple(parser.calls(_xml(pk)))


@functools.lru_cache(maxsize=256)
def _processes(sha256: str, pk: int) -> tuple[str, ...]:
    return tuple(parser.specs(_xml(pk)))


def _xml(pk: int) -> bytes:
    return bytes(Version.objects.values_list("xml", flat=True).get(pk=pk))


def calls(version: Version) -> tuple[Call, ...]:
    """What a version calls of other models. Its file is read once a worker process."""
    return _calls(version.sha256, version.pk) if version.pk else tuple(parser.calls(bytes(version.xml)))


def _released() -> Any:
    rows = Version.objects.filter(state=VersionState.RELEASED, model__kind=ModelKind.PROCESS)
    return rows.select_related("model").defer("source", "xml", "findings")


def callable_by(model: Model | None) -> dict[str, tuple[str, ...]]:
    """What a model may call: slugs of the other released models with the ids of their processes."""
    rows = _released().exclude(model=model) if model is not None else _released()
    return {row.model.slug: _processes(row.sha256, row.pk) for row in rows.order_by("model__slug")}


def _target(call: Call) -> Version | None:
    row: Version | None = _released().filter(model__slug=call.slug).first()
    return row if row is not None and call.process in _processes(row.sha256, row.pk) else None


def trouble(version: Version) -> list[str]:
    """Why what a version calls cannot be called, in words; empty: it can."""
    found: list[str] = []
    waiting: list[tuple[Version, tuple[str, ...]]] = [(version, (version.model.slug,))]
    while waiting:
        row, way = waiting.pop()
        for call in calls(row):
            if call.slug in way:
                circle = " → ".join((*way[way.index(call.slug) :], call.slug))
                found.append(_("Processes call each other in a circle: %(way)s.") % {"way": circle})
            elif (target := _target(call)) is None:
                told = {"step": call.label, "process": call.process, "model": call.slug}
                found.append(_("“%(step)s” calls %(process)s of “%(model)s”, of which no version is released.") % told)
            else:
                waiting.append((target, (*way, call.slug)))
    return list(dict.fromkeys(found))


def pin(version: Version, kept: Mapping[str, str] | None = None) -> dict[str, str]:
    """The versions that a case of `version` calls, as they are released now; those of `kept` stay as they are. Raises
    ValidationError where one cannot be called."""
    found: dict[str, str] = {}
    waiting = [(version, "")]
    while waiting:
        row, before = waiting.pop()
        for call in calls(row):
            way = f"{before}{call.element}"
            old = Version.objects.filter(public_id=kept[way]).first() if kept and way in kept else None
            target = old if old is not None and call.process in _processes(old.sha256, old.pk) else _target(call)
            if target is None or way.count(WITHIN) >= DEEPEST:
                raise ValidationError(trouble(version) or _("Processes call each other too deeply."))
            found[way] = str(target.public_id)
            waiting.append((target, f"{way}{WITHIN}"))
    return found


def _inside(called: Mapping[str, str], before: str) -> frozenset[str]:
    """The call activities right inside of what stands behind `before`."""
    ways = (way.removeprefix(before) for way in called if way.startswith(before))
    return frozenset(way for way in ways if WITHIN not in way)


def pinned(called: Mapping[str, str]) -> Iterator[tuple[str, Version]]:
    """What stands before the ids of each called model, and its version."""
    if not called:
        return
    rows = {str(row.public_id): row for row in Version.objects.filter(public_id__in=set(called.values()))}
    for way, public_id in called.items():
        yield f"{way}{WITHIN}", rows[public_id]


def specs(version: Version, called: Mapping[str, str]) -> dict[str, parser.Specs]:
    """The processes of a version with what they call."""
    own = parser.specs(bytes(version.xml), "", _inside(called, ""))
    others = [
        each
        for before, row in pinned(called)
        for each in parser.specs(bytes(row.xml), before, _inside(called, before)).values()
    ]
    return {process: one.joined(others) for process, one in own.items()} if others else own


def outline_of(instance: Instance) -> Mapping[str, outline.Step]:
    """The steps of a case's model, and of what it calls, by their ids in the case."""
    version = instance.version_of
    own = outline.outline(version.sha256, bytes(version.xml))
    if not instance.called:
        return own
    found = dict(own)
    for before, row in pinned(instance.called):
        for element, step in outline.outline(row.sha256, bytes(row.xml)).items():
            four_eyes = before + step.four_eyes if step.four_eyes else ""
            found[before + element] = dataclasses.replace(step, element=before + element, four_eyes=four_eyes)
    return found


def lanes_of(instance: Instance) -> dict[str, str]:
    """The roles of the lanes of a case's model, and of what it calls."""
    found = dict(instance.version_of.lanes)
    for before, row in pinned(instance.called):
        found |= {before + lane: role for lane, role in row.lanes}
    return found
