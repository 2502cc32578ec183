"""Processes behind the walls: started when needed, lent to one thread at a time, replaced when one fails."""

from __future__ import annotations

import json
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import BadResult, Broken, OutOfMemory, TimedOut, TooDeep

WORKER = Path(__file__).with_name("worker.py")
# Wall-clock seconds that a call may take for each second of CPU time it has, and beside them: a busy machine is slow,
# and a script that waits without working is ended too.
PATIENCE = 10.0
GRACE = 10.0


class Worker:
    """One process; used by one thread at a time."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._most = int(settings["result"]) * 4 + 16
        self._load = float(settings["load_seconds"])
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", "-B", str(WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={"TZ": "UTC", "LC_ALL": "C.UTF-8"},
            )
        except OSError as error:
            raise Broken(f"no process behind the walls: {error.strerror}") from error
        self._send(settings, self._load)

    def call(self, function: str, values: str, seconds: float) -> tuple[str, str]:
        """Kind (`=` result, `!` threw, `x` refused) and text. Raises TimedOut, OutOfMemory, TooDeep, BadResult, Broken;
        after any of them this process is of no use."""
        until = (seconds + self._load) * PATIENCE + GRACE
        self._send({"function": function, "values": values, "seconds": seconds}, until)
        deadline = time.monotonic() + until
        (length,) = struct.unpack(">I", self._read(4, deadline))
        if not 1 <= length <= self._most:
            raise BadResult("the result is too large")
        said = self._read(length, deadline)
        kind, text = chr(said[0]), said[1:].decode("utf-8", "replace")
        failures = {"t": TimedOut("out of time"), "m": OutOfMemory("out of memory"), "s": TooDeep("out of stack")}
        if kind in failures:
            raise failures[kind]
        return kind, text

    def abandon(self) -> None:
        """After a fork: the process is the parent's, and our ends of its pipes would keep it alive."""
        self._process.returncode = 0
        self._shut()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._shut()

    def _shut(self) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def _send(self, message: Mapping[str, Any], seconds: float) -> None:
        assert self._process.stdin is not None
        data = json.dumps(message, ensure_ascii=True).encode()
        descriptor = self._process.stdin.fileno()
        os.set_blocking(descriptor, False)
        view = memoryview(struct.pack(">I", len(data)) + data)
        deadline = time.monotonic() + seconds
        while view:
            self._wait(descriptor, select.POLLOUT, deadline)
            try:
                view = view[os.write(descriptor, view) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise self._ended() from error

    def _read(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        parts = []
        while count:
            self._wait(descriptor, select.POLLIN, deadline)
            part = os.read(descriptor, min(count, 1 << 20))
            if not part:
                raise self._ended()
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def _wait(self, descriptor: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(descriptor, event)
        if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise TimedOut("no answer in time")

    def _ended(self) -> Exception:
        """Why the process is gone: the kernel ends it when it is out of CPU time (SIGXCPU)."""
        code = self._process.wait()
        if code == -signal.SIGXCPU:
            return TimedOut("out of time, in one step")
        return Broken(f"the process behind the walls ended with {code}")


class Pool:
    """At most `size` processes; a caller waits while all are busy."""

    def __init__(self, settings: Mapping[str, Any], size: int) -> None:
        self._settings = settings
        self._size = size
        self._forget()

    def _forget(self) -> None:
        self._pid = os.getpid()
        self._idle: list[Worker] = []
        self._lent = threading.Semaphore(self._size)

    def call(self, function: str, values: str, seconds: float) -> tuple[str, str]:
        if self._pid != os.getpid():
            for worker in self._idle:
                worker.abandon()
            self._forget()
        with self._lent:
            # list.pop and append are atomic; the last one used is the warmest
            try:
                worker = self._idle.pop()
            except IndexError:
                worker = Worker(self._settings)
            try:
                answer = worker.call(function, values, seconds)
            except BaseException:
                worker.close()
                raise
            self._idle.append(worker)
            return answer

    def close(self) -> None:
        if self._pid == os.getpid():
            while self._idle:
                self._idle.pop().close()
