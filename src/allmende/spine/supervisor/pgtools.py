"""pg_dump, pg_restore and psql: which ones, and how they are called without showing a password to `ps`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from allmende.spine.supervisor.dsn import parse_conninfo
from allmende.spine.supervisor.errors import DatabaseError
from allmende.spine.supervisor.pgbinaries import major, wheel_install


@dataclass(frozen=True)
class Tools:
    """A folder with pg_dump, pg_restore and psql of one major version."""

    folder: Path
    version: str

    def command(self, name: str, *arguments: str) -> list[str]:
        return [str(self.folder / name), *arguments]


def find(minimum: int, system_first: bool) -> Tools:
    """Tools of at least major version `minimum`: pg_dump refuses servers newer than itself.

    `system_first` for a database of the town's own: the wheel's programs know no TLS.
    """
    candidates = [*_system(), *_wheel()] if system_first else [*_wheel(), *_system()]
    for folder in candidates:
        found = _version(folder)
        if found and major(found) >= minimum and all((folder / name).exists() for name in ("pg_restore", "psql")):
            return Tools(folder, found)
    raise DatabaseError("no_tools", needed=minimum)


def _wheel() -> Iterator[Path]:
    try:
        yield wheel_install() / "bin"
    except DatabaseError:
        return


def _system() -> Iterator[Path]:
    if path := shutil.which("pg_dump"):
        yield Path(path).parent
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql@*/bin")]
    yield from sorted(folders, reverse=True)


def _version(folder: Path) -> str | None:
    try:
        done = subprocess.run([folder / "pg_dump", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    match = re.search(r"(\d+(?:\.\d+)*)", done.stdout)
    return match.group(1) if done.returncode == 0 and match else None


def connection(dsn: str) -> tuple[str, dict[str, str]]:
    """The `-d` argument without the password, and the environment that carries it."""
    from psycopg.conninfo import make_conninfo

    parts = parse_conninfo(dsn)
    environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "PGAPPNAME": "allmende-backup"}
    environment |= {key: os.environ[key] for key in ("HOME", "PGPASSFILE", "PGSSLROOTCERT") if key in os.environ}
    if password := parts.pop("password", None):
        environment["PGPASSWORD"] = password
    return make_conninfo("", **parts), environment
