"""Experts judge what they are asked for, and read nobody else's judgement before."""

from typing import Any

import pytest
from django.test import Client

from allmende.dialogue.domain import answering, reviewing
from allmende.dialogue.models import Contribution, Review
from allmende.spine import todos
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .made import contribute, make_phase
from .reading import as_account, text_of
from .test_thread import judgement

pytestmark = pytest.mark.django_db
LIST = "/gutachten/"
FORM = {
    "version": "1", "score-0": "4", "score-1": "2", "feasibility": "conditions", "cost_low_cents": "1.500",
    "cost_high_cents": "2.000,50", "text": "Geht, mit Splitt.", "interests": "keine", "name": "Fachfrau",
}  # fmt: skip


@pytest.fixture
def expert() -> Any:
    return make_account(Role.EXPERT)


def ask(*experts: Any, **values: Any) -> tuple[Contribution, list[Review]]:
    row = contribute(make_phase(criteria=["Nutzen", "Aufwand"]), **values)
    return row, reviewing.ask(row, list(experts), actor=make_account(Role.PROGRAMME_OFFICE))


def test_an_expert_judges_and_puts_it_better(expert: Any) -> None:
    row, (review,) = ask(expert, title="Kisten für Splitt")
    client = as_account(expert)
    assert f'href="{LIST}"' in client.get("/").content.decode()
    assert f'href="{LIST}"' not in Client().get("/").content.decode()
    assert "Kisten für Splitt" in text_of(client.get(LIST))
    page = review.get_absolute_url()
    assert text_of(client.get(page)).count("Aufwand") >= 1
    assert client.post(page, FORM).status_code == 302
    review.refresh_from_db()
    assert (review.state, review.scores, review.cost_low_cents, review.cost_high_cents, review.name) == (
        "given", [4, 2], 150_000, 200_050, "Fachfrau",
    )  # fmt: skip
    assert client.post(page, FORM | {"version": review.version, "score-1": "5"}).status_code == 302
    review.refresh_from_db()
    assert review.scores == [4, 5]
    row.refresh_from_db()
    office = make_account(Role.PROGRAMME_OFFICE)
    answering.answer(row, standing="accepted", reason="Ja.", version=row.version, actor=office)
    assert "Gutachten abgeben" not in text_of(client.get(page))
    assert client.post(page, FORM | {"version": review.version}).status_code == 422


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("score-0", "6", "score-0"),
        ("score-1", "", "score-1"),
        ("feasibility", "quatsch", "feasibility"),
        ("cost_low_cents", "viel", "cost_low_cents"),
        ("cost_low_cents", "9.000", "__all__"),
        ("text", " ", "text"),
        ("interests", "", "interests"),
        ("name", "", "name"),
        ("version", "x", "version"),
    ],
)
def test_bad_input_is_told_at_the_field(expert: Any, name: str, value: str, field: str) -> None:
    _row, (review,) = ask(expert)
    page = as_account(expert).post(review.get_absolute_url(), FORM | {name: value})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    review.refresh_from_db()
    assert review.state == "asked"


def test_one_reads_no_other_judgement(expert: Any) -> None:
    other = make_account(Role.EXPERT)
    _row, reviews = ask(expert, other)
    reviewing.give(reviews[1], judgement(text="Geheimer Rat", name="Frau Ohm"), version=1, actor=other)
    client = as_account(expert)
    for address in (reviews[0].get_absolute_url(), LIST):
        page = text_of(client.get(address))
        assert "Geheimer Rat" not in page and "Frau Ohm" not in page
    assert client.get(reviews[1].get_absolute_url()).status_code == 404
    assert client.post(reviews[1].get_absolute_url(), FORM).status_code == 404


def test_handing_back_needs_a_reason_and_frees_the_place(expert: Any) -> None:
    row, (review,) = ask(expert)
    client = as_account(expert)
    assert client.post(review.get_absolute_url(), {"action": "back", "interests": " "}).status_code == 422
    back = {"action": "back", "interests": "Mein Bruder verkauft Kisten."}
    assert client.post(review.get_absolute_url(), back).status_code == 302
    review.refresh_from_db()
    assert review.state == "refused"
    assert "Zurückgegeben" in text_of(client.get(LIST))
    office = as_account(make_account(Role.PROGRAMME_OFFICE))
    assert "Mein Bruder" in text_of(office.get(f"/intern/beitraege/{row.public_id}/"))


def test_two_windows_of_one_expert(expert: Any) -> None:
    _row, (review,) = ask(expert)
    client = as_account(expert)
    client.post(review.get_absolute_url(), FORM)
    second = client.post(review.get_absolute_url(), FORM | {"text": "Doch nicht."})
    assert second.status_code == 409
    assert "Geht, mit Splitt." in text_of(second) and "Doch nicht." in text_of(second)


def test_markup_is_text(expert: Any) -> None:
    row, (review,) = ask(expert, title="<b>Fett</b>", text="<script>alert(1)</script>")
    client = as_account(expert)
    client.post(review.get_absolute_url(), FORM | {"text": "<script>alert(2)</script>", "name": "<i>Ich</i>"})
    office = as_account(make_account(Role.PROGRAMME_OFFICE))
    for page in (client.get(review.get_absolute_url()), office.get(f"/intern/beitraege/{row.public_id}/")):
        assert "<script>alert" not in page.content.decode() and "<i>Ich" not in page.content.decode()


def test_what_is_not_shown_is_not_read(expert: Any) -> None:
    row, (review,) = ask(expert, text="Nicht für alle")
    Contribution.objects.filter(pk=row.pk).update(shown="hidden")
    page = as_account(expert).get(review.get_absolute_url())
    assert page.status_code == 200 and "Nicht für alle" not in text_of(page)


def test_who_may_not(expert: Any) -> None:
    _row, (review,) = ask(expert)
    assert as_account(make_account(Role.RESIDENT)).get(LIST).status_code == 403
    assert as_account(make_account(Role.EXPERT)).get(review.get_absolute_url()).status_code == 404
    assert Client().get(LIST).status_code == 302


def test_it_stands_in_the_list_of_tasks(expert: Any) -> None:
    row, (review,) = ask(expert, title="Kisten")
    (todo,) = todos.of(todos.Ask(expert))
    assert (todo.title, todo.url, todo.due) == ("Gutachten: Kisten", review.get_absolute_url(), row.due)
    office = make_account(Role.PROGRAMME_OFFICE)
    contribute(row.phase)
    (owed,) = todos.of(todos.Ask(office, todos.Whose.FREE))
    assert (owed.title, owed.due, owed.who) == ("Beiträge beantworten: 2", row.due, "Tiefbauamt")
    assert str(row.phase.participation.public_id) in owed.url


def test_in_english(expert: Any) -> None:
    _row, (review,) = ask(expert)
    page = text_of(as_account(expert).get(review.get_absolute_url(), headers={"accept-language": "en"}))
    assert "Give the judgement" in page and "Named in public as" in page
