"""Until when a task is to be done, by the working days of the town's state; and who hears of it."""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.spine.instance.domain.queries import current
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role

from ..core import working_days
from ..core.outline import Step
from ..enums import ItemState
from ..models import WorkItem
from . import people

TOPIC = "process.tasks"
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
    overdue. Each once a person. Returns how many were told."""
    day = today or timezone.localdate()
    soon = working_days.add_working_days(day, 1, state())
    told = 0
    with override(settings.LANGUAGE_CODE):
        open_ = WorkItem.objects.filter(state=ItemState.OPEN, due__lte=soon)
        for item in open_.select_related("assignee", "instance"):
            told += _remind(item)
            assert item.due is not None
            if working_days.add_working_days(item.due, ESCALATE_AFTER, state()) <= day:
                told += _escalate(item)
    return told


def _remind(item: WorkItem) -> int:
    assert item.due is not None
    whom = [item.assignee] if item.assignee and item.assignee.is_active else list(people.who_may(item))
    title = _("Due on %(day)s: %(task)s") % {"day": f"{item.due:%d.%m.%Y}", "task": item.title}
    about = item.instance.title if item.instance else ""
    return notify(whom, TOPIC, title, text=about, url=item.get_absolute_url(), key=f"process.due:{item.pk}:{item.due}")


def _escalate(item: WorkItem) -> int:
    whom = holders(Role.PROJECT_LEAD, item.subject) if item.subject else []
    whom = whom or holders(Role.PROGRAMME_OFFICE, INSTANCE)
    title = _("Overdue: %(task)s") % {"task": item.title}
    about = item.instance.title if item.instance else ""
    return notify(whom, TOPIC, title, text=about, url=item.get_absolute_url(), key=f"process.late:{item.pk}:{item.due}")
