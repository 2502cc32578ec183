"""One archive of a whole town: the database (pg_dump, custom format), its files, a manifest with checksums.

The dump comes first: a file that is uploaded meanwhile is one too many, never one too few. The archive gets its name
only when it is whole; nobody but its owner may read it, since it holds personal data.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import IO, Any

from allmende.spine.supervisor import pgtools
from allmende.spine.supervisor.errors import ArchiveProblem, DatabaseError
from allmende.spine.supervisor.faults import named_problem, problem_in_text
from allmende.spine.supervisor.paths import Layout
from allmende.spine.supervisor.words import say

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"
SECRETS = "secrets.json"
FOLDERS = ("files", "basemap")


@dataclass(frozen=True)
class Entry:
    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    format: int
    created: str
    allmende: str
    server_version: int
    dump_version: str
    with_secrets: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(frozen=True)
class Backup:
    archive: Path
    size: int
    sha256: str
    manifest: Manifest


def backup(
    data: Path | str,
    target_dir: Path | str,
    dsn: str,
    *,
    external: bool = False,
    with_secrets: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> Backup:
    """Write `allmende-<UTC time>.tar` to `target_dir`. `external`: `dsn` is a DATABASE_URL, not the embedded server.

    Raises DiskFull, PermissionProblem, DatabaseError; then no half archive is left.
    """
    layout, target = Layout.of(data), Path(target_dir)
    try:
        target.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%SZ")
        final = _free_name(target, stamp)
        with tempfile.TemporaryDirectory(prefix=".allmende-", suffix=".part", dir=target) as work:
            part = Path(work) / "archive.tar"
            dump = Path(work) / DUMP
            progress(say("backup_database"))
            server, tools = dump_database(dsn, dump, external)
            progress(say("backup_files"))
            manifest = Manifest(
                FORMAT,
                datetime.now(UTC).isoformat(timespec="seconds"),
                metadata_version(),
                server,
                tools,
                with_secrets and (layout.data / SECRETS).is_file(),
            )
            _write(part, dump, layout, manifest)
            digest = _file_digest(part)
            size = part.stat().st_size
            part.rename(final)
            _sync_folder(target)
    except OSError as exc:
        raise named_problem(exc, target) from exc
    return Backup(final, size, digest, manifest)


def dump_database(dsn: str, target: Path, external: bool) -> tuple[int, str]:
    """pg_dump to `target`; the server's version number and the tool's version."""
    import psycopg

    try:
        with psycopg.connect(dsn, connect_timeout=10) as probe:
            server = probe.info.server_version
    except psycopg.OperationalError as exc:
        raise DatabaseError("database_unreachable", address="", reason=str(exc).strip()) from exc
    tools = pgtools.find(server // 10000, system_first=external)
    where, environment = pgtools.connection(dsn)
    arguments = ("--format=custom", "--no-owner", "--no-privileges", "--no-comments", "-f", str(target), "-d", where)
    done = subprocess.run(
        tools.command("pg_dump", *arguments), env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        problem = problem_in_text(done.stderr, target)
        raise problem or DatabaseError("dump_failed", reason=done.stderr.strip()[-800:])
    return server, tools.version


def _write(part: Path, dump: Path, layout: Layout, manifest: Manifest) -> None:
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as raw, tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, manifest, DUMP, dump)
        for name in FOLDERS:
            for path in _files(layout.data / name):
                _add(tar, manifest, str(path.relative_to(layout.data)), path)
        if manifest.with_secrets:
            _add(tar, manifest, SECRETS, layout.data / SECRETS)
        body = json.dumps(asdict(manifest), indent=1).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mtime, info.mode = len(body), int(time.time()), 0o600
        tar.addfile(info, io.BytesIO(body))
        tar.close()
        raw.flush()
        os.fsync(raw.fileno())


def _files(folder: Path) -> Iterator[Path]:
    for base, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(base) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _add(tar: tarfile.TarFile, manifest: Manifest, name: str, path: Path) -> None:
    try:
        source = path.open("rb")
    except FileNotFoundError:  # deleted since the folder was listed
        return
    with source:
        info = tarfile.TarInfo(name)
        stat = os.fstat(source.fileno())
        info.size, info.mtime, info.mode = stat.st_size, int(stat.st_mtime), 0o600
        hashed = _Hashing(source, info.size)
        tar.addfile(info, hashed)
    manifest.entries.append(Entry(name, info.size, hashed.digest()))


class _Hashing:
    """A reader that hashes what passes. A file that shrinks meanwhile is an error, not silence."""

    def __init__(self, source: IO[bytes], size: int) -> None:
        self._source = source
        self._left = size
        self._hash = hashlib.sha256()

    def read(self, count: int = -1) -> bytes:
        block = self._source.read(min(count, self._left) if count >= 0 else self._left)
        self._left -= len(block)
        self._hash.update(block)
        return block

    def digest(self) -> str:
        return self._hash.hexdigest()


def read_manifest(archive: Path) -> Manifest:
    """Check the whole archive against its manifest. Raises ArchiveProblem naming the first thing that is wrong."""
    found: dict[str, Entry] = {}
    raw: dict[str, Any] | None = None
    try:
        with tarfile.open(archive, mode="r:") as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() else None
                if source is None or raw is not None or not safe_name(member.name):
                    raise ArchiveProblem("archive_foreign", path=archive, what=member.name)
                if member.name == MANIFEST:
                    raw = json.load(source)
                    continue
                found[member.name] = Entry(member.name, member.size, _digest(source))
    except (tarfile.TarError, ValueError, EOFError) as exc:
        raise ArchiveProblem("archive_broken", path=archive, what=str(exc)) from exc
    except OSError as exc:
        raise named_problem(exc, archive) from exc
    if raw is None:
        raise ArchiveProblem("archive_broken", path=archive, what=MANIFEST)
    if raw.get("format") != FORMAT:
        raise ArchiveProblem("archive_format", path=archive, found=raw.get("format"), needed=FORMAT)
    try:
        entries = [Entry(**entry) for entry in raw.pop("entries")]
        manifest = Manifest(**raw, entries=entries)
    except (TypeError, KeyError) as exc:
        raise ArchiveProblem("archive_broken", path=archive, what=MANIFEST) from exc
    for entry in entries:
        if found.pop(entry.path, None) != entry:
            raise ArchiveProblem("archive_checksum", path=archive, what=entry.path)
    if found or DUMP not in {entry.path for entry in entries}:
        raise ArchiveProblem("archive_broken", path=archive, what=", ".join(found) or DUMP)
    return manifest


def safe_name(name: str) -> bool:
    """Names that this module writes: nothing absolute, nothing upwards, nothing elsewhere."""
    parts = Path(name).parts
    if Path(name).is_absolute() or ".." in parts:
        return False
    return name in (DUMP, MANIFEST, SECRETS) or (len(parts) > 1 and parts[0] in FOLDERS)


def metadata_version() -> str:
    try:
        return metadata.version("allmende")
    except metadata.PackageNotFoundError:  # a checkout that is not installed
        return "checkout"


def _free_name(target: Path, stamp: str) -> Path:
    for number in range(1000):
        path = target / f"allmende-{stamp}{f'-{number}' if number else ''}.tar"
        if not path.exists():
            return path
    raise FileExistsError(target)


def _digest(source: IO[bytes]) -> str:
    found = hashlib.sha256()
    while block := source.read(1024 * 1024):
        found.update(block)
    return found.hexdigest()


def _file_digest(path: Path) -> str:
    with path.open("rb") as source:
        return _digest(source)


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
