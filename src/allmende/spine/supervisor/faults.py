"""From an operating system's error to a problem with a name."""

from __future__ import annotations

import errno
from pathlib import Path

from allmende.spine.supervisor.errors import DiskFull, PermissionProblem, SupervisorError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FULL_SIGNS = ("No space left on device", "Disk quota exceeded", "Check free disk space")
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


def named_problem(exc: OSError, path: Path | str) -> SupervisorError:
    """The problem behind `exc`; `path` is what we were working on."""
    where = exc.filename or path
    if exc.errno in _FULL:
        return DiskFull("disk_full", path=where)
    if exc.errno in _FORBIDDEN:
        return PermissionProblem("no_permission", path=where)
    return SupervisorError("os_problem", path=where, reason=exc.strerror or str(exc))


def problem_in_text(text: str, path: Path | str) -> SupervisorError | None:
    """The same for what a program of PostgreSQL wrote to its log; None when the text names no such
    problem."""
    if any(sign in text for sign in _FULL_SIGNS):
        return DiskFull("disk_full", path=path)
    if "Permission denied" in text or "Read-only file system" in text:
        return PermissionProblem("no_permission", path=path)
    return None
