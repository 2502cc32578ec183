"""Contributions that wait for a look; removing them with the eyes of two."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from allmende.dialogue.domain import contributing, moderating, queries
from allmende.dialogue.models import Contribution, Removal
from allmende.spine.facts.models import FactRow
from allmende.spine.notify.models import Notice
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.notify.conftest import pump

from .made import contribute, make_phase, make_resident
from .reading import as_account, text_of

pytestmark = pytest.mark.django_db
HELD = "/intern/beitraege/zurueckgehalten/"
LINKS = "http://a.example http://b.example http://c.example http://d.example"
WHY = "Der Text wirbt für ein Geschäft."


def page_of(row: Contribution) -> str:
    return f"/intern/beitraege/{row.public_id}/pruefen/"


def moderator() -> Any:
    return make_account(Role.MODERATOR)


@pytest.fixture
def first() -> Any:
    return moderator()


@pytest.fixture
def second() -> Any:
    return moderator()


@pytest.mark.django_db(transaction=True)
def test_what_is_held_is_read_and_shown(first: Any) -> None:
    author = make_resident()
    row = contribute(make_phase(), author, title="Viele Verweise", text=LINKS)
    client = as_account(first)
    listed = text_of(client.get(HELD))
    assert "Viele Verweise" in listed and "mehrere Links enthält" in listed
    assert LINKS in text_of(client.get(page_of(row)))
    assert client.post(page_of(row), {"action": "release"}).status_code == 302
    row.refresh_from_db()
    assert (row.shown, row.holds, queries.contribution_of(None, row.public_id)) == ("visible", [], row)
    pump()
    assert "Ihr Beitrag wird gezeigt: Viele Verweise" in set(
        Notice.objects.filter(account=author).values_list("title", flat=True)
    )
    assert "Viele Verweise" not in text_of(client.get(HELD))


@pytest.mark.django_db(transaction=True)
def test_a_second_person_removes_and_the_author_is_told_why(first: Any, second: Any) -> None:
    phase, author = make_phase(), make_resident()
    row = contribute(phase, author, title="Kauft bei mir")
    one, two = as_account(first), as_account(second)
    proposed = {"action": "propose", "reason": "spam", "statement": WHY}
    assert one.post(page_of(row), proposed).status_code == 302
    row.refresh_from_db()
    assert row.shown == "visible"
    assert "Kauft bei mir" in text_of(two.get(HELD))
    assert one.post(page_of(row), {"action": "confirm"}).status_code == 403
    assert two.post(page_of(row), {"action": "confirm"}).status_code == 302
    row.refresh_from_db()
    removal = Removal.objects.get()
    assert (row.shown, removal.state, removal.proposer, removal.decider) == ("hidden", "confirmed", first, second)
    assert queries.tally(phase.participation).hidden == 1
    pump()
    told = Notice.objects.get(account=author, title="Ihr Beitrag wurde entfernt: Kauft bei mir")
    assert WHY in told.text and "Werbung" in told.text
    facts = FactRow.objects.filter(kind="dialogue.contribution.removed")
    assert [fact.payload["reason"] for fact in facts] == ["spam"]
    assert not any("Kauft" in str(fact.payload) or WHY in str(fact.payload) for fact in FactRow.objects.all())


def test_what_is_unlawful_is_out_of_sight_at_once_and_comes_back(first: Any, second: Any) -> None:
    row = contribute(make_phase())
    removal = moderating.propose_removal(row, "threat", "Das ist eine Drohung.", actor=first)
    row.refresh_from_db()
    assert (row.shown, queries.contribution_of(None, row.public_id)) == ("held", None)
    with pytest.raises(ValidationError, match="Inzwischen"):
        moderating.release(row, actor=first)
    moderating.refuse_removal(removal, actor=second)
    row.refresh_from_db()
    assert row.shown == "visible"


def test_what_waited_goes_on_waiting_when_its_removal_is_refused(first: Any, second: Any) -> None:
    row = contribute(make_phase(), text=LINKS)
    removal = moderating.propose_removal(row, "spam", WHY, actor=first)
    moderating.refuse_removal(removal, actor=second)
    row.refresh_from_db()
    assert (row.shown, row.holds) == ("held", ["links"])


def test_two_at_once_decide_once(first: Any, second: Any) -> None:
    row = contribute(make_phase())
    removal = moderating.propose_removal(row, "spam", WHY, actor=first)
    with pytest.raises(ValidationError, match="Inzwischen"):
        moderating.propose_removal(row, "hate", WHY, actor=second)
    moderating.confirm_removal(removal, actor=second)
    with pytest.raises(ValidationError, match="Inzwischen"):
        moderating.refuse_removal(removal, actor=moderator())
    late = as_account(moderator()).post(page_of(row), {"action": "confirm"}, follow=True)
    assert "Inzwischen" in text_of(late)
    assert Removal.objects.count() == 1


def test_nobody_decides_on_their_own(second: Any) -> None:
    author = make_account(Role.MODERATOR, Role.RESIDENT)
    choose_pseudonym(author, "Ahornblatt", actor=author)
    row = contribute(make_phase(), author, text=LINKS)
    for act in (moderating.release, moderating.restore):
        with pytest.raises(PermissionDenied):
            act(row, actor=author)
    removal = moderating.propose_removal(row, "spam", WHY, actor=second)
    with pytest.raises(PermissionDenied):
        moderating.refuse_removal(removal, actor=author)


def test_a_removed_one_is_shown_again(first: Any, second: Any) -> None:
    row = contribute(make_phase())
    moderating.confirm_removal(moderating.propose_removal(row, "spam", WHY, actor=first), actor=second)
    client = as_account(first)
    assert client.post(page_of(row), {"action": "restore"}).status_code == 302
    row.refresh_from_db()
    assert (row.shown, Removal.objects.get().state, moderating.last_removal(row)) == ("visible", "lifted", None)
    assert moderating.restore(row, actor=first).version == row.version


def test_what_is_taken_back_meanwhile_stays_taken_back(first: Any, second: Any) -> None:
    author = make_resident()
    row = contribute(make_phase(), author)
    removal = moderating.propose_removal(row, "spam", WHY, actor=first)
    contributing.take_back(row, actor=author)
    moderating.confirm_removal(removal, actor=second)
    row.refresh_from_db()
    assert row.shown == "withdrawn"


@pytest.mark.parametrize(("name", "value"), [("reason", "laune"), ("reason", ""), ("statement", "Nö")])
def test_a_removal_needs_a_reason_and_a_sentence(first: Any, name: str, value: str) -> None:
    row = contribute(make_phase())
    given = {"action": "propose", "reason": "spam", "statement": WHY}
    page = as_account(first).post(page_of(row), given | {name: value})
    assert (page.status_code, list(page.context["form"].errors)) == (422, [name])
    assert not Removal.objects.exists()


def test_markup_is_text(first: Any) -> None:
    row = contribute(make_phase(), title="<b>Fett</b>", text="<script>alert(1)</script>")
    moderating.propose_removal(row, "spam", "<img src=x onerror=alert(1)>", actor=first)
    page = as_account(first).get(page_of(row)).content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page and "<b>Fett" not in page


def test_who_may_not() -> None:
    row = contribute(make_phase(), text=LINKS)
    for role in (Role.RESIDENT, Role.EXPERT, Role.PROGRAMME_OFFICE, Role.AUDITOR):
        client = as_account(make_account(role))
        assert client.get(HELD).status_code == 403, role
        assert client.get(page_of(row)).status_code in (403, 404), role
    assert Client().get(HELD).status_code == 302
    assert as_account(moderator()).post(page_of(row), {"action": "quatsch"}).status_code == 404


def test_in_english(first: Any) -> None:
    row = contribute(make_phase(), text=LINKS)
    page = text_of(as_account(first).get(page_of(row), headers={"accept-language": "en"}))
    assert "Show the contribution" in page and "Propose the removal" in page
