"""Who gets a task: the role of its lane, about what the instance is about, and until when."""

from collections.abc import Iterable

from django.utils import timezone

from allmende.spine.people.enums import Role

from ..core.engine.run import Waiting
from ..enums import ItemKind
from ..models import Instance, WorkItem
from . import deadlines, forms

_KINDS = {kind.value: kind for kind in ItemKind}


def items_for(row: Instance, waiting: Iterable[Waiting]) -> list[WorkItem]:
    """Unsaved work items for tasks that have begun to wait."""
    lanes = dict(row.version_of.lanes)
    outline, today = forms.outline_of(row.version_of), timezone.localdate()
    return [
        WorkItem(
            instance=row,
            task=each.task,
            element=each.element,
            kind=_KINDS.get(each.kind, ItemKind.TASK),
            title=title_of(each),
            subject=row.subject,
            role=lanes.get(each.lane, "") or Role.PROGRAMME_OFFICE,
            due=deadlines.due(outline[each.element], today) if each.element in outline else None,
            ways={"ways": each.ways, "many": each.many, "none": each.none} if each.kind == "choice" else {},
        )
        for each in waiting
    ]


def title_of(each: Waiting) -> str:
    """What stands in lists: the name as drawn, with its number where the task is done several times."""
    name = " ".join(each.name.split())[:190]
    return f"{name} ({each.item})" if each.item else name
