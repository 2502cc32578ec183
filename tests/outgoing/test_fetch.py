"""The door for requests to other servers, against real ones that behave well and badly."""

import gzip
import ipaddress
import socket
import threading
import time
import zlib
from typing import Any

import pytest

from allmende.spine.outgoing import Broken, Refused, TimedOut, TooLarge, Unreachable, fetch
from allmende.spine.outgoing.addresses import allowed, read

from .peer import LOOPBACK, Reply, answer, refused, resolver, serving


@pytest.fixture
def _inside(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = LOOPBACK


@pytest.mark.usefixtures("_inside")
def test_a_page_is_fetched_with_what_was_asked_for(settings: Any) -> None:
    asked: dict[str, str] = {}

    def reply(handler: Any) -> None:
        asked.update({name.lower(): value for name, value in handler.headers.items()}, path=handler.path)
        answer(handler, "grüße".encode(), Content_Type="text/plain", X_Two="2")

    with serving(reply) as port:
        url = f"http://127.0.0.1:{port}/a%20b?q=1&r=%C3%BC#part"
        found = fetch(url, headers={"X-One": "1"}, accept="application/json")
    assert (found.status, found.body.decode(), found.headers["x-two"]) == (200, "grüße", "2")
    assert found.url == f"http://127.0.0.1:{port}/a%20b?q=1&r=%C3%BC"
    assert asked == {
        "path": "/a%20b?q=1&r=%C3%BC",
        "host": f"127.0.0.1:{port}",
        "user-agent": f"Allmende (+{settings.BASE_URL})",
        "accept": "application/json",
        "accept-encoding": "gzip, deflate",
        "x-one": "1",
    }


@pytest.mark.usefixtures("_inside")
def test_an_error_page_is_an_answer() -> None:
    with serving(lambda handler: answer(handler, b"broken", 500)) as port:
        found = fetch(f"http://127.0.0.1:{port}/")
    assert (found.status, found.body) == (500, b"broken")


def test_this_machine_is_refused_by_every_name_without_the_setting() -> None:
    asked: list[str] = []

    def reply(handler: Any) -> None:
        asked.append(handler.path)
        answer(handler)

    with serving(reply) as port:
        for host in ("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.0.0.1", "[::1]", "[::ffff:127.0.0.1]",
                     "[::ffff:7f00:1]", "[::127.0.0.1]", "0.0.0.0", "LOCALHOST."):  # fmt: skip
            assert refused(f"http://{host}:{port}/") == (Refused, "private"), host
    assert asked == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "255.255.255.255", "192.0.0.8", "198.18.0.1", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1",
     "ff0e::1", "2001:db8::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe",
     "64:ff9b:1::1", "2002:7f00:1::1", "2002:a00:1::", "2001:0:102:304::1", "::10.0.0.1"],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not allowed(address, ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2a00:1450:4001::1", "::ffff:5db8:d822", "64:ff9b::5db8:d822"])
def test_addresses_that_are_public(address: str) -> None:
    assert allowed(address, ())


def test_the_setting_allows_a_network_and_no_other() -> None:
    inside = (ipaddress.ip_network("10.1.0.0/16"), ipaddress.ip_network("fd00::/8"))
    assert [allowed(each, inside) for each in ("10.1.2.3", "::ffff:10.1.2.3", "fd00::7", "10.2.0.1", "127.0.0.1")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.org/", "scheme"),
        ("example.org/oparl", "scheme"),
        ("", "scheme"),
        ("http://", "malformed"),
        ("http:///pfad", "malformed"),
        ("http://user:secret@example.org/", "credentials"),
        ("http://user@example.org/", "credentials"),
        ("http://exa mple.org/", "malformed"),
        ("http://example.org/\r\nX: y", "malformed"),
        ("http://example.org\\@127.0.0.1/", "malformed"),
        ("http://example.org:99999/", "malformed"),
        ("http://example.org:0/", "malformed"),
        ("http://[::1/", "malformed"),
        ("http://[fe80::1%25eth0]/", "malformed"),
    ],
)
def test_addresses_that_nobody_fetches(url: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read(url)
    assert caught.value.code == code


def test_names_of_other_scripts_and_cases_mean_one_server() -> None:
    target = read("HTTPS://München.DE:443")
    assert (target.authority, target.path, target.port) == ("xn--mnchen-3ya.de", "/", 443)


def test_a_name_with_one_bad_address_among_good_ones_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["93.184.216.34", "127.0.0.1"]))
    assert refused("http://both.example/") == (Refused, "private")


def test_rebinding_finds_no_second_look_up(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """First an address that is allowed, then one that is not: the connection goes to the first."""
    settings.OUTGOING_NETWORKS = (ipaddress.ip_network("127.0.0.1/32"),)
    monkeypatch.setattr(socket, "getaddrinfo", resolver(["127.0.0.1"], ["127.0.0.2"]))
    with serving(lambda handler: answer(handler, handler.headers["host"].encode())) as port:
        assert fetch(f"http://turn.example:{port}/").body == f"turn.example:{port}".encode()
        assert refused(f"http://turn.example:{port}/") == (Refused, "private")


def test_a_redirect_into_a_network_that_is_not_allowed_is_refused(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = (ipaddress.ip_network("127.0.0.1/32"),)
    asked: list[str] = []

    def inner(handler: Any) -> None:
        asked.append(handler.path)
        answer(handler)

    with serving(inner) as port:
        for location in (f"http://127.0.0.2:{port}/", f"http://[::1]:{port}/", "http://169.254.169.254/latest/",
                         f"//127.0.0.2:{port}/"):  # fmt: skip
            with serving(lambda handler, to=location: answer(handler, status=302, Location=to)) as door:  # type: ignore[misc]
                assert refused(f"http://127.0.0.1:{door}/") == (Refused, "private")
        for location, code in (("file:///etc/passwd", "scheme"), (f"http://a:b@127.0.0.1:{port}/", "credentials")):
            with serving(lambda handler, to=location: answer(handler, status=301, Location=to)) as door:  # type: ignore[misc]
                assert refused(f"http://127.0.0.1:{door}/") == (Refused, code)
    assert asked == []


@pytest.mark.usefixtures("_inside")
def test_redirects_are_followed_five_times() -> None:
    def reply(handler: Any) -> None:
        left = int(handler.path[1:])
        answer(handler, b"there") if not left else answer(handler, status=307, Location=str(left - 1))

    with serving(reply) as port:
        found = fetch(f"http://127.0.0.1:{port}/5")
        assert (found.body, found.url) == (b"there", f"http://127.0.0.1:{port}/0")
        assert refused(f"http://127.0.0.1:{port}/6") == (Refused, "redirects")


@pytest.mark.usefixtures("_inside")
def test_credentials_in_headers_stay_with_their_origin() -> None:
    def told(handler: Any) -> None:
        answer(handler, (handler.headers["authorization"] or "none").encode())

    with serving(told) as other:

        def reply(handler: Any) -> None:
            to = f"http://127.0.0.1:{other}/" if handler.path == "/away" else "/here"
            told(handler) if handler.path == "/here" else answer(handler, status=302, Location=to)

        with serving(reply) as port:
            secret = {"Authorization": "Bearer geheim"}
            assert fetch(f"http://127.0.0.1:{port}/stay", headers=secret).body == b"Bearer geheim"
            assert fetch(f"http://127.0.0.1:{port}/away", headers=secret).body == b"none"


@pytest.mark.usefixtures("_inside")
def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(lambda handler: answer(handler, b"straight")) as port:
        assert fetch(f"http://127.0.0.1:{port}/").body == b"straight"


def _drip_head(handler: Any) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(1000):
        handler.wfile.write(b"X-%d: y\r\n" % number)
        handler.wfile.flush()
        time.sleep(0.05)


def _drip_body(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _number in range(1000):
        handler.wfile.write(b"x")
        time.sleep(0.05)


def _silence(handler: Any) -> None:
    time.sleep(1)


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize("reply", [_drip_head, _drip_body, _silence])
def test_time_is_counted_over_everything(reply: Reply) -> None:
    with serving(reply) as port:
        begun = time.monotonic()
        assert refused(f"http://127.0.0.1:{port}/", timeout=0.3) == (TimedOut, "timeout")
        assert time.monotonic() - begun < 1.5


def _endless(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _number in range(100_000):
        handler.wfile.write(b"x" * 10_000)


def _bomb(pack: Any, name: str) -> Reply:
    return lambda handler: answer(handler, pack, Content_Encoding=name)


ZEROS = b"\0" * 50_000_000


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize(
    "reply",
    [
        _endless,
        lambda handler: answer(handler, b"", Content_Length="100000000000000000000000"),
        _bomb(gzip.compress(ZEROS), "gzip"),
        _bomb(zlib.compress(ZEROS), "deflate"),
    ],
    ids=["endless", "told", "gzip", "deflate"],
)
def test_bytes_are_counted_after_unpacking(reply: Reply) -> None:
    with serving(reply) as port:
        assert refused(f"http://127.0.0.1:{port}/", max_bytes=100_000) == (TooLarge, "too_large")


@pytest.mark.usefixtures("_inside")
def test_packed_answers_are_unpacked() -> None:
    with serving(_bomb(gzip.compress(b"text" * 10), "gzip")) as port:
        assert fetch(f"http://127.0.0.1:{port}/", max_bytes=40).body == b"text" * 10


@pytest.mark.usefixtures("_inside")
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (lambda handler: handler.wfile.write(b"\x16\x03\x01 what\r\n\r\n"), (Broken, "broken")),
        (lambda handler: handler.wfile.write(b""), (Unreachable, "unreachable")),
        (lambda handler: answer(handler, b"short", Content_Length="500"), (Unreachable, "unreachable")),
        (_bomb(b"no gzip", "gzip"), (Broken, "broken")),
        (_bomb(b"x", "gzip, gzip"), (Broken, "broken")),
        (_bomb(b"x", "br"), (Broken, "broken")),
    ],
    ids=["no http", "hangs up", "breaks off", "no gzip", "twice", "unknown"],
)
def test_answers_that_are_none(reply: Reply, expected: Any) -> None:
    with serving(reply) as port:
        assert refused(f"http://127.0.0.1:{port}/") == expected


@pytest.mark.usefixtures("_inside")
def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert refused(f"http://127.0.0.1:{port}/") == (Unreachable, "unreachable")


def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*args: Any, **more: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert refused("http://nirgends.example/") == (Unreachable, "unknown_host")


@pytest.mark.usefixtures("_inside")
def test_no_thread_stays_behind() -> None:
    with serving(lambda handler: answer(handler, b"x")) as port:
        before = threading.active_count()
        for _turn in range(3):
            fetch(f"http://127.0.0.1:{port}/")
    assert threading.active_count() <= before
