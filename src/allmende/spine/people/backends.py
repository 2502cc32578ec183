"""Who is let in. Demo accounts, whose passwords are public, only from this very machine."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from . import ldap
from .domain import directory
from .models import Account

# No address at all means a Unix socket, and that means a proxy in front.
LOOPBACK = frozenset({"127.0.0.1", "::1", "::ffff:127.0.0.1"})
LOCAL_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]", "testserver"})
# A proxy that sends none of these and a local Host cannot be told from a browser on this machine. Browsers behind it
# still fail: their Origin is not the Host, so that the log-in form is refused as forged.
FORWARDED = (
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
)


def _name_of(host: str) -> str:
    """A Host header without its port: `localhost`, `[::1]`."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def from_this_machine(request: HttpRequest | None) -> bool:
    """Whether a request comes from loopback, under a local name, and through no proxy."""
    if request is None:
        return False
    return (
        request.META.get("REMOTE_ADDR", "") in LOOPBACK
        and _name_of(request.META.get("HTTP_HOST", "localhost")).lower() in LOCAL_NAMES
        and not any(header in request.META for header in FORWARDED)
    )


class Backend(AuthenticationBackend):
    """Sign-in by e-mail and password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> Any:
        account = super().authenticate(request, **credentials)
        if account is not None and account.demo and not from_this_machine(request):
            return None
        return account


class DirectoryBackend(BaseBackend):
    """Sign-in with the password of the town's LDAP directory or Active Directory."""

    def authenticate(
        self, request: HttpRequest | None, email: str | None = None, password: str | None = None, **kwargs: Any
    ) -> Account | None:
        if not email or not password:
            return None
        entry = ldap.authenticate(email, password)
        return directory.account_of_entry(entry) if entry is not None else None

    def get_user(self, user_id: int) -> Account | None:
        account = Account.objects.filter(pk=user_id).first()
        return account if account is not None and account.is_active else None
