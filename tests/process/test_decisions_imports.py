"""Decisions that import those of other models: resolved from what is released, else refused with the reason."""

import pytest
from django.core.exceptions import ValidationError

from allmende.process.core.outline import Step
from allmende.process.domain import decisions, decisions_steps, versions
from allmende.process.domain import decisions_reading as reading

from .dmn_models import MODEL, decision, definitions, given, table, text

pytestmark = pytest.mark.django_db


def base(amount="10", space="town:fees"):
    return definitions(
        given("Kosten", "number"),
        decision("Grund", table(["Kosten"], [["-", amount]], outputs=[""]), "Kosten"),
        namespace=space,
    )


def user(space="town:fees", name="gebuehren", own="town:more", kind=MODEL):
    return definitions(
        f'<import name="{name}" namespace="{space}" importType="{kind}"/>',
        decision("Summe", text(f"{name}.Grund + 1"), f"!{space}#Grund"),
        namespace=own,
    )


def released(data, title, model=None):
    row = decisions.import_file(data, title=title, model=model, actor="test")
    return versions.release(versions.submit(row, actor="test"), actor="test")


def refused(data):
    with pytest.raises(ValidationError) as error:
        decisions.import_file(data, title="Anders", actor="test")
    return error.value.message_dict["file"]


def test_by_the_released_version_of_what_is_imported():
    first = released(base(), "Grundgebühr")
    second = released(user(), "Summe")
    step = Step("rule", "Regel", decision="summe")
    decided = decisions_steps.decide(step, {"Kosten": 5})
    assert decided.value == 11
    assert decided.told["imports"] == [["grundgebuehr", 1, first.sha256]]
    newer = released(base("20"), "", first.model)
    decided = decisions_steps.decide(step, {"Kosten": 5})
    assert (decided.value, decided.told["imports"]) == (21, [["grundgebuehr", 2, newer.sha256]])
    assert decided.told["sha256"] == second.sha256


def test_imports_of_imports():
    released(base(), "Grundgebühr")
    released(user(), "Summe")
    third = definitions(
        f'<import name="m" namespace="town:more" importType="{MODEL}"/>',
        decision("Ende", text("m.Summe * 2"), "!town:more#Summe"),
        namespace="town:end",
    )
    assert [row.model.slug for row in reading.imported(third)] == ["summe", "grundgebuehr"]
    released(third, "Ende")
    assert decisions_steps.decide(Step("r", "R", decision="ende", decision_name="Ende"), {"Kosten": 1}).value == 22


def test_what_is_not_released_is_named():
    decisions.import_file(base(), title="Entwurf", actor="test")
    assert refused(user()) == [
        "Das Modell bindet „town:fees“ ein, und keine freigegebene Entscheidung hat diesen Namensraum. "
        "Geben Sie zuerst jene frei."
    ]


def test_of_two_with_one_namespace_both_are_named():
    released(base(), "Eins")
    released(base("3"), "Zwei")
    assert refused(user()) == [
        "Das Modell bindet „town:fees“ ein, und mehrere freigegebene Entscheidungen haben diesen Namensraum: "
        "Eins, Zwei."
    ]


def test_what_is_imported_lost_its_decision_meanwhile():
    first = released(base(), "Grundgebühr")
    released(user(), "Summe")
    released(base(space="town:other"), "", first.model)
    with pytest.raises(decisions_steps.NotDecided, match="bindet „town:fees“ ein"):
        decisions_steps.decide(Step("r", "R", decision="summe"), {"Kosten": 1})


def test_imports_of_other_kinds_are_documentation():
    more = '<import name="p" namespace="x:pmml" importType="http://www.dmg.org/PMML-4_2"/>'
    assert reading.imported(definitions(more, decision("D", text("1")))) == []
