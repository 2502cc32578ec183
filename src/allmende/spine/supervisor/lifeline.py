"""Processes die with their parent, also when the parent is killed with -9.

Two nets: the kernel's parent-death signal (Linux, prctl(2) PR_SET_PDEATHSIG), and a pipe whose writing end
only the parent holds, so that its end of file says the same on every system and bounds a child that ignores
SIGTERM.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_PR_SET_NAME = 15
_PR_SET_NO_NEW_PRIVS = 38

# Loaded at import: a fork child between fork and exec must not start to load libraries.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(number: int, parent: int | None = None) -> None:
    """Ask the kernel to send us `number` when the thread that made us ends. `parent` is the pid expected as
    parent: if it is gone already, we send the signal ourselves (it may have died before we asked)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), number)


def set_name(name: str) -> None:
    """The name `ps` and `top` show (Linux: its first 15 bytes)."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def before_exec(number: int) -> Callable[[], None]:
    """A `preexec_fn` for a program that should die with us. It runs after the change of user, which would
    clear the setting, and also forbids gaining rights by set-uid programs."""
    parent = os.getpid()

    def prepare() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        die_with_parent(number, parent)

    return prepare


def bind_grandchildren(number: int = signal.SIGTERM) -> None:
    """From now on every process forked (os.fork, multiprocessing "fork") by our main thread dies with us.

    Only the main thread: the kernel counts the forking *thread* as the parent, and a helper thread ends
    early.
    """
    state = {"main": False, "parent": 0}

    def before() -> None:
        state["main"] = threading.current_thread() is threading.main_thread()
        state["parent"] = os.getpid()

    def in_child() -> None:
        if state["main"]:
            die_with_parent(number, state["parent"])

    os.register_at_fork(before=before, after_in_child=in_child)


def open_sockets() -> int:
    """How many sockets this process has open (Linux; 0 elsewhere)."""
    found = 0
    for entry in Path("/proc/self/fd").glob("*"):
        try:
            found += str(entry.readlink()).startswith("socket:") and int(entry.name) > 2
        except OSError:
            continue
    return found


class Lifeline:
    """The pipe. The parent makes it and keeps it; a child calls `watch()` after the fork."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()

    def watch(self, grace: float) -> None:
        """In a child that leads its own process group: when the parent is gone, SIGTERM to the group, and
        after `grace` seconds SIGKILL."""
        os.close(self._write)
        threading.Thread(target=self._wait, args=(grace,), name="lifeline", daemon=True).start()

    def _wait(self, grace: float) -> None:
        while os.read(self._read, 1):
            pass
        group = os.getpgrp()
        os.killpg(group, signal.SIGTERM)
        time.sleep(grace)
        os.killpg(group, signal.SIGKILL)

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)
