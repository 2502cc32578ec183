"""A backup into a fresh database: everything or nothing, and a new epoch of the fact log.

The database is restored in one transaction that also begins the new epoch: the transaction numbers of this cluster
have nothing to do with those in the archive, and a cursor of the old ones would wait for facts for ever.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from allmende.spine.supervisor import backup, pgtools
from allmende.spine.supervisor.errors import ArchiveProblem, DatabaseError
from allmende.spine.supervisor.faults import named_problem, problem_in_text
from allmende.spine.supervisor.paths import Layout
from allmende.spine.supervisor.pgbinaries import major
from allmende.spine.supervisor.words import say

_NEW_EPOCH = """
SET search_path TO public;
DO $$ BEGIN
  IF to_regprocedure('facts_new_epoch(text)') IS NOT NULL THEN PERFORM facts_new_epoch('restore'); END IF;
END $$;
"""

# Own schemas and everything in them; extensions in `public` go with it and the dump brings them back.
_CLEAR = """
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
  LOOP EXECUTE format('DROP SCHEMA %I CASCADE', name); END LOOP;
END $$;
CREATE SCHEMA public;
"""

# Loads the extension's library before the dump's functions: a function with `SET pg_trgm.similarity_threshold` is
# refused to an ordinary role while the server does not know that setting (PostgreSQL 15 and newer).
_PREPARE = """
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
DO $$ BEGIN PERFORM public.show_limit(); END $$;
"""

_OBJECTS = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


@dataclass(frozen=True)
class Restored:
    manifest: backup.Manifest
    files: int
    secrets: bool


def restore(
    archive: Path | str,
    data: Path | str,
    dsn: str,
    *,
    external: bool = False,
    force: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> Restored:
    """Verify `archive`, then restore it into the database `dsn` and the folder `data`, which must both be empty.

    With `force` what is there is replaced. Raises ArchiveProblem (broken, not empty), DiskFull, DatabaseError; after
    an error database and files are as they were.
    """
    archive, layout = Path(archive), Layout.of(data)
    progress(say("restore_verify"))
    manifest = backup.read_manifest(archive)
    if not force:
        _refuse_full(layout, dsn)
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=layout.data) as folder:
            work = Path(folder)
            progress(say("restore_files"))
            _extract(archive, work)
            progress(say("restore_database"))
            _load(dsn, work / backup.DUMP, manifest, external, clear=force)
            secrets = _put_in_place(work, layout, force)
    except OSError as exc:
        raise named_problem(exc, layout.data) from exc
    return Restored(manifest, len(manifest.entries) - 1 - manifest.with_secrets, secrets)


def _refuse_full(layout: Layout, dsn: str) -> None:
    import psycopg

    for name in backup.FOLDERS:
        folder = layout.data / name
        if folder.is_dir() and any(folder.iterdir()):
            raise ArchiveProblem("restore_not_empty", what=folder)
    try:
        with psycopg.connect(dsn, connect_timeout=10) as connection:
            row = connection.execute(_OBJECTS).fetchone()
            name = connection.info.dbname
    except psycopg.OperationalError as exc:
        raise DatabaseError("database_unreachable", address="", reason=str(exc).strip()) from exc
    if row and row[0]:
        raise ArchiveProblem("restore_not_empty", what=name)


def _extract(archive: Path, work: Path) -> None:
    with tarfile.open(archive, mode="r:") as tar:
        for member in tar:
            source = tar.extractfile(member)
            if source is None or not backup.safe_name(member.name):
                raise ArchiveProblem("archive_foreign", path=archive, what=member.name)
            target = work / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            private = member.name == backup.SECRETS
            fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o644)
            with os.fdopen(fd, "wb") as out:
                shutil.copyfileobj(source, out)
            os.utime(target, (member.mtime, member.mtime))


def _load(dsn: str, dump: Path, manifest: backup.Manifest, external: bool, clear: bool) -> None:
    """pg_restore writes SQL, psql runs it in one transaction that is committed only when pg_restore was happy."""
    tools = pgtools.find(major(manifest.dump_version), system_first=external)
    where, environment = pgtools.connection(dsn)
    # Errors into files: nobody reads two pipes while writing a third.
    with tempfile.TemporaryFile() as dump_errors, tempfile.TemporaryFile() as errors:
        reader = subprocess.Popen(
            tools.command("pg_restore", "--no-owner", "--no-privileges", "--no-comments", "-f", "-", str(dump)),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=dump_errors,
        )
        writer = subprocess.Popen(
            tools.command("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", where, "-f", "-"),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        assert reader.stdout is not None and writer.stdin is not None
        try:
            try:
                writer.stdin.write(f"BEGIN;\n{_CLEAR if clear else ''}{_PREPARE}".encode())
                _copy_sql(reader.stdout, writer.stdin)
                if reader.wait() == 0:
                    writer.stdin.write(_NEW_EPOCH.encode() + b"COMMIT;\n")
                writer.stdin.close()
            except BrokenPipeError:  # psql met an error and left; its own words follow
                pass
            failed = writer.wait() != 0
        finally:
            for process in (reader, writer):
                if process.poll() is None:
                    process.kill()
                process.wait()
            reader.stdout.close()
        if failed or reader.returncode != 0:
            text = _text(errors) if failed else _text(dump_errors)
            raise problem_in_text(text, dump) or DatabaseError("restore_failed", reason=text.strip()[-800:])


def _copy_sql(source: IO[bytes], target: IO[bytes]) -> None:
    """Leaves out the one setting that servers before PostgreSQL 17 do not know."""
    for _ in range(60):
        line = source.readline()
        if line.strip() != b"SET transaction_timeout = 0;":
            target.write(line)
    shutil.copyfileobj(source, target, 1024 * 1024)


def _put_in_place(work: Path, layout: Layout, force: bool) -> bool:
    for name in backup.FOLDERS:
        new, old = work / name, layout.data / name
        if not new.is_dir() and not force:
            continue
        if old.is_dir():
            old.rename(work / f"{name}.before")  # goes with the work folder
        if new.is_dir():
            new.rename(old)
    kept = layout.data / backup.SECRETS
    if (work / backup.SECRETS).is_file() and (force or not kept.exists()):
        (work / backup.SECRETS).rename(kept)
        return True
    return False


def _text(source: IO[bytes]) -> str:
    source.seek(0)
    return source.read().decode(errors="replace")
