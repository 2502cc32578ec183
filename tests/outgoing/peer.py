"""Servers on this machine that answer well or badly, for whoever asks other servers."""

import contextlib
import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from http import HTTPStatus

Reply = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextlib.contextmanager
def serving(reply: Reply, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server whose every GET is answered by `reply`; gives its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            # Whoever has read enough hangs up: that is what these tests want.
            with contextlib.suppress(ConnectionError):
                reply(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
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
