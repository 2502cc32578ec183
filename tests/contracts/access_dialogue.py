"""Participations of the access tests: one for everybody to see, one planned for a measure of one's own and one for
others'; contributions that are shown, that wait, that were taken back; a judgement that is asked for."""

import datetime as dt
from typing import Any

from django.utils import timezone

from allmende.dialogue.core.rules import Rules
from allmende.dialogue.domain import contributing, participations, reviewing
from allmende.dialogue.models import Participation
from allmende.programme.models import Measure
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Organisation
from tests.factories import make_account


def _planned(title: str, office: Organisation, subject: str = "") -> Participation:
    values = {"title": title, "summary": "Ein Satz.", "purpose": "Alles.", "office": office, "subject": subject}
    row = participations.draft(values, actor="test")
    now = timezone.now()
    rules = Rules("ideas", now - dt.timedelta(days=1), now + dt.timedelta(days=30), "account")
    participations.add_phase(row, title="Ideen", rules=rules, actor="test")
    return row


def dialogue(
    own: Measure, foreign: Measure, expert: Account, author: Account, offices: tuple[Organisation, Organisation]
) -> dict[str, Any]:
    """`author` has a public name already."""
    rows = {
        "public": participations.publish(_planned("Öffentlich", offices[1]), actor="test"),
        "own draft": _planned("Eigen", offices[0], own.urn),
        "foreign draft": _planned("Fremd", offices[1], foreign.urn),
    }
    phase = rows["public"].phases.get()
    other = make_account(Role.RESIDENT)
    choose_pseudonym(other, "Buche", actor=other)
    links = " ".join(f"http://{number}.example" for number in range(100))

    def made(person: Account, text: str = "Mehr Licht.") -> Any:
        return contributing.submit(phase, {"title": "Licht", "text": text}, actor=person)

    contributions = {
        "author's": made(author), "other's": made(other), "held": made(author, links),
        "taken back": contributing.take_back(made(author), actor=author),
    }  # fmt: skip
    (review,) = reviewing.ask(contributions["other's"], [expert], actor=make_account(Role.PROGRAMME_OFFICE))
    return {
        "participations": rows,
        "phases": {name: row.phases.get() for name, row in rows.items()},
        "contributions": contributions,
        "review": review,
    }
