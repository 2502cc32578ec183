"""Staff pages: what is owed, answering with a reason, experts that are asked."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.dialogue.domain import answering, contributing, reviewing
from allmende.dialogue.models import Contribution, Review
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .made import contribute, make_participation, make_phase, make_resident
from .reading import as_account, text_of
from .test_thread import judgement

pytestmark = pytest.mark.django_db
OWED = "/intern/beitraege/"
MARKUP = "<script>alert(1)</script>\"&'"


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.fixture
def desk(office: Any) -> Client:
    return as_account(office)


def page_of(row: Contribution) -> str:
    return f"{OWED}{row.public_id}/"


def late(row: Contribution, days: int = 3) -> Contribution:
    row.due = timezone.localdate() - dt.timedelta(days=days)
    row.save()
    return row


def test_what_is_owed_stands_first_due_first_and_says_what_is_late(desk: Client) -> None:
    phase = make_phase(reviews=2, criteria=["Nutzen"])
    contribute(phase, title="Später")
    late(contribute(phase, title="Längst fällig"))
    page = text_of(desk.get(OWED))
    assert page.index("Längst fällig") < page.index("Später")
    assert "3 Tage überfällig" in page
    only = text_of(desk.get(OWED, {"frist": "late"}))
    assert "Längst fällig" in only and "Später" not in only
    assert "Längst fällig" not in text_of(desk.get(OWED, {"q": "Quatsch"}))
    odd = desk.get(OWED, {"frist": "quatsch", "beteiligung": "x", "stand": "'", "ansicht": "<b>", "page": "-1"})
    assert odd.status_code == 200


def test_tabs_and_filters(desk: Client) -> None:
    done = contribute(make_phase(), title="Erledigt")
    office = make_account(Role.PROGRAMME_OFFICE)
    answering.answer(done, standing="done", reason="Steht schon.", version=done.version, actor=office)
    other = contribute(make_participation(title="Altstadtfest").phases.get(), title="Netz am Markt")
    assert "Erledigt" not in text_of(desk.get(OWED))
    assert "Erledigt" in text_of(desk.get(OWED, {"ansicht": "alle"}))
    assert "Erledigt" in text_of(desk.get(OWED, {"ansicht": "alle", "stand": "done"}))
    found = text_of(desk.get(OWED, {"ansicht": "alle", "beteiligung": str(other.phase.participation.public_id)}))
    assert "Netz am Markt" in found and "Erledigt" not in found


def test_as_many_queries_for_three_as_for_one(desk: Client, office: Any) -> None:
    phase = make_phase(reviews=1, criteria=["Nutzen"])
    contribute(phase)
    desk.get(OWED)
    for address in (OWED, f"{OWED}?ansicht=alle", "/intern/beteiligung/"):
        with CaptureQueriesContext(connection) as one:
            desk.get(address)
        for number in range(2):
            row = contribute(make_participation(title=f"Weitere {number}").phases.get())
            reviewing.ask(row, [make_account(Role.EXPERT)], actor=office)
        with CaptureQueriesContext(connection) as three:
            desk.get(address)
        assert len(three) == len(one), address


def test_an_office_asks_experts_and_answers_with_a_measure(desk: Client, office: Any) -> None:
    phase = make_phase(reviews=2, criteria=["Nutzen", "Aufwand"])
    row, experts = contribute(phase), [make_account(Role.EXPERT, name=name) for name in ("Ada", "Bo")]
    address = page_of(row)
    assert "2 Gutachten müssen noch kommen" in text_of(desk.get(address))
    empty = desk.post(address, {"action": "ask"})
    assert (empty.status_code, Review.objects.count()) == (422, 0)
    assert desk.post(address, {"action": "ask", "experts": [each.pk for each in experts]}).status_code == 302
    assert Review.objects.count() == 2
    asked = desk.post(address, {"action": "ask", "experts": [experts[0].pk]})
    assert (asked.status_code, Review.objects.count()) == (422, 2)
    row.refresh_from_db()
    early = desk.post(address, {"action": "answer", "standing": "accepted", "reason": "Ja", "version": row.version})
    assert early.status_code == 422 and "noch kommen" in text_of(early)
    for expert in experts:
        reviewing.give(Review.objects.get(expert=expert), judgement(), version=1, actor=expert)
    measure = make_measure(title="Licht am Fauthweg")
    answer = {"action": "answer", "standing": "accepted", "reason": f"Gern. {MARKUP}", "measure": measure.urn}
    assert desk.post(address, answer | {"version": row.version}).status_code == 302
    page = desk.get(address).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page and "Licht am Fauthweg" in page
    row.refresh_from_db()
    assert row.standing == "accepted"


@pytest.mark.parametrize(
    ("name", "value"),
    [("standing", "new"), ("standing", ""), ("reason", " "), ("measure", "measure:quatsch"), ("version", "x")],
)
def test_a_bad_answer_is_told_at_its_field_and_nothing_is_saved(desk: Client, name: str, value: str) -> None:
    row = contribute(make_phase())
    given = {"action": "answer", "standing": "done", "reason": "Ist da.", "measure": "", "version": row.version}
    page = desk.post(page_of(row), given | {name: value})
    assert (page.status_code, list(page.context["answer_form"].errors)) == (422, [name])
    assert not row.answers.exists()


def test_a_draft_of_a_measure_cannot_be_named(desk: Client) -> None:
    hidden = make_measure(published=None)
    row = contribute(make_phase())
    assert hidden.title not in text_of(desk.get(page_of(row)))
    given = {"action": "answer", "standing": "done", "reason": "Ist da.", "measure": hidden.urn}
    assert desk.post(page_of(row), given | {"version": row.version}).status_code == 422


def test_two_at_once_see_each_others_answer(desk: Client) -> None:
    row = contribute(make_phase())
    given = {"action": "answer", "standing": "declined", "reason": "Zu teuer.", "version": row.version}
    assert desk.post(page_of(row), given).status_code == 302
    second = desk.post(page_of(row), given | {"standing": "accepted", "reason": "Machen wir."})
    text = text_of(second)
    assert second.status_code == 409
    assert "Zu teuer." in text and "Machen wir." in text and "inzwischen" in text
    again = given | {"standing": "accepted", "reason": "Machen wir.", "version": row.version + 1}
    assert desk.post(page_of(row), again).status_code == 302
    assert [each.reason for each in row.answers.all()] == ["Machen wir.", "Zu teuer."]


def test_who_may_not() -> None:
    row = contribute(make_phase())
    for role in (Role.RESIDENT, Role.EXPERT, Role.MODERATOR, Role.AUDITOR):
        client = as_account(make_account(role))
        assert {client.get(OWED).status_code, client.get(page_of(row)).status_code} == {403}, role
    assert Client().get(OWED).status_code == 302
    elsewhere = make_account(Role.PROJECT_LEAD, scope=make_measure().urn)
    assert as_account(elsewhere).get(page_of(row)).status_code == 403
    assert row.title not in text_of(as_account(elsewhere).get(OWED))


def test_who_leads_the_measure_or_the_office_answers_its_contributions() -> None:
    measure = make_measure()
    about = contribute(make_participation(title="Über die Maßnahme", subject=measure.urn).phases.get(), title="Mein")
    of_measure = as_account(make_account(Role.PROJECT_LEAD, scope=measure.urn))
    of_office = as_account(make_account(Role.PROJECT_LEAD, scope=about.phase.participation.office.urn))
    for client in (of_measure, of_office):
        assert "Mein" in text_of(client.get(OWED))
        assert client.get(page_of(about)).status_code == 200


def test_who_judges_too_reads_no_other_judgement_before_their_own() -> None:
    phase = make_phase(criteria=["Nutzen", "Aufwand"])
    row, both = contribute(phase), make_account(Role.PROGRAMME_OFFICE, Role.EXPERT)
    other = make_account(Role.EXPERT)
    reviews = reviewing.ask(row, [other, both], actor=make_account(Role.PROGRAMME_OFFICE))
    reviewing.give(reviews[0], judgement(text="Geheimer Rat"), version=1, actor=other)
    assert "Geheimer Rat" not in text_of(as_account(both).get(page_of(row)))
    reviewing.give(reviews[1], judgement(), version=1, actor=both)
    assert "Geheimer Rat" in text_of(as_account(both).get(page_of(row)))


def test_what_is_taken_back_is_not_answered(desk: Client) -> None:
    author = make_resident()
    row = contribute(make_phase(), author)
    contributing.take_back(row, actor=author)
    row.refresh_from_db()
    given = {"action": "answer", "standing": "done", "reason": "Ist da.", "version": row.version}
    assert desk.post(page_of(row), given).status_code == 422
    assert page_of(row) not in desk.get(OWED).content.decode()


def test_in_english(desk: Client) -> None:
    row = late(contribute(make_phase(), title="Bins", lang="en"))
    page = text_of(desk.get(page_of(row), headers={"accept-language": "en"}))
    assert "3 days late" in page and "Publish the answer" in page and "Nobody was asked yet." in page
