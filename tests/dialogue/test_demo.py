"""The demo town's participations: made through the verbs, at any day."""

import tomllib
from typing import Any

import pytest

from allmende.config import demo
from allmende.dialogue.domain import queries, reviewing
from allmende.dialogue.loading import load
from allmende.dialogue.models import Contribution, Participation
from allmende.programme.models import Topic
from allmende.spine.facts.models import FactRow
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db
FOLDER = demo.folder() / "kaiserslautern"


@pytest.fixture
def loaded() -> dict[str, Any]:
    """What stands in the file, loaded."""
    wanted = tomllib.loads((FOLDER / "participations.toml").read_text())
    for role in (Role.RESIDENT, Role.EXPERT):
        make_account(role)
    for slug in ("energie-umwelt", "sicherheit", "verkehr"):
        Topic.objects.create(slug=slug, title=slug)
    make_measure(title="Licht am Fauthweg")
    load(FOLDER, make_account(Role.PROGRAMME_OFFICE))
    return wanted


def test_everything_in_the_file_is_there_and_in_its_state(loaded: dict[str, Any]) -> None:
    states = {row.title: row.state for row in Participation.objects.all()}
    assert states == {
        "Winter und Licht am Fauthweg": "published",
        "Altstadtfest: was braucht das Netz?": "published",
        "Datenschutz bei Sensoren": "published",
        "WLAN an Schulen": "evaluated",
    }
    titles = [each["title"] for row in loaded["participations"] for phase in row["phases"]
              for each in phase.get("contributions", [])]  # fmt: skip
    assert sorted(Contribution.objects.values_list("title", flat=True)) == sorted(titles)
    standings = {phase.title: phase.standing for row in Participation.objects.all() for phase in row.phases.all()}
    assert standings == {
        "Wo ist es dunkel, wo ist es glatt?": "over",
        "Ideen für den nächsten Winter": "open",
        "Plätze und Wünsche": "open",
        "Welche Regeln sollen gelten?": "coming",
        "Wo hakt es?": "over",
    }


def test_the_fauthweg_shows_every_kind_of_answer(loaded: dict[str, Any]) -> None:
    row = Participation.objects.get(title="Winter und Licht am Fauthweg")
    found = queries.tally(row)
    assert (found.total, found.open, found.overdue, found.measures) == (8, 4, 1, 1)
    assert found.by_answer == {"accepted": 2, "partly": 1, "done": 0, "declined": 1}
    judged = Contribution.objects.get(title="Streukästen an beiden Enden")
    assert (reviewing.public(judged), judged.reviews.count()) == (True, 2)
    assert Contribution.objects.get(title="Reflektoren am Geländer").support == 3


def test_nobody_can_sign_in_as_the_further_people(loaded: dict[str, Any]) -> None:
    further = Account.objects.filter(email__endswith="@demo.example")
    assert further.count() == 4
    assert not any(person.has_usable_password() or person.demo for person in further)


def test_frozen_rules_are_those_of_the_facts(loaded: dict[str, Any]) -> None:
    frozen = {fact.payload["digest"] for fact in FactRow.objects.filter(kind="dialogue.phase.frozen")}
    phases = [phase for row in Participation.objects.all() for phase in row.phases.all() if phase.frozen]
    assert frozen == {phase.frozen for phase in phases} == {phase.rules.digest for phase in phases}


def test_another_town_without_the_file(tmp_path: Any) -> None:
    load(tmp_path, make_account(Role.PROGRAMME_OFFICE))
    assert not Participation.objects.exists()


def test_an_answer_names_its_measure_and_its_office(loaded: dict[str, Any]) -> None:
    judged = Contribution.objects.get(title="Streukästen an beiden Enden")
    ((answer, measure),) = queries.answers_of(judged, None)
    assert (answer.office, measure and measure.title) == ("Tiefbauamt", "Licht am Fauthweg")
