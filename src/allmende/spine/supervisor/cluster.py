"""The database cluster on disk: where it lies, who owns it, made by initdb, its roles and extensions."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from allmende.spine.supervisor import osuser, pgconf
from allmende.spine.supervisor.errors import DatabaseStartFailed, DataVersionMismatch, PermissionProblem
from allmende.spine.supervisor.faults import named_problem, problem_in_text
from allmende.spine.supervisor.lifeline import before_exec
from allmende.spine.supervisor.osuser import ServerUser
from allmende.spine.supervisor.paths import SYSTEM_DATA, Layout

POINTER = "pg.path"
EXTENSIONS = ("pg_trgm", "btree_gist")


@dataclass(frozen=True)
class Home:
    pg_dir: Path
    user: ServerUser

    def exists(self) -> bool:
        return self.pg_dir.is_dir()


def locate(layout: Layout) -> Path | None:
    """The data directory if there is one: `DATA/pg`, or where the pointer file says."""
    pointer = layout.data / POINTER
    try:
        if pointer.is_file():
            target = Path(pointer.read_text().strip())
            return target if target.is_dir() else None
        return layout.data / "pg" if (layout.data / "pg").is_dir() else None
    except OSError as exc:
        raise named_problem(exc, pointer) from exc


def home(layout: Layout, store: Path | None = None) -> Home:
    """Where the cluster is or will be, and as whom it runs. Raises PermissionProblem for a foreign cluster.

    As root: `DATA/pg` when the server's user can get there, else a folder of the system (`store`) with a
    pointer in DATA. No parent folder is opened for it.
    """
    store = store or SYSTEM_DATA
    if found := locate(layout):
        user = osuser.choose(owner_of=found)
        if not user.can_enter(found):
            owner = found.stat().st_uid
            if user.uid != owner:
                raise PermissionProblem("foreign_cluster", path=found, uid=owner)
            raise PermissionProblem("cluster_unreachable", path=found, user=user.name)
        return Home(found, user)
    pointer = layout.data / POINTER
    if pointer.exists():
        raise PermissionProblem("cluster_missing", path=pointer.read_text().strip(), pointer=pointer)
    user = osuser.choose()
    if user.can_enter(layout.data):
        return Home(layout.data / "pg", user)
    target = store / layout.digest / "pg"
    try:
        for folder in (store, target.parent):
            if not folder.exists():
                folder.mkdir(parents=True, mode=0o755)
                folder.chmod(0o755)  # ours and new: the umask may have closed it
        if not user.can_enter(target.parent):
            raise PermissionProblem("cluster_unreachable", path=target.parent, user=user.name)
        if not target.exists():
            return Home(target, user)
        return Home(target, osuser.choose(owner_of=target))
    except OSError as exc:
        raise named_problem(exc, target) from exc


def initdb(home: Home, install: Path, *options: str) -> None:
    """Make the cluster beside its place and move it there when it is whole: a kill leaves no half one.

    UTF-8 with the built-in C.UTF-8 rules: the same order on every machine, and no index breaks with a new
    libc. LC_CTYPE comes from the system, since pg_trgm takes no umlaut for a letter under C.
    """
    work = home.pg_dir.with_name("pg.new")
    try:
        if work.exists():
            shutil.rmtree(work)
        for lc_ctype in ("C.UTF-8", "en_US.UTF-8", "C"):
            folder_for(work, home.user)
            done = subprocess.run(
                [
                    install / "bin" / "initdb",
                    *("-D", work, "-U", pgconf.SUPERUSER, "--auth=peer", "--encoding=UTF8", "--locale=C"),
                    *(f"--lc-ctype={lc_ctype}", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
                    *("--no-instructions", *options),
                ],
                cwd="/",
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                env={"PATH": "/usr/bin:/bin:/usr/local/bin", "LC_ALL": "C", "TZ": "UTC"},
                preexec_fn=before_exec(15),
                check=False,
                **home.user.run_as(),
            )
            if done.returncode == 0:
                break
            if "invalid locale" not in done.stderr:
                raise problem_in_text(done.stderr, work) or DatabaseStartFailed(
                    "initdb_failed", status=done.returncode, log=done.stderr.strip()[-1500:]
                )
        work.rename(home.pg_dir)
    except OSError as exc:
        raise named_problem(exc, home.pg_dir) from exc
    finally:
        shutil.rmtree(work, ignore_errors=True)


def remember_place(layout: Layout, home: Home) -> None:
    """Write the pointer file when the cluster lies outside of DATA."""
    if home.pg_dir.parent == layout.data:
        return
    pointer = layout.data / POINTER
    try:
        pointer.write_text(f"{home.pg_dir}\n")
    except OSError as exc:
        raise named_problem(exc, pointer) from exc


def folder_for(path: Path, user: ServerUser) -> None:
    """A folder only `user` may enter. An existing one must be theirs already."""
    try:
        path.mkdir(mode=0o700)
        if not user.is_current:
            os.chown(path, user.uid, user.gid, follow_symlinks=False)
    except FileExistsError:
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (user.uid, os.geteuid()):
            raise PermissionProblem("foreign_folder", path=path, uid=found.st_uid) from None
        if found.st_uid != user.uid:
            os.chown(path, user.uid, user.gid, follow_symlinks=False)
    except OSError as exc:
        raise named_problem(exc, path) from exc


def check_version(pg_dir: Path, binaries: str) -> None:
    """Raises DataVersionMismatch when another major version wrote this cluster."""
    try:
        written = (pg_dir / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        raise DatabaseStartFailed("cluster_incomplete", path=pg_dir) from None
    except OSError as exc:
        raise named_problem(exc, pg_dir) from exc
    if written.split(".")[0] != binaries.split(".")[0]:
        raise DataVersionMismatch("data_version", found=written, needed=binaries, path=pg_dir)


def bootstrap(admin_dsn: str, app_dsn: str) -> None:
    """Role, database and extensions of the town, each made when it is missing. Raises DatabaseStartFailed."""
    import psycopg

    role, database = pgconf.APP_ROLE, pgconf.APP_DATABASE
    try:
        with psycopg.connect(admin_dsn, autocommit=True) as admin:
            row = admin.execute(
                "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s),"
                " EXISTS (SELECT FROM pg_database WHERE datname = %s)",
                (role, database),
            ).fetchone()
            has_role, has_database = row or (False, False)
            if not has_role:
                admin.execute(f"CREATE ROLE {role} LOGIN")
            if not has_database:
                admin.execute(f"CREATE DATABASE {database} OWNER {role}")
        with psycopg.connect(app_dsn, autocommit=True) as connection:
            present = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
            for name in EXTENSIONS:
                if name not in present:
                    connection.execute(f"CREATE EXTENSION IF NOT EXISTS {name}")
    except psycopg.Error as exc:
        raise problem_in_text(str(exc), "PostgreSQL") or DatabaseStartFailed(
            "bootstrap_failed", log=str(exc).strip()
        ) from exc
