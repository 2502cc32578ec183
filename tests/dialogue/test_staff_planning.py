"""Staff pages: participations and their phases; what stands fast once somebody has contributed."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from allmende.dialogue.domain import participations
from allmende.dialogue.models import Participation, Phase
from allmende.programme.models import Topic
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Organisation
from allmende.spine.places.models import Area
from tests.factories import make_account, make_measure

from .made import contribute, make_participation, make_phase, rules
from .reading import as_account, text_of

pytestmark = pytest.mark.django_db
LIST = "/intern/beteiligung/"
MARKUP = "<script>alert(1)</script>"
PHASE = {
    "version": "1", "title": "Ideen", "text": "Was fehlt?", "kind": "ideas", "opens": "2031-05-01T08:00",
    "closes": "2031-05-31T23:59", "audience": "account", "place": "optional", "area": "", "comments": "on",
    "pictures": "2", "reviews": "2", "criteria": "Nutzen\r\n\r\n Aufwand \r\n", "answer_days": "30",
}  # fmt: skip


@pytest.fixture
def desk() -> Client:
    return as_account(make_account(Role.PROGRAMME_OFFICE))


def words(**changes: Any) -> dict[str, Any]:
    office, _ = Organisation.objects.get_or_create(name="Tiefbauamt")
    given = {
        "version": "0", "title": "Winter am Fauthweg", "summary": "Kurz.", "purpose": "Offen ist vieles.", "easy": "",
        "subject": "", "office": office.pk, "contact": "", "lang": "de",
    }  # fmt: skip
    return given | changes


def test_from_the_draft_to_what_came_of_it(desk: Client) -> None:
    measure = make_measure()
    added = desk.post(f"{LIST}neu/", words(purpose="", subject=measure.urn))
    row = Participation.objects.get()
    assert (added.status_code, added["Location"], row.subject) == (302, row.change_url, measure.urn)
    page = text_of(desk.get(row.change_url))
    assert "Vor der Ankündigung fehlt noch:" in page and "eine Phase" in page
    refused = desk.post(f"{row.change_url}stand/", {"action": "publish"}, follow=True)
    row.refresh_from_db()
    assert row.state == "draft" and "eine Phase" in text_of(refused)
    assert desk.post(row.change_url, words(version="1", subject=measure.urn)).status_code == 302
    assert desk.post(f"{row.change_url}phase/", PHASE).status_code == 302
    phase = Phase.objects.get()
    zone = timezone.get_current_timezone()
    assert (phase.opens, phase.closes) == (
        dt.datetime(2031, 5, 1, 8, tzinfo=zone), dt.datetime(2031, 5, 31, 23, 59, tzinfo=zone),
    )  # fmt: skip
    assert (phase.rules.criteria, phase.rules.support, phase.rules.comments) == (["Nutzen", "Aufwand"], False, True)
    assert desk.post(f"{row.change_url}stand/", {"action": "publish"}).status_code == 302
    early = desk.post(f"{row.change_url}stand/", {"action": "evaluate", "result": "Alles gut."})
    assert early.status_code == 422 and "nicht zu Ende" in text_of(early)
    Phase.objects.update(opens=timezone.now() - dt.timedelta(days=2), closes=timezone.now() - dt.timedelta(days=1))
    empty = desk.post(f"{row.change_url}stand/", {"action": "evaluate", "result": " "})
    assert empty.status_code == 422
    assert desk.post(f"{row.change_url}stand/", {"action": "evaluate", "result": f"Drei {MARKUP}"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "evaluated"
    assert MARKUP not in desk.get(row.change_url).content.decode()


def test_breaking_off_needs_a_reason(desk: Client) -> None:
    row = make_participation()
    assert desk.post(f"{row.change_url}stand/", {"action": "withdraw", "result": ""}).status_code == 422
    assert desk.post(f"{row.change_url}stand/", {"action": "quatsch"}).status_code == 404
    assert desk.get(f"{row.change_url}stand/").status_code == 405
    assert desk.post(f"{row.change_url}stand/", {"action": "withdraw", "result": "Kein Geld."}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.result) == ("withdrawn", "Kein Geld.")
    assert "Kein Geld." in text_of(desk.get(row.change_url))
    assert desk.post(f"{row.change_url}phase/", PHASE).status_code == 422


def test_the_list_has_states_and_numbers(desk: Client) -> None:
    row = contribute(make_phase())
    row.due = timezone.localdate() - dt.timedelta(days=1)
    row.save()
    make_participation(published=False, title="Noch ein Entwurf")
    page = text_of(desk.get(LIST))
    assert "Noch ein Entwurf" in page and "1 überfällig" in page
    auditor = as_account(make_account(Role.AUDITOR))
    assert "Noch ein Entwurf" in text_of(auditor.get(LIST))
    assert row.phase.participation.change_url not in auditor.get(LIST).content.decode()


def test_rules_that_hold_are_read_and_not_typed(desk: Client) -> None:
    phase = make_phase(answer_days=30)
    contribute(phase)
    address = f"{LIST}phase/{phase.public_id}/"
    page = desk.get(address)
    phase.refresh_from_db()
    assert phase.frozen in text_of(page) and 'name="answer_days"' not in page.content.decode()
    assert desk.post(address, PHASE | {"version": phase.version, "answer_days": "300"}).status_code == 302
    phase.refresh_from_db()
    assert (phase.title, phase.rules.answer_days, phase.rules.digest) == ("Ideen", 30, phase.frozen)
    assert desk.post(address, {"action": "drop", "sure": "1"}, follow=True).status_code == 200
    assert Phase.objects.filter(pk=phase.pk).exists()


def test_two_at_once_on_the_words(desk: Client) -> None:
    row = make_participation()
    first = words(version=str(row.version), title="Erste")
    assert desk.post(row.change_url, first).status_code == 302
    second = desk.post(row.change_url, words(version=str(row.version), title="Zweite"))
    assert second.status_code == 409
    assert "Erste" in text_of(second) and "Zweite" in second.content.decode()
    assert desk.post(row.change_url, words(version=str(row.version + 1), title="Zweite")).status_code == 302
    row.refresh_from_db()
    assert row.title == "Zweite"


def test_two_at_once_on_a_phase_and_somebody_contributes_meanwhile(desk: Client) -> None:
    phase = make_phase()
    address = f"{LIST}phase/{phase.public_id}/"
    assert 'type="datetime-local"' in desk.get(address).content.decode()
    participations.change_phase(phase, title="Neu", text="", rules=phase.rules, version=phase.version, actor="test")
    conflict = desk.post(address, PHASE | {"version": phase.version})
    assert conflict.status_code == 409 and "31. Mai 2031" in text_of(conflict)
    phase.refresh_from_db()
    contribute(phase)
    late = desk.post(address, PHASE | {"version": phase.version})
    phase.refresh_from_db()
    assert (late.status_code, phase.rules.digest) == (302, phase.frozen)


def test_an_unused_phase_is_taken_away_after_a_question(desk: Client) -> None:
    phase = make_phase()
    address = f"{LIST}phase/{phase.public_id}/"
    assert "Diese Phase wegnehmen?" in text_of(desk.post(address, {"action": "drop"}))
    assert Phase.objects.exists()
    assert desk.post(address, {"action": "drop", "sure": "1"}).status_code == 302
    assert not Phase.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("closes", "2031-04-01T08:00"),
        ("closes", "gestern"),
        ("opens", ""),
        ("criteria", ""),
        ("criteria", "\n".join(str(number) for number in range(11))),
        ("reviews", "6"),
        ("pictures", "-1"),
        ("answer_days", "0"),
        ("answer_days", "400"),
        ("kind", "quatsch"),
        ("area", "area:quatsch"),
        ("topics", "quatsch"),
        ("title", ""),
        ("version", "x"),
    ],
)
def test_bad_rules_are_told_at_their_field(desk: Client, name: str, value: str) -> None:
    row = make_participation(published=False)
    page = desk.post(f"{row.change_url}phase/", PHASE | {name: value})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])
    assert row.phases.count() == 1


def test_an_hour_that_the_clock_leaves_out_is_refused(desk: Client) -> None:
    row = make_participation(published=False)
    page = desk.post(f"{row.change_url}phase/", PHASE | {"opens": "2031-03-30T02:30"})
    assert list(page.context["form"].errors) == ["opens"]


@pytest.mark.parametrize(("name", "value"), [("title", ""), ("office", "0"), ("contact", "x"), ("subject", "grant:1")])
def test_bad_words_are_told_at_their_field(desk: Client, name: str, value: str) -> None:
    page = desk.post(f"{LIST}neu/", words(**{name: value}))
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])
    assert not Participation.objects.exists()


def test_who_may_not() -> None:
    row = make_participation(published=False)
    for role in (Role.RESIDENT, Role.EXPERT, Role.MODERATOR, Role.AUDITOR):
        client = as_account(make_account(role))
        assert client.get(row.change_url).status_code == 403, role
        assert client.get(f"{LIST}neu/").status_code == 403, role
        assert client.get(f"{LIST}phase/{row.phases.get().public_id}/").status_code == 403, role
    lead = as_account(make_account(Role.PROJECT_LEAD, scope=row.urn))
    assert lead.get(row.change_url).status_code == 200
    assert lead.post(f"{row.change_url}stand/", {"action": "publish"}).status_code == 403
    assert as_account(make_account(Role.PROJECT_LEAD, scope=make_measure().urn)).get(row.change_url).status_code == 403


def test_a_place_must_lie_within_the_area_that_is_asked_about(desk: Client) -> None:
    square = {"type": "Polygon", "coordinates": [[[7.7, 49.4], [7.8, 49.4], [7.8, 49.5], [7.7, 49.5], [7.7, 49.4]]]}
    area = Area(kind="district", name="Innenstadt").place_on(square)
    area.save()
    Area(kind="district", name="Nur ein Punkt").place_at(7.7, 49.4).save()
    row = make_participation(published=False)
    page = desk.get(f"{row.change_url}phase/")
    assert "Innenstadt" in text_of(page) and "Nur ein Punkt" not in text_of(page)
    Topic.objects.create(slug="licht", title="Licht")
    given = PHASE | {"area": area.urn, "topics": ["licht"]}
    assert desk.post(f"{row.change_url}phase/", given).status_code == 302
    assert row.phases.get(number=2).rules.area == area.urn
    phase = make_phase(area=area.urn)
    assert contribute(phase, lon=7.75, lat=49.45).geom_kind == "point"
    with pytest.raises(ValidationError) as error:
        contribute(phase, lon=8.5, lat=50.0)
    assert "lon" in error.value.message_dict


def test_in_english(desk: Client) -> None:
    row = make_participation(published=False)
    page = text_of(desk.get(row.change_url, headers={"accept-language": "en"}))
    assert "Announce it" in page and "What people read" in page
    assert "Days until the answer" in text_of(desk.get(f"{row.change_url}phase/", headers={"accept-language": "en"}))


def test_rules_from_elsewhere_name_things_that_are_there() -> None:
    told = vars(rules()) | {"area": "area:quatsch", "topics": ["quatsch"]}
    with pytest.raises(ValidationError) as error:
        participations.rules_of(told)
    assert set(error.value.message_dict) == {"area", "topics"}
