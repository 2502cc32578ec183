"""Tasks of cases, and plain ones, among what people have to do."""

from collections.abc import Iterable
from typing import Any

from allmende.spine import subjects
from allmende.spine.links import link
from allmende.spine.people.models import Account
from allmende.spine.todos import Ask, Todo, Whose

from . import forms, queries, telling


def shown(rows: Iterable[tuple[Any, ...]], person: Account) -> list[Todo]:
    """Rows of `queries.for_list` as they stand in lists. What a plain task is about is named where the person may see
    it."""
    found = list(rows)
    named = subjects.find_all({about for _, _, _, about, _, _, case, _, _ in found if about and case is None}, person)
    return [
        Todo(
            key=str(public_id),
            title=forms.shown(title, title_en),
            url=link("process:item", str(public_id)),
            due=due,
            about=case if case is not None else (named[about].title if about in named else ""),
            who=name or email or telling.role_name(role),
        )
        for public_id, title, title_en, about, role, due, case, name, email in found
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
