"""Reminders of tasks that come due and of entries that grow stale."""

import datetime as dt

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role

from ..models import Measure, Task
from .work import stale_measures

TOPIC = "programme.work"


def remind(today: dt.date | None = None) -> int:
    """Tell everybody what is due by tomorrow and what has grown stale; each thing once. Returns how many were told."""
    day = today or timezone.localdate()
    with override(settings.LANGUAGE_CODE):
        return _tasks(day) + _stale(day)


def _tasks(day: dt.date) -> int:
    told = 0
    due = Task.objects.filter(done__isnull=True, assignee__isnull=False, due__lte=day + dt.timedelta(days=1))
    for task in due.select_related("measure", "assignee"):
        assert task.assignee is not None
        title = _("Due on %(day)s: %(task)s") % {"day": f"{task.due:%d.%m.%Y}", "task": task.title}
        key = f"programme.task:{task.public_id}:{task.due}"
        told += notify(task.assignee, TOPIC, title, text=task.measure.title, url=task.measure.change_url, key=key)
    return told


def _stale(day: dt.date) -> int:
    told = 0
    for measure in stale_measures(Measure.objects.all(), day):
        people = holders(Role.PROJECT_LEAD, measure.urn) or holders(Role.PROGRAMME_OFFICE, INSTANCE)
        title = _("Nothing new for long: %(title)s") % {"title": measure.title}
        key = f"programme.stale:{measure.public_id}:{measure.changed:%Y-%m-%d}"
        told += notify(people, TOPIC, title, url=measure.change_url, key=key)
    return told
