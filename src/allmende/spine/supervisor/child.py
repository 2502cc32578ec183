"""The first moments of a forked process: cut off from the supervisor, bound to its life, then its target."""

from __future__ import annotations

import logging
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from allmende.spine.supervisor import logs
from allmende.spine.supervisor.context import ProcessContext, ProcessSpec
from allmende.spine.supervisor.health import serve_health
from allmende.spine.supervisor.lifeline import Lifeline, bind_grandchildren, die_with_parent, set_name

GRACE = 7.0
"""Seconds between SIGTERM and SIGKILL."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


def fork(spec: ProcessSpec, ctx: ProcessContext, lifeline: Lifeline, log_fd: int, port: int | None) -> int:
    """Fork `spec`; returns its pid, which is also its process group."""
    parent = os.getpid()
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        return pid
    code = 70
    try:
        _settle(spec.name, parent, lifeline, log_fd)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        health = partial(serve_health, spec.name, run_dir=ctx.run_dir, port=port)
        code = run(spec, replace(ctx, name=spec.name, health=health))
    finally:
        # Not sys.exit: the stack above us belongs to the supervisor, its handlers must not run twice.
        os._exit(code)


def _settle(name: str, parent: int, lifeline: Lifeline, log_fd: int) -> None:
    signal.set_wakeup_fd(-1)
    for number in _SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setsid()
    die_with_parent(signal.SIGTERM, parent)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log_fd, 1), (log_fd, 2)):
        os.dup2(source, target)
    lifeline.watch(GRACE)
    bind_grandchildren()
    set_name(f"allmende-{name}")
    logs.name_process(name)


def run(spec: ProcessSpec, ctx: ProcessContext) -> int:
    """Run the target to its end; the exit status. Everything uncaught is one log record."""
    log = logging.getLogger("allmende.process")
    try:
        result = spec.target(ctx)
        code = result if isinstance(result, int) and not isinstance(result, bool) else 0
    except SystemExit as exc:
        code = exc.code if isinstance(exc.code, int) else (0 if exc.code is None else 1)
    except KeyboardInterrupt:
        code = 0
    except BaseException:
        log.exception("process %s ended with an error", spec.name)
        code = 1
    _quietly(logging.shutdown)
    _quietly(sys.stdout.flush)
    _quietly(sys.stderr.flush)
    return code


def _quietly(action: Callable[[], object]) -> None:
    try:
        action()
    except (OSError, ValueError):
        return
