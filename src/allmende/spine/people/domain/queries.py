"""Reading accounts, roles and organisations."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils import timezone

from allmende.spine.instance.domain.queries import current

from .. import scopes
from ..access import visible_to
from ..enums import Role
from ..models import Account, Assignment, Organisation, Token

# Public on purpose: demo accounts work on loopback only. `config.demo` gives them this password; a test compares.
DEMO_PASSWORD = "herzlich-digital"  # noqa: S105


class Din5007(Func):
    """Sort key after DIN 5007-1: umlauts as their base letters (`facts/sql/din5007.sql`)."""

    function = "din5007"


def _today(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    day = timezone.localdate()
    return rows.filter(valid_from__lte=day).exclude(valid_to__lt=day)


def _roles_now() -> "Prefetch[Any]":
    return Prefetch("assignments", queryset=_today(Assignment.objects.order_by("role", "pk")), to_attr="roles_now")


def roles_today(account: Account) -> list[Assignment]:
    """What an account holds today; nothing is asked where the list came with it."""
    if hasattr(account, "roles_now"):
        return list(account.roles_now)
    return list(_today(account.assignments.order_by("role", "pk")))


def accounts(person: Any, text: str = "", role: str = "", state: str = "") -> QuerySet[Account]:
    """Accounts that `person` may see, by name (DIN 5007), with their roles of today in `roles_now`.

    `text`: words in name or address; `role`: holds it today; `state`: "active" or "disabled".
    """
    rows = visible_to(person, Account.objects.all())
    for word in text.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    if role:
        rows = rows.filter(Exists(_today(Assignment.objects.filter(account=OuterRef("pk"), role=role))))
    if state:
        rows = rows.filter(is_active=state == "active")
    shown = Coalesce(NullIf(F("name"), Value("")), F("email"), output_field=CharField())
    return rows.annotate(sorted_by=Din5007(shown)).order_by("sorted_by", "pk").prefetch_related(_roles_now())


@dataclass(frozen=True)
class HeldRole:
    """An assignment as a page shows it."""

    assignment: Assignment
    scope_label: str
    state: str  # "now", "later" or "over"


def roles_of_account(account: Account) -> list[HeldRole]:
    """All assignments of an account, those of today first, with who gave them."""
    rows = list(account.assignments.select_related("granted_by").order_by("-valid_from", "-pk"))
    names = scopes.labels({row.scope for row in rows})
    today = timezone.localdate()

    def state(row: Assignment) -> str:
        if row.valid_to is not None and row.valid_to < today:
            return "over"
        return "later" if row.valid_from > today else "now"

    order = {"now": 0, "later": 1, "over": 2}
    held = [HeldRole(row, names[row.scope], state(row)) for row in rows]
    return sorted(held, key=lambda role: order[role.state])


def organisations(text: str = "") -> QuerySet[Organisation]:
    """All organisations by name (DIN 5007)."""
    rows = Organisation.objects.annotate(sorted_by=Din5007(F("name"))).order_by("sorted_by", "pk")
    return rows.filter(name__icontains=text) if text else rows


def tokens_of(account: Account) -> QuerySet[Token]:
    return Token.objects.filter(account=account).order_by("-created", "-pk")


def account_by_email(email: str) -> Account | None:
    return Account.objects.filter(email__iexact=email.strip()).first()


def demo_accounts() -> list[tuple[str, str]]:
    """(role, e-mail) of the demo accounts in the order of the roles; empty where the town is no demo."""
    if not current().demo:
        return []
    emails: dict[str, str] = {}
    for role, email in Assignment.objects.filter(account__demo=True).values_list("role", "account__email"):
        emails.setdefault(role, email)
    return [(str(role.label), emails[role.value]) for role in Role if role.value in emails]


def all_accounts() -> QuerySet[Account]:
    """Every account by address with its roles of today, for the terminal."""
    return Account.objects.order_by("email").prefetch_related(_roles_now())


def holders(role: str, *scopes: str) -> list[Account]:
    """Active accounts that hold a role today in one of the scopes, by name."""
    held = _today(Assignment.objects.filter(account=OuterRef("pk"), role=role, scope__in=scopes))
    return list(Account.objects.filter(Exists(held), is_active=True).order_by("name", "pk"))
