"""Handing out a person's copy of their data (Art. 15 and 20 GDPR): at once where it is small, by a job where not."""

import logging
import os
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.models import Account

from ..enums import CopyState
from ..facts import DataExported
from ..models import DataCopy
from . import collecting, mails

log = logging.getLogger("allmende.privacy")
LARGE_ROWS = 2000
LARGE_BYTES = 20_000_000
KEEP = timedelta(days=7)


def folder() -> Path:
    return Path(settings.DATA) / "exports"


def path_of(copy: DataCopy) -> Path:
    return folder() / f"{copy.public_id}.zip"


def is_large(account: Account) -> bool:
    """Whether collecting takes longer than somebody should wait for a page."""
    rows, size = collecting.extent(account)
    return rows > LARGE_ROWS or size > LARGE_BYTES


def _for_programs(part: dict[str, Any]) -> dict[str, Any]:
    rows = [dict(zip(part["fields"], row, strict=True)) for row in part["rows"]]
    return {"key": part["key"], "title": part["title"], "purpose": part["purpose"], "rows": rows}


def write(account: Account, target: IO[bytes]) -> None:
    """The ZIP: meine-daten.json for programs, meine-daten.html for people, the person's files."""
    sections = list(collecting.sections(account))
    facts = list(collecting.facts_of(account))
    made = timezone.now()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        names = []
        for number, (name, path) in enumerate(collecting.blobs_of(account), 1):
            names.append(f"dateien/{number:04d}-{name}")
            archive.write(path, names[-1])
        whole = {
            "about": account.urn,
            "made": made.isoformat(),
            "by": current().name,
            "data": [_for_programs(part) for part in sections],
            "facts": facts,
            "files": names,
        }
        archive.writestr("meine-daten.json", collecting.as_json(whole))
        language = translation.get_language() or "de"
        page = render_to_string(
            "privacy/copy.html",
            {"sections": sections, "facts": facts, "files": names, "made": made}
            | {"instance": current(), "language": language},
        )
        archive.writestr("meine-daten.html", page)


@transaction.atomic
def copy_now(account: Account) -> IO[bytes]:
    """The copy as an open temporary file without a name, at its beginning."""
    file = tempfile.TemporaryFile(dir=_ready_folder())  # noqa: SIM115 - the response closes it
    try:
        write(account, file)
    except BaseException:
        file.close()
        raise
    emit(DataExported(how="at once"), subject=account, actor=account)
    file.seek(0)
    return file


@transaction.atomic
def request_copy(account: Account) -> DataCopy:
    """Have a copy made. One that is under way already is not asked for again."""
    Account.objects.select_for_update().get(pk=account.pk)
    waiting = DataCopy.objects.filter(account=account, state=CopyState.WAITING).first()
    if waiting is not None:
        return waiting
    row = DataCopy.objects.create(account=account, language=translation.get_language() or "de")
    emit(DataExported(how="requested"), subject=account, actor=account)
    from ..tasks import make_copy  # tasks import the domain

    make_copy.defer(copy_id=row.pk)
    return row


def make(copy_id: int) -> bool:
    """Make a requested copy. Repeatable: whoever is killed in between leaves a part that the next run replaces.
    Returns whether made."""
    row = DataCopy.objects.select_related("account").filter(pk=copy_id, state=CopyState.WAITING).first()
    if row is None:
        return False
    part = _ready_folder() / f"{uuid4().hex}.part"
    try:
        with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            with translation.override(row.language):
                write(row.account, file)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        with transaction.atomic():
            locked = DataCopy.objects.select_for_update().filter(pk=copy_id, state=CopyState.WAITING).first()
            if locked is None:
                return False
            part.replace(path_of(locked))
            locked.state, locked.size, locked.finished = CopyState.READY, size, timezone.now()
            locked.save(update_fields=["state", "size", "finished", "changed"])
    finally:
        part.unlink(missing_ok=True)
    mails.send(
        row.account,
        lambda: (
            _("Your copy of your data is ready"),
            _("You asked for a copy of your data. It is ready for seven days:\n%(url)s")
            % {"url": mails.url("privacy:my_data")},
        ),
    )
    return True


def _ready_folder() -> Path:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder()


@transaction.atomic
def hand_out(copy: DataCopy, *, actor: Any) -> Path:
    """Where the finished ZIP lies, for the person themselves. Raises PermissionDenied for anybody else,
    FileNotFoundError."""
    if getattr(actor, "pk", None) != copy.account_id:
        raise PermissionDenied("copy of another person")
    path = path_of(copy)
    if copy.state != CopyState.READY or not path.exists():
        raise FileNotFoundError(path)
    emit(DataExported(how="downloaded"), subject=copy.account, actor=actor)
    return path


def copies_of(account: Account) -> list[DataCopy]:
    """Copies asked for and not yet gone, newest first."""
    return list(DataCopy.objects.filter(account=account).order_by("-created"))


def discard(row: DataCopy) -> None:
    path = path_of(row)
    row.delete()
    transaction.on_commit(lambda: path.unlink(missing_ok=True))


def sweep() -> int:
    """Remove copies older than seven days, and ZIPs without a row. Returns how many rows went."""
    limit = timezone.now() - KEEP
    old = list(DataCopy.objects.filter(created__lt=limit))
    for row in old:
        with transaction.atomic():
            discard(row)
    known = {path_of(row).name for row in DataCopy.objects.all()}
    for path in folder().glob("*"):
        if path.name not in known and path.stat().st_mtime < limit.timestamp():
            path.unlink(missing_ok=True)
    return len(old)
