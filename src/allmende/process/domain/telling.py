"""Where a case stands and what happened in it, in words and in the reader's language."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account

from ..core.outline import Step
from ..enums import Happening
from ..models import Event, Instance, Substitution, Timer, WorkItem
from . import forms, library, people, substitutes


@dataclass(frozen=True)
class Place:
    """Somebody whom a case waits for. `trouble`: why that may take long."""

    what: str
    who: str
    since: dt.datetime
    until: dt.date | None
    url: str
    trouble: str


def role_name(role: str) -> str:
    """A role for people; what has none is for all of the staff."""
    return str(Role(role).label) if role else _("everybody of the staff")


def item_title(item: WorkItem) -> str:
    return forms.shown(item.title, item.title_en)


def _with_substitute(item: WorkItem, away: Mapping[int, Account]) -> str:
    if item.assignee is None:
        return role_name(item.role)
    if substitute := away.get(item.assignee.pk):
        return _("%(who)s (away, substitute: %(substitute)s)") % {"who": item.assignee, "substitute": substitute}
    return str(item.assignee)


def who_has(item: WorkItem) -> str:
    """Who works on an item, or who may; with who stands in."""
    return _with_substitute(item, substitutes.substitutes_of(item.assignee_id) if item.assignee_id else {})


def where(rows: QuerySet[WorkItem]) -> list[Place]:
    """Whom a case waits for. As many queries for one item as for many."""
    found = list(rows)
    away = substitutes.substitutes_of(*{item.assignee_id for item in found if item.assignee_id})
    orphans = set(
        people.without_people(WorkItem.objects.filter(pk__in=[item.pk for item in found])).values_list("pk", flat=True)
    )
    return [
        Place(
            item_title(item),
            _with_substitute(item, away),
            item.opened,
            item.due,
            item.get_absolute_url(),
            _("Nobody holds this role.") if item.pk in orphans else item.trouble,
        )
        for item in found
    ]


def alarms(instance: Instance, rows: Iterable[Timer]) -> list[tuple[str, dt.datetime]]:
    """Steps that a clock ends, and when."""
    steps = library.outline_of(instance)
    found = []
    for row in rows:
        step = steps.get(row.element)
        found.append((forms.shown(step.name, step.name_en) if step else row.element, row.due))
    return found


@dataclass(frozen=True)
class Told:
    """An entry of a history as people read it."""

    number: int
    step: str
    what: str
    time: dt.datetime
    who: str


def history(instance: Instance, rows: Sequence[Event]) -> list[Told]:
    """Entries of a case in words. Two queries at most, however many entries."""
    steps = library.outline_of(instance)
    keys = {row.payload["for"] for row in rows if "for" in row.payload}
    found = Substitution.objects.filter(public_id__in=keys).select_related("person") if keys else []
    stood = {str(each.public_id): str(each.person) for each in found}
    return [Told(row.number, _step(steps, row), _what(row), row.time, _who(row, stood)) for row in rows]


def _step(steps: Mapping[str, Step], row: Event) -> str:
    step = steps.get(row.element)
    return forms.shown(row.name, step.name_en if step else "") or "–"


def _who(row: Event, stood: Mapping[str, str]) -> str:
    who = str(row.actor) if row.actor else "–"
    if "for" not in row.payload:
        return who
    whom = stood.get(row.payload["for"], pgettext("person", "somebody who was away"))
    return _("%(who)s for %(whom)s") % {"who": who, "whom": whom}


def _what(row: Event) -> str:
    parts = [str(Happening(row.kind).label)]
    if row.payload.get("left"):
        parts.append(_("who had it no longer does it"))
    if days := row.payload.get("due"):
        parts.append(_("due %(then)s instead of %(before)s") % {"before": _day(days[0]), "then": _day(days[1])})
    if roles := row.payload.get("role"):
        parts.append(f"{role_name(roles[0])} → {role_name(roles[1])}")
    if rules := row.payload.get("rules"):
        parts.append(_by_rules(row.payload, rules))
    if name := row.payload.get("message"):
        parts.append(_("by “%(name)s”") % {"name": name})
    if why := row.payload.get("why") or row.payload.get("reason"):
        parts.append(str(why))
    return ": ".join((parts[0], "; ".join(parts[1:]))) if parts[1:] else parts[0]


def _by_rules(payload: Mapping[str, Any], rules: Sequence[tuple[str, Sequence[int]]]) -> str:
    """Which rules of which version fired: `rules` as (name of the decision, numbers of its rules)."""
    by = _("by “%(name)s”, version %(number)d") % {"name": payload.get("name", ""), "number": payload.get("version", 0)}
    fired = [
        ngettext("%(table)s: rule %(numbers)s", "%(table)s: rules %(numbers)s", len(hits))
        % {"table": name, "numbers": ", ".join(str(hit) for hit in hits)}
        for name, hits in rules
        if hits
    ]
    return "; ".join([by, *fired])


def _day(text: str | None) -> str:
    return date_format(dt.date.fromisoformat(text), "DATE_FORMAT") if text else _("without a day")
