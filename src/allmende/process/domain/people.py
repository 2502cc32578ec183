"""Who may do a work item, and what becomes of it when nobody does."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import ngettext, override

from allmende.spine.links import link
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, STAFF, Role
from allmende.spine.people.models import Account, Assignment

from ..enums import Happening, ItemKind, ItemState
from ..models import Instance, WorkItem
from . import history

TOPIC = "process.tasks"
# Who may have something to do. Auditors look at everything and change nothing.
WORKERS = frozenset(set(Role) - {Role.RESIDENT, Role.AUDITOR})


def _held_today() -> QuerySet[Assignment]:
    today = timezone.localdate()
    return Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today), valid_from__lte=today)


def who_may(item: WorkItem) -> QuerySet[Account]:
    """Active accounts that hold the item's role today, for the town or for what it is about."""
    roles = (frozenset({Role(item.role)}) if item.role else STAFF) & WORKERS
    held = _held_today().filter(scope__in=item.scopes() | {INSTANCE}, role__in=roles)
    return Account.objects.filter(is_active=True, pk__in=held.values("account")).order_by("name", "pk")


def workers() -> QuerySet[Account]:
    """Active accounts that hold a role today in which there may be something to do."""
    held = _held_today().filter(role__in=WORKERS)
    return Account.objects.filter(is_active=True, pk__in=held.values("account")).order_by("name", "pk")


def _fitting(**more: object) -> Exists:
    """Whether somebody active holds an item's role where it counts; `more` narrows who."""
    case = Concat(Value("instance:"), Cast(OuterRef("instance__public_id"), CharField()))
    own = Concat(Value("item:"), Cast(OuterRef("public_id"), CharField()))
    somewhere = Q(scope=INSTANCE) | Q(scope=OuterRef("subject")) | Q(scope=case) | Q(scope=own)
    held = _held_today().filter(somewhere, role=OuterRef("role"), role__in=WORKERS)
    return Exists(held.filter(account__is_active=True, **more))


def open_items() -> QuerySet[WorkItem]:
    """What people have to do. Steps of the system count where they failed."""
    return WorkItem.objects.filter(state=ItemState.OPEN).exclude(kind=ItemKind.ACTION, trouble="")


def without_people(rows: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Those of `rows` that nobody can do: not taken on, and nobody holds their role."""
    return rows.filter(assignee__isnull=True).filter(Q(role="") | ~_fitting())


def nobody_may(item: WorkItem) -> bool:
    """Whether an open item waits for a role that nobody holds."""
    return item.state == ItemState.OPEN and item.assignee_id is None and not who_may(item).exists()


def stranded() -> QuerySet[WorkItem]:
    """Open items of people who left, or who no longer hold the role that an item asks for; and plain ones that lost
    the only person they were meant for."""
    gone = Q(assignee__is_active=False) | (
        Q(assignee__isnull=False) & ~Q(role="") & ~_fitting(account=OuterRef("assignee"))
    )
    return WorkItem.objects.filter(gone | Q(assignee__isnull=True, role=""), state=ItemState.OPEN)


@transaction.atomic
def _give_back(item: WorkItem) -> bool:
    """Open for everybody of its role; a plain task without one goes to the office. What was entered stays."""
    if item.instance_id is not None:
        Instance.objects.select_for_update().get(pk=item.instance_id)
    row = WorkItem.objects.select_for_update(of=("self",)).select_related("instance").filter(pk=item.pk).first()
    if row is None or row.state != ItemState.OPEN or row.assignee_id != item.assignee_id:
        return False
    row.assignee, row.claimed = None, None
    row.role = row.role or Role.PROGRAMME_OFFICE
    row.version += 1
    row.save()
    if row.instance is not None:
        history.write(row.instance, Happening.RELEASED, element=row.element, name=row.title, payload={"left": True})
        row.instance.save(update_fields=["events_written", "last_hash"])
    return True


def give_back(rows: Iterable[WorkItem], *, key: str) -> int:
    """Put items of people who no longer do them back, and tell the office once under `key`. How many were put back;
    a second run finds none."""
    count = sum(_give_back(row) for row in rows)
    if count:
        with override(settings.LANGUAGE_CODE):
            title = ngettext(
                "%(count)d task is open again: who had it no longer does it",
                "%(count)d tasks are open again: who had them no longer does them",
                count,
            ) % {"count": count}
            notify(
                holders(Role.PROGRAMME_OFFICE, INSTANCE), TOPIC, title, url=link("process:items") + "?wer=alle", key=key
            )
    return count
