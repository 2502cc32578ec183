"""An instance that is kept and read again at every step goes the same way as one that stays in memory."""

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core.bpmn import parser
from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.rows import Row, Unreadable, _packed, _read, _text
from allmende.process.core.engine.run import Refused, Run
from allmende.process.core.feel import Months

START = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Europe/Berlin"))
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:allmende="urn:allmende:process:1" id="d"'
    ' targetNamespace="x"><process id="p" isExecutable="true">'
)
TAIL = "</process></definitions>"


def flow(source, target, more=""):
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{more}</sequenceFlow>'


def specs_of(body):
    return parser.specs(make_runnable(f"{HEAD}{body}{TAIL}".encode()).xml)["p"]


MANY = """<startEvent id="s"/><userTask id="u" name="Each"><multiInstanceLoopCharacteristics isSequential="{0}">
<loopCardinality>= n</loopCardinality></multiInstanceLoopCharacteristics></userTask><endEvent id="e"/>""" + (
    flow("s", "u") + flow("u", "e")
)
MIXED = (
    """<startEvent id="s"/><parallelGateway id="split"/><userTask id="a"/><subProcess id="sub"><startEvent id="s2"/>
<userTask id="b"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>P1D</timeDuration>
</timerEventDefinition></intermediateCatchEvent><endEvent id="e2"/>"""
    + flow("s2", "b")
    + flow("b", "t")
    + flow("t", "e2")
    + """</subProcess><boundaryEvent id="late" attachedToRef="a" cancelActivity="false"><timerEventDefinition>
<timeDuration>PT2H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="hurry"/>
<parallelGateway id="join"/>
<exclusiveGateway id="g" default="g-e"/><endEvent id="e"/><endEvent id="e3"/>"""
    + flow("s", "split")
    + flow("split", "a")
    + flow("split", "sub")
    + flow("a", "join")
    + flow("sub", "join")
    + flow("late", "hurry")
    + flow("hurry", "e3")
    + flow("join", "g")
    + flow("g", "a", "<conditionExpression>= rounds &lt; 3</conditionExpression>")
    + flow("g", "e")
)


class Kept:
    """What a database would hold."""

    def __init__(self, run):
        self.rows, self.head = {}, ""
        self.take(run.delta())

    def take(self, delta):
        self.head = delta.head if delta.head is not None else self.head
        for row in delta.rows:
            position = row.position if row.position >= 0 else self.rows[row.key].position
            self.rows[row.key] = Row(row.key, position, row.doc)
        for key in delta.gone:
            del self.rows[key]

    def read(self, specs, clock):
        return Run.resume(specs, self.head, sorted(self.rows.values(), key=lambda row: row.position), clock)


def stand(run):
    """What can be seen of an instance, without ids."""
    waiting = [(each.element, each.kind, each.item, each.ways) for each in run.waiting()]
    alarms = [(each.element, each.due) for each in run.alarms()]
    return waiting, alarms, run.ended, run.data if run.ended else None


def drive(seed, body, *, again):
    """Random answers until it ends; `again`: read anew before every step."""
    dice, clock, specs = random.Random(seed), SetClock(START), specs_of(body)
    run = Run.begin(specs, {"n": 3, "rounds": 0}, clock)
    kept, seen = Kept(run), []
    for number in range(60):
        if run.ended:
            break
        if again:
            run = kept.read(specs, clock)
        waiting = run.waiting()
        if waiting and dice.random() < 0.8:
            chosen = waiting[dice.randrange(len(waiting))]
            run.answer(chosen.task, {"rounds": number, "amount": Decimal("1.10"), "day": date(2026, 2, 28)})
        else:
            clock.set(clock.now() + timedelta(hours=dice.randrange(1, 30)))
            run.tick()
        kept.take(run.delta())
        seen.append(stand(run))
    assert run.ended
    return seen


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "body", [MIXED, MANY.format("true"), MANY.format("false")], ids=["mixed", "one by one", "many"]
)
def test_reading_again_changes_nothing(seed, body):
    assert drive(seed, body, again=True) == drive(seed, body, again=False)


def test_a_step_that_nothing_changed_writes_nothing():
    specs, clock = specs_of(MIXED), SetClock(START)
    kept = Kept(Run.begin(specs, {"amount": Decimal("1.10"), "day": date(2026, 2, 28), "rounds": 9}, clock))
    run = kept.read(specs, clock)
    delta = run.delta()
    assert (delta.head, delta.rows, delta.gone) == (None, [], [])


def test_a_step_of_many_writes_few_rows():
    specs, clock = specs_of(MANY.format("false")), SetClock(START)
    run = Run.begin(specs, {"n": 200}, clock)
    kept = Kept(run)
    run = kept.read(specs, clock)
    run.answer(run.waiting()[50].task, {})
    assert len(run.delta().rows) <= 3


def test_what_is_entered_for_each_of_many_is_kept_with_it():
    specs, clock = specs_of(MANY.format("false")), SetClock(START)
    kept = Kept(Run.begin(specs, {"n": 3}, clock))
    for number, amount in ((2, 5), (0, 5), (0, 7)):
        run = kept.read(specs, clock)
        run.answer(run.waiting()[number].task, {"amount": amount})
        kept.take(run.delta())
    assert run.ended
    assert run.data["u_results"] == [
        {"item": 3, "amount": 5},
        {"item": 1, "amount": 5},
        {"item": 2, "amount": 7},
    ]


def test_an_answer_that_nobody_waits_for_is_refused():
    specs, clock = specs_of(MANY.format("false")), SetClock(START)
    run = Run.begin(specs, {"n": 2}, clock)
    task = run.waiting()[0].task
    run.answer(task, {})
    with pytest.raises(Refused) as refused:
        run.answer(task, {})
    assert refused.value.code == "gone"


def test_rows_that_do_not_fit_say_so():
    specs, clock = specs_of(MIXED), SetClock(START)
    kept = Kept(Run.begin(specs, {"rounds": 9}, clock))
    with pytest.raises(Unreadable):
        kept.read(specs_of(MANY.format("true")), clock)
    kept.head = kept.head.replace('"schema":1', '"schema":99')
    with pytest.raises(Unreadable):
        kept.read(specs, clock)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.dates() | st.timedeltas(timedelta(0), timedelta(99))
    | st.decimals(allow_nan=False, allow_infinity=False, places=2) | st.builds(Months, st.integers(-99, 99)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["a", "$", "c"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(values)
def test_values_come_back_as_they_were(value):
    again = _read(_text(_packed(value)))
    assert again == value
    assert _packed(again) == _packed(value)
