"""The shipped process from idea to measure, from its file to a decided measure, by three people."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from allmende import process
from allmende.process.domain import history, instances, items, queries, versions
from allmende.process.domain.doing import act
from allmende.process.enums import InstanceState, ItemState
from allmende.process.models import Instance, WorkItem
from allmende.programme.models import Measure, Programme, Topic
from allmende.spine.people.enums import Role
from tests.factories import make_account

pytestmark = pytest.mark.django_db(transaction=True)
FILE = Path(process.__file__).parent / "shipped" / "idea-to-measure.bpmn"


def released(actor, second):
    row = versions.import_model(FILE.read_bytes(), title="Von der Idee zur Maßnahme", filename=FILE.name, actor=actor)
    versions.accept(row, actor=actor)
    versions.set_lanes(row, {"Anlaufstelle (Redaktion)": "editor", "Fachbereich": "project_lead"}, actor=actor)
    versions.submit(row, actor=actor)
    return versions.release(row, actor=second)


def open_item(instance, element):
    return instance.items.get(element=element, state=ItemState.OPEN)


def act_all(instance, actor):
    while found := instance.items.filter(state=ItemState.OPEN, kind="action").first():
        act(WorkItem.objects.select_related("instance__version_of").get(pk=found.pk), actor=actor)
        found.refresh_from_db()
        assert found.state == ItemState.DONE, found.trouble


def test_an_idea_becomes_a_decided_measure():
    Programme.objects.create(title="Programm")
    Topic.objects.create(slug="energie", title="Energie")
    office, second = make_account(Role.PROGRAMME_OFFICE), make_account(Role.PROGRAMME_OFFICE)
    desk, lead, moderator = (make_account(role) for role in (Role.EDITOR, Role.PROJECT_LEAD, Role.MODERATOR))
    version = released(office, second)

    case = instances.start(version, title="Licht am Weg", actor=desk)
    intake = open_item(case, "intake")
    assert list(queries.queue(desk)) == [intake]
    assert list(queries.queue(lead)) == []
    with pytest.raises(PermissionDenied):
        items.complete(intake, {}, actor=lead)
    with pytest.raises(ValidationError) as refused:
        items.complete(intake, {"title": "Licht"}, actor=desk)
    assert set(refused.value.message_dict) == {"summary", "topic", "origin"}
    told = {"title": "Licht am Weg", "summary": "Lampen.", "reason": "", "topic": "energie", "origin": "counter"}
    items.complete(intake, told, actor=desk)

    check = open_item(case, "check")
    items.complete(check, {"verdict": "yes", "assessment": "Gut.", "cost": "1200,50"}, actor=lead)
    taken = {"admitted": "yes", "dialogue_plan": "2026-03-01", "council_plan": "2026-06-01"}
    items.complete(open_item(case, "admit"), taken, actor=office)
    act_all(case, office)
    case.refresh_from_db()
    measure = Measure.objects.get()
    assert case.subject == measure.urn
    items.complete(open_item(case, "dialogue"), {"dialogue": "Viele wollen es."}, actor=moderator)
    weighed = {"outcome": "council", "dialogue_end": "2026-02-10", "outcome_reason": "Alle sind dafür."}
    items.complete(open_item(case, "result"), weighed, actor=office)
    act_all(case, office)
    items.complete(open_item(case, "paper"), {"paper_reference": "12/2026"}, actor=office)
    decision = {
        "council_result": "approved", "decided_on": "2026-03-02", "body": "Stadtrat", "decision": "Zugestimmt.",
        "milestone": "Lampen stehen", "milestone_plan": "2026-12-01", "decision_link": "https://ratsinfo.example/top/1",
    }  # fmt: skip
    items.complete(open_item(case, "council"), decision, actor=office)
    act_all(case, office)
    items.complete(open_item(case, "commission"), {"commissioned_to": "Stadtwerke"}, actor=office)
    items.complete(open_item(case, "tell"), {"told": "Die Lampen kommen."}, actor=desk)

    case = Instance.objects.get()
    assert case.state == InstanceState.DONE
    assert history.broken(case) is None
    draft = measure.revisions.get().document
    assert [(row["title"], row["plan"], row["done"]) for row in draft["milestones"]] == [
        ("Dialog abgeschlossen", "2026-03-01", "2026-02-10"),
        ("Ratsbeschluss", "2026-06-01", "2026-03-02"),
        ("Lampen stehen", "2026-12-01", None),
    ]
    assert [(row["date"], row["body"], row["kind"], row["url"]) for row in draft["decisions"]] == [
        ("2026-03-02", "Stadtrat", "approve", "https://ratsinfo.example/top/1")
    ]
    assert draft["maturity"] == "pilot"
