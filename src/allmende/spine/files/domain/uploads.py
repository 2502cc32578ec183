"""Keeping, giving away and removing uploads."""

import errno
import logging
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.models import Account

from ..core import kinds as table
from ..core import pictures
from ..core.blobs import CHUNK, Part
from ..core.names import safe_name
from ..core.sniff import Refused
from ..enums import Scan
from ..facts import FileChanged, FileDeleted, FileStored
from ..models import StoredFile
from ..rights import can_change
from . import checking, scanning, storage

log = logging.getLogger("allmende.files")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Upload(Protocol):
    """What Django's UploadedFile and an open binary file have in common."""

    name: str

    def read(self, size: int = -1, /) -> bytes: ...


def store(
    uploaded: Upload,
    *,
    subject: Any = "",
    actor: Any,
    kinds: set[str],
    max_bytes: int | None = None,
    alt: str = "",
    public: bool = False,
) -> StoredFile:
    """Keep an upload for `subject` (a record or its URN). The caller has checked that `actor` may change the subject.

    `max_bytes` replaces the kinds' own limits. Joins the caller's transaction; rolled back, the bytes stay unseen
    until the sweeper takes them. Raises ValidationError for what is not accepted (see `checking.inspect`) and, with
    code `disk_full`, where there is no room.
    """
    try:
        with Part(storage.root()) as raw:
            size = _receive(uploaded, raw, max_bytes if max_bytes is not None else table.limit_of(kinds))
            media = checking.inspect(raw.file, uploaded.name or "", size, kinds, max_bytes)
            if media.type not in table.IMAGES:
                return _keep(raw, uploaded.name, media, None, subject, actor, alt, public)
            with Part(storage.root()) as clean:
                try:
                    pixels = pictures.rewrite(raw.file, clean.file, media.type)
                except Refused as refusal:
                    raise checking.refused(refusal, kinds) from None
                return _keep(clean, uploaded.name, media, pixels, subject, actor, alt, public)
    except OSError as error:
        if error.errno not in _FULL:
            raise
        log.error("no room for an upload")
        raise ValidationError(
            _("There is no room left for files on the server. Nothing was saved; please tell the administration."),
            code="disk_full",
        ) from error


def _receive(uploaded: Upload, part: Part, limit: int) -> int:
    size = 0
    while chunk := uploaded.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise checking.too_large(limit, max(size, getattr(uploaded, "size", 0) or 0))
        part.file.write(chunk)
    part.file.flush()
    # A capped upload comes truncated, with the size that was sent.
    return max(size, getattr(uploaded, "size", 0) or 0)


@transaction.atomic
def _keep(
    part: Part,
    name: str,
    media: table.Media,
    pixels: tuple[int, int] | None,
    subject: Any,
    actor: Any,
    alt: str,
    public: bool,
) -> StoredFile:
    sha256, size = part.finish()
    storage.lock(sha256)
    known = _verdict(sha256)
    if known == Scan.REFUSED:
        raise scanning.infected()
    part.keep(sha256)
    row = StoredFile.objects.create(
        sha256=sha256,
        size=size,
        media_type=media.type,
        name=safe_name(name or "", media.extensions[0]),
        alt=alt[:300],
        width=pixels[0] if pixels else None,
        height=pixels[1] if pixels else None,
        owner=actor if isinstance(actor, Account) else None,
        subject=subject if isinstance(subject, str) else subject.urn,
        scan=known or (Scan.WAITING if scanning.command() else Scan.NOT_SCANNED),
        public=public,
    )
    emit(FileStored(media_type=media.type, size=size, belongs_to=row.subject), subject=row, actor=actor, url="")
    if row.scan == Scan.WAITING:
        scanning.defer(row)
    return row


def _verdict(sha256: str) -> str | None:
    """What the scan said about these bytes before, if a scan is set."""
    if not scanning.command():
        return None
    states = set(StoredFile.objects.filter(sha256=sha256).values_list("scan", flat=True))
    if Scan.REFUSED in states:
        return Scan.REFUSED
    return Scan.CLEAN if Scan.CLEAN in states else None


def _require(actor: Any, file: StoredFile) -> None:
    # A string names a part of the system (`import`, `job`), not a person.
    if actor is not None and not isinstance(actor, str) and not can_change(actor, file):
        raise PermissionDenied("files")


@transaction.atomic
def change(file: StoredFile, *, actor: Any, **values: Any) -> StoredFile:
    """Change `alt`, `public` or `subject`. Raises PermissionDenied, ValueError for other fields."""
    unknown = set(values) - {"alt", "public", "subject"}
    if unknown:
        raise ValueError(f"not changeable: {sorted(unknown)}")
    row = StoredFile.locked(file.pk)
    _require(actor, row)
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.version += 1
        row.save(update_fields=[*changed, "version", "changed"])
        emit(FileChanged(fields=changed), subject=row, actor=actor, url="")
    return row


@transaction.atomic
def delete(file: StoredFile, *, actor: Any) -> None:
    """Remove a file; its bytes go with the last row that refers to them. Raises PermissionDenied."""
    row = StoredFile.locked(file.pk)
    _require(actor, row)
    emit(FileDeleted(), subject=row, actor=actor, url="")
    sha256 = row.sha256
    row.delete()
    transaction.on_commit(lambda: _remove(sha256))


def _remove(sha256: str) -> None:
    try:
        storage.remove_unused(sha256)
    except OSError:
        # The row is gone, nobody can reach the bytes; the sweeper tries again.
        log.exception("blob not removed")


@transaction.atomic
def let_go(file: StoredFile) -> None:
    """Part a file from its owner, who leaves. A file of their own goes; one of a room's matter loses owner and name."""
    row = StoredFile.locked(file.pk)
    if not row.subject or row.subject.partition(":")[0] in {"account", "pseudonym"}:
        delete(row, actor=None)
        return
    row.owner = None
    row.name = safe_name("", row.name.rpartition(".")[2])
    row.version += 1
    row.save(update_fields=["owner", "name", "version", "changed"])
    emit(FileChanged(fields=["name", "owner"]), subject=row, url="")
