"""Tasks of cases, and plain ones, among what people have to do."""

from collections.abc import Iterable

from allmende.spine import subjects
from allmende.spine.people.models import Account
from allmende.spine.todos import Ask, Todo, Whose

from ..models import WorkItem
from . import queries, telling


def shown(rows: Iterable[WorkItem], person: Account) -> list[Todo]:
    """Rows of `queries.for_list` as they stand in lists. What a plain task is about is named where the person may see
    it."""
    found = list(rows)
    named = subjects.find_all({row.subject for row in found if row.subject and row.instance is None}, person)
    return [
        Todo(
            key=str(row.public_id),
            title=telling.item_title(row),
            url=row.get_absolute_url(),
            due=row.due,
            about=row.instance.title if row.instance else (named[row.subject].title if row.subject in named else ""),
            who=str(row.assignee or telling.role_name(row.role)),
        )
        for row in found
    ]


def of_cases(ask: Ask) -> list[Todo]:
    """What is open, as other rooms and pages ask for it."""
    if ask.whose is Whose.MINE:
        rows = queries.mine(ask.person)
    else:
        rows = queries.queue(ask.person) if ask.whose is Whose.FREE else queries.every_open(ask.person)
    if ask.about:
        rows = rows.filter(subject=ask.about)
    return shown(queries.for_list(rows)[: ask.limit], ask.person)
