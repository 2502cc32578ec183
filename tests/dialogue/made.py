"""Participations as tests need them."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from allmende.dialogue.core.rules import Rules
from allmende.dialogue.domain import contributing, participations
from allmende.dialogue.models import Contribution, Participation, Phase
from allmende.spine.moderation.domain.comments import pseudonym_of
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Organisation
from tests.factories import make_account

_NUMBERS = itertools.count(1)


def rules(**changes: Any) -> Rules:
    """Open since yesterday, for a month."""
    now = timezone.now()
    given: dict[str, Any] = {
        "kind": "ideas",
        "opens": now - dt.timedelta(days=1),
        "closes": now + dt.timedelta(days=30),
        "audience": "account",
    }
    return Rules(**given | changes)


def make_participation(*, published: bool = True, phase: Rules | None = None, **values: Any) -> Participation:
    """One with an office and a phase."""
    office, _ = Organisation.objects.get_or_create(name="Tiefbauamt")
    given: dict[str, Any] = {
        "title": "Winter am Fauthweg",
        "summary": "Wie bleibt der Weg sicher?",
        "purpose": "Offen ist, wie gestreut wird.",
        "office": office,
    }
    row = participations.draft(given | values, actor="test")
    participations.add_phase(row, title="Ideen sammeln", rules=phase or rules(), actor="test")
    return participations.publish(row, actor="test") if published else row


def make_phase(**changes: Any) -> Phase:
    """Of a published participation; `changes` of its rules."""
    found = make_participation(phase=rules(**changes)).phases.first()
    assert found is not None
    return found


def make_resident(name: str = "") -> Any:
    """A resident with a public name."""
    person = make_account(Role.RESIDENT)
    choose_pseudonym(person, name or f"Lindenblatt {next(_NUMBERS)}", actor=person)
    return person


def contribute(phase: Phase, person: Any = None, **values: Any) -> Contribution:
    given = {"title": "Streugut in Kästen", "text": "An jedem Ende eine Kiste mit Splitt."}
    return contributing.submit(phase, given | values, actor=person or make_resident())


def contribute_as(person: Any, title: str) -> Contribution:
    """One more contribution, with a place, to the first phase of the participation `feld`."""
    phase = Phase.objects.filter(participation__slug="feld").first() or make_participation(title="Feld").phases.get()
    if pseudonym_of(person) is None:
        choose_pseudonym(person, "Amsel", actor=person)
    return contribute(phase, person, title=title, lon=7.76, lat=49.44)
