"""Reading what runs and what waits."""

from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import roles_of, visible_to
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.models import Account

from ..enums import InstanceState, ItemState
from ..models import Instance, WorkItem


def _open() -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(state=ItemState.OPEN).select_related("instance", "assignee")


def mine(person: Account) -> QuerySet[WorkItem]:
    """Open items of a person, the first due first; those without a day last."""
    return _open().filter(assignee=person).order_by("due", "pk")


def queue(person: Any) -> QuerySet[WorkItem]:
    """Open items that nobody has taken on, for the roles that the person holds, in their scopes."""
    fitting = Q()
    for role, scope in roles_of(person):
        fitting |= Q(role=role) if scope == INSTANCE else Q(role=role, subject=scope)
    rows = _open().filter(assignee__isnull=True)
    return rows.filter(fitting).order_by("due", "pk") if fitting else rows.none()


def instances(person: Any) -> QuerySet[Instance]:
    """What a person may see of what runs and ran, newest first."""
    return visible_to(person, Instance.objects.select_related("version_of__model", "starter")).order_by("-pk")


def of_subject(urn: str) -> QuerySet[Instance]:
    """Instances about something, those that run first."""
    rows = Instance.objects.filter(subject=urn).select_related("version_of__model")
    return rows.order_by("ended", "-pk")


def running(urn: str) -> QuerySet[Instance]:
    return of_subject(urn).filter(state__in=[InstanceState.RUNNING, InstanceState.STUCK])
