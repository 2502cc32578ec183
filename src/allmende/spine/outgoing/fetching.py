"""One request through the door."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, ProtocolError, SSLError
from urllib3.response import BaseHTTPResponse

from . import addresses
from .addresses import Target
from .errors import Broken, Refused, TimedOut, TooLarge, Unreachable

MAX_REDIRECTS = 5
CHUNK_BYTES = 16_384
_LEADS_ON = frozenset((301, 302, 303, 307, 308))
_PACKED = frozenset(("", "identity", "gzip", "x-gzip", "deflate"))
_SECRET = frozenset(("authorization", "cookie", "proxy-authorization"))


@dataclass(frozen=True)
class Answer:
    """`headers`: by lower-case name. `body`: unpacked. `url`: where it came from after redirects."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


def check(url: str) -> None:
    """Raises Refused where `fetch()` would not even resolve the name of `url`; for forms."""
    addresses.read(url)


def fetch(
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = 5_000_000,
    timeout: float = 20,
    accept: str = "*/*",
) -> Answer:
    """GET `url`. `max_bytes`: of the unpacked body. `timeout`: seconds for everything, redirects included.

    Raises OutgoingError: Refused, Unreachable, TimedOut, TooLarge, Broken.
    """
    until = time.monotonic() + timeout
    target = addresses.read(url)
    sent = {name.lower(): value for name, value in (headers or {}).items()}
    for _turn in range(MAX_REDIRECTS + 1):
        answer = _ask(target, sent | {"accept": accept}, max_bytes, until)
        if answer.status not in _LEADS_ON or "location" not in answer.headers:
            return answer
        following = addresses.read(urljoin(target.url, answer.headers["location"]))
        if target.scheme == "https" and following.scheme == "http":
            raise Refused("downgrade", target.host)
        if following.origin != target.origin:
            sent = {name: value for name, value in sent.items() if name not in _SECRET}
        target = following
    raise Refused("redirects", target.host)


def _ask(target: Target, headers: Mapping[str, str], max_bytes: int, until: float) -> Answer:
    """One request without redirects."""
    found = addresses.addresses(target)
    connection = _connected(target, found, until)
    head = {
        **headers,
        "host": target.authority,
        "user-agent": f"Allmende (+{settings.BASE_URL})",
        "accept-encoding": "gzip, deflate",
    }
    try:
        with _deadline(connection, target, until):
            connection.request("GET", target.path, headers=head, preload_content=False)
            with contextlib.closing(connection.getresponse()) as response:
                packed = response.headers.get("content-encoding", "").strip().lower()
                if packed not in _PACKED:
                    raise Broken("broken", target.host)
                body = _body(response, target, max_bytes)
                answer = Answer(response.status, _lower(response), body, target.url)
        return answer
    finally:
        connection.close()


def _lower(response: BaseHTTPResponse) -> dict[str, str]:
    return {name.lower(): value for name, value in response.headers.items()}


def _body(response: BaseHTTPResponse, target: Target, max_bytes: int) -> bytes:
    """The unpacked body, never more than a chunk beyond `max_bytes` in memory."""
    told = response.headers.get("content-length", "")
    if told.isascii() and told.isdigit() and int(told[:20]) > max_bytes:
        raise TooLarge("too_large", target.host)
    body = bytearray()
    for chunk in response.stream(CHUNK_BYTES, decode_content=True):
        body += chunk
        if len(body) > max_bytes:
            raise TooLarge("too_large", target.host)
    return bytes(body)


def _connected(target: Target, found: list[str], until: float) -> HTTPConnection:
    """A connection to the first of the checked addresses that answers; none of them is a name."""
    for address in found:
        left = until - time.monotonic()
        if left <= 0:
            raise TimedOut("timeout", target.host)
        connection = _connection(target, address, left)
        try:
            connection.connect()
        except (SSLError, ssl.SSLError):
            connection.close()
            raise Unreachable("certificate", target.host) from None
        except (HTTPError, OSError):
            connection.close()
        else:
            return connection
    raise _late_or(Unreachable("unreachable", target.host), target, until)


def _late_or(error: Unreachable | Broken, target: Target, until: float) -> Unreachable | Broken:
    return TimedOut("timeout", target.host) if time.monotonic() >= until else error


def _connection(target: Target, address: str, seconds: float) -> HTTPConnection:
    if target.scheme == "http":
        return HTTPConnection(address, target.port, timeout=seconds)
    # The certificate must be for the name that was asked for, not for the address that is connected to.
    return HTTPSConnection(
        address,
        target.port,
        timeout=seconds,
        ssl_context=ssl.create_default_context(),
        server_hostname=target.host,
    )


@contextlib.contextmanager
def _deadline(connection: HTTPConnection, target: Target, until: float) -> Iterator[None]:
    """Ends the connection when time is up: a timeout of sockets begins anew with every byte that drips in.

    Turns what the libraries raise into our errors.
    """
    timer = threading.Timer(max(0, until - time.monotonic()), _shut, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
        # A connection that we ended looks like a peer that has said everything.
        if time.monotonic() >= until:
            raise TimedOut("timeout", target.host)
    except TimeoutError:
        raise TimedOut("timeout", target.host) from None
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        lost = isinstance(error, OSError | ProtocolError)
        raised = Unreachable("unreachable", target.host) if lost else Broken("broken", target.host)
        raise _late_or(raised, target, until) from None
    finally:
        timer.cancel()


def _shut(sock: socket.socket) -> None:
    """Of the plain socket, also under TLS: whoever reads from it wakes up."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
