"""live.js in a real browser: one stream for all tabs, the part of a page renewed and said, polling as fallback."""

import http.server
import json
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.live.support import LiveProcess, tell, ticket
from tests.moderation.browsing import MARKS, browser  # noqa: F401 - a fixture

SCRIPT = Path(__file__).resolve().parents[2] / "src/allmende/spine/live/static/live/live.js"
pytestmark = MARKS


class Site:
    """A site with one page whose list counts how often it was fetched, and a place that gives tickets."""

    def __init__(self) -> None:
        self.live_url = ""
        self.fragments = 0
        self.tickets: list[str] = []
        site = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    def answer(self, handler: Any) -> None:
        path = urlsplit(handler.path)
        if path.path == "/live.js":
            body, kind = SCRIPT.read_bytes(), "text/javascript"
        elif path.path == "/live-ticket/":
            topics = parse_qs(path.query)["topics"][0].split(",")
            self.tickets.append(",".join(topics))
            given = {"url": self.live_url, "ticket": ticket(*topics), "topics": topics}
            body, kind = json.dumps(given).encode(), "application/json"
        else:
            if handler.headers["X-Fragment"]:
                self.fragments += 1
            body, kind = self.page().encode(), "text/html; charset=utf-8"
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        handler.send_header(
            "Content-Security-Policy", f"default-src 'none'; script-src 'self'; connect-src 'self' {self.live_url}"
        )
        handler.end_headers()
        handler.wfile.write(body)

    def page(self) -> str:
        return (
            '<!doctype html><html lang="de"><head><title>Probe</title>'
            '<meta name="allmende-live" content="/live-ticket/">'
            '</head><body><div id="list" data-live="show.*" data-live-url="/" data-live-say="Neu.">'
            f'<p>{self.fragments}</p><input id="field"></div><div id="other" data-live="quiet.*">x</div>'
            '<script type="module" src="/live.js"></script></body></html>'
        )

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def running(site: Site, dsn: str) -> Iterator[LiveProcess]:
    process = LiveProcess(dsn, site.url)
    site.live_url = f"http://127.0.0.1:{process.port}/live/stream"
    yield process
    process.stop()


def opened(context: Any, site: Site, streams: list[str]) -> Any:
    page = context.new_page()
    page.on("request", lambda request: streams.append(request.url) if "/live/stream" in request.url else None)
    page.goto(site.url, wait_until="load")
    return page


def shows(page: Any, number: str) -> None:
    """Wait until the list shows a number that fits the pattern."""
    page.locator("#list p").filter(has_text=re.compile(f"^{number}$")).wait_for(timeout=40_000)


def test_all_tabs_share_one_stream_and_renew_their_part(browser, site, running, database):  # noqa: F811
    context = browser.new_context()
    streams: list[str] = []
    first = opened(context, site, streams)
    wait_for_stream(running, 1)
    second = opened(context, site, streams)
    first.evaluate("window.said = []; window.allmende = { say: (text) => window.said.push(text) }")
    tell(database, "show.changed")
    shows(first, "[12]")
    shows(second, "[12]")
    assert len(streams) == 1
    assert site.fragments == 2
    assert first.evaluate("window.said") == ["Neu."]
    tell(database, "quiet.hidden", public=False)
    # The tab that holds the stream goes; the other takes it over and misses nothing.
    first.close()
    tell(database, "show.again")
    shows(second, "3")
    assert len(streams) == 2
    context.close()


def test_nothing_is_pulled_away_under_somebodys_hands(browser, site, running, database):  # noqa: F811
    context = browser.new_context()
    streams: list[str] = []
    page = opened(context, site, streams)
    wait_for_stream(running, 1)
    other = opened(context, site, streams)
    page.bring_to_front()
    page.focus("#field")
    page.keyboard.type("mein Text")
    tell(database, "show.changed")
    # The other tab heard of it and is new; this one waits until its field is left.
    shows(other, "1")
    assert (page.input_value("#field"), page.inner_text("#list p"), site.fragments) == ("mein Text", "0", 1)
    page.evaluate("document.activeElement.blur()")
    shows(page, "2")
    context.close()


def test_where_streams_do_not_get_through_it_asks(browser, site, running, database):  # noqa: F811
    context = browser.new_context()
    # A proxy in between that lets no stream through.
    context.add_init_script("delete window.EventSource")
    streams: list[str] = []
    page = opened(context, site, streams)
    end = time.monotonic() + 30
    while not any("poll=1" in url for url in streams):
        page.wait_for_timeout(100)
        assert time.monotonic() < end
    tell(database, "show.changed")
    shows(page, "1")
    assert [url for url in streams if "poll=1" not in url] == []
    context.close()


def wait_for_stream(process: LiveProcess, number: int) -> None:
    end = time.monotonic() + 15
    while process.streams() < number:
        assert time.monotonic() < end
        time.sleep(0.05)
