"""Owed judgements and answers among what people have to do."""

from collections.abc import Iterator
from itertools import islice

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from allmende.spine.links import link
from allmende.spine.people.access import can
from allmende.spine.todos import Ask, Todo, Whose

from . import queries


def of_dialogue(ask: Ask) -> Iterator[Todo]:
    """Judgements that somebody is asked for, one by one; answers that an office owes, one entry a participation, since
    there may be thousands."""
    right, rows = ("review", _judgements) if ask.whose is Whose.MINE else ("answer_contribution", _answers)
    if not can(ask.person, f"dialogue.{right}"):
        return iter(())  # most people are asked for neither
    return islice(rows(ask), ask.limit)


def _judgements(ask: Ask) -> Iterator[Todo]:
    rows = queries.asked_of(ask.person).order_by("contribution__due", "pk")
    for row in rows.filter(contribution__phase__participation__subject=ask.about) if ask.about else rows:
        yield Todo(
            key=str(row.public_id),
            title=_("Judgement: %(title)s") % {"title": row.contribution.title},
            url=row.get_absolute_url(),
            due=row.contribution.due,
            about=row.contribution.phase.participation.title,
            who=str(ask.person),
        )


def _answers(ask: Ask) -> Iterator[Todo]:
    rows = queries.owed(ask.person)
    if ask.about:
        rows = rows.filter(phase__participation__subject=ask.about)
    names = ("phase__participation__public_id", "phase__participation__title", "phase__participation__office__name")
    grouped = rows.order_by().values_list(*names).annotate(number=Count("pk"), first=Min("due"))
    for public_id, title, office, number, first in grouped.order_by("first", names[0]):
        yield Todo(
            key=str(public_id),
            title=_("Answer contributions: %(number)s") % {"number": number},
            url=f"{link('dialogue:owed')}?beteiligung={public_id}",
            due=first,
            about=title,
            who=office or "",
        )
