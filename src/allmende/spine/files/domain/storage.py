"""Blobs of this town: where they lie, when they go."""

import logging
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from ..core import blobs
from ..models import StoredFile

log = logging.getLogger("allmende.files")
PART_SECONDS = 3600.0


def root() -> Path:
    return Path(settings.DATA) / "files"


def path(file: StoredFile) -> Path:
    """Where the bytes of `file` lie."""
    return blobs.path_of(root(), file.sha256)


def lock(sha256: str) -> None:
    """Keep everybody else from adding or removing this blob until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", [f"files:{sha256}"])


def remove_unused(sha256: str) -> bool:
    """Remove a blob that no row refers to. Returns whether it went.

    Under the blob's lock: an upload of the same bytes that is not yet committed holds it, so the check waits for that
    upload's end.
    """
    with transaction.atomic():
        lock(sha256)
        if StoredFile.objects.filter(sha256=sha256).exists():
            return False
        blobs.remove(root(), sha256)
        return True


def sweep() -> tuple[int, int]:
    """Remove what killed processes left: old parts, and blobs without a row. Returns (parts, blobs) removed."""
    parts = blobs.old_parts(root(), PART_SECONDS)
    for part in parts:
        part.unlink(missing_ok=True)
    gone = 0
    batch: list[str] = []
    for sha256 in blobs.stored(root()):
        batch.append(sha256)
        if len(batch) == 1000:
            gone += _sweep(batch)
            batch = []
    gone += _sweep(batch)
    if parts or gone:
        log.info("files swept", extra={"parts": len(parts), "blobs": gone})
    return len(parts), gone


def _sweep(batch: list[str]) -> int:
    used = set(StoredFile.objects.filter(sha256__in=batch).values_list("sha256", flat=True))
    return sum(remove_unused(sha256) for sha256 in batch if sha256 not in used)
