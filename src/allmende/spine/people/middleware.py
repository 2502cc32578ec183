"""Default deny: every view has a rule, and it is asked before the view runs."""

import logging
from collections.abc import Callable
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.instance.domain.queries import room_enabled
from allmende.spine.rooms import room_of

from . import parking
from .access import can, foreign_rules
from .backends import from_this_machine
from .domain.tokens import account_of_key
from .models import Account

log = logging.getLogger("allmende.access")


def rule_of(view: Any, route: str) -> str | None:
    """The access rule of a resolved view: its own mark, or the table for libraries' views."""
    for candidate in (view, getattr(view, "view_class", None), getattr(view, "__wrapped__", None)):
        rule = getattr(candidate, "access_rule", None)
        if rule:
            return str(rule)
    table = foreign_rules()
    if route in table:
        return table[route]
    namespace = route.rpartition(":")[0]
    return table.get(f"{namespace}:*")


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith("/api/") or (
        "text/html" not in request.headers.get("Accept", "text/html") and "json" in request.headers.get("Accept", "")
    )


class AccessMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        route = match.view_name if match else ""
        module = getattr(getattr(view, "view_class", view), "__module__", "")
        room = room_of(module)
        if room is not None and room.optional and not room_enabled(room.room):
            raise Http404("room is switched off")
        rule = rule_of(view, route)
        if rule is None:
            if settings.DEBUG or getattr(settings, "TESTING", False):
                raise LookupError(f"view {module} ({route}) has no access rule")
            log.error("view without access rule refused", extra={"route": route})
            raise PermissionDenied("no rule")
        self._count_second_factor(request)
        if getattr(request.user, "demo", False) and not from_this_machine(request):
            # However the session came about: the passwords of demo accounts are public.
            raise PermissionDenied("demo account from elsewhere")
        if can(request.user, rule):
            return parking.offer(request)
        if request.user.is_authenticated:
            if getattr(request.user, "second_factor_missing", False) and not wants_json(request):
                parking.park(request)
                messages.warning(request, _("Your role needs a second factor. Set one up, then go on."))
                return redirect("mfa_index")
            raise PermissionDenied(rule)
        if wants_json(request):
            return JsonResponse({"error": "authentication required"}, status=401)
        parking.park(request)
        return redirect_to_login(request.get_full_path())

    @staticmethod
    def _count_second_factor(request: HttpRequest) -> None:
        """A sign-in at the identity provider counts, where the town says that the provider asks for a second factor."""
        if settings.STAFF_MFA and settings.OIDC_MFA and request.user.is_authenticated and hasattr(request, "session"):
            records = get_authentication_records(request, request.user)
            request.user.second_factor_elsewhere = any(row.get("method") == "socialaccount" for row in records)


class LastSeenMiddleware:
    """The day (not the time) an account was last used: retention rules need it, nobody else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= 500:
            # Where the database is lost, asking once more who this is would only make the person wait longer.
            return response
        user = request.user
        if user.is_authenticated and user.last_seen != timezone.localdate():
            Account.objects.filter(pk=user.pk).update(last_seen=timezone.localdate())
        return response


class TokenMiddleware:
    """A caller with `Authorization: Bearer alm_…` acts as the token's account, without session and CSRF cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scheme, _space, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            account = account_of_key(key.strip()) if request.path.startswith("/api/") else None
            if account is None:
                return JsonResponse({"error": "token unknown or expired"}, status=401)
            request.user = account
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return self.get_response(request)
