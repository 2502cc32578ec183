"""Who may do a work item."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from allmende.spine.people.enums import INSTANCE, STAFF
from allmende.spine.people.models import Account, Assignment

from ..models import WorkItem


def who_may(item: WorkItem) -> QuerySet[Account]:
    """Active accounts that hold the item's role today, for the town or for what it is about."""
    today = timezone.localdate()
    held = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        valid_from__lte=today,
        scope__in=item.scopes() | {INSTANCE},
        role__in=[item.role] if item.role else STAFF,
    )
    return Account.objects.filter(is_active=True, pk__in=held.values("account")).order_by("name", "pk")
