"""Decisions of councils in tasks: offered where a form asks for one, and told of where a case waits for one.

The model marks the fields (`oparl` of `core/forms.py`): `reference` is the number of the paper that a case put to the
council; `date`, `body`, `text` and `url` take what was decided. Nothing is done by itself: a person completes the task.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.programme.council import decisions, shapes
from allmende.programme.models import CouncilDecision, Measure
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.access import visible_to

from ..core.engine.run import Refused, Run
from ..enums import InstanceState, ItemKind, ItemState
from ..models import Instance, TaskRow, Version, WorkItem
from . import deadlines, forms, known, people

TAKES = ("date", "body", "text", "url")
OFFERED = 10


@dataclass(frozen=True)
class Offers:
    """`text`: what they were searched by. `rows`: at most OFFERED, the newest meeting first."""

    text: str
    rows: list[CouncilDecision]


def takes(item: WorkItem) -> dict[str, str]:
    """Which field of an item's form takes which part of a decision; empty where the form asks for none."""
    return {each.oparl: each.name for each in forms.step_of(item).form.fields if each.oparl in TAKES}


def offers(item: WorkItem, person: Any, text: str | None) -> Offers | None:
    """Decisions that arrived, for an item that takes one: by what the person searches, else those on the case's paper,
    else those that name its measure, else the newest. None for other items."""
    if not takes(item):
        return None
    if text is not None:
        return Offers(text.strip()[:100], list(decisions.arrived(text)[:OFFERED]))
    for words, rows in _guesses(item, person):
        if found := list(rows[:OFFERED]):
            return Offers(words, found)
    return Offers("", list(decisions.arrived()[:OFFERED]))


def _guesses(item: WorkItem, person: Any) -> Iterator[tuple[str, QuerySet[CouncilDecision]]]:
    case = item.instance
    if case is None:
        return
    for reference in sorted(set(_noted(case, known.run_of(case), [item]).values())):
        yield reference, decisions.about(reference)
    kind, _sign, public_id = case.subject.partition(":")
    measure = _measure(public_id, person) if kind == "measure" else None
    for words in (measure.code, measure.title) if measure is not None else ():
        if words:
            yield words, decisions.arrived(words)


def _measure(public_id: str, person: Any) -> Measure | None:
    try:
        return visible_to(person, Measure.objects.all()).filter(public_id=UUID(public_id)).first()
    except ValueError:
        return None


def typed(item: WorkItem, public_id: str) -> dict[str, Any]:
    """What a decision puts into the fields of an item's form, as it would be typed. Empty for an unknown one."""
    try:
        row = CouncilDecision.objects.filter(public_id=UUID(public_id)).first()
    except ValueError:
        row = None
    if row is None:
        return {}
    told = decisions.proposed(row)
    told["date"] = told["date"].isoformat() if told["date"] else ""
    return {name: told[part] for part, name in takes(item).items()}


def tell(references: Iterable[str], *, key: str) -> int:
    """Tell who works on the cases that noted one of these papers that a decision arrived. Each once under `key`.
    Returns how many were told."""
    wanted = {shapes.key(each): each for each in references if shapes.key(each)}
    told = 0
    with override(settings.LANGUAGE_CODE):
        for case in _candidates(wanted):
            items = list(people.open_items().filter(instance=case).select_related("instance__version_of", "assignee"))
            noted = _noted(case, known.run_of(case), items)
            asked = [item for item in items if takes(item)] or items
            for item in asked:
                for reference in {wanted[found] for name, found in _keys(noted) if found in wanted}:
                    told += _tell(item, reference, key)
    return told


def _keys(noted: dict[str, str]) -> list[tuple[str, str]]:
    return [(name, shapes.key(text)) for name, text in noted.items()]


def _tell(item: WorkItem, reference: str, key: str) -> int:
    title = _("A decision on paper %(reference)s arrived: %(task)s") % {"reference": reference, "task": item.title}
    about = item.instance.title if item.instance else ""
    return notify(
        deadlines.whom(item),
        people.TOPIC,
        title,
        text=about,
        url=item.get_absolute_url(),
        key=f"process.council:{key}:{item.pk}:{shapes.key(reference)}"[:200],
    )


def _references(version: Version) -> set[str]:
    """The fields of a version that note a paper."""
    fields = (each for step in forms.outline_of(version).values() for each in step.form.fields)
    return {each.name for each in fields if each.oparl == "reference"}


def _noted(case: Instance, run: Run, items: Iterable[WorkItem]) -> dict[str, str]:
    """The papers that a case noted, by the names of their fields, as it knows them where its items wait."""
    names = _references(case.version_of)
    found: dict[str, str] = {}
    for data in (run.data, *_data(run, items)):
        found |= {name: str(data[name]) for name in names if isinstance(data.get(name), str) and data[name].strip()}
    return found


def _data(run: Run, items: Iterable[WorkItem]) -> Iterator[dict[str, Any]]:
    for item in items:
        if item.task is not None and item.state == ItemState.OPEN and item.kind != ItemKind.ACTION:
            try:
                yield run.data_of(item.task)
            except Refused:
                continue


def _candidates(keys: Iterable[str]) -> QuerySet[Instance]:
    """Running cases of models that note papers, whose state holds one of the references however it is spaced. One
    question for all; whether a case noted it in the right field is seen when it is read."""
    spelt = [r"\s*".join(re.escape(sign) for sign in each) for each in keys]
    running = Version.objects.filter(instances__state=InstanceState.RUNNING).distinct()
    versions = [row.pk for row in running if _references(row)]
    if not spelt or not versions:
        return Instance.objects.none()
    cases = Instance.objects.filter(state=InstanceState.RUNNING, version_of__in=versions)
    rows = TaskRow.objects.filter(instance__in=cases, doc__iregex="|".join(spelt))
    return cases.filter(pk__in=rows.values("instance")).select_related("version_of").order_by("pk")
