"""Real servers and real processes for the tests of the supervisor."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest

from allmende.spine.supervisor import cluster
from allmende.spine.supervisor.paths import Layout
from tests.support.cluster import make_folder

ROOT = Path(__file__).resolve().parents[2]
AS_ROOT = os.geteuid() == 0

needs_root = pytest.mark.skipif(not AS_ROOT, reason="needs root: it changes users or mounts")


T = TypeVar("T")


def until(ask: Callable[[], T], what: str, seconds: float = 30) -> T:
    """Ask again and again until the answer is true; the answer."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := ask():
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s in vain: {what}")
        time.sleep(0.02)


@contextmanager
def town_folder() -> Iterator[Path]:
    """A data folder that the server's user may enter; afterwards everything of it is gone, also outside of it."""
    folder = make_folder("allmende-sup-")
    try:
        yield folder
    finally:
        forget(folder)


def forget(folder: Path) -> None:
    layout = Layout.of(folder)
    place = cluster.locate(layout) if folder.exists() else None
    if place is not None and layout.data not in place.parents:
        shutil.rmtree(place.parent, ignore_errors=True)
    shutil.rmtree(layout.runtime, ignore_errors=True)
    for runtime in Path("/tmp").glob(f"allmende-{layout.digest}-*"):
        shutil.rmtree(runtime, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def processes_of(folder: Path) -> list[int]:
    """Every live process that belongs to the town in `folder`: by its command line or working directory."""
    found = []
    mark = str(folder)
    for process in psutil.process_iter():
        if process.pid == os.getpid():
            continue
        try:
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            if mark in " ".join(process.cmdline()) or process.cwd().startswith(mark):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def python(*arguments: str, user: str | None = None) -> subprocess.Popen[str]:
    """A Python process of the checkout, as another user where asked; its words are read from stdout."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANG": "C.UTF-8",
        "HOME": "/",
    }
    return popen([*as_user(user), sys.executable, *arguments], environment, stderr=subprocess.STDOUT)


_STARTED: list[subprocess.Popen[str]] = []


def popen(command: list[str], environment: dict[str, str], stderr: int) -> subprocess.Popen[str]:
    """A process that the `town` fixture ends and closes, whatever the test did with it."""
    process = subprocess.Popen(
        command,
        cwd="/",
        env=environment,
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
    )
    _STARTED.append(process)
    return process


def close_all() -> None:
    for process in _STARTED:
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    _STARTED.clear()


def as_user(name: str | None) -> list[str]:
    if name is None:
        return []
    entry = pwd.getpwnam(name)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def may_read_checkout(user: str) -> bool:
    """Whether `user` can run this checkout's Python at all."""
    done = subprocess.run([*as_user(user), sys.executable, "-c", "import allmende"], cwd="/", capture_output=True)
    return done.returncode == 0


def read_until(process: subprocess.Popen[str], word: str, seconds: float = 60) -> list[str]:
    """The lines of `process` up to the one that contains `word`."""
    assert process.stdout is not None
    lines: list[str] = []
    previous = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if word in line:
                return lines
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    raise AssertionError(f"{word!r} never came (exit {process.wait()}): {lines}")


def _late(number: int, frame: object) -> None:
    raise AssertionError("the process said nothing in time")
