"""Servers on this machine that answer well or badly, for whoever asks other servers."""

import contextlib
import http.server
import ipaddress
import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Any

import pytest

from allmende.spine.outgoing import OutgoingError, describe, fetch

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)
Reply = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def serving(reply: Reply, tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[int]:
    """A server whose every GET is answered by `reply`; gives its port. Afterwards no thread of it is left."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Whoever has read enough hangs up: that is what these tests want.
            with contextlib.suppress(ConnectionError):
                reply(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = False
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(
    handler: http.server.BaseHTTPRequestHandler, body: bytes = b"", status: int = HTTPStatus.OK, **headers: str
) -> None:
    """A whole answer; `headers` with underscores for hyphens."""
    handler.send_response(status)
    for name, value in {"Content_Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def refused(url: str, **more: Any) -> tuple[type[OutgoingError], str]:
    """Kind and code of what is raised for a URL; `more`: arguments of `fetch()`."""
    with pytest.raises(OutgoingError) as caught:
        fetch(url, **({"timeout": 5} | more))
    assert str(caught.value) == describe(caught.value.code, caught.value.host)
    return type(caught.value), caught.value.code


def resolver(*turns: list[str]) -> Any:
    """A resolver that gives other addresses every time it is asked; addresses themselves are never looked up."""
    real, answers = socket.getaddrinfo, itertools.chain(turns, itertools.repeat(turns[-1]))

    def look_up(host: str, port: Any, *args: Any, **more: Any) -> Any:
        if host.endswith(".example"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in next(answers)]
        return real(host, port, *args, **more)

    return look_up
