"""What steps of processes write into measures: the same row in public and in a draft that somebody has open."""

from typing import Any

import pytest

from allmende.programme.actions import DecisionParams, MilestoneParams, add_milestone, record_decision
from allmende.programme.domain import document, revisions
from allmende.programme.models import Measure, Revision
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db
ACTIONS = [
    pytest.param(
        add_milestone, MilestoneParams, {"title": "Fertig", "plan": "2027-03-01"}, "milestones", id="milestone"
    ),
    pytest.param(record_decision, DecisionParams, {"date": "2026-11-20", "body": "Rat"}, "decisions", id="decision"),
]


def rows(doc: Any, kind: str) -> list[str]:
    return [row["id"] for row in doc[kind]]


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE)


@pytest.mark.parametrize(("do", "params", "values", "kind"), ACTIONS)
def test_public_and_draft_get_one_id(office: Any, do: Any, params: Any, values: Any, kind: str) -> None:
    measure, author = make_measure(), make_account(Role.PROGRAMME_OFFICE)
    draft = revisions.edit(revisions.begin(measure, actor=author), {"summary": "Neu."}, version=1, actor=author)
    do(params(measure=measure.public_id, **values), actor=office)
    measure.refresh_from_db()
    draft.refresh_from_db()
    (row,) = getattr(measure, kind).all()
    assert (
        rows(document.dump(measure), kind)
        == rows(draft.document, kind)
        == rows(draft.base, kind)
        == [str(row.public_id)]
    )
    assert (draft.document["summary"], measure.summary) == ("Neu.", "Ein Satz.")
    # Published, the draft changes what it changed and leaves the row what it is.
    revisions.publish(revisions.submit(draft, actor=author), actor=office)
    measure.refresh_from_db()
    assert [one.public_id for one in getattr(measure, kind).all()] == [row.public_id]
    assert measure.summary == "Neu."


@pytest.mark.parametrize(("do", "params", "values", "kind"), ACTIONS)
def test_what_is_not_public_gets_it_into_its_draft_alone(
    office: Any, do: Any, params: Any, values: Any, kind: str
) -> None:
    measure = make_measure(published=None)
    do(params(measure=measure.public_id, **values), actor=office)
    (found,) = rows(Revision.objects.get().document, kind)
    assert not getattr(Measure.objects.get(), kind).exists()
    assert found


def test_a_milestone_of_the_same_title_is_planned_anew_and_stays_the_same_row(office: Any) -> None:
    measure, author = make_measure(), make_account(Role.PROGRAMME_OFFICE)
    draft = revisions.begin(measure, actor=author)
    for plan in ("2027-03-01", "2027-06-01"):
        add_milestone(MilestoneParams(measure=measure.public_id, title="Fertig", plan=plan), actor=office)
    draft.refresh_from_db()
    row = measure.milestones.get()
    assert (str(row.baseline), str(row.plan)) == ("2027-03-01", "2027-06-01")
    assert [(each["id"], each["plan"]) for each in draft.document["milestones"]] == [(str(row.public_id), "2027-06-01")]
