"""Who looked at whose data."""

from typing import Any

from django.db.models import QuerySet

from allmende.spine.people.access import require, roles_of
from allmende.spine.people.models import Account

from ..models import AccessLogEntry


def record_access(person: Any, subject: Any, purpose: str, about: Account | None = None) -> AccessLogEntry | None:
    """Note that `person` looked at `subject` (a record or its URN) for `purpose` (a short word or sentence, nothing
    personal).

    `about` is whom the record concerns; an account's own URN says so itself. Looking at one's own data is not noted:
    returns None.
    """
    urn = subject if isinstance(subject, str) else subject.urn
    if about is None and urn.startswith("account:") and urn[8:].isdigit():
        about = Account.objects.filter(pk=int(urn[8:])).first()
    viewer = person if isinstance(person, Account) else None
    if viewer is not None and about is not None and viewer.pk == about.pk:
        return None
    roles = sorted({role.value for role, _ in roles_of(person)}) if viewer is not None else []
    return AccessLogEntry.objects.create(
        viewer=viewer, viewer_roles=",".join(roles)[:200], about=about, subject_urn=urn[:120], purpose=purpose[:120]
    )


def entries_about(account: Account) -> QuerySet[AccessLogEntry]:
    """Who looked at `account`'s data, newest first. Shown to the person without names: roles say which office
    looked."""
    return AccessLogEntry.objects.filter(about=account).order_by("-time", "-pk")


def entries(actor: Any, *, person: str = "", subject: str = "") -> QuerySet[AccessLogEntry]:
    """The whole log, newest first, by who looked (e-mail) or at what (URN). Raises PermissionDenied."""
    require(actor, "privacy.view_access_log")
    rows = AccessLogEntry.objects.select_related("viewer", "about").order_by("-time", "-pk")
    if person:
        rows = rows.filter(viewer__email__iexact=person)
    if subject:
        rows = rows.filter(subject_urn=subject)
    return rows
