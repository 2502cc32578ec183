"""Reading the log."""

from django.db.models import QuerySet

from ..models import FactRow


def public_activity() -> QuerySet[FactRow]:
    """What everybody may see, newest first. The actor is not part of it."""
    return FactRow.objects.filter(public=True).defer("actor").order_by("-time", "-id")


def audit(kind: str = "", actor: str = "", subject: str = "") -> QuerySet[FactRow]:
    """Everything, for staff with the right to see it, newest first. `kind` is a prefix."""
    rows = FactRow.objects.order_by("-time", "-id")
    if kind:
        rows = rows.filter(kind__startswith=kind)
    if actor:
        rows = rows.filter(actor=actor)
    if subject:
        rows = rows.filter(subject=subject)
    return rows


def history(urn: str) -> QuerySet[FactRow]:
    """All facts about one thing, newest first."""
    return FactRow.objects.filter(subject=urn).order_by("-id")
