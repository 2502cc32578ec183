"""The record of processing activities (Art. 30(1) GDPR), made from the register and the instance's settings."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import require
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account

from ..facts import RecordExported
from .queries import register_lines

MEASURES = "docs/adopt/tom.md"
COLUMNS = (
    "key", "title", "purpose", "legal_basis", "concerns", "data", "recipients", "third_countries", "erasure",
)  # fmt: skip


def officers() -> list[Account]:
    """Who holds the role of data protection officer today."""
    today = timezone.localdate()
    return list(
        Account.objects.filter(
            Q(assignments__valid_to__isnull=True) | Q(assignments__valid_to__gte=today),
            assignments__role=Role.DATA_PROTECTION_OFFICER,
            assignments__valid_from__lte=today,
            is_active=True,
        )
        .distinct()
        .order_by("name", "pk")
    )


def record(actor: Any) -> dict[str, Any]:
    """The whole record: controller, officers, activities (COLUMNS each), measures, date. Raises PermissionDenied."""
    require(actor, "privacy.view_record")
    town = current()
    return {
        "made": timezone.now(),
        "controller": {
            "name": town.town or town.name,
            "contact": town.contact_email,
            "imprint": town.imprint,
            "address": town.base_url or settings.BASE_URL,
        },
        "officers": [{"name": account.name, "contact": account.email} for account in officers()],
        "measures": MEASURES,
        "activities": [
            {
                "key": line.key,
                "title": line.title,
                "purpose": line.purpose,
                "legal_basis": line.legal_basis,
                "concerns": line.concerns,
                "data": line.labels,
                "recipients": line.recipients,
                "third_countries": _("none"),
                "erasure": line.kept,
            }
            for line in register_lines()
        ],
    }


@transaction.atomic
def export(actor: Any, what: str) -> None:
    """Note that a list left the house. `what`: record or access_log. Raises PermissionDenied."""
    require(actor, "privacy.view_record" if what == "record" else "privacy.view_access_log")
    emit(RecordExported(what=what), subject=current(), actor=actor, url="")
