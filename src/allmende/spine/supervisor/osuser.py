"""As whom the database server runs: PostgreSQL refuses root, so root lends it an existing unprivileged
user."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from allmende.spine.supervisor.errors import PermissionProblem

CANDIDATES = ("allmende", "postgres", "nobody")


class RunAs(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerUser:
    name: str
    uid: int
    gid: int

    @property
    def is_current(self) -> bool:
        return self.uid == os.geteuid()

    def run_as(self) -> RunAs:
        """Arguments for subprocess: the child gives up root before it executes anything."""
        if self.is_current:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may walk down to `folder`. Asked of the kernel, as that user: modes alone do not
        know about ACLs, mounts and user namespaces."""
        if self.is_current:
            return os.access(folder, os.X_OK)
        done = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1" 2>/dev/null', "sh", str(folder)],
            cwd="/",
            stdin=subprocess.DEVNULL,
            check=False,
            **self.run_as(),
        )
        return done.returncode == 0


def by_uid(uid: int) -> ServerUser:
    """Raises PermissionProblem where the number has no name: peer authentication and initdb need one."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as exc:
        raise PermissionProblem("user_without_name", uid=uid) from exc
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def choose(owner_of: Path | None = None) -> ServerUser:
    """Ourselves; as root the owner of an existing cluster, else the first existing unprivileged candidate."""
    if os.geteuid() != 0:
        return by_uid(os.geteuid())
    if owner_of is not None:
        owner = owner_of.stat().st_uid
        if owner != 0:
            return by_uid(owner)
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise PermissionProblem("no_server_user", names=", ".join(CANDIDATES))
