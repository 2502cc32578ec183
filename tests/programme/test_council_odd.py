"""Council information systems that say odd things, or behave badly."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from allmende.programme.council import walking
from allmende.programme.models import CouncilDecision, CouncilSource
from tests.outgoing.peer import answer

from .council_support import LOOPBACK, problem, references, source_of, walked
from .oparl_server import Council, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = LOOPBACK


@pytest.fixture
def council() -> Iterator[Council]:
    with running(Council()) as council:
        yield council


@pytest.mark.parametrize(
    "odd",
    [
        {"name": None, "meeting": 7, "consultation": [], "web": "javascript:alert(1)"},
        {"name": ["x"], "meeting": "nirgends", "consultation": {"id": 1}, "result": 3, "start": "2026-99-99"},
        {"meeting": "http://[", "consultation": "http://127.0.0.1:1/x", "resolutionFile": "x", "public": "ja"},
        {"meeting": None, "result": "b\x00c\ud800" * 3, "resolutionText": {"a": 1}, "unbekannt": {"tief": [[[]]]}},
        {"meeting": "http://fremd.example/meeting/1", "name": "x" * 10_000, "resolutionText": "y" * 100_000},
    ],
)
def test_fields_that_are_odd_or_missing_stop_nothing(council: Council, odd: dict[str, Any]) -> None:
    council.put("AgendaItem", "item/1", **({"name": "Odd", "result": "beschlossen"} | odd))
    day = "2026-03-01T00:00:00+01:00"
    council.objects["item/2"] = {"type": 5, "id": "kein Ort", "modified": day, "result": "x"}
    council.objects["item/3"] = {"id": council.at("item/3"), "modified": day, "result": "nur das"}
    source = source_of(council)
    for _turn in range(2):
        assert walked(source).problem == ""
        CouncilSource.objects.update(since=None)
    ids = list(CouncilDecision.objects.order_by("oparl_id").values_list("oparl_id", flat=True))
    assert ids == [f"{council.root}/item/1", f"{council.root}/item/3"]
    assert CouncilDecision.objects.exclude(url="").count() == 0


def test_html_is_text_and_nothing_else(council: Council) -> None:
    council.decide(1, name="<b>Fett</b> &amp; <script>alert(1)</script>klein", result="2 < 3 & 4 > 1",
                   resolutionText="&lt;p&gt;Erst&lt;/p&gt;<br>Dann<style>p{}</style>")  # fmt: skip
    walked(source_of(council))
    row = CouncilDecision.objects.get()
    assert (row.title, row.result, row.text) == ("Fett & klein", "2 < 3 & 4 > 1", "Erst\n\nDann")


def _says(doc: Any) -> Any:
    return lambda handler: answer(handler, json.dumps(doc).encode())


@pytest.mark.parametrize(
    ("path", "reply", "code"),
    [
        ("system", lambda handler: answer(handler, b"<html>"), "not_json"),
        ("system", lambda handler: answer(handler, b"[" * 100_000), "not_json"),
        ("system", lambda handler: answer(handler, b'{"a": "\xff"}'), "not_json"),
        ("system", _says([]), "not_oparl"),
        ("system", _says({"type": "https://schema.oparl.org/1.1/Person", "id": "http://x/"}), "not_oparl"),
        ("system", lambda handler: answer(handler, b"", 404), "status"),
        ("bodies", lambda handler: answer(handler, b"", 503), "status"),
        ("bodies", _says({"data": "x"}), "not_oparl"),
        ("bodies", _says({"data": []}), "no_list"),
        ("bodies", _says({"data": [{"type": "x/Body", "id": "http://a.example/1"}, {"id": "http://a.example/2"}]}),
         "many_bodies"),
        ("bodies", _says({"data": [{"type": "x/Body", "agendaItem": "http://10.0.0.1/geheim"}]}), "elsewhere"),
        ("body/1/items", _says({"items": []}), "not_oparl"),
        ("body/1/items", _says({"data": [], "links": {"next": "http://169.254.169.254/latest/"}}), "elsewhere"),
        ("body/1/items", lambda handler: answer(handler, b"{}" + b" " * 11_000_000), "too_large"),
        ("body/1/items", lambda handler: answer(handler, b"{", Content_Length="99"), "unreachable"),
    ],
)  # fmt: skip
def test_servers_that_behave_badly_are_told_of(council: Council, path: str, reply: Any, code: str) -> None:
    council.decide(1)
    council.odd[path] = reply
    source = source_of(council)
    assert problem(source) == code
    assert not CouncilDecision.objects.exists()
    council.odd.clear()
    row = walked(source)
    assert (row.problem, row.problem_about, references()) == ("", "", ["01/2026"])


def test_a_circle_of_pages_is_found(council: Council) -> None:
    council.decide(1)
    first = council.objects["item/1"]

    def turn(handler: Any) -> None:
        number = "2" if "page=1" in handler.path else "1"
        council.send(handler, {"data": [first], "links": {"next": council.at(f"body/1/items?page={number}")}})

    council.odd["body/1/items"] = turn
    assert problem(source_of(council)) == "circle"
    assert len(council.asked) < 12


def test_a_list_without_an_end_comes_to_one(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "PAGES_OF_A_ROUND", 7)

    def more(handler: Any) -> None:
        council.send(handler, {"data": [], "links": {"next": council.at(f"body/1/items?n={len(council.asked)}")}})

    council.odd["body/1/items"] = more
    assert problem(source_of(council)) == "endless"
