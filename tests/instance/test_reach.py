"""Reach: what counts, what does not, what it costs, and that nothing about anybody is kept."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.spine.instance.domain import reach
from allmende.spine.instance.domain.reach import COUNTS, Counts
from allmende.spine.instance.models import ReachCount
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
MEASURE = ("programme:measure", "fauthweg")


@pytest.fixture
def person() -> Client:
    return Client(headers={"User-Agent": FIREFOX})


def kept() -> dict[tuple[str, str], int]:
    COUNTS.flush()
    return {(row.route, row.thing): row.views for row in ReachCount.objects.all()}


@pytest.mark.django_db
def test_views_of_public_pages_are_added_up(town: Any, counting: None, person: Client) -> None:
    make_measure(slug="fauthweg")
    for _ in range(3):
        person.get("/massnahmen/fauthweg/?utm_source=x")
    person.get("/massnahmen/")
    assert kept() == {MEASURE: 3, ("programme:measures", ""): 1}
    person.get("/massnahmen/fauthweg/")
    assert kept() == {MEASURE: 4, ("programme:measures", ""): 1}
    assert ReachCount.objects.get(route="programme:measure").day == timezone.localdate()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "headers",
    [
        {"DNT": "1"}, {"Sec-GPC": "1"}, {"User-Agent": ""}, {"User-Agent": "Googlebot/2.1"}, {"User-Agent": "curl/8"},
        {"User-Agent": "Mozilla/5.0 HeadlessChrome/140"}, {"HX-Request": "true"}, {"Sec-Purpose": "prefetch"},
    ],
)  # fmt: skip
def test_who_objects_or_is_a_program_is_not_counted(town: Any, counting: None, headers: dict[str, str]) -> None:
    Client(headers={"User-Agent": FIREFOX} | headers).get("/massnahmen/")
    assert kept() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/massnahmen/gibt-es-nicht/", "/massnahmen.csv", "/intern/", "/konto/", "/design.css"]
)
def test_other_answers_do_not_count(town: Any, counting: None, person: Client, path: str) -> None:
    person.get(path)
    assert kept() == {}


@pytest.mark.django_db
def test_people_who_are_signed_in_do_not_count(town: Any, counting: None, person: Client) -> None:
    person.force_login(make_account(Role.RESIDENT))
    person.get("/massnahmen/")
    assert kept() == {}


@pytest.mark.django_db
def test_it_costs_no_query_and_sets_no_cookie(town: Any, counting: None, person: Client, settings: Any) -> None:
    person.get("/massnahmen/")
    with CaptureQueriesContext(connection) as counted:
        response = person.get("/massnahmen/")
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.endswith("ReachMiddleware")]
    plain = Client(headers={"User-Agent": FIREFOX})
    plain.get("/massnahmen/")
    with CaptureQueriesContext(connection) as uncounted:
        same = plain.get("/massnahmen/")
    assert len(counted) == len(uncounted)
    assert sorted(response.cookies) == sorted(same.cookies)


def test_nothing_about_the_caller_has_a_column() -> None:
    assert [field.name for field in ReachCount._meta.get_fields()] == ["id", "day", "route", "thing", "views"]


@pytest.mark.django_db
def test_what_cannot_be_written_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = Counts()
    counts.add("a:b", "")
    right = reach._write

    def fails(taken: Any) -> None:
        raise RuntimeError("the database is away")

    monkeypatch.setattr(reach, "_write", fails)
    with pytest.raises(RuntimeError):
        counts.flush()
    counts.add("a:b", "")
    monkeypatch.setattr(reach, "_write", right)
    assert counts.flush() == 1 and counts.flush() == 0
    assert ReachCount.objects.get().views == 2


def test_a_scanner_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "MOST_KEYS", 3)
    counts = Counts()
    for number in range(10):
        counts.add("a:b", str(number))
    counts.add("a:b", "0")
    assert sorted(counts._counts.values()) == [1, 1, 2]


@pytest.mark.django_db(transaction=True)
def test_the_thread_writes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    written = threading.Event()
    right = reach._write

    def write(taken: Any) -> None:
        right(taken)
        written.set()

    monkeypatch.setattr(reach, "_write", write)
    monkeypatch.setattr(reach, "FLUSH_SECONDS", 0.01)
    counts = Counts()
    counts.add("a:b", "")
    counts.start()
    (thread,) = [one for one in threading.enumerate() if one.name == "reach"]
    assert written.wait(10)
    counts.stop()
    thread.join(10)
    assert not thread.is_alive()
    assert ReachCount.objects.get().views == 1


@pytest.mark.django_db
def test_days_and_weeks() -> None:
    monday = date(2026, 3, 23)
    rows = [(monday, 2), (monday + timedelta(days=6), 3), (monday + timedelta(days=7), 5)]
    for day, views in rows:
        ReachCount.objects.create(day=day, route="a:b", thing="", views=views)
    ReachCount.objects.create(day=monday, route="c:d", thing="x", views=10)
    last = monday + timedelta(days=7)
    assert reach.by_day(monday, monday + timedelta(days=2)) == [
        (monday, 12), (monday + timedelta(days=1), 0), (monday + timedelta(days=2), 0),
    ]  # fmt: skip
    assert reach.by_week(monday, last) == [(monday, 15), (last, 5)]
    assert reach.by_week(monday + timedelta(days=1), last, "a:b") == [(monday, 3), (last, 5)]
    assert [(line.route, line.views) for line in reach.by_page(monday, last)] == [("a:b", 10), ("c:d", 10)]


@pytest.mark.django_db
def test_the_staff_page_and_its_file(town: Any, client: Client) -> None:
    today = timezone.localdate()
    client.force_login(make_account(Role.EDITOR))
    assert client.get("/intern/reichweite/").status_code == 200
    ReachCount.objects.create(day=today, route="programme:measure", thing="fauthweg", views=7)
    ReachCount.objects.create(day=today - timedelta(days=40), route="programme:measure", thing="alt", views=1)
    ReachCount.objects.create(day=today, route="gone:page", thing="-formel", views=1)
    page = client.get("/intern/reichweite/", {"days": "30", "by": "day"})
    assert page.context["total"] == 8
    assert [(line.thing, url) for line, url in page.context["pages"]] == [
        ("fauthweg", "/massnahmen/fauthweg/"), ("-formel", ""),
    ]  # fmt: skip
    one = client.get("/intern/reichweite/", {"route": "programme:measure", "thing": "fauthweg", "by": "week"})
    assert one.context["total"] == 7
    table = client.get("/intern/reichweite.csv", {"days": "30"}).content.decode()
    assert table.splitlines() == [
        "\ufeffday;route;page;views", f"{today};gone:page;'-formel;1", f"{today};programme:measure;fauthweg;7",
    ]  # fmt: skip
    client.force_login(make_account(Role.PILOT))
    assert client.get("/intern/reichweite/").status_code == 403


@pytest.mark.django_db
def test_the_page_costs_the_same_for_one_and_three(town: Any, client: Client) -> None:
    client.force_login(make_account(Role.EDITOR))
    today = timezone.localdate()
    ReachCount.objects.create(day=today, route="programme:measure", thing="a", views=1)
    client.get("/intern/reichweite/")
    with CaptureQueriesContext(connection) as one:
        client.get("/intern/reichweite/")
    for thing in "bc":
        ReachCount.objects.create(day=today, route="programme:measure", thing=thing, views=1)
    with CaptureQueriesContext(connection) as three:
        client.get("/intern/reichweite/")
    assert len(three) == len(one)
