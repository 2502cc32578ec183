"""A town's fact log in a cluster of its own, the real live process beside it, and a small reader of event streams."""

import http.client
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import psycopg

from allmende.spine.live.tickets import mint

SECRET = "a secret of the test"
ORIGIN = "http://town.test:8080"
SQL = Path(__file__).resolve().parents[2] / "src/allmende/spine/facts/sql/facts.sql"

SERVE = """
import sys
from allmende.spine.live import server
def health(checks, render):
    # The health server's part is another's; here its figures are asked for by a file.
    import pathlib, threading
    def write():
        while True:
            part = pathlib.Path(sys.argv[5] + ".part")
            part.write_bytes(render())
            part.rename(sys.argv[5])
            stop.wait(0.05)
    stop = threading.Event()
    threading.Thread(target=write, daemon=True).start()
server.serve(
    dsn=sys.argv[1], host="127.0.0.1", port=int(sys.argv[2]), origin=sys.argv[3], secret=sys.argv[4], health=health
)
assert "django" not in sys.modules
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Any, seconds: float = 30.0) -> Any:
    """Ask again and again until the answer is true; the deadline fails the test."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = condition()
        except OSError:
            found = None
        if found:
            return found
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def tell(connection: psycopg.Connection[Any], kind: str, subject: str = "", public: bool = True) -> int:
    row = connection.execute(
        "SELECT emit_fact(%s, %s, '{\"secret\": \"payload\"}', 'account:7', %s, '/somewhere/')", (kind, subject, public)
    ).fetchone()
    assert row is not None
    return int(row[0])


class LiveProcess:
    def __init__(self, dsn: str, origin: str = ORIGIN) -> None:
        self.port = free_port()
        self.folder = tempfile.TemporaryDirectory(prefix="alm-live-")
        self.figures = Path(self.folder.name) / "metrics"
        arguments = [dsn, str(self.port), origin, SECRET, str(self.figures)]
        self.process = subprocess.Popen([sys.executable, "-c", SERVE, *arguments])
        until(lambda: self.get("poll=1", ticket("*"))[0] == 200)

    def get(self, query: str, ticket: str = "", headers: dict[str, str] | None = None) -> tuple[int, Any, Any]:
        """Status, JSON, headers of a request that is answered at once."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", f"/live/stream?{query}&{urlencode({'ticket': ticket})}", headers=headers or {})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null"), answer.headers
        finally:
            connection.close()

    def stream(self, ticket: str, topics: str = "", headers: dict[str, str] | None = None, **more: Any) -> "Stream":
        query = {"ticket": ticket} | ({"topics": topics} if topics else {}) | more
        return Stream(self.port, urlencode(query), headers or {})

    def streams(self) -> int:
        """How many streams are open, by the process's own figures (Prometheus text)."""
        found = re.search(r"^allmende_live_streams (\d+)", self.figures.read_text(), re.MULTILINE)
        return int(found[1]) if found else 0

    def stop(self) -> int:
        self.process.terminate()
        try:
            return self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        finally:
            self.folder.cleanup()


class Stream:
    """An open stream; `next()` waits for the next event: (name, id, data)."""

    def __init__(self, port: int, query: str, headers: dict[str, str], wait: float = 10.0) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=wait)
        self.connection.request("GET", f"/live/stream?{query}", headers=headers)
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200, self.answer.read()

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self.answer.close()
        self.connection.close()

    def fact(self) -> Any:
        """The id of the next fact. Facts may stand before or behind "ready", as the reader was fast or slow."""
        while (event := self.next()) is not None:
            assert event[0] != "reset"
            if event[0] == "fact":
                return event[2]["id"]
        return None

    def next(self) -> tuple[str, str, Any] | None:
        """The next event, None at the end of the stream."""
        name = number = data = ""
        while True:
            line = self.answer.readline().decode()
            if not line:
                return None
            key, _, value = line.rstrip("\n").partition(": ")
            if key == "event":
                name = value
            elif key == "id":
                number = value
            elif key == "data":
                data = value
            elif not key and name:
                return name, number, json.loads(data)


def ticket(*topics: str, staff: bool = False, age: float = 0.0, secret: str = SECRET, subject: str = "") -> str:
    return mint(secret, subject, topics, time.time() - age, staff=staff)
