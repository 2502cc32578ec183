"""Council information systems are read by OParl: all of it, again and again, from servers good and bad."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

from allmende.programme.council import keeping, walking
from allmende.programme.enums import ArrivalState
from allmende.programme.models import CouncilDecision, CouncilSource
from tests.outgoing.peer import answer

from .council_support import LOOPBACK, received, references, source_of, walked
from .oparl_server import Council, running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = LOOPBACK


@pytest.fixture(params=["1.0", "1.1"])
def either(request: Any) -> Iterator[Council]:
    with running(Council(request.param)) as council:
        yield council


@pytest.fixture
def council() -> Iterator[Council]:
    with running(Council()) as council:
        yield council


def test_a_decision_arrives_with_meeting_body_and_paper(either: Council) -> None:
    either.decide(1, day="2026-03-16", resolutionText="<p>Der Rat stimmt zu.</p><p>Gr&uuml;&szlig;e</p>",
                  web="https://ratsinfo.example/top/1")  # fmt: skip
    source = walked(source_of(either))
    row = CouncilDecision.objects.get()
    assert (row.oparl_id, row.meeting) == (f"{either.root}/item/1", f"{either.root}/meeting/1")
    assert (row.title, row.paper, row.reference, row.body) == ("Punkt 1", "Vorlage 1", "01/2026", "Stadtrat")
    assert (row.date, row.result) == (dt.date(2026, 3, 16), "einstimmig beschlossen")
    assert row.text == "Der Rat stimmt zu.\n\nGrüße"
    assert (row.url, row.partial, row.gone, row.state) == ("https://ratsinfo.example/top/1", False, False, "new")
    assert (source.problem, source.page, source.begun, source.seen) == ("", "", None, [])
    assert source.succeeded is not None and source.since is not None
    assert received() == ["01/2026"]


def test_pages_are_followed_and_only_results_are_kept(either: Council) -> None:
    for number in range(1, 6):
        either.decide(number)
    either.decide(6, result="")
    either.decide(7, public=False)
    either.decide(8, day="2025-12-31")
    walked(source_of(either))
    assert references() == ["01/2026", "02/2026", "03/2026", "04/2026", "05/2026"]
    assert not any("person" in each for each in either.asked)


def test_a_body_may_be_named_itself(either: Council) -> None:
    either.decide(1)
    assert walked(source_of(either, "body/1")).problem == ""
    assert references() == ["01/2026"]


def test_the_next_round_asks_for_what_changed_since(council: Council) -> None:
    council.decide(1)
    council.clock = timezone.now() - dt.timedelta(days=3)
    council.decide(2)
    source = walked(source_of(council))
    assert "modified_since=2026-01-01T00%3A00%3A00%2B01%3A00" in council.asked[2]
    council.asked.clear()
    council.clock = timezone.now()
    council.decide(3)
    council.decide(2, result="mehrheitlich beschlossen")
    source = walked(source)
    since = council.asked[2].split("modified_since=")[1]
    assert since.startswith((timezone.now() - dt.timedelta(days=1)).strftime("%Y-%m-%dT"))
    assert references() == ["01/2026", "02/2026", "03/2026"]
    assert CouncilDecision.objects.get(reference="02/2026").result == "mehrheitlich beschlossen"
    assert received() == ["01/2026", "02/2026", "03/2026"]


def test_a_second_round_changes_nothing_and_looks_nothing_up(either: Council) -> None:
    either.decide(1)
    source = walked(source_of(either))
    before = CouncilDecision.objects.values().get()
    CouncilSource.objects.update(since=None)
    either.asked.clear()
    walked(source)
    assert CouncilDecision.objects.values().get() == before
    assert [each for each in either.asked if each.startswith(("paper", "consultation", "org"))] == []
    assert received() == ["01/2026"]


def test_what_is_deleted_there_goes_unless_it_was_taken_over(council: Council) -> None:
    for number in (1, 2, 3):
        council.decide(number)
    source = walked(source_of(council))
    CouncilDecision.objects.filter(reference="02/2026").update(state=ArrivalState.TAKEN)
    for number in (1, 2):
        council.delete(f"item/{number}")
    CouncilSource.objects.update(since=None)
    walked(source)
    rows = CouncilDecision.objects.order_by("reference").values_list("reference", "gone", "text")
    assert list(rows) == [("02/2026", True, ""), ("03/2026", False, "")]


def test_a_deleted_meeting_takes_its_items_along() -> None:
    with running(Council("1.0")) as council:
        council.decide(1)
        council.decide(2)
        source = walked(source_of(council))
        council.delete("meeting/1")
        CouncilSource.objects.update(since=None)
        walked(source)
    assert references() == ["02/2026"]


def test_a_result_that_is_taken_back_is_no_decision(either: Council) -> None:
    either.decide(1)
    source = walked(source_of(either))
    either.decide(1, result="")
    CouncilSource.objects.update(since=None)
    walked(source)
    assert references() == []


def test_objects_inside_of_objects_are_not_asked_for(council: Council) -> None:
    inside = {"id": council.at("paper/9"), "type": "x", "name": "Innen", "reference": "9/26"}
    meeting = {"id": council.at("m/9"), "type": "x", "name": "Hauptausschuss", "start": "2026-03-02"}
    council.put("AgendaItem", "item/9", name="TOP", result="zugestimmt", meeting=meeting,
                consultation={"id": "x", "type": "x", "paper": inside})  # fmt: skip
    walked(source_of(council))
    row = CouncilDecision.objects.get()
    assert (row.reference, row.paper, row.body, row.date) == ("9/26", "Innen", "Hauptausschuss", dt.date(2026, 3, 2))
    assert [each.split("?")[0] for each in council.asked] == ["system", "bodies", "body/1/items"]


def test_items_that_a_meeting_only_names_are_fetched() -> None:
    with running(Council("1.0")) as council:
        council.decide(1)
        council.put("Meeting", "meeting/1", agendaItem=[council.at("item/1")])
        walked(source_of(council))
    assert references() == ["01/2026"]


def test_what_cannot_be_looked_up_is_asked_for_again(council: Council) -> None:
    council.decide(1)
    council.odd["paper/1"] = lambda handler: answer(handler, b"oops", 500)
    source = walked(source_of(council))
    row = CouncilDecision.objects.get()
    assert (source.problem, row.partial, row.reference, row.body) == ("", True, "", "Stadtrat")
    council.odd.clear()
    council.objects["meeting/1"] = council.objects["item/1"]["meeting"] = {}  # type: ignore[assignment]
    council.objects["item/1"]["meeting"] = council.at("nirgends")
    walked(source)
    row = CouncilDecision.objects.get()
    assert (row.partial, row.reference, row.paper) == (False, "01/2026", "Vorlage 1")
    assert received() == ["", "01/2026"]


def test_what_is_not_there_for_good_is_not_asked_for_again(council: Council) -> None:
    council.decide(1)
    del council.objects["paper/1"]
    walked(source_of(council))
    row = CouncilDecision.objects.get()
    assert (row.partial, row.reference, row.body) == (False, "", "Stadtrat")


def test_a_server_that_breaks_off_in_the_middle_goes_on_there(council: Council) -> None:
    for number in range(1, 6):
        council.decide(number)
    source = source_of(council)

    def page_three_breaks(handler: Any) -> None:
        if "page=3" in handler.path:
            return answer(handler, b"", 502)
        return council.send(handler, council.listed(handler.path))

    council.odd["body/1/items"] = page_three_breaks
    row = walked(source)
    assert (row.problem, row.since, row.succeeded, len(references())) == ("status", None, None, 4)
    assert row.page.endswith("page=3")
    council.odd.clear()
    council.asked.clear()
    row = walked(source)
    assert (row.problem, len(references())) == ("", 5)
    assert [each.split("?")[0] for each in council.asked if "item" in each] == ["body/1/items"]


def test_a_run_that_is_killed_loses_nothing_and_doubles_nothing(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 6):
        council.decide(number)
    source, real = source_of(council), keeping.keep
    pages: list[int] = []

    class Killed(BaseException):
        pass

    def dies(*args: Any) -> int:
        done = real(*args)
        pages.append(done)
        if len(pages) in (1, 3):
            raise Killed  # before the page is committed
        return done

    monkeypatch.setattr(keeping, "keep", dies)
    for expected in (0, 2):
        with pytest.raises(Killed):
            walking.walk(source)
        assert len(references()) == expected
        assert CouncilSource.objects.get().since is None
    walked(source)
    assert references() == [f"0{number}/2026" for number in range(1, 6)]
    assert received() == [f"0{number}/2026" for number in range(1, 6)]


def test_a_run_ends_after_its_pages_and_the_next_goes_on(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "PAGES_OF_A_RUN", 2)
    for number in range(1, 6):
        council.decide(number)
    source = source_of(council)
    assert walking.walk(source) and len(references()) == 4
    assert not walking.walk(source) and len(references()) == 5


def test_two_runs_at_once_keep_every_page_once(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower one finds that the page is kept, and ends."""
    for number in range(1, 4):
        council.decide(number)
    source, real = source_of(council), walking.Client.page
    monkeypatch.setattr(walking, "PAGES_OF_A_RUN", 1)
    inner: list[bool] = []

    def meanwhile(client: Any, address: str) -> Any:
        if "items" in address and not inner:
            inner.append(True)
            inner.append(walking.walk(source))
        return real(client, address)

    monkeypatch.setattr(walking.Client, "page", meanwhile)
    assert walking.walk(source) is False
    assert inner == [True, True]
    assert references() == received() == ["01/2026", "02/2026"]


def test_a_source_that_changed_meanwhile_takes_nothing_of_the_old_one(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    council.decide(1)
    source, real = source_of(council), walking.Client.page

    def moved(client: Any, address: str) -> Any:
        CouncilSource.objects.update(url="https://anders.example/oparl")
        return real(client, address)

    monkeypatch.setattr(walking.Client, "page", moved)
    assert walking.walk(source) is False
    assert references() == []
