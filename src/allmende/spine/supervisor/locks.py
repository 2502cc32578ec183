"""A lock file that says who holds it. flock(2): the kernel frees it when its holder dies, also by kill -9."""

from __future__ import annotations

import fcntl
import json
import os
import weakref
from pathlib import Path
from typing import Any

from allmende.spine.supervisor.faults import named_problem


class FileLock:
    """One advisory lock. `holder` is JSON for people and for the refusal message, never the lock itself."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._fd: int | None = None
        _LOCKS.add(self)

    @property
    def held(self) -> bool:
        return self._fd is not None

    def acquire(self, **holder: object) -> bool:
        """Take the lock without waiting; False when somebody else has it. Raises PermissionProblem,
        DiskFull."""
        if self._fd is not None:
            return True
        try:
            fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as exc:
            raise named_problem(exc, self.path) from exc
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            return False
        self._fd = fd
        self.note(**holder)
        return True

    def note(self, **holder: object) -> None:
        """Write down who holds it."""
        if self._fd is None:
            return
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, json.dumps({"pid": os.getpid(), **holder}).encode(), 0)
        except OSError as exc:
            raise named_problem(exc, self.path) from exc

    def holder(self) -> dict[str, Any]:
        """What the holder wrote down; empty when it is unreadable."""
        try:
            found = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def free(self) -> bool:
        """Whether nobody holds it right now."""
        if self._fd is not None:
            return False
        try:
            fd = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return True
        except OSError as exc:
            raise named_problem(exc, self.path) from exc
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        finally:
            os.close(fd)
        return True

    def release(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None


_LOCKS: weakref.WeakSet[FileLock] = weakref.WeakSet()


def _drop_in_child() -> None:
    # A forked child shares the open file, and with it the lock: it would outlive its holder.
    for lock in list(_LOCKS):
        lock.release()


os.register_at_fork(after_in_child=_drop_in_child)
