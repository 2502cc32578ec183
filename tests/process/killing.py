"""Processes of their own for tests: killed at a certain statement, or at work at once."""

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections


def _forked(work: Callable[[], Any]) -> int:
    """The process id of a child that does `work` with a connection of its own and ends with 0, or 1 after an error."""
    connections.close_all()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        connections.close_all()
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(code)


def killed_at(statement: int, work: Callable[[], Any]) -> bool:
    """Let a child do `work` and kill it when it is about to send its `statement`th statement to the database; whether
    it got so far. Raises AssertionError where the work failed by itself."""
    sent = 0

    def count(execute: Any, *args: Any) -> Any:
        nonlocal sent
        sent += 1
        if sent == statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*args)

    def counted() -> None:
        with connection.execute_wrapper(count):
            work()

    _pid, status = os.waitpid(_forked(counted), 0)
    assert status in (0, signal.SIGKILL), status
    return status == signal.SIGKILL


def at_once(works: Sequence[Callable[[], Any]]) -> None:
    """Let children begin at the same moment, each with one of `works`. Raises AssertionError where one failed."""
    reading, writing = os.pipe()

    def after_the_gun(work: Callable[[], Any]) -> None:
        connection.ensure_connection()
        os.read(reading, 1)
        work()

    children = [_forked(lambda work=work: after_the_gun(work)) for work in works]
    os.write(writing, b"." * len(works))
    found = [os.waitpid(child, 0)[1] for child in children]
    os.close(reading)
    os.close(writing)
    assert found == [0] * len(works)
