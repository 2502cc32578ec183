from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import scopes_for, visibility
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.rules import Role, rule

from .models import Asset

KEEPERS = {Role.PROGRAMME_OFFICE, Role.LIGHTING_OPERATOR, Role.NETWORK_OPERATOR, Role.ADMINISTRATOR}

rule(
    "assets.view_asset",
    KEEPERS | {Role.DISPATCHER, Role.EDITOR, Role.AUDITOR, Role.CONTRACTOR},
    public=lambda asset: asset.public,
)
rule("assets.change_asset", KEEPERS)
rule("assets.add_asset", KEEPERS)
rule("assets.import_assets", {Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR}, town=True)


@visibility(Asset)
def assets_visible(person: Any, rows: QuerySet[Asset]) -> QuerySet[Asset]:
    """Public ones, and all in the scopes where the person keeps or sees them."""
    scopes = scopes_for(person, "assets.view_asset")
    if INSTANCE in scopes:
        return rows
    own = [scope.partition(":")[2] for scope in scopes if scope.startswith("asset:")]
    owners = [scope.partition(":")[2] for scope in scopes if scope.startswith("organisation:")]
    return rows.filter(Q(public=True) | Q(public_id__in=own) | Q(owner__public_id__in=owners))
