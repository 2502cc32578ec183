"""The package for the archive: the offered rows as JSON and CSV, with a note on what they are."""

import csv
import hashlib
import io
import tempfile
import zipfile
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.people.access import require

from .. import register
from ..enums import Decision
from ..models import ArchiveOffer
from .access_log import record_access
from .collecting import as_json, plain, shown_fields
from .retention import offered_rows


def safe_cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula (CWE-1236)."""
    text = "" if value is None else str(value)
    return "'" + text if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def csv_line(values: list[Any]) -> str:
    """One line of such a table."""
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\r\n").writerow([safe_cell(value) for value in values])
    return target.getvalue()


def csv_text(columns: list[str], rows: list[list[Any]]) -> str:
    """A table as German spreadsheets open it: semicolons, byte order mark."""
    return "\ufeff" + "".join(csv_line(row) for row in [columns, *rows])


def offers(actor: Any) -> QuerySet[ArchiveOffer]:
    """Open ones first, then newest first. Raises PermissionDenied."""
    require(actor, "privacy.view_offers")
    return ArchiveOffer.objects.select_related("decided_by").order_by("-executed", "-created", "-pk")


@transaction.atomic
def package(offer: ArchiveOffer, *, actor: Any) -> IO[bytes]:
    """The package as an open temporary file; its SHA-256 is kept with the offer, the look with the access log.

    Raises PermissionDenied, and ValidationError unless the archive takes the data over and they are still there.
    """
    require(actor, "privacy.decide_offer", offer)
    row = ArchiveOffer.locked(offer.pk)
    if row.decision != Decision.TAKEN or row.executed is not None:
        raise ValidationError(_("There is no package for this offer."), code="decided")
    line = register.line_of(row.model)
    names = shown_fields(line)
    rows = [
        [found.pk, found.counted.isoformat(), *(plain(found, name) for name in names)] for found in offered_rows(row)
    ]
    columns = ["id", "date", *names]
    about = {
        "offer": row.urn,
        "model": row.model,
        "description": row.description,
        "legal_basis": line.legal_basis,
        "retention_days": line.retention_days,
        "offered": row.created.isoformat(),
        "decision": {"time": row.decided.isoformat() if row.decided else None, "reason": row.reason},
        "count": len(rows),
    }
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("angebot.json", as_json(about))
        archive.writestr("daten.json", as_json([dict(zip(columns, values, strict=True)) for values in rows]))
        archive.writestr("daten.csv", csv_text(columns, rows))
    file.seek(0)
    row.package_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    row.downloaded = timezone.now()
    row.version += 1
    row.save(update_fields=["package_sha256", "downloaded", "version", "changed"])
    record_access(actor, row, "archive package")
    file.seek(0)
    return file
