"""The log of a town: JSON lines in `DATA/log/allmende.log`, of all processes in one file, rotated by size.

Children inherit the file as stdout and stderr, so that also a traceback of C or Rust code ends up there. It is open
for appending only: short lines of several processes do not mix, and the supervisor may cut it while they write.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from allmende.spine.supervisor.faults import named_problem

MAX_BYTES = 10 * 1024 * 1024
KEEP = 5


def line(level: str, event: str, process: str, **fields: object) -> str:
    """One record; the same keys as the application's own formatter writes."""
    entry = {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "logger": "allmende.supervisor",
        "process": process,
        "message": event,
    }
    return json.dumps(entry | {key: _plain(value) for key, value in fields.items()}, ensure_ascii=False) + "\n"


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


class EventLog:
    """The supervisor's end of the file. A full disk never stops the supervisor: the line is lost then."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o640)
        except OSError as exc:
            raise named_problem(exc, path) from exc

    def write(self, level: str, event: str, **fields: object) -> None:
        try:
            os.write(self.fd, line(level, event, "supervisor", **fields).encode())
        except OSError:
            return

    def close(self) -> None:
        os.close(self.fd)


def rotate(path: Path, max_bytes: int = MAX_BYTES, keep: int = KEEP) -> bool:
    """Copy a grown log to `path.1` (older ones to .2 …) and cut it. Writers keep their open file. Lines written
    between copy and cut are lost; that is the price of not asking PostgreSQL and Rust to reopen it."""
    try:
        if path.stat().st_size <= max_bytes:
            return False
        for number in range(keep - 1, 0, -1):
            older = path.with_name(f"{path.name}.{number}")
            if older.exists():
                older.replace(path.with_name(f"{path.name}.{number + 1}"))
        shutil.copy2(path, path.with_name(f"{path.name}.1"))
        os.truncate(path, 0)
    except OSError:  # full disk: cutting matters more than keeping
        try:
            os.truncate(path, 0)
        except OSError:
            return False
    return True


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, object] = {"logger": record.name}
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        name = getattr(record, "service", record.name)
        return line(record.levelname.lower(), record.getMessage(), name, **fields).rstrip("\n")


def name_process(name: str) -> None:
    """Every record of this process gets `service`; a process without logging of its own gets JSON on stderr."""
    make = logging.getLogRecordFactory()

    def factory(*args: object, **kwargs: object) -> logging.LogRecord:
        record = make(*args, **kwargs)
        record.service = name
        return record

    logging.setLogRecordFactory(factory)
    if not logging.getLogger().handlers:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Formatter())
        logging.getLogger().addHandler(handler)
        logging.getLogger().setLevel(logging.INFO)
