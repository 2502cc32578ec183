"""Staff pages that belong to no single room."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from allmende.spine.facts import pump
from allmende.spine.facts.domain.queries import audit as audit_rows
from allmende.spine.instance.domain.queries import closed_rooms_in_words
from allmende.spine.people.access import access, can, roles_of
from allmende.spine.people.models import Account

PAGE = 50


@access("people.staff_home")
def home(request: HttpRequest) -> HttpResponse:
    """Where staff begin: their roles and their ways."""
    roles = sorted({role.label for role, _ in roles_of(request.user)}, key=str)
    context = {
        "roles": roles,
        "lag": pump.lag() if can(request.user, "facts.audit") else None,
        "closed_rooms": closed_rooms_in_words() if can(request.user, "instance.change_settings") else "",
    }
    return render(request, "portal/staff_home.html", context)


@access("facts.audit")
def audit(request: HttpRequest) -> HttpResponse:
    """Every fact, newest first, by kind, thing and person."""
    criteria = {name: request.GET.get(name, "")[:100] for name in ("kind", "actor", "subject")}
    page = Paginator(audit_rows(**criteria), PAGE).get_page(request.GET.get("page"))
    keys = {row.actor.partition(":")[2] for row in page if row.actor.startswith("account:")}
    people = {f"account:{account.pk}": account for account in Account.objects.filter(pk__in=keys)}
    rows = [(row, people.get(row.actor)) for row in page]
    return render(request, "portal/audit.html", {"page": page, "rows": rows, "criteria": criteria})
