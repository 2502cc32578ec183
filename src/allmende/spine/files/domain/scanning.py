"""The virus scan: any program that takes a path and exits with 0 (clean) or 1 (infected), as clamdscan does."""

import logging
import shlex
import subprocess
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..core import blobs
from ..enums import Scan
from ..facts import FileScanned
from ..models import StoredFile
from . import storage

log = logging.getLogger("allmende.files")
SECONDS = 300


class ScanFailed(Exception):
    """The scan said neither clean nor infected. The file stays unreadable and the job tries again."""


def command() -> list[str]:
    """The scan command as a list of arguments; empty where the town runs none."""
    return shlex.split(settings.SCAN_COMMAND)


def infected() -> ValidationError:
    return ValidationError(_("The virus scan found something in this file. It is not accepted."), code="infected")


def defer(file: StoredFile) -> None:
    """Queue the scan, in the transaction that makes the row."""
    from ..tasks import scan  # tasks import the domain

    scan.defer(file_id=file.pk)


def run(argv: list[str], path: Any) -> Scan:
    """Ask the program. Raises ScanFailed for any other exit code, a missing program or no answer in five minutes."""
    try:
        done = subprocess.run([*argv, str(path)], capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ScanFailed(type(error).__name__) from error
    if done.returncode not in (0, 1):
        raise ScanFailed(f"exit code {done.returncode}")
    return Scan.CLEAN if done.returncode == 0 else Scan.REFUSED


def scan(file_id: int) -> str:
    """Scan one waiting file; the answer counts for every row with the same bytes. Returns the state.

    Infected bytes are removed at once; the rows stay, so that people are told. Repeatable. Raises ScanFailed.
    """
    row = StoredFile.objects.filter(pk=file_id).first()
    if row is None or row.scan != Scan.WAITING:
        return row.scan if row else ""
    argv = command()
    result = run(argv, storage.path(row)) if argv else Scan.NOT_SCANNED
    with transaction.atomic():
        storage.lock(row.sha256)
        rows = list(StoredFile.objects.select_for_update().filter(sha256=row.sha256, scan=Scan.WAITING).order_by("pk"))
        for found in rows:
            found.scan = result
            found.scanned = timezone.now()
            found.save(update_fields=["scan", "scanned"])
            emit(FileScanned(result=result.value), subject=found, url="")
        if result == Scan.REFUSED:
            log.warning("upload refused by the virus scan", extra={"file": row.urn})
            sha256 = row.sha256
            transaction.on_commit(lambda: blobs.remove(storage.root(), sha256))
    return result.value
