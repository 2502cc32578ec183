"""An idea from its submission to its answer and measure, through the verbs."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from allmende.dialogue.domain import answering, contributing, participations, queries, reviewing
from allmende.dialogue.models import Contribution, Phase
from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.notify.models import Notice
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.notify.conftest import pump

from .made import contribute, make_participation, make_phase, make_resident, rules

pytestmark = pytest.mark.django_db


def judgement(**changes: Any) -> dict[str, Any]:
    given = {
        "scores": [4, 5],
        "feasibility": "yes",
        "cost_low_cents": 500_000,
        "cost_high_cents": 800_000,
        "text": "Gut zu machen.",
        "interests": "keine",
        "name": "Fachfrau für Winterdienst",
    }
    return given | changes


@pytest.mark.django_db(transaction=True)
def test_from_the_idea_to_the_measure() -> None:
    phase = make_phase(reviews=2, criteria=["Nutzen", "Aufwand"])
    author, office = make_resident(), make_account(Role.PROGRAMME_OFFICE)
    row = contribute(phase, author)
    phase.refresh_from_db()
    assert (row.number, row.shown, row.standing, phase.frozen) == (1, "visible", "new", phase.rules.digest)
    assert row.due == timezone.localdate(phase.closes) + dt.timedelta(days=60)
    with pytest.raises(ValidationError, match="Gutachten"):
        answering.answer(row, standing="accepted", reason="Ja.", version=row.version, actor=office)
    experts = [make_account(Role.EXPERT), make_account(Role.EXPERT)]
    first, second = reviewing.ask(row, experts, actor=office)
    reviewing.give(first, judgement(), version=1, actor=experts[0])
    row.refresh_from_db()
    assert (row.standing, reviewing.public(row)) == ("examined", False)
    reviewing.give(second, judgement(feasibility="conditions"), version=1, actor=experts[1])
    assert reviewing.public(row) is True
    measure = make_measure()
    made = answering.answer(
        row, standing="accepted", reason="Die Kisten kommen.", measure=measure.urn, version=row.version, actor=office
    )
    assert (made.office, list(queries.led_to(measure.urn))) == ("Tiefbauamt", [row])
    counted = queries.tally(phase.participation)
    assert (counted.total, counted.open, counted.by_answer["accepted"], counted.measures) == (1, 0, 1, 1)
    pump()
    told = set(Notice.objects.filter(account=author).values_list("title", flat=True))
    assert len(told) == 3 and any("beantwortet" in title for title in told)


def test_sent_twice_it_is_there_once() -> None:
    phase, author, key = make_phase(), make_resident(), uuid.uuid4()
    values = {"title": "Licht", "text": "Heller."}
    first = contributing.submit(phase, values, key=key, actor=author)
    assert contributing.submit(phase, values, key=key, actor=author) == first
    assert Contribution.objects.count() == 1


def test_rules_hold_from_the_first_contribution() -> None:
    phase = make_phase()
    row = participations.change_phase(
        phase, title="Ideen", text="", rules=rules(answer_days=30), version=phase.version, actor="test"
    )
    contribute(row)
    row.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        participations.change_phase(
            row, title="Ideen", text="", rules=rules(answer_days=90), version=row.version, actor="test"
        )
    assert "answer_days" in error.value.message_dict
    with pytest.raises(ValidationError, match="bleibt"):
        participations.drop_phase(row, actor="test")
    worded = participations.change_phase(
        row, title="Ideen sammeln", text="Was fehlt?", rules=row.rules, version=row.version, actor="test"
    )
    assert (worded.title, worded.frozen) == ("Ideen sammeln", row.frozen)


@pytest.mark.parametrize(("opens", "closes"), [(1, 2), (-2, -1)], ids=["not yet open", "over"])
def test_outside_of_its_time_nothing_is_taken(opens: int, closes: int) -> None:
    now = timezone.now()
    phase = make_phase(opens=now + dt.timedelta(days=opens), closes=now + dt.timedelta(days=closes))
    with pytest.raises(ValidationError, match="nicht"):
        contribute(phase)
    assert Contribution.objects.count() == 0


def test_who_may_contribute() -> None:
    phase = make_phase(audience="staff")
    with pytest.raises(PermissionDenied):
        contribute(phase)
    draft = make_participation(published=False).phases.get()
    with pytest.raises(ValidationError):
        contribute(draft)
    nameless = make_account(Role.RESIDENT)
    with pytest.raises(ValidationError) as error:
        contribute(make_phase(), nameless)
    assert error.value.error_dict["pseudonym"][0].code == "no_pseudonym"


def test_a_place_may_be_asked_for() -> None:
    phase = make_phase(place="required")
    with pytest.raises(ValidationError) as error:
        contribute(phase)
    assert "place_name" in error.value.message_dict
    row = contribute(phase, lon=7.7667, lat=49.4353, place_name="Fauthweg")
    assert (row.geom_kind, row.place_name) == ("point", "Fauthweg")
    with pytest.raises(ValidationError) as error:
        contribute(phase, lon=170.0, lat=-80.0)
    assert "lon" in error.value.message_dict
    without = contribute(make_phase(place="no"), lon=7.7667, lat=49.4353, place_name="Fauthweg")
    assert (without.geom, without.place_name) == (None, "")


def test_own_words_are_changed_and_taken_back() -> None:
    phase, author = make_phase(), make_resident()
    row = contribute(phase, author)
    changed = contributing.change(row, {"title": "Splitt"}, version=row.version, actor=author)
    with pytest.raises(VersionConflict):
        contributing.change(row, {"title": "Salz"}, version=row.version, actor=author)
    with pytest.raises(PermissionDenied):
        contributing.change(changed, {"title": "Salz"}, version=changed.version, actor=make_resident())
    gone = contributing.take_back(changed, actor=author)
    assert (gone.title, gone.text, gone.shown, gone.number) == ("–", "", "withdrawn", 1)
    assert contribute(phase).number == 2


def test_support_counts_each_once_and_nobodys_own() -> None:
    phase, author, other = make_phase(), make_resident(), make_resident()
    row = contribute(phase, author)
    assert [contributing.support(row, True, actor=other) for _ in range(2)] == [1, 1]
    with pytest.raises(ValidationError):
        contributing.support(row, True, actor=author)
    assert contributing.support(row, False, actor=other) == 0
    assert contributing.support(row, False, actor=other) == 0


def test_links_are_held_back_and_are_not_public() -> None:
    row = contribute(make_phase(), text="http://a.example http://b.example http://c.example http://d.example")
    assert (row.shown, row.holds) == ("held", ["links"])
    assert queries.contribution_of(None, row.public_id) is None
    assert not FactRow.objects.filter(kind="dialogue.contribution.received", public=True).exists()


def test_an_expert_does_not_judge_their_own() -> None:
    phase = make_phase(reviews=1, criteria=["Nutzen"])
    author, office = make_resident(), make_account(Role.PROGRAMME_OFFICE)
    row = contribute(phase, author)
    with pytest.raises(ValidationError, match="keine Fachperson"):
        reviewing.ask(row, [author], actor=office)
    with pytest.raises(PermissionDenied):
        reviewing.ask(row, [make_account(Role.EXPERT)], actor=author)
    expert = make_account(Role.EXPERT)
    (review,) = reviewing.ask(row, [expert], actor=office)
    assert reviewing.ask(row, [expert], actor=office) == []
    with pytest.raises(ValidationError) as error:
        reviewing.give(review, judgement(scores=[6], interests=" ", text=""), version=1, actor=expert)
    assert set(error.value.message_dict) == {"scores", "interests", "text"}
    with pytest.raises(PermissionDenied):
        reviewing.give(review, judgement(scores=[3]), version=1, actor=make_account(Role.EXPERT))
    handed = reviewing.hand_back(review, "Mein Bruder verkauft Kisten.", actor=expert)
    assert handed.state == "refused"


def test_an_answer_needs_reason_and_public_measure() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    row = contribute(make_phase())
    hidden = make_measure(published=None)
    with pytest.raises(ValidationError) as error:
        answering.answer(row, standing="new", reason=" ", measure=hidden.urn, version=row.version, actor=office)
    assert set(error.value.message_dict) == {"standing", "reason", "measure"}
    answering.answer(row, standing="declined", reason="Zu teuer.", version=row.version, actor=office)
    with pytest.raises(VersionConflict):
        answering.answer(row, standing="accepted", reason="Doch.", version=row.version, actor=office)
    row.refresh_from_db()
    answering.answer(row, standing="accepted", reason="Doch.", version=row.version, actor=office)
    assert [each.reason for each, _ in queries.answers_of(row, None)] == ["Doch.", "Zu teuer."]


def test_what_came_of_it_is_said_when_all_is_over() -> None:
    row = make_participation()
    with pytest.raises(ValidationError, match="nicht zu Ende"):
        participations.evaluate(row, "Drei Ideen.", actor="test")
    Phase.objects.update(closes=timezone.now())
    done = participations.evaluate(row, "Drei Ideen.", actor="test")
    assert (done.state, done.result) == ("evaluated", "Drei Ideen.")
    with pytest.raises(ValidationError, match="beendet"):
        participations.withdraw(done, "Doch nicht.", actor="test")
