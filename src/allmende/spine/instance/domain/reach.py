"""Reach without cookies: how often a public page was called on a day, and nothing about who called it.

Counting costs a dictionary entry. A thread of each web process writes what has gathered every FLUSH_SECONDS in one
statement; what a process had not yet written when it was killed is lost, which figures of reach can bear. Unique
visitors are not counted, since that would need something to tell people apart by.
"""

import atexit
import logging
import os
import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import TruncWeek
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from ..models import ReachCount

log = logging.getLogger("allmende.reach")

FLUSH_SECONDS = 30.0
# More different pages than this within one interval is a scanner walking the site, not reach.
MOST_KEYS = 20_000
PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|curl|wget|python|httpx|okhttp|java/|go-http|libwww|scrapy|monitor|uptime|"
    r"preview|headless|lighthouse|facebookexternalhit|feedfetcher|archiver",
    re.IGNORECASE,
)
# The one part of an address that is kept. Keys and tokens in addresses are secrets and never counted apart.
THING = "slug"

Key = tuple[date, str, str]


def is_program(user_agent: str) -> bool:
    """A crude class: programs that say so, and those that say nothing."""
    return not user_agent or PROGRAM.search(user_agent) is not None


def counted(request: HttpRequest, response: HttpResponse, rule: str | None) -> tuple[str, str] | None:
    """(route, thing) if this answer counts: a public page, shown to somebody not signed in who did not object."""
    match = request.resolver_match
    headers = request.headers
    if (
        match is None
        or rule != "public"
        or not match.namespaces
        or request.method != "GET"
        or response.status_code != 200
        or not response.headers.get("Content-Type", "").startswith("text/html")
        or headers.get("DNT") == "1"
        or headers.get("Sec-GPC") == "1"
        or "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))
        or (headers.get("HX-Request") == "true" and headers.get("HX-Boosted") != "true")
        or is_program(headers.get("User-Agent", ""))
        or request.user.is_authenticated
    ):
        return None
    return match.view_name[:80], str(match.kwargs.get(THING, ""))[:120]


class Counts:
    """Gathers counts in memory and writes them in one statement."""

    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()
        self._lock = threading.Lock()
        self._thread_of = 0
        self._stop = threading.Event()

    def add(self, route: str, thing: str, day: date | None = None) -> None:
        key = (day or timezone.localdate(), route, thing)
        with self._lock:
            if key in self._counts or len(self._counts) < MOST_KEYS:
                self._counts[key] += 1

    def start(self) -> None:
        """Let a thread write from now on. A forked process has no threads, so it starts its own."""
        if self._thread_of == os.getpid():
            return
        with self._lock:
            if self._thread_of == os.getpid():
                return
            if self._thread_of:
                # What was gathered before the fork belongs to the parent, who writes it.
                self._counts.clear()
            self._thread_of = os.getpid()
            self._stop = threading.Event()
        threading.Thread(target=self._run, args=(self._stop,), name="reach", daemon=True).start()
        atexit.register(self.flush)

    def _run(self, stop: threading.Event) -> None:
        while not stop.wait(FLUSH_SECONDS):
            try:
                self.flush()
            except Exception:
                # The database is away: the counts wait for the next turn.
                log.warning("reach could not be written")
            finally:
                connection.close()

    def stop(self) -> None:
        self._stop.set()

    def flush(self) -> int:
        """Write what has gathered; the number of rows written. What cannot be written stays for the next time."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        if not taken:
            return 0
        try:
            _write(taken)
        except Exception:
            with self._lock:
                self._counts.update(taken)
            raise
        return len(taken)


def _write(taken: Counter[Key]) -> None:
    # Sorted: two processes that write the same rows in different orders would wait for each other.
    rows = sorted(taken.items())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO instance_reachcount (day, route, thing, views) "
            "SELECT * FROM unnest(%s::date[], %s::text[], %s::text[], %s::bigint[]) "
            "ON CONFLICT (day, route, thing) DO UPDATE SET views = instance_reachcount.views + EXCLUDED.views",
            [
                [key[0] for key, _ in rows],
                [key[1] for key, _ in rows],
                [key[2] for key, _ in rows],
                [views for _, views in rows],
            ],
        )


COUNTS = Counts()


# ---- reading ----


@dataclass(frozen=True)
class Line:
    route: str
    thing: str
    views: int


def by_page(first: date, last: date, limit: int = 50) -> list[Line]:
    """The pages most called in a span of days (inclusive)."""
    rows = (
        ReachCount.objects.filter(day__gte=first, day__lte=last)
        .values("route", "thing")
        .annotate(total=Sum("views"))
        .order_by("-total", "route", "thing")[:limit]
    )
    return [Line(row["route"], row["thing"], row["total"]) for row in rows]


def by_day(first: date, last: date, route: str = "", thing: str = "") -> list[tuple[date, int]]:
    """Views of every day of the span, zero included."""
    found = dict(_filtered(first, last, route, thing).values_list("day").annotate(total=Sum("views")).order_by("day"))
    days = (last - first).days + 1
    return [(day, found.get(day, 0)) for day in (first + timedelta(days=n) for n in range(days))]


def by_week(first: date, last: date, route: str = "", thing: str = "") -> list[tuple[date, int]]:
    """Views of every week (its Monday) that the span touches, zero included; only days of the span count."""
    rows = _filtered(first, last, route, thing).annotate(week=TruncWeek("day"))
    found = dict(rows.values_list("week").annotate(total=Sum("views")).order_by("week"))
    monday = first - timedelta(days=first.weekday())
    weeks = (last - monday).days // 7 + 1
    return [(week, found.get(week, 0)) for week in (monday + timedelta(weeks=n) for n in range(weeks))]


def _filtered(first: date, last: date, route: str, thing: str) -> QuerySet[ReachCount]:
    rows = ReachCount.objects.filter(day__gte=first, day__lte=last)
    if route:
        rows = rows.filter(route=route, thing=thing)
    return rows


def rows(first: date, last: date) -> list[tuple[str, str, str, int]]:
    """(day, route, thing, views) of every page and day, for files."""
    found = ReachCount.objects.filter(day__gte=first, day__lte=last).order_by("day", "route", "thing")
    return [(row.day.isoformat(), row.route, row.thing, row.views) for row in found]
