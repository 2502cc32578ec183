"""What the log-in pages ask for."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import urlencode

from allmende.spine.people.backends import from_this_machine
from allmende.spine.people.domain import queries

register = template.Library()


def connect_proof(request: Any) -> str:
    """Ties the link "connect the identity provider" to this session: a link from elsewhere cannot know it."""
    return salted_hmac("allmende.people.connect", request.session.session_key or "").hexdigest()


def proof_holds(request: Any, proof: str) -> bool:
    return bool(request.session.session_key) and constant_time_compare(proof, connect_proof(request))


@register.simple_tag(takes_context=True)
def identity_provider(context: template.Context, connect: bool = False) -> dict[str, str] | None:
    """The town's identity provider: its name and where its log-in begins; None without one."""
    if not settings.SOCIALACCOUNT_PROVIDERS:
        return None
    request = context["request"]
    url = reverse("openid_connect_login", args=["stadt"])
    query: dict[str, str] = {}
    if connect:
        query = {"process": "connect", "proof": connect_proof(request)}
    elif request.GET.get("next"):
        query = {"next": request.GET["next"]}
    return {"name": settings.OIDC["name"], "url": f"{url}?{urlencode(query)}" if query else url}


@register.simple_tag(takes_context=True)
def demo_accounts(context: template.Context) -> dict[str, Any]:
    """The demo accounts and their password, for a browser on this very machine."""
    if not from_this_machine(context["request"]):
        return {}
    found = [{"role": role, "email": email} for role, email in queries.demo_accounts()]
    return {"accounts": found, "password": queries.DEMO_PASSWORD}


@register.simple_tag
def signup_open() -> bool:
    return bool(settings.SIGNUP_OPEN)
