"""Until when a task is to be done, by the working days of the town's state; and who hears of it."""

import datetime as dt

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from allmende.spine.instance.domain.queries import current
from allmende.spine.links import link
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account

from ..core import working_days
from ..core.outline import Step
from ..models import WorkItem
from . import people, substitutes

# Working days after the day due on which the office hears that a task still waits.
ESCALATE_AFTER = 3


def state() -> str:
    """The state whose holidays count."""
    return working_days.state_of(current().ags)


def due(step: Step, opened: dt.date) -> dt.date | None:
    """The last day of a step that opens on a day; None without a deadline, or one that cannot be read."""
    if not step.due:
        return None
    try:
        if step.due_days == "working":
            return working_days.add_working_days(opened, working_days.count_of(step.due), state())
        return working_days.add_period(opened, step.due, state())
    except (ValueError, OverflowError):
        return None


def remind(today: dt.date | None = None) -> int:
    """Tell who has a task, or may take it on, that it is due by the next working day; and the office what is long
    overdue. Each once a person. Roles that ran out by their day are seen to first. Returns how many were told."""
    day = today or timezone.localdate()
    soon = working_days.add_working_days(day, 1, state())
    people.give_back(people.stranded(), key=f"process.left:{day}")
    with override(settings.LANGUAGE_CODE):
        told = _nobody(day)
        open_ = people.open_items().filter(due__lte=soon)
        for item in open_.select_related("assignee", "instance"):
            told += _remind(item)
            assert item.due is not None
            if working_days.add_working_days(item.due, ESCALATE_AFTER, state()) <= day:
                told += _escalate(item)
    return told


def _nobody(day: dt.date) -> int:
    """Tell the office, once a week, for which roles tasks wait that nobody holds."""
    week = day.isocalendar()
    told = 0
    rows = people.without_people(people.open_items()).order_by("role").values_list("role")
    for role, count in rows.annotate(count=Count("pk")):
        name = str(Role(role).label) if role else _("no role")
        title = ngettext(
            "Nobody holds the role “%(role)s”: %(count)d task waits for it",
            "Nobody holds the role “%(role)s”: %(count)d tasks wait for it",
            count,
        ) % {"role": name, "count": count}
        whom, key = holders(Role.PROGRAMME_OFFICE, INSTANCE), f"process.nobody:{role}:{week.year}-{week.week}"
        told += notify(whom, people.TOPIC, title, url=link("process:items") + "?wer=niemand", key=key)
    return told


def _remind(item: WorkItem) -> int:
    assert item.due is not None
    title = _("Due on %(day)s: %(task)s") % {"day": f"{item.due:%d.%m.%Y}", "task": item.title}
    about = item.instance.title if item.instance else ""
    return notify(
        whom(item),
        people.TOPIC,
        title,
        text=about,
        url=item.get_absolute_url(),
        key=f"process.due:{item.pk}:{item.due}",
    )


def whom(item: WorkItem) -> list[Account]:
    """Who has it, with who stands in; else everybody of its role; and the office where nobody holds that."""
    if item.assignee is not None and item.assignee.is_active:
        return [item.assignee, *substitutes.substitutes_of(item.assignee.pk).values()]
    return list(people.who_may(item)) or holders(Role.PROGRAMME_OFFICE, INSTANCE)


def _escalate(item: WorkItem) -> int:
    whom = holders(Role.PROJECT_LEAD, item.subject) if item.subject else []
    whom = whom or holders(Role.PROGRAMME_OFFICE, INSTANCE)
    title = _("Overdue: %(task)s") % {"task": item.title}
    about = item.instance.title if item.instance else ""
    return notify(
        whom, people.TOPIC, title, text=about, url=item.get_absolute_url(), key=f"process.late:{item.pk}:{item.due}"
    )
