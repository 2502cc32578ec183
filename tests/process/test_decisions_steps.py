"""Steps of a process that rules decide, and the decisions that come along."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from allmende.process.core.outline import Step
from allmende.process.domain import decisions, decisions_shipped, decisions_steps, doing, history, instances, versions
from allmende.process.domain import decisions_cases as cases
from allmende.process.domain import decisions_trial as trial
from allmende.process.enums import InstanceState, ItemState, VersionState
from allmende.process.models import Event, Model, WorkItem
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .dmn_models import decision, definitions, given, table

pytestmark = pytest.mark.django_db(transaction=True)

PROCESS = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:allmende="urn:allmende:process:1"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<process id="p" name="Gebühr festsetzen" isExecutable="true">
  <startEvent id="begin"/>
  <businessRuleTask id="rule" name="Gebühr bestimmen" allmende:decision="gebuehr" {more}>{inputs}</businessRuleTask>
  <exclusiveGateway id="gate" default="f-free"/>
  <userTask id="bill" name="Bescheid schreiben"/>
  <endEvent id="end"/>
  <sequenceFlow id="f1" sourceRef="begin" targetRef="rule"/>
  <sequenceFlow id="f2" sourceRef="rule" targetRef="gate"/>
  <sequenceFlow id="f-paid" sourceRef="gate" targetRef="bill">
    <conditionExpression xsi:type="tFormalExpression">= fee &gt; 0</conditionExpression></sequenceFlow>
  <sequenceFlow id="f-free" sourceRef="gate" targetRef="end"/>
  <sequenceFlow id="f3" sourceRef="bill" targetRef="end"/>
</process></definitions>"""
MAPPED = (
    '<extensionElements><allmende:input name="Kosten" value="costs * 2"/>'
    '<allmende:input name="Tag" value="day"/></extensionElements>'
)
FEE = definitions(
    given("Kosten", "number", "costs"),
    given("Tag", "date", "day"),
    decision(
        "Gebühr",
        table(
            ["Kosten", "Tag"],
            [["< 100", "-", "0"], ["[100..1000]", 'date("2026-01-01")', "12.5"], ["> 1000", "-", "20"]],
        ),
        "costs",
        "day",
    ),
)


def process(more='allmende:result="fee"', inputs=""):
    data = PROCESS.format(more=more, inputs=inputs).encode()
    row = versions.import_model(data, title="Gebühr festsetzen", actor="test")
    versions.submit(versions.accept(row, actor="test"), actor="test")
    return versions.release(row, actor="test")


def fee(data=FEE):
    model = Model.objects.filter(slug="gebuehr").first()
    row = decisions.import_file(data, title="Gebühr", model=model, actor="test")
    return versions.release(versions.submit(row, actor="test"), actor="test")


def started(version, **values):
    case = instances.start(version, title="Fall", values=values, actor="test")
    item = WorkItem.objects.select_related("instance__version_of").get(instance=case, element="rule")
    assert (item.kind, item.state) == ("action", ItemState.OPEN)
    return case, item


def test_the_importer_takes_a_step_with_a_decision_as_known():
    assert [each["code"] for each in process().findings if each["element"] == "rule"] == []


def test_rules_decide_and_the_history_says_which():
    version, rules = process(), fee()
    case, item = started(version, costs=500, day="2026-01-01")
    assert doing.act(item, actor=None).state == ItemState.DONE
    case.refresh_from_db()
    assert case.state == InstanceState.RUNNING
    assert case.items.get(state=ItemState.OPEN).element == "bill"
    event = Event.objects.get(instance=case, kind="acted")
    assert event.payload == {
        "decision": "gebuehr", "name": "Gebühr", "version": 1, "sha256": rules.sha256, "rules": [["Gebühr", [2]]],
    }  # fmt: skip
    assert history.broken(case) is None
    assert doing.act(item, actor=None).state == ItemState.DONE
    assert Event.objects.filter(instance=case, kind="acted").count() == 1


def test_inputs_may_be_expressions_and_decisions_named():
    version = process('allmende:result="fee" allmende:decisionName="Gebühr"', MAPPED)
    fee()
    case, item = started(version, costs=40, day="2026-01-01")
    doing.act(item, actor=None)
    case.refresh_from_db()
    assert case.state == InstanceState.DONE


def test_by_the_version_that_is_released_when_it_decides():
    version = process()
    fee()
    newer = fee(FEE.replace(b"&lt; 100", b"&lt; 50"))
    _case, item = started(version, costs=70, day="2026-01-01")
    doing.act(item, actor=None)
    item.refresh_from_db()
    assert item.trouble == "Gebühr: Keine Regel der Tabelle „Gebühr“ passt."
    assert newer.number == 2


@pytest.mark.parametrize(
    ("make", "more", "said"),
    [
        (lambda: None, "", "Es gibt keine freigegebene Entscheidung „gebuehr“."),
        (fee, 'allmende:decisionName="Steuer"', "„Gebühr“ hat keine Entscheidung „Steuer“."),
        (
            lambda: fee(FEE.replace(b"[100..1000]", b"&lt; 5000")),
            "",
            "Gebühr: Gebühr: Regeln 1, 2 passen, aber nur eine darf.",
        ),
    ],
    ids=["none", "name", "conflict"],
)
def test_what_fails_makes_the_case_stuck_and_waits_for_a_person(make, more, said):
    version = process(more)
    make()
    case, item = started(version, costs=70, day="2026-01-01")
    doing.act(item, actor=None)
    case.refresh_from_db()
    item.refresh_from_db()
    assert (case.state, item.state, item.trouble) == (InstanceState.STUCK, ItemState.OPEN, said)
    assert case.trouble == f"Der Schritt „Gebühr bestimmen“ ist fehlgeschlagen: {said}"


def test_tried_again_once_the_rules_are_there():
    version, person = process(), make_account(Role.PROGRAMME_OFFICE)
    case, item = started(version, costs=70, day="2026-01-01")
    doing.act(item, actor=None)
    fee()
    item.refresh_from_db()
    with pytest.raises(PermissionDenied):
        doing.again(item, actor=make_account(Role.EDITOR))
    doing.again(item, actor=person)
    case.refresh_from_db()
    assert (case.state, case.trouble) == (InstanceState.DONE, "")


def test_entered_by_hand_with_a_reason():
    version, person = process(), make_account(Role.PROGRAMME_OFFICE)
    case, item = started(version, costs=70)
    doing.act(item, actor=None)
    item.refresh_from_db()
    with pytest.raises(ValidationError):
        doing.enter(item, 5, reason=" ", actor=person)
    doing.enter(item, 5, reason="Der Stadtrat will es so.", actor=person)
    assert case.items.get(state=ItemState.OPEN).element == "bill"
    event = Event.objects.get(instance=case, kind="acted")
    assert event.payload == {"by_hand": True, "reason": "Der Stadtrat will es so."}
    with pytest.raises(ValidationError):
        doing.enter(WorkItem.objects.get(pk=item.pk), 5, reason="noch einmal", actor=person)


def test_the_threshold_assessment_comes_along():
    (row,) = decisions_shipped.install(actor="test")
    assert (row.model.slug, row.model.title_en, row.state) == (
        "schwellwertpruefung", "Threshold assessment", VersionState.RELEASED,
    )  # fmt: skip
    assert [(each.case.title, each.why) for each in cases.run(row)] == [
        (name, "") for name, *_more in decisions_shipped.CASES["threshold-check.dmn"]
    ]
    asked = [(each.id, each.name, each.type, each.many) for each in trial.questions(row, "Schwellwertprüfung")]
    assert asked == [
        ("personal_data", "Personenbezug", "boolean", False),
        ("listed", "Auf der Muss-Liste", "boolean", False),
        ("named_by_law", "Regelfall des Gesetzes", "boolean", False),
        ("criteria", "Zutreffende Merkmale", "string", True),
    ]
    assert decisions_shipped.install(actor="test") == []
    known = {"personal_data": True, "criteria": ["new", "scale"], "subject": "x"}
    decided = decisions_steps.decide(Step("s", "s", decision="schwellwertpruefung"), known)
    assert decided.value == {"dpia": "needed", "reason": "Mindestens zwei Merkmale eines hohen Risikos treffen zu."}
    assert decided.told["rules"] == [["Schwellwertprüfung", [4]]]
