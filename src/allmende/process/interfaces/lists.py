"""Staff pages that list what waits: my tasks, those of my roles, all, and those that nobody can do."""

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.spine import todos
from allmende.spine.people.access import access, can
from allmende.spine.people.models import Account

from ..domain import queries
from ..domain.todos import shown
from ..models import WorkItem
from .forms import ItemFilter

TITLES = {
    "mine": _("My tasks"),
    "team": _("Tasks of my roles"),
    "alle": _("All tasks"),
    "niemand": _("Tasks without people"),
}
# What waits for the person is counted on the tabs, up to so many.
BADGES = ("mine", "team")
COUNTED = 999
PER_PAGE = 30


def _rows(whose: str, person: Account) -> QuerySet[WorkItem]:
    if whose == "team":
        return queries.queue(person)
    if whose == "alle":
        return queries.every_open(person)
    return queries.orphaned(person) if whose == "niemand" else queries.mine(person)


def _others(whose: str, person: Account) -> list[todos.Todo]:
    """What other rooms have for the same tab. That nobody can do it is known of this room's tasks alone."""
    asked = {"mine": todos.Whose.MINE, "team": todos.Whose.FREE, "alle": todos.Whose.ALL}.get(whose)
    return todos.of(todos.Ask(person, asked), without="process") if asked else []


def _fits(todo: todos.Todo, asked: dict[str, Any]) -> bool:
    """As `_narrowed`, for what has no process."""
    text, today = f"{todo.title} {todo.about}".lower(), timezone.localdate()
    if asked["model"] or not all(word in text for word in asked["q"].lower().split()[:8]):
        return False
    if not asked["due"]:
        return True
    week = today + dt.timedelta(days=7)
    return todo.due is not None and (todo.due < today if asked["due"] == "late" else today <= todo.due <= week)


def _narrowed(rows: QuerySet[WorkItem], asked: dict[str, Any]) -> QuerySet[WorkItem]:
    for word in asked["q"].split()[:8]:
        fits = Q(title__icontains=word) | Q(title_en__icontains=word) | Q(instance__title__icontains=word)
        rows = rows.filter(fits)
    if asked["model"]:
        rows = rows.filter(instance__version_of__model__slug=asked["model"])
    today = timezone.localdate()
    if asked["due"] == "late":
        rows = rows.filter(due__lt=today)
    elif asked["due"] == "week":
        rows = rows.filter(due__gte=today, due__lte=today + dt.timedelta(days=7))
    return rows


def _count(whose: str, person: Account) -> int:
    return _rows(whose, person).order_by()[: COUNTED + 1].count() + len(_others(whose, person))


def _counts(person: Account, page: Page[todos.Todo], of_page: str) -> dict[str, str]:
    """What the tabs say. `page`: the rows of the tab `of_page`, whose count is known; empty when they are narrowed."""
    counts = {}
    for key in BADGES:
        known = key == of_page
        found = page.paginator.count if known else _count(key, person)
        counts[key] = f"{COUNTED}+" if found > COUNTED else str(found)
    return counts


@access("process.work")
def items(request: HttpRequest) -> HttpResponse:
    """What waits for me, what nobody of my roles has taken on; for the office all of it."""
    person = request.user
    assert isinstance(person, Account)
    arranges = can(person, "process.manage_instance")
    tabs = list(TITLES) if arranges else ["mine", "team"]
    whose = request.GET.get("wer", "")
    whose = whose if whose in tabs else "mine"
    form = ItemFilter(request.GET)
    rows, others = _rows(whose, person), _others(whose, person)
    narrowed = form.is_valid() and any(form.cleaned_data[name] for name in ("q", "model", "due"))
    if narrowed:
        rows = _narrowed(rows, form.cleaned_data)
        others = [todo for todo in others if _fits(todo, form.cleaned_data)]
    together = todos.Together(queries.for_list(rows), others, lambda found: shown(found, person))
    page = Paginator(together, PER_PAGE).get_page(request.GET.get("page"))
    counts = _counts(person, page, "" if narrowed else whose)
    context = {
        "page": page,
        "form": form,
        "whose": whose,
        "title": TITLES[whose],
        "tabs": [(key, TITLES[key], counts.get(key, "")) for key in tabs],
        "may_add": can(person, "process.add_item"),
    }
    return render(request, "process/items.html", context)
