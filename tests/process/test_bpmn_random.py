"""Models nobody thought of: block-structured ones come to their end, any others are mended or named, never a crash."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from allmende.process.core import xml
from allmende.process.core.bpmn import importer
from allmende.process.core.bpmn.findings import Level
from allmende.process.core.engine import script
from allmende.process.core.engine.clock import ZONE, SetClock
from allmende.process.core.engine.simulate import BEGIN, simulate

from .drawn import KINDS, bpmn, drawn, process, steps

SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

Blocks = st.recursive(
    st.sampled_from(["user", "service", "catch", "throw", "script"]),
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), st.lists(inner, min_size=1, max_size=3)),
        st.tuples(st.sampled_from(["xor", "and", "or", "complex"]), st.lists(inner, min_size=2, max_size=3)),
        st.tuples(st.just("loop"), st.lists(inner, min_size=1, max_size=1)),
        st.tuples(st.sampled_from(["sub", "tx", "adhoc"]), st.lists(inner, min_size=1, max_size=2)),
    ),
    max_leaves=12,
)


class Writer:
    """Writes a block as steps and flows; every block has one way in and one way out."""

    def __init__(self, number: int = 0) -> None:
        self.number = number
        self.steps: list[str] = []
        self.flows: list[str] = []
        self.inner: dict[str, str] = {}

    def name(self, kind: str) -> str:
        self.number += 1
        self.steps.append(f"{kind}:n{self.number}")
        return f"n{self.number}"

    def write(self, block: object) -> tuple[str, str]:
        if isinstance(block, str):
            name = self.name(block)
            return name, name
        kind, parts = block  # type: ignore[misc]
        if kind == "seq":
            ends = [self.write(part) for part in parts]
            self.flows += [f"{one[1]}>{other[0]}" for one, other in pairwise(ends)]
            return ends[0][0], ends[-1][1]
        if kind == "loop":
            before, merge, inside, split, after = (
                self.name("user"), self.name("xor"), self.write(parts[0]), self.name("xor"), self.name("user"),
            )  # fmt: skip
            self.flows += [f"{before}>{merge}", f"{merge}>{inside[0]}", f"{inside[1]}>{split}"]
            self.flows += [f"{split}>{merge}", f"{split}>{after}"]
            return before, after
        if kind in ("sub", "tx", "adhoc"):
            name = self.name(kind)
            deeper = Writer(self.number)
            for part in parts:
                deeper.write(part)
            self.number = deeper.number
            self.inner[name] = deeper.text()
            return name, name
        split = self.name(kind)
        ends = [self.write(part) for part in parts]
        join = self.name(kind)
        self.flows += [flow for one in ends for flow in (f"{split}>{one[0]}", f"{one[1]}>{join}")]
        return split, join

    def text(self) -> str:
        return steps(" ".join(self.steps), " ".join(self.flows), **self.inner)


@SOME
@given(Blocks, st.integers(0, 99))
def test_block_structured_models_come_to_their_end(block: object, seed: int) -> None:
    writer = Writer()
    first, last = writer.write(block)
    around = steps("start:s end:e") + f'<sequenceFlow id="f1" sourceRef="s" targetRef="{first}"/>'
    around += f'<sequenceFlow id="f2" sourceRef="{last}" targetRef="e"/>'
    data = bpmn(process("").replace("</process>", around + writer.text() + "</process>"))
    found = importer.make_runnable(data)
    assert found.runnable
    assert not {"join-incomplete", "split-in-circle", "no-way-out", "unreachable"} & {
        one.code for one in found.findings
    }
    again = importer.make_runnable(found.xml)
    assert (again.xml, again.findings) == (found.xml, ())
    log = simulate(found.xml, seed)
    assert log.ended
    assert log.processes[0].missing == {}
    assert "e" in log.processes[0].visited


@SOME
@given(st.randoms(use_true_random=False), st.integers(0, 99))
def test_any_graph_is_mended_or_named(random: Random, seed: int) -> None:
    found = importer.make_runnable(graph(random))
    again = importer.make_runnable(found.xml)
    problems = tuple(one for one in found.findings if one.level is Level.PROBLEM)
    assert (again.xml, again.findings) == (found.xml, problems)
    if found.runnable:
        assert simulate(found.xml, seed).ended


def graph(random: Random) -> bytes:
    """Steps of all kinds, flows between any two of them, events at any border."""
    kinds = [kind for kind in KINDS if kind not in ("boundary", "start")]
    names = ["s"] if random.random() < 0.8 else []
    parts: dict[str, str] = {}
    listed = ["start:s"] * len(names)
    for number in range(random.randint(1, 10)):
        kind, name = random.choice(kinds), f"n{number}"
        names.append(name)
        listed.append(f"{kind}:{name}")
        if kind in ("catch", "throw", "end"):
            parts[name] = random.choice(DEFINITIONS)
        if kind in ("sub", "tx", "adhoc"):
            parts[name] = steps(f"user:{name}i xor:{name}j", f"{name}i>{name}j {name}j>{name}i")
        if random.random() < 0.2:
            names.append(f"b{number}")
            listed.append(f"boundary:b{number}")
            parts[f"b{number}"] = random.choice(DEFINITIONS)
            stops = random.choice(["true", "false"])
            parts[f"a_b{number}"] = f'attachedToRef="{name}" cancelActivity="{stops}"'
    condition = ["", "", "[x > 1]", "[${x}]"]
    flows = {f"{random.choice(names)}>{random.choice(names)}" for _ in range(len(names) + 2)}
    return drawn(" ".join(listed), " ".join(flow + random.choice(condition) for flow in sorted(flows)), **parts)


DEFINITIONS = [
    "",
    "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>",
    "<timerEventDefinition><timeDuration>bald</timeDuration></timerEventDefinition>",
    *(
        f"<{kind}EventDefinition/>"
        for kind in ("message", "signal", "error", "escalation", "cancel", "terminate", "compensate")
    ),
    '<linkEventDefinition name="A"/>',
    "<conditionalEventDefinition><condition>x &gt; 1</condition></conditionalEventDefinition>",
]


@SOME
@given(st.data())
def test_a_file_cut_or_changed_anywhere_is_read_or_refused(data: st.DataObject) -> None:
    """Attributes gone, values swapped, elements gone: what people do to files with a text editor."""
    root = etree.fromstring(
        drawn(
            "start:s xor:x user:a race:r catch:c sub:u call:q and:j end:e",
            "s>x x>a x>r r>c c>j a>j j>u u>q q>e",
            u=steps("start:i task:k", "i>k"), c=DEFINITIONS[1], a_q='calledElement="P"',
        )
    )  # fmt: skip
    for _ in range(data.draw(st.integers(1, 4))):
        element = data.draw(st.sampled_from(list(root.iter())))
        names = sorted(element.attrib)
        what = data.draw(st.sampled_from(["gone", "swap", "cut", "empty"]))
        if what == "cut" and element.getparent() is not None:
            element.getparent().remove(element)
        elif names and what == "gone":
            del element.attrib[data.draw(st.sampled_from(names))]
        elif names:
            other = data.draw(st.sampled_from(["", "a", "u", "k", "P", "nirgends", "D"]))
            element.set(data.draw(st.sampled_from(names)), "" if what == "empty" else other)
    try:
        found = importer.make_runnable(etree.tostring(root))
    except xml.Unreadable as refused:
        assert refused.code in xml.TEXTS
        return
    assert importer.make_runnable(found.xml).xml == found.xml
    if found.runnable:
        assert simulate(found.xml, 1).ended


@given(st.text(max_size=60))
def test_any_script_is_carried_out_or_refused(text: str) -> None:
    try:
        script.FeelEnvironment(SetClock(BEGIN), ZONE).execute(text, {})
    except script.ScriptError as exc:
        assert str(exc)
