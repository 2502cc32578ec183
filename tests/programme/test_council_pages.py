"""Decisions that arrived are taken over into drafts, by people, once."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client

from allmende.programme.council import decisions, sources, tasks
from allmende.programme.domain import revisions
from allmende.programme.models import CouncilDecision, CouncilSource, Decision, Revision
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .council_support import LOOPBACK, arrived, references
from .oparl_server import Council, running

pytestmark = pytest.mark.django_db
URL = "/intern/ratsbeschluesse/"


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


@pytest.fixture
def page(office: Any, client: Client) -> Client:
    client.force_login(office)
    return client


def values(row: CouncilDecision, **more: Any) -> dict[str, Any]:
    return decisions.proposed(row) | more


def sent(row: CouncilDecision, measure: Any, **more: Any) -> dict[str, Any]:
    given = {name: str(value) for name, value in values(row).items()}
    return given | {"measure": str(measure.public_id), "action": "take"} | more


def test_a_decision_goes_into_the_draft_and_is_public_only_after_a_second_person(office: Any, page: Client) -> None:
    measure, row = make_measure(title="Fauthweg"), arrived()
    answer = page.post(row.get_absolute_url(), sent(row, measure))
    assert (answer.status_code, answer.headers["location"]) == (302, measure.change_url)
    draft = Revision.objects.get(measure=measure)
    (made,) = draft.document["decisions"]
    assert made == {
        "id": made["id"], "date": "2026-03-16", "body": "Stadtrat", "kind": "approve",
        "text": "einstimmig beschlossen\n\nDer Rat stimmt zu.", "url": "https://ratsinfo.example/top/1",
    }  # fmt: skip
    assert not Decision.objects.exists()
    row.refresh_from_db()
    assert (row.state, row.measure, str(row.row)) == ("taken", measure, made["id"])
    second = make_account(Role.PROGRAMME_OFFICE)
    draft = revisions.submit(draft, actor=office)
    with pytest.raises(ValidationError):
        revisions.publish(draft, actor=office)
    revisions.publish(draft, actor=second)
    assert str(Decision.objects.get().public_id) == made["id"]
    (fact,) = FactRow.objects.filter(kind="programme.council_decision.sorted")
    assert (fact.payload, fact.public) == ({"reference": "01/2026", "state": "taken"}, False)


def test_it_joins_what_somebody_has_in_the_draft_already(office: Any) -> None:
    measure, row = make_measure(), arrived()
    draft = revisions.edit(revisions.begin(measure, actor=office), {"reason": "Darum."}, version=1, actor=office)
    decisions.take_over(row, measure, values(row), actor=office)
    kept = Revision.objects.get(pk=draft.pk).document
    assert (kept["reason"], len(kept["decisions"])) == ("Darum.", 1)


def test_not_twice_and_not_what_the_measure_has(office: Any) -> None:
    measure, row = make_measure(), arrived()
    decisions.take_over(row, measure, values(row), actor=office)
    with pytest.raises(ValidationError) as caught:
        decisions.take_over(row, make_measure(), values(row), actor=office)
    assert caught.value.code == "taken"
    decisions.put_back(row, actor=office)
    with pytest.raises(ValidationError) as caught:
        decisions.take_over(row, measure, values(row), actor=office)
    assert caught.value.code == "there"
    assert len(Revision.objects.get().document["decisions"]) == 1


def test_a_draft_in_review_is_left_alone(office: Any, page: Client) -> None:
    measure, row = make_measure(), arrived()
    draft = revisions.edit(revisions.begin(measure, actor=office), {"reason": "Darum."}, version=1, actor=office)
    revisions.submit(draft, actor=office)
    answer = page.post(row.get_absolute_url(), sent(row, measure))
    assert answer.status_code == 422
    assert "in Prüfung" in answer.content.decode()
    assert CouncilDecision.objects.get().state == "new"


@pytest.mark.parametrize(
    ("wrong", "name"),
    [({"date": "2999-01-01"}, "date"), ({"date": ""}, "date"), ({"url": "javascript:x"}, "url"), ({"body": ""}, "body"),
     ({"kind": "erobern"}, "kind"), ({"measure": ""}, "measure"), ({"measure": "x"}, "measure"),
     ({"text": "a\0b"}, "text")],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(page: Client, wrong: dict[str, str], name: str) -> None:
    row = arrived()
    answer = page.post(row.get_absolute_url(), sent(row, make_measure()) | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [name]
    assert not Revision.objects.exists()


def test_who_may_do_what() -> None:
    mine, other, row = make_measure(), make_measure(title="Fremd"), arrived()
    lead = make_account(Role.PROJECT_LEAD, scope=mine.urn)
    for verb in (decisions.put_aside, decisions.put_back):
        with pytest.raises(PermissionDenied):
            verb(row, actor=lead)
    with pytest.raises(PermissionDenied):
        decisions.take_over(row, other, values(row), actor=lead)
    with pytest.raises(PermissionDenied):
        sources.put({"name": "x"}, actor=lead)
    client = Client()
    client.force_login(lead)
    body = client.get(row.get_absolute_url()).content.decode()
    assert mine.title in body and "Fremd" not in body and "Das betrifft uns nicht" not in body
    assert "Woher sie kommen" not in client.get(URL).content.decode()
    assert decisions.take_over(row, mine, values(row), actor=lead).measure == mine


def test_a_list_that_is_searched_and_narrowed(page: Client, office: Any) -> None:
    for number, paper in ((1, "Beleuchtung Fauthweg"), (2, "Haushalt"), (3, "Fauthweg <b>Bänke</b>")):
        arrived(number, paper=paper, body="Bauausschuss" if number == 3 else "Stadtrat")
    decisions.put_aside(CouncilDecision.objects.get(reference="02/2026"), actor=office)

    def shown(**asked: str) -> list[str]:
        return [row.reference for row in page.get(URL, asked).context["page"].object_list]

    assert shown() == ["03/2026", "02/2026", "01/2026"]
    assert shown(q="fauthweg") == ["03/2026", "01/2026"]
    assert shown(q="fauthweg 01/2026") == ["01/2026"]
    assert shown(state="ignored") == ["02/2026"]
    assert shown(body="Bauausschuss") == ["03/2026"]
    assert shown(body="unbekannt") == ["03/2026", "02/2026", "01/2026"]
    body = page.get(URL).content.decode()
    assert "Fauthweg &lt;b&gt;Bänke&lt;/b&gt;" in body


def test_aside_and_back(page: Client) -> None:
    row = arrived()
    for action, state in (("aside", "ignored"), ("back", "new")):
        assert page.post(row.get_absolute_url(), {"action": action}).status_code == 302
        assert CouncilDecision.objects.get().state == state


def test_a_source_is_entered_in_the_browser(page: Client) -> None:
    new = f"{URL}quellen/neu/"
    given = {
        "name": "RIS",
        "url": "https://ratsinfo.example/oparl",
        "earliest": "2026-01-01",
        "hours": "6",
        "enabled": "on",
    }
    for wrong, name in (({"url": "http://a:b@ratsinfo.example/"}, "url"), ({"url": "ftp://x.example/"}, "url"),
                        ({"hours": "0"}, "hours"), ({"name": ""}, "name")):  # fmt: skip
        answer = page.post(new, given | wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert page.post(new, given).status_code == 302
    row = CouncilSource.objects.get()
    assert (row.name, row.earliest, row.hours, row.enabled) == ("RIS", dt.date(2026, 1, 1), 6, True)
    assert "RIS" in page.get(URL).content.decode()
    CouncilSource.objects.update(since="2026-05-01T00:00Z", page="https://ratsinfo.example/2")
    page.post(row.get_absolute_url(), given | {"hours": "12"})
    assert CouncilSource.objects.get().page == "https://ratsinfo.example/2"
    page.post(row.get_absolute_url(), given | {"url": "https://anders.example/oparl"})
    assert CouncilSource.objects.values_list("since", "page").get() == (None, "")
    page.post(row.get_absolute_url(), {"action": "remove"})
    assert not CouncilSource.objects.exists()


def test_an_address_inside_is_told_of_on_the_page(page: Client) -> None:
    row = arrived().source
    CouncilSource.objects.update(url="http://127.0.0.1:1/oparl")
    tasks.walk_source(row.pk)
    body = page.get(URL).content.decode()
    assert "127.0.0.1 liegt in einem Netz, das dieser Server nicht abfragt" in body


def test_sources_are_asked_when_their_hour_has_come(settings: Any) -> None:
    settings.OUTGOING_NETWORKS = LOOPBACK
    with running(Council()) as council:
        council.decide(1)
        source = sources.put(
            {"name": "R", "url": f"{council.root}/system", "earliest": dt.date(2026, 1, 1)}, actor="test"
        )
        assert list(sources.due()) == [source]
        tasks.walk_source(source.pk)
        assert references() == ["01/2026"]
        tried = CouncilSource.objects.get().tried
        assert tried is not None
        assert list(sources.due(tried + dt.timedelta(hours=5, minutes=59))) == []
        assert list(sources.due(tried + dt.timedelta(hours=6))) == [source]
        CouncilSource.objects.update(enabled=False)
        assert list(sources.due(tried + dt.timedelta(hours=6))) == []


def test_a_run_is_put_into_the_queue_once(office: Any) -> None:
    row = arrived().source
    assert (sources.enqueue(row.pk), sources.enqueue(row.pk)) == (True, False)
    sources.ask(row, actor=office)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'programme.council_walk'")
        assert cursor.fetchone() == (1,)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_takes_it_over() -> None:
    row, people = arrived(), [make_account(Role.PROGRAMME_OFFICE) for _each in range(2)]
    measures = [make_measure(), make_measure()]
    start, told = threading.Barrier(2), []

    def take(number: int) -> None:
        start.wait(10)
        try:
            decisions.take_over(row, measures[number], values(row), actor=people[number])
            told.append("done")
        except ValidationError as error:
            told.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=[number]) for number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(20)
    assert sorted(map(str, told)) == ["done", "taken"]
    assert sum(len(each.document["decisions"]) for each in Revision.objects.all()) == 1
