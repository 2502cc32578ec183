"""Reading what runs and what waits."""

from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import roles_of, visible_to
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.models import Account

from ..enums import InstanceState
from ..models import Instance, WorkItem
from . import people
from .substitutes import stands_in


def _open() -> QuerySet[WorkItem]:
    # What lists show of a task, and nothing of what only its own page needs.
    return (
        people.open_items().select_related("instance", "assignee").defer("draft", "ways", "trouble", "instance__head")
    )


def _of_roles(person: Any) -> Q:
    """Items of the roles that somebody holds, in their scopes; empty without any."""
    fitting = Q()
    for role, scope in roles_of(person):
        fitting |= Q(role=role) if scope == INSTANCE else Q(role=role, subject=scope)
    return fitting


def mine(person: Account) -> QuerySet[WorkItem]:
    """Open items of a person, and of those whom they stand in for as far as their own roles reach; the first due
    first, those without a day last."""
    own = Q(assignee=person)
    if away := stands_in(person):
        own |= Q(assignee__in=away) & (Q(role="") | _of_roles(person))
    return _open().filter(own).order_by("due", "pk")


def queue(person: Any) -> QuerySet[WorkItem]:
    """Open items that nobody has taken on, for the roles that the person holds, in their scopes."""
    fitting = _of_roles(person)
    rows = _open().filter(assignee__isnull=True)
    return rows.filter(fitting).order_by("due", "pk") if fitting else rows.none()


def every_open(person: Any) -> QuerySet[WorkItem]:
    """All open items that somebody may see."""
    return visible_to(person, _open()).order_by("due", "pk")


def orphaned(person: Any) -> QuerySet[WorkItem]:
    """Those of them that wait for a role that nobody holds."""
    return people.without_people(every_open(person))


LISTED = (
    "public_id",
    "title",
    "title_en",
    "subject",
    "role",
    "due",
    "instance__title",
    "assignee__name",
    "assignee__email",
)


def for_list(rows: QuerySet[WorkItem]) -> QuerySet[WorkItem, tuple[Any, ...]]:
    """What lists show of items, in the order of `LISTED`: reading rows of three models takes three times as long."""
    return rows.values_list(*LISTED)


def instances(person: Any) -> QuerySet[Instance]:
    """What a person may see of what runs and ran, newest first."""
    rows = visible_to(person, Instance.objects.select_related("version_of__model", "starter")).order_by("-pk")
    return rows.defer("head", "version_of__source", "version_of__xml")


def narrowed(
    rows: QuerySet[Instance], text: str = "", *, state: str = "", model: str = "", subject: str = ""
) -> QuerySet[Instance]:
    """`text`: words of the title; `model`: slug; `subject`: URN."""
    for word in text.split()[:8]:
        rows = rows.filter(title__icontains=word)
    if state:
        rows = rows.filter(state=state)
    if model:
        rows = rows.filter(version_of__model__slug=model)
    return rows.filter(subject=subject) if subject else rows


def of_subject(urn: str) -> QuerySet[Instance]:
    """Instances about something, those that run first."""
    rows = Instance.objects.filter(subject=urn).select_related("version_of__model")
    return rows.order_by("ended", "-pk")


def running(urn: str) -> QuerySet[Instance]:
    return of_subject(urn).filter(state__in=[InstanceState.RUNNING, InstanceState.STUCK])
