"""Who gets a task: the role of its lane, about what the instance is about, and until when."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.utils import timezone

from allmende.spine.people.enums import Role

from ..core.engine.run import Waiting
from ..core.outline import Step
from ..enums import ItemKind
from ..models import Instance, WorkItem
from . import deadlines, library

DataOf = Callable[[UUID], dict[str, Any]]
_KINDS = {kind.value: kind for kind in ItemKind}


def items_for(row: Instance, waiting: Iterable[Waiting], data_of: DataOf | None = None) -> list[WorkItem]:
    """Unsaved work items for tasks that have begun to wait. `data_of`: what is known where one waits, for forms that
    begin with what was entered before."""
    lanes = library.lanes_of(row)
    outline, today = library.outline_of(row), timezone.localdate()
    return [
        WorkItem(
            instance=row,
            task=each.task,
            element=each.element,
            kind=_KINDS.get(each.kind, ItemKind.TASK),
            title=title_of(each),
            title_en=title_en_of(each, outline[each.element]) if each.element in outline else "",
            subject=row.subject,
            role=lanes.get(each.lane, "") or Role.PROGRAMME_OFFICE,
            due=deadlines.due(outline[each.element], today) if each.element in outline else None,
            ways={"ways": each.ways, "many": each.many, "none": each.none} if each.kind == "choice" else {},
            draft=_kept(outline[each.element], each, data_of) if data_of and each.element in outline else {},
        )
        for each in waiting
    ]


def _kept(step: Step, each: Waiting, data_of: DataOf) -> dict[str, Any]:
    names = [field.name for field in step.form.fields if field.keep]
    data = data_of(each.task) if names else {}
    return {name: data[name] for name in names if data.get(name) not in (None, "")}


def title_of(each: Waiting) -> str:
    """What stands in lists: the name as drawn, with its number where the task is done several times."""
    return _numbered(each.name, each.item)


def title_en_of(each: Waiting, step: Step) -> str:
    """The same as the model has it in English; empty where it says nothing."""
    return _numbered(step.name_en, each.item) if step.name_en else ""


def _numbered(name: str, number: int) -> str:
    text = " ".join(name.split())[:190]
    return f"{text} ({number})" if number else text
