"""How tokens go: gateways, events, scopes and repetitions as in BPMN 2.0, and what happens where that says stop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from allmende.process.core.engine import loop, waits
from allmende.process.core.engine.simulate import BEGIN

from .drawn import Run, bpmn, drawn, process, steps, timer

ERROR = '<errorEventDefinition errorRef="E1"/>'
ERRORS = '<error id="E1" errorCode="voll"/><error id="E2" errorCode="leer"/>'


def test_one_after_the_other() -> None:
    run = Run(drawn("start:s task:a user:b manual:c end:e", "s>a a>b b>c c>e"))
    assert run.open == ["a"]
    assert run.do("a", wert=3).open == ["b"]
    assert not run.do("b").ended
    assert run.do("c").ended
    assert run.top.data == {"wert": 3}


def test_a_parallel_gateway_waits_for_all() -> None:
    run = Run(drawn("start:s and:f task:a task:b and:j task:c", "s>f f>a f>b a>j b>j j>c"))
    assert run.open == ["a", "b"]
    assert run.do("a", eins=1).open == ["b"]
    assert run.do("b", zwei=2).open == ["c"]
    assert run.do("c").ended
    assert run.top.data == {"eins": 1, "zwei": 2}


def test_a_parallel_join_goes_on_when_nothing_more_can_come() -> None:
    run = Run(drawn("start:s xor:x task:a task:b and:j task:c", "s>x x>a x>b a>j b>j j>c"))
    run.decide("x", "x_a").do("a")
    assert run.open == ["c"]
    joined = run.wait("c").task.parent
    assert joined.internal_data["missing"] == ["b_j"]


def test_joins_that_wait_for_each_other_are_untied() -> None:
    run = Run(drawn("start:s and:j and:k end:e", "s>j k>j j>k s>k k>e"))
    assert run.open == ["k?"], "a split that leads back to itself is a person's choice"
    assert run.decide("k", "k_e").ended


def test_two_tokens_pass_a_parallel_gateway_one_after_the_other() -> None:
    run = Run(drawn("start:s task:a task:b and:f task:c task:d", "s>a s>b a>f b>f f>c f>d"))
    assert run.do("a", "b").open == ["c", "d"], "the gateway is a join: both tokens are one behind it"


def test_an_inclusive_join_waits_only_for_what_was_taken() -> None:
    run = Run(drawn("start:s or:o task:a task:b task:c or:j task:d", "s>o o>a o>b o>c a>j b>j c>j j>d"))
    assert run.open == ["o?"]
    run.decide("o", "o_a", "o_c")
    assert run.open == ["a", "c"]
    assert run.do("c").open == ["a"]
    assert run.do("a").open == ["d"]


def test_conditions_in_feel_decide() -> None:
    model = drawn("start:s task:a xor:x task:b task:c", "s>a a>x x>b[betrag > 1000] x>c", a_x='default="x_c"')
    assert Run(model).do("a", betrag=1001).open == ["b"]
    assert Run(model).do("a", betrag=1000).open == ["c"]
    assert Run(model).do("a", betrag="viel").open == ["c"], "what FEEL cannot compare is not true"


def test_where_no_condition_holds_a_person_decides() -> None:
    run = Run(drawn("start:s xor:x task:b task:c", "s>x x>b[x > 1] x>c[x < 1]"), x=1)
    assert run.open == ["x?"]
    assert [way.label for way in run.wait("x").options] == ["Schritt b", "Schritt c"]
    assert run.decide("x", "x_c").open == ["c"]


def test_several_flows_out_of_a_task_are_all_taken() -> None:
    assert Run(drawn("start:s task:a task:b task:c", "s>a a>b a>c")).do("a").open == ["b", "c"]


def test_conditional_flows_out_of_a_task() -> None:
    model = drawn("start:s task:a task:b task:c task:d", "s>a a>b[x > 1] a>c[x > 2] a>d")
    assert Run(model).do("a", x=3).open == ["b", "c", "d"]
    assert Run(model).do("a", x=2).open == ["b", "d"]
    assert Run(model).do("a", x=0).open == ["d"]
    foreign = Run(drawn("start:s task:a task:b task:c", "s>a a>b[${ok}] a>c")).do("a")
    assert foreign.open == ["a?"]
    assert foreign.decide("a", "a_b", "a_c").open == ["b", "c"]


def test_wrong_answers_are_refused() -> None:
    run = Run(drawn("start:s xor:x task:b task:c", "s>x x>b x>c"))
    task = run.wait("x").task
    for ways in ([], ["x_b", "x_c"], ["s_x"], ["gibtsnicht"]):
        with pytest.raises(waits.WrongAnswer):
            waits.decide(task, ways)
    for call in (
        lambda: waits.complete(task),
        lambda: waits.count(task, 1),
        lambda: waits.again(task, True),
        lambda: waits.happen(task),
    ):
        with pytest.raises(waits.WrongAnswer):
            call()
    assert run.open == ["x?"]


def test_a_loop_comes_round_again() -> None:
    run = Run(drawn("start:s task:a xor:x end:e", "s>a a>x x>a x>e"))
    for number in range(3):
        run.do("a", runde=number).decide("x", "x_a")
    assert run.do("a").decide("x", "x_e").ended
    assert run.top.data == {"runde": 2}


def test_ends_terminate_and_wait() -> None:
    model = "start:s and:f task:a task:b end:e end:t"
    plain = Run(drawn(model, "s>f f>a f>b a>e b>t")).do("b")
    assert plain.open == ["a"]
    terminated = Run(drawn(model, "s>f f>a f>b a>e b>t", t="<terminateEventDefinition/>")).do("b")
    assert terminated.ended


def test_endless_loops_are_stopped_and_named() -> None:
    model = drawn("start:s xor:x xor:y end:e", "s>x x>y y>x[1 = 1] y>e", a_y='default="y_e"')
    with pytest.raises(loop.EndlessLoop) as caught:
        Run(model)
    assert {"x", "y"} == set(caught.value.elements[:2])
    assert caught.value.limit == 10_000


# Scopes and repetitions


def test_subprocesses_begin_inside_and_go_on_outside() -> None:
    inner = steps("start:is task:ia end:ie", "is>ia ia>ie")
    run = Run(drawn("start:s sub:u task:a", "s>u u>a", u=inner), vorher=1)
    assert run.open == ["ia"]
    assert run.do("ia", innen=2).open == ["a"]
    assert run.wait("a").task.data == {"vorher": 1, "innen": 2}


def test_a_called_process_runs_inside() -> None:
    data = bpmn(
        process("start:s call:c task:a", "s>c c>a", a_c='calledElement="tns:Q"'),
        process("start:qs task:qa", "qs>qa", id="Q"),
    )
    run = Run(data)
    assert run.do("qa", q=1).open == ["a"]
    assert run.wait("a").task.data == {"q": 1}


def test_deep_nesting() -> None:
    inside = steps("task:t0")
    for level in range(1, 60):
        inside = steps(f"sub:u{level}", "", **{f"u{level}": inside})
    run = Run(drawn("start:s sub:u60", "s>u60", u60=inside))
    assert run.open == ["t0"]
    assert run.do("t0").ended


@pytest.mark.parametrize("sequential", [False, True])
def test_many_instances(sequential: bool) -> None:
    each = '<multiInstanceLoopCharacteristics isSequential="true">{}</multiInstanceLoopCharacteristics>'
    each = each if sequential else each.replace("true", "false")
    asked = Run(drawn("start:s task:a task:b", "s>a a>b", a=each.format("")))
    assert asked.open == ["a?"]
    assert asked.answer("a", 3).open == ["a"] * (1 if sequential else 3)
    assert asked.do("a", "a", "a").open == ["b"]
    assert Run(drawn("start:s task:a task:b", "s>a a>b", a=each.format(""))).answer("a", 0).open == ["b"]
    known = each.format("<loopCardinality>2</loopCardinality>")
    assert Run(drawn("start:s task:a task:b", "s>a a>b", a=known)).do("a", "a").open == ["b"]
    until = each.format("<loopCardinality>5</loopCardinality><completionCondition>=reicht = true</completionCondition>")
    run = Run(drawn("start:s task:a task:b", "s>a a>b", a=until)).do("a", reicht=False)
    assert run.do("a", reicht=True).open == ["b"]


def test_one_instance_for_each_item_of_a_list() -> None:
    each = (
        "<multiInstanceLoopCharacteristics><extensionElements>"
        '<z:loopCharacteristics xmlns:z="http://camunda.org/schema/zeebe/1.0" inputCollection="=orte" '
        'inputElement="ort"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    run = Run(drawn("start:s task:a task:b", "s>a a>b", a=each), orte=["Nord", "Süd"])
    assert [wait.task.data["ort"] for wait in waits.waits(run.top)] == ["Nord", "Süd"]
    assert run.do("a", "a").open == ["b"]
    assert run.wait("b").task.data == {
        "orte": ["Nord", "Süd"],
        "a_results": [{"item": "Nord"}, {"item": "Süd"}],
    }
    with pytest.raises(waits.WrongAnswer):
        waits.count(Run(drawn("start:s task:a", "s>a", a=each)).wait("a").task, 10_001)


def test_many_instances_of_a_subprocess_are_interrupted_as_one() -> None:
    inner = "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics>"
    inner += steps("start:is task:ia", "is>ia")
    model = drawn(
        "start:s sub:u boundary:b task:a task:c", "s>u u>a b>c", u=inner, b=timer("P1D"), a_b='attachedToRef="u"'
    )
    run = Run(model)
    assert run.open == ["b~?", "ia", "ia", "ia"]
    assert run.do("ia").at(BEGIN + timedelta(days=1)).open == ["c"]
    assert run.do("c").ended


def test_loops_ask_or_count() -> None:
    again = "<standardLoopCharacteristics/>"
    run = Run(drawn("start:s task:a task:b", "s>a a>b", a=again))
    assert run.do("a").open == ["a?"]
    assert run.answer("a", True).do("a").answer("a", False).open == ["b"]
    before = Run(drawn("start:s task:a task:b", "s>a a>b", a='<standardLoopCharacteristics testBefore="true"/>'))
    assert before.answer("a", False).open == ["b"]
    condition = '<standardLoopCharacteristics loopMaximum="3"><loopCondition>=mehr</loopCondition>'
    condition += "</standardLoopCharacteristics>"
    run = Run(drawn("start:s task:a task:b", "s>a a>b", a=condition))
    assert run.do("a", mehr=True).do("a", mehr=False).open == ["b"]
    run = Run(drawn("start:s task:a task:b", "s>a a>b", a=condition))
    assert run.do("a", "a", "a", mehr=True).open == ["b"]


def test_several_starts_and_none() -> None:
    model = drawn("start:s start:t task:a task:b", "s>a t>b")
    assert Run(model).open == ["P?"]
    assert Run(model).decide("P", "t").open == ["b"]
    assert Run(model, at="s").open == ["a"]
    assert Run(drawn("task:a task:b", "")).open == ["a", "b"]
    assert Run(drawn("task:a task:b", "a>b b>a")).open == ["a"]


def test_own_scripts_assign() -> None:
    own = (
        '<extensionElements><a:script xmlns:a="urn:allmende:process:1">summe = betrag * 2\n\nname = "x"</a:script>'
        "</extensionElements><script>os.remove()</script>"
    )
    run = Run(drawn("start:s script:c task:a", "s>c c>a", c=own), betrag=2)
    assert run.wait("a").task.data == {"betrag": 2, "summe": 4, "name": "x"}
