"""The real process, a real PostgreSQL, real connections."""

import contextlib
import os
import selectors
import signal
import socket
import time
from urllib.parse import urlencode

import psycopg
import pytest

from tests.live.support import ORIGIN, LiveProcess, tell, ticket, until


def test_a_fact_arrives_within_a_second(live, database):
    with live.stream(ticket("programme.*")) as stream:
        assert stream.next()[0] == "ready"
        before = time.monotonic()
        number = tell(database, "programme.measure.changed", "measure:1")
        name, event_id, data = stream.next()
        assert time.monotonic() - before < 1.0
        assert (name, event_id) == ("fact", str(number))
        told_at = data.pop("time")
        assert told_at.startswith("20")
        assert data == {"id": number, "kind": "programme.measure.changed", "subject": "measure:1", "url": "/somewhere/"}


def test_only_what_is_public_and_asked_for_arrives(live, database):
    with live.stream(ticket("programme.*", "measure:5"), "programme.measure.*,measure:5") as stream:
        stream.next()
        tell(database, "programme.measure.drafted", public=False)
        tell(database, "programme.topic.changed")
        tell(database, "moderation.case.opened", "measure:5", public=False)
        one = tell(database, "elsewhere.thing.done", "measure:5")
        two = tell(database, "programme.measure.published")
        assert [stream.next()[2]["id"] for _ in range(2)] == [one, two]


def test_a_staff_ticket_hears_what_is_not_public_in_its_topics_only(live, database):
    with live.stream(ticket("moderation.*", staff=True)) as stream:
        stream.next()
        tell(database, "people.account.created", public=False)
        number = tell(database, "moderation.case.opened", public=False)
        assert stream.next()[2]["id"] == number


def test_a_transaction_that_commits_late_is_not_lost(live, database, dsn):
    with live.stream(ticket("late.*")) as stream, psycopg.connect(dsn) as slow:
        stream.next()
        first = tell(slow, "late.one")
        second = tell(database, "late.two")
        assert second > first
        # Nothing may be told while the earlier transaction is open: it would be overtaken.
        _, answer, _ = live.get("poll=1", ticket("late.*"))
        assert answer["facts"] == []
        slow.commit()
        assert [stream.next()[2]["id"] for _ in range(2)] == [first, second]


def test_a_cut_stream_goes_on_after_its_last_id(live, database):
    with live.stream(ticket("cut.*")) as stream:
        stream.next()
        last = tell(database, "cut.one")
        assert stream.next()[1] == str(last)
    missed = [tell(database, "cut.two"), tell(database, "cut.three")]
    tell(database, "cut.hidden", public=False)
    with live.stream(ticket("cut.*"), headers={"Last-Event-ID": str(last)}) as again:
        assert [again.fact(), again.fact()] == missed
        now = tell(database, "cut.four")
        assert again.fact() == now


def test_a_stream_that_heard_nothing_goes_on_too(live, database):
    with live.stream(ticket("quiet.*")) as stream:
        mark = stream.next()[1]
    number = tell(database, "quiet.one")
    with live.stream(ticket("quiet.*"), after=mark) as again:
        assert again.fact() == number


def test_after_too_long_a_break_the_page_is_to_be_fetched_anew(live, database):
    first = tell(database, "many.first")
    with database.transaction():
        database.execute("SELECT emit_fact('many.more', public => true) FROM generate_series(1, 600)")
    until(lambda: live.get("poll=1", ticket("*"))[1]["after"] >= first + 600)
    with live.stream(ticket("many.*"), after=first) as stream:
        assert [stream.next()[0] for _ in range(2)] == ["reset", "ready"]
    assert live.get(f"poll=1&after={first}", ticket("many.*"))[1]["reset"] is True
    assert live.get("poll=1&after=999999999", ticket("many.*"))[1]["reset"] is True


def test_polling_gives_the_same_facts(live, database):
    mark = live.get("poll=1", ticket("poll.*"))[1]["after"]
    tell(database, "poll.hidden", public=False)
    number = tell(database, "poll.one", "measure:9")
    answer = until(lambda: (a := live.get(f"poll=1&after={mark}", ticket("poll.*"))[1])["facts"] and a)
    assert [(fact["id"], fact["kind"], fact["subject"]) for fact in answer["facts"]] == [
        (number, "poll.one", "measure:9")
    ]
    assert (answer["after"], answer["reset"]) == (number, False)


def test_the_mark_of_a_visitor_does_not_count_what_is_not_public(live, database):
    public = tell(database, "mark.public")
    until(lambda: live.get("poll=1", ticket("*"))[1]["after"] == public)
    hidden = tell(database, "mark.hidden", public=False)
    until(lambda: live.get("poll=1", ticket("*", staff=True))[1]["after"] == hidden)
    assert live.get("poll=1", ticket("*"))[1]["after"] == public


@pytest.mark.parametrize(
    ("given", "query", "status", "code"),
    [
        (ticket("a.*", age=61), "poll=1", 403, "expired"),
        (ticket("a.*", secret="another"), "poll=1", 403, "forged"),
        ("nonsense", "poll=1", 403, "malformed"),
        (ticket("a.*", age=-3000), "poll=1&topics=b.*", 403, "topics"),
        (ticket("a.*", age=-3000), "topics=*", 403, "topics"),
        (ticket("a.*", age=-3000), "topics=A%20B", 400, "topics"),
    ],
)
def test_bad_tickets_and_topics_are_refused(live, given, query, status, code):
    assert live.get(query, given)[:2] == (status, {"error": code})


def test_another_origin_is_refused(live):
    status, answer, headers = live.get("poll=1", ticket("*"), {"Origin": "http://evil.test"})
    assert (status, answer, headers["Access-Control-Allow-Origin"]) == (403, {"error": "origin"}, None)
    for near in (ORIGIN + "0", "https" + ORIGIN[4:], "null"):
        assert live.get("", ticket("*"), {"Origin": near})[0] == 403


def test_the_own_origin_may_read_and_no_cookies_are_spoken_of(live):
    status, _, headers = live.get("poll=1", ticket("*"), {"Origin": ORIGIN, "Cookie": "allmende=x"})
    assert (status, headers["Access-Control-Allow-Origin"], headers["Vary"]) == (200, ORIGIN, "Origin")
    assert (headers["Access-Control-Allow-Credentials"], headers["Set-Cookie"], headers["Cache-Control"]) == (
        None, None, "no-store",
    )  # fmt: skip


def test_a_ticket_opens_eight_streams(live):
    one = ticket("*", subject="account:1")
    streams = [live.stream(one) for _ in range(8)]
    try:
        assert [stream.next()[0] for stream in streams] == ["ready"] * 8
        assert live.get("", one)[:2] == (429, {"error": "ticket_streams"})
        streams.pop().close()
        until(lambda: try_stream(live, one))
    finally:
        for stream in streams:
            stream.close()


def try_stream(live: LiveProcess, given: str) -> bool:
    try:
        with live.stream(given) as stream:
            return stream.next()[0] == "ready"
    except AssertionError:
        return False


def test_the_figures_count_open_streams(live):
    with live.stream(ticket("*")) as one, live.stream(ticket("*")) as two:
        assert (one.next()[0], two.next()[0]) == ("ready", "ready")
        until(lambda: live.streams() == 2)
    until(lambda: live.streams() == 0)


@pytest.mark.parametrize(("size", "status"), [(9_000, b"414"), (2_000_000, b"400")])
def test_too_long_an_address_is_refused(live, size, status):
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as connection:
        with contextlib.suppress(ConnectionError):  # the server may hang up before it got everything
            connection.sendall(b"GET /live/stream?" + b"x" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(100).split(b"\r\n")[0].split()[1] == status
    assert live.get("poll=1", ticket("*"))[0] == 200


def test_two_hundred_streams_hear_every_fact(live, database):
    tickets = [ticket("crowd.*", subject=f"account:{number}") for number in range(40)]
    selector = selectors.DefaultSelector()
    heard: dict[socket.socket, bytes] = {}
    try:
        for number in range(200):
            connection = socket.create_connection(("127.0.0.1", live.port), timeout=10)
            query = urlencode({"ticket": tickets[number % 40]})
            connection.sendall(f"GET /live/stream?{query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            heard[connection] = b""
            selector.register(connection, selectors.EVENT_READ)
        listen(selector, heard, b"event: ready", 20)
        numbers = [tell(database, "crowd.one"), tell(database, "crowd.two"), tell(database, "crowd.three")]
        listen(selector, heard, f'"id":{numbers[-1]},'.encode(), 20)
        counts = [[text.count(f'"id":{number},'.encode()) for number in numbers] for text in heard.values()]
        assert counts == [[1, 1, 1]] * 200
    finally:
        for connection in heard:
            connection.close()


def listen(selector: selectors.BaseSelector, heard: dict[socket.socket, bytes], word: bytes, seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(word not in text for text in heard.values()):
        assert time.monotonic() < end, f"{sum(word in text for text in heard.values())} of {len(heard)}"
        for key, _ in selector.select(1):
            heard[key.fileobj] += key.fileobj.recv(65536)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_within_three_seconds_with_open_streams(live, number):
    streams = [live.stream(ticket("*")) for _ in range(20)]
    assert {stream.next()[0] for stream in streams} == {"ready"}
    before = time.monotonic()
    os.kill(live.process.pid, number)
    assert live.process.wait(10) == 0
    assert time.monotonic() - before < 3.0
    assert [stream.next() for stream in streams] == [None] * 20
    for stream in streams:
        stream.close()
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", live.port))


def test_who_does_not_read_is_dropped_and_the_others_go_on(live, database):
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect(("127.0.0.1", live.port))
    deaf.sendall(f"GET /live/stream?{urlencode({'ticket': ticket('flood.*')})} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    with live.stream(ticket("end.*")) as stream, deaf:
        stream.next()
        assert deaf.recv(15) == b"HTTP/1.1 200 OK"
        # More than all the buffers between the two can hold.
        database.execute(
            "SELECT emit_fact('flood.drop', public => true, url => repeat('x', 900)) FROM generate_series(1, 12000)"
        )
        number = tell(database, "end.done")
        assert stream.next()[2]["id"] == number
        # The deaf one finds its stream cut before the last fact.
        rest = bytearray()
        deaf.settimeout(30)
        while chunk := read(deaf):
            rest += chunk
        assert rest.count(b"event: fact") < 12_000


def read(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionError:
        return b""


def test_a_restart_of_the_database_is_survived(town, live, dsn):
    with live.stream(ticket("again.*")) as stream:
        assert stream.next()[0] == "ready"
        town.stop()
        until(lambda: live.get("poll=1&after=1", ticket("again.*"))[0] == 503)
        town.start()
        with psycopg.connect(dsn, autocommit=True) as database:
            number = tell(database, "again.here")
        assert stream.next()[2]["id"] == number
