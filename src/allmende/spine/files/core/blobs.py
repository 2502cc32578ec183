"""Blobs on disk: written to a part, flushed, then moved to the name that is their SHA-256. Pure.

root/ab/cd/abcd…   complete blobs
root/tmp/*.part    what is being written; nobody reads it
"""

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

CHUNK = 1 << 20


def path_of(root: Path, sha256: str) -> Path:
    """Where a blob lies. Raises ValueError for anything but 64 lower-case hexadecimal digits."""
    if len(sha256) != 64 or set(sha256) - set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return root / sha256[:2] / sha256[2:4] / sha256


class Part:
    """A file being written in `root/tmp`. As a context manager it removes what was not kept."""

    def __init__(self, root: Path) -> None:
        folder = root / "tmp"
        folder.mkdir(parents=True, exist_ok=True)
        self.root = root
        self.path = folder / f"{uuid4().hex}.part"
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        self.file = os.fdopen(descriptor, "w+b")

    def __enter__(self) -> "Part":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            # Buffered bytes that no longer fit on the disk raise again on closing: they are not wanted any more.
            self.file.close()
        except OSError:
            pass
        finally:
            self.path.unlink(missing_ok=True)

    def finish(self) -> tuple[str, int]:
        """Flush to the disk; returns (SHA-256, size in bytes). Raises OSError where the disk is full."""
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.seek(0)
        digest = hashlib.file_digest(self.file, "sha256").hexdigest()
        return digest, self.file.tell()

    def keep(self, sha256: str) -> Path:
        """Move to the blob's place, unless the same bytes are there already."""
        target = path_of(self.root, sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists():
            self.path.replace(target)
            _sync_folder(target.parent)
        return target


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(root: Path, sha256: str) -> None:
    path_of(root, sha256).unlink(missing_ok=True)


def stored(root: Path) -> Iterator[str]:
    """SHA-256 of every complete blob."""
    for path in root.glob("??/??/*"):
        if len(path.name) == 64:
            yield path.name


def old_parts(root: Path, seconds: float) -> list[Path]:
    """Parts that nobody has written to for `seconds`: left by a killed process."""
    before = time.time() - seconds
    found = []
    for path in (root / "tmp").glob("*.part"):
        try:
            if path.stat().st_mtime < before:
                found.append(path)
        except FileNotFoundError:
            continue
    return found
