"""Events: timers, messages, signals, errors, borders, event sub-processes; who is reached and who is called off."""

from __future__ import annotations

from datetime import timedelta

from allmende.process.core.bpmn.specs import events
from allmende.process.core.engine import loop
from allmende.process.core.engine.simulate import BEGIN

from .drawn import Run, bpmn, drawn, message, process, steps, timer

ERROR = '<errorEventDefinition errorRef="E1"/>'
ERRORS = '<error id="E1" errorCode="voll"/><error id="E2" errorCode="leer"/>'


def test_a_timer_waits_for_its_time() -> None:
    run = Run(drawn("start:s catch:t task:a", "s>t t>a", t=timer("P14D")))
    assert run.open == ["t~"]
    assert run.wait("t").due == BEGIN + timedelta(days=14)
    assert run.at(BEGIN + timedelta(days=13)).open == ["t~"]
    assert run.at(BEGIN + timedelta(days=14)).open == ["a"]


def test_a_timer_in_feel_reads_the_data() -> None:
    run = Run(drawn("start:s task:a catch:t task:b", "s>a a>t t>b", t=timer('=duration("P" + string(tage) + "D")')))
    run.do("a", tage=3)
    assert run.wait("t").due == BEGIN + timedelta(days=3)
    nothing = Run(drawn("start:s catch:t task:b", "s>t t>b", t=timer("=fehlt")))
    assert nothing.wait("t").due is None
    assert nothing.happen("t").open == ["b"]


def test_the_first_event_calls_the_others_off() -> None:
    model = drawn(
        "start:s race:r catch:m catch:t receive:q task:a task:b task:c", "s>r r>m r>t r>q m>a t>b q>c",
        m=message("M"), t=timer("PT1H"),
    )  # fmt: skip
    run = Run(model)
    assert run.open == ["m~", "t~", "q"]
    assert run.at(BEGIN + timedelta(hours=1)).open == ["b"]
    assert Run(model).happen("m").open == ["a"]
    assert Run(model).do("q").open == ["c"]


def test_boundary_events_interrupt_or_run_beside() -> None:
    model = "start:s task:a boundary:b task:c task:d"
    flows = "s>a a>c b>d"
    attach = 'attachedToRef="a"'
    run = Run(drawn(model, flows, b=timer("P1D"), a_b=attach))
    assert run.open == ["a", "b~?"]
    assert run.at(BEGIN + timedelta(days=1)).open == ["d"]
    assert Run(drawn(model, flows, b=timer("P1D"), a_b=attach)).do("a").open == ["c"]
    beside = Run(drawn(model, flows, b=timer("P1D"), a_b=f'{attach} cancelActivity="false"'))
    assert beside.at(BEGIN + timedelta(days=1)).open == ["a", "d"], "a duration rings once"
    assert beside.do("a").open == ["d", "c"]


def test_a_cycle_rings_again_and_counts_from_the_beginning() -> None:
    attributes = 'attachedToRef="a" cancelActivity="false"'
    run = Run(drawn("start:s task:a boundary:b task:d", "s>a b>d", b=timer("R2/PT2H", "timeCycle"), a_b=attributes))
    run.at(BEGIN + timedelta(hours=3))
    assert run.open == ["a", "b~?", "d"]
    assert run.wait("b").due == BEGIN + timedelta(hours=4)
    assert run.at(BEGIN + timedelta(hours=4)).open == ["a", "d", "d"]


def test_errors_go_to_the_nearest_catcher() -> None:
    inner = steps("start:is task:ia end:ie", "is>ia ia>ie", ie=ERROR)
    model = bpmn(
        ERRORS,
        process(
            "start:s sub:u boundary:b boundary:w task:a task:c task:d", "s>u u>a b>c w>d", u=inner,
            b=ERROR, a_b='attachedToRef="u"', w='<errorEventDefinition errorRef="E2"/>', a_w='attachedToRef="u"',
        ),
    )  # fmt: skip
    run = Run(model)
    assert run.do("ia", grund="voll").open == ["c"]
    assert run.wait("c").task.data["grund"] == "voll"


def test_an_error_that_nobody_catches_ends_its_way() -> None:
    inner = steps("start:is and:f task:ia task:ib end:ie", "is>f f>ia f>ib ia>ie", ie=ERROR)
    run = Run(bpmn(ERRORS, process("start:s sub:u task:a", "s>u u>a", u=inner)))
    assert run.do("ia").open == ["ib"]
    assert run.do("ib").open == ["a"]


def test_an_escalation_beside_does_not_stop_the_inside() -> None:
    inner = steps("start:is throw:it task:ia", "is>it it>ia", it="<escalationEventDefinition/>")
    attributes = 'attachedToRef="u" cancelActivity="false"'
    model = drawn(
        "start:s sub:u boundary:b task:a task:c", "s>u u>a b>c", u=inner, b="<escalationEventDefinition/>",
        a_b=attributes,
    )  # fmt: skip
    run = Run(model)
    assert sorted(run.open) == ["b~?", "c", "ia"]
    assert sorted(run.do("ia", "c").open) == ["a"]


def test_a_transaction_is_cancelled() -> None:
    inner = steps("start:is and:f task:ia task:ib end:ie", "is>f f>ia f>ib ia>ie", ie="<cancelEventDefinition/>")
    model = drawn(
        "start:s tx:u boundary:b task:a task:c", "s>u u>a b>c", u=inner, b="<cancelEventDefinition/>",
        a_b='attachedToRef="u"',
    )  # fmt: skip
    assert Run(model).do("ia").open == ["c"]


def test_event_subprocesses_interrupt_or_run_beside() -> None:
    def model(attributes: str) -> bytes:
        inner = steps("start:is task:ia", "is>ia", **{"is": message("M"), "a_is": attributes})
        return bpmn(
            '<message id="M" name="Widerspruch"/>',
            process("start:s task:a end:e sub:u", "s>a a>e", u=inner, a_u='triggeredByEvent="true"'),
        )

    run = Run(model(""))
    assert run.open == ["u~?", "a"]
    events.deliver(run.top, "message", "Widerspruch", {"von": "A"})
    loop.run(run.top)
    assert run.open == ["ia"]
    assert run.wait("ia").task.data == {"von": "A"}
    beside = Run(model('isInterrupting="false"'))
    events.deliver(beside.top, "message", "Widerspruch")
    loop.run(beside.top)
    assert sorted(beside.open) == ["a", "ia", "u~?"]
    assert beside.do("a", "ia").ended, "an event sub-process that waits keeps nothing open"


def test_signals_reach_everybody_who_waits() -> None:
    signal = '<signalEventDefinition signalRef="S"/>'
    model = bpmn(
        '<signal id="S" name="Beschluss"/>',
        process(
            "start:s and:f catch:x catch:y task:a throw:t", "s>f f>x f>y f>a a>t", x=signal, y=signal, t=signal
        ),
    )  # fmt: skip
    run = Run(model)
    assert run.open == ["x~", "y~", "a"]
    assert run.do("a").ended
    assert [(one.kind, one.name, one.element) for one in run.top.bpmn_events] == [("signal", "Beschluss", "t")]


def test_messages_between_two_pools_are_real() -> None:
    model = bpmn(
        '<collaboration id="C"><participant id="p1" name="Amt" processRef="P"/>'
        '<participant id="p2" name="Bürger" processRef="Q"/>'
        '<messageFlow id="mf" sourceRef="t" targetRef="r"/></collaboration>',
        process("start:s task:a send:t", "s>a a>t"),
        process("start:qs receive:r task:qa", "qs>r r>qa", id="Q"),
    )
    sender, receiver = Run(model), Run(model, "Q")
    assert receiver.open == ["r~"]
    assert sender.do("a", bescheid="ja").ended
    (thrown,) = sender.top.bpmn_events
    assert (thrown.kind, thrown.targets, thrown.payload) == ("message", ("r",), {"bescheid": "ja"})
    reached = events.deliver(receiver.top, "message", thrown.name, thrown.payload, target=thrown.targets[0])
    assert len(reached) == 1
    loop.run(receiver.top)
    assert receiver.open == ["qa"]
    assert receiver.wait("qa").lane == "Bürger"


def test_a_conditional_event_happens_when_its_condition_holds() -> None:
    condition = "<conditionalEventDefinition><condition>=stand >= 3</condition></conditionalEventDefinition>"
    run = Run(drawn("start:s task:a catch:c task:b", "s>a a>c c>b", c=condition))
    assert run.do("a", stand=3).open == ["b"]
    later = Run(drawn("start:s task:a catch:c task:b", "s>a a>c c>b", c=condition)).do("a", stand=2)
    assert later.open == ["c~"]
    assert later.happen("c", stand=3).open == ["b"]


def test_parallel_multiple_events_wait_for_all() -> None:
    both = timer("PT1H") + '<signalEventDefinition signalRef="S"/>'
    for parallel, expected in (("true", ["c~"]), ("false", ["b"])):
        attributes = f'parallelMultiple="{parallel}"'
        data = bpmn('<signal id="S" name="S"/>', process("start:s catch:c task:b", "s>c c>b", c=both, a_c=attributes))
        run = Run(data)
        assert run.at(BEGIN + timedelta(hours=1)).open == expected
        events.deliver(run.top, "signal", "S")
        loop.run(run.top)
        assert run.open == ["b"]


def test_links_jump() -> None:
    link = '<linkEventDefinition name="A"/>'
    run = Run(drawn("start:s throw:t catch:c task:a", "s>t c>a", t=link, c=link))
    assert run.open == ["a"]
