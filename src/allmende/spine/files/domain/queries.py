"""Reading files."""

from typing import Any

from django.db.models import QuerySet

from ..enums import Scan
from ..models import StoredFile


def files_of(subject: Any) -> QuerySet[StoredFile]:
    """Files of a record (or a URN) that were not refused, oldest first."""
    urn = subject if isinstance(subject, str) else subject.urn
    return StoredFile.objects.filter(subject=urn).exclude(scan=Scan.REFUSED).order_by("created", "pk")


def file_by_id(public_id: Any) -> StoredFile | None:
    return StoredFile.objects.filter(public_id=public_id).first()


def waiting() -> QuerySet[StoredFile]:
    """Files that no scan has answered for yet, oldest first."""
    return StoredFile.objects.filter(scan=Scan.WAITING).order_by("created")
