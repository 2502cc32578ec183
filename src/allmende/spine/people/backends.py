"""Who is let in. Demo accounts, whose passwords are public, only from this very machine."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1", ""})
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
FORWARDED = ("HTTP_FORWARDED", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")


def from_this_machine(request: HttpRequest | None) -> bool:
    """Whether a request comes from loopback, under a local name, and through no proxy."""
    if request is None:
        return False
    name = request.META.get("HTTP_HOST", "localhost").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
    return (
        request.META.get("REMOTE_ADDR", "") in LOOPBACK
        and (name in LOCAL_NAMES or request.META.get("HTTP_HOST", "") in LOCAL_NAMES)
        and not any(header in request.META for header in FORWARDED)
    )


class Backend(AuthenticationBackend):
    """Sign-in by e-mail and password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        account = super().authenticate(request, **credentials)
        if account is not None and account.demo and not from_this_machine(request):
            return None
        return account
