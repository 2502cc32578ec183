"""`/healthz` and `/metrics` of a process, on a unix socket in its run folder (and a loopback port where asked for).

One thread answers one request after the other: connections that checks open belong to that thread, and a check that
hangs makes the process look as stuck as it is.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import socketserver
import sys
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from allmende.spine.supervisor.context import Check, Metrics

_TIMEOUT = 5.0


def report(name: str, checks: Mapping[str, Check]) -> dict[str, Any]:
    """Run the checks: `{"name", "pid", "ok", "checks": {check: {"ok", "detail"}}}`. An exception's text is kept."""
    results: dict[str, dict[str, Any]] = {}
    for key, check in checks.items():
        try:
            detail, ok = check(), True
        except Exception as exc:  # whatever it is, the process must say so
            detail, ok = f"{type(exc).__name__}: {exc}"[:500], False
        results[key] = {"ok": ok, "detail": detail}
    return {
        "name": name,
        "pid": os.getpid(),
        "ok": all(result["ok"] for result in results.values()),
        "checks": results,
    }


class HealthServer:
    """Answers until the process ends. `socket_path` is removed by the next start, not at exit."""

    def __init__(
        self, name: str, checks: Mapping[str, Check], metrics: Metrics | None, run_dir: Path, port: int | None
    ) -> None:
        self.socket_path = run_dir / f"{name}.sock"
        self.port = port
        self._handler = _handler(name, dict(checks), metrics)
        self._servers: list[socketserver.BaseServer] = []
        with contextlib.suppress(FileNotFoundError):
            self.socket_path.unlink()
        self._servers.append(_Unix(str(self.socket_path), self._handler))
        self.socket_path.chmod(0o600)
        if port:
            self._servers.append(_Tcp(("127.0.0.1", port), self._handler))
        for server in self._servers:
            threading.Thread(target=_serve, args=(server,), name="health", daemon=True).start()


def serve_health(
    name: str,
    checks: Mapping[str, Check] | None = None,
    metrics: Metrics | None = None,
    *,
    run_dir: Path,
    port: int | None = None,
) -> HealthServer:
    """Start the health server of process `name`; call it after the fork. Raises OSError when it cannot listen."""
    return HealthServer(name, checks or {}, metrics, run_dir, port)


def _serve(server: socketserver.BaseServer) -> None:
    while True:
        server.handle_request()  # blocks without polling: an idle process stays idle


class _Unix(socketserver.UnixStreamServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


class _Tcp(socketserver.TCPServer):
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news."""


def _handler(name: str, checks: dict[str, Check], metrics: Metrics | None) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = _TIMEOUT
        server_version = "allmende"
        sys_version = ""

        def do_GET(self) -> None:
            if self.path == "/healthz":
                found = report(name, checks)
                self._answer(200 if found["ok"] else 503, "application/json", json.dumps(found).encode())
            elif self.path == "/metrics":
                body = metrics() if metrics else b""
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", body)
            else:
                self._answer(404, "text/plain", b"not found\n")
            _close_database()

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Health is asked every few seconds: nothing to write down."""

    return Handler


def _close_database() -> None:
    # A check through Django leaves a connection in this thread; after a restart of the server it would stay broken.
    database = sys.modules.get("django.db")
    if database is not None:
        database.connections.close_all()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(str(self._path))
        except OSError:
            self.sock.close()
            raise


def ask(socket_path: Path, path: str = "/healthz", timeout: float = _TIMEOUT) -> tuple[int, bytes]:
    """Status and body of a process's answer. Raises OSError when it does not answer in `timeout` seconds."""
    connection = _UnixConnection(socket_path, timeout)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as exc:
        raise OSError(str(exc)) from exc
    finally:
        connection.close()
