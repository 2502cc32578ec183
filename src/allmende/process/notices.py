"""What people hear of processes."""

from django.utils.translation import gettext_lazy as _

from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.topics import register

register(
    "process.tasks",
    _("Tasks in cases"),
    description=_("Tasks of yours and of your roles that come due or are overdue."),
    default=Cadence.DAILY,
    audience="process.work",
)
