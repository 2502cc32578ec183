"""The models that come along: what each file must be. How they run with people is in test_shipped_runs.py."""

import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from allmende import process
from allmende.process.core import outline, xml
from allmende.process.core.bpmn import steps
from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.bpmn.model import Model, Node
from allmende.process.core.bpmn.names import BPMNDI, own, tag
from allmende.process.core.engine.script import assignments
from allmende.process.core.engine.simulate import simulate
from allmende.process.core.feel import evaluate
from allmende.process.domain import lanes
from allmende.spine.actions.registry import ACTIONS
from allmende.spine.people.enums import Role

FOLDER = Path(process.__file__).parent / "shipped"
FILES = sorted(FOLDER.glob("*.bpmn"))
EACH = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
WORDS = {"if", "then", "else", "null", "and", "or", "not", "true", "false", "append", "string", "subject"}


def model_of(path):
    return Model(xml.read(path.read_bytes()))


def outlined(path):
    return outline.outline(str(path), path.read_bytes())


def test_five_come_along():
    assert [path.stem for path in FILES] == [
        "event-safety", "grant", "idea-to-measure", "new-sensor", "site-development",
    ]  # fmt: skip


@EACH
def test_nothing_has_to_be_changed_so_that_it_runs(path):
    first = make_runnable(path.read_bytes())
    assert first.findings == ()
    assert first.runnable
    assert make_runnable(first.xml).xml == first.xml


def taken_flows(model, log):
    """Ids of the flows that a simulated run went along: as it was drawn at gateways, else from step to step."""
    visited = set(log.visited)
    drawn = {way for entry in log.entries if entry.kind == "choice" for way in entry.chosen}
    return {
        flow.id
        for flow in model.flows()
        if (flow.id in drawn if flow.source.kind == "exclusiveGateway" else {flow.source.id, flow.target.id} <= visited)
    }


@EACH
def test_it_ends_whatever_happens_and_every_way_can_be_gone(path):
    runnable, model, taken = make_runnable(path.read_bytes()).xml, model_of(path), set()
    for seed in range(30):
        log = simulate(runnable, seed)
        assert log.ended, (seed, log.processes[0].where, log.processes[0].why)
        taken |= taken_flows(model, log.processes[0])
    assert {flow.id for flow in model.flows()} - taken == set()


def names_in(expression):
    bare = re.sub(r'"[^"]*"', "", expression)
    return set(re.findall(r"[a-z_][a-z_0-9]*", bare)) - WORDS


def known_names(path):
    """What forms ask for, scripts assign and repetitions go through."""
    root = xml.read(path.read_bytes())
    fields = {field.name for step in outlined(path).values() for field in step.form.fields}
    scripts = {name for each in root.iter(own("script")) for name, _ in assignments(each.text.strip())}
    items = {each.get(own("item")) for each in root.iter(tag("multiInstanceLoopCharacteristics"))}
    return fields | scripts | items


@EACH
def test_what_it_reckons_with_was_asked_for(path):
    root, known = xml.read(path.read_bytes()), known_names(path)
    written = [each.text.removeprefix("= ") for each in root.iter(tag("conditionExpression"))]
    written += [each.get("value") for each in root.iter(own("input"))]
    written += [line for each in root.iter(own("script")) for _, line in assignments(each.text.strip())]
    for expression in written:
        evaluate(expression, {})  # FEEL, or FeelError
        assert names_in(expression) <= known, expression


@EACH
def test_actions_are_there_and_get_what_they_need(path):
    options = {
        field.name: {option.value for option in field.options}
        for step in outlined(path).values()
        for field in step.form.fields
        if field.options
    }
    found = [step for step in outlined(path).values() if step.action]
    assert found
    for step in found:
        schema = ACTIONS[step.action].schema()["params"]
        inputs = dict(step.inputs)
        assert set(schema.get("required", ())) <= set(inputs) <= set(schema["properties"]), step.element
        for name, expression in inputs.items():
            allowed = schema["properties"][name].get("enum")
            if allowed is not None:
                given = set(re.findall(r'then "(\w+)"|else "(\w+)"|^"(\w+)"$', expression))
                texts = {text for groups in given for text in groups if text} or options[expression]
                assert texts <= set(allowed), (step.element, name)


def before(node: Node) -> list[Node]:
    """The steps behind which a step comes: into sub-processes and out of them."""
    if node.attached is not None:
        return [node.attached]
    if node.incoming:
        return [flow.source for flow in node.incoming]
    return [] if node.scope.owner is None else before(node.scope.owner)


def people_before(node: Node) -> set[Node]:
    """The tasks of people that directly set going a step of the system."""
    found: set[Node] = set()
    seen: set[Node] = set()
    waiting = before(node)
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one.kind == "userTask":
            found.add(one)
        elif one.inner is not None:
            waiting += [each for each in one.inner.nodes if each.kind == "endEvent"]
        else:
            assert one.kind not in ("intermediateCatchEvent", "boundaryEvent", "startEvent") or not one.definitions
            waiting += before(one)
    return found


@EACH
def test_who_sets_an_action_going_may_do_it(path):
    """Actions of measures are the programme office's: nobody else's step, and no timer, leads to one."""
    model = model_of(path)
    for node in model.nodes:
        if node.element.get(own("action")):
            doers = people_before(node)
            assert doers, node.id
            assert {model.lane(each) for each in doers} == {"Programmbüro"}, node.id


@EACH
def test_every_lane_has_a_role(path):
    found = dict(lanes.suggest(steps.lanes(path.read_bytes()), []))
    assert "" not in found.values()
    assert found["Programmbüro"] == Role.PROGRAMME_OFFICE


@EACH
def test_everything_is_said_in_german_and_english(path):
    for element in xml.read(path.read_bytes()).iter(etree.Element):
        if element.get("name") and element.tag.startswith(f"{{{tag('x')[1:-2]}}}"):
            assert element.get(own("nameEn")), element.get("id")
        for german, english in (("label", "labelEn"), ("help", "helpEn")):
            assert bool(element.get(german)) == bool(element.get(english)), dict(element.attrib)
    for step in outlined(path).values():
        assert bool(step.documentation) == bool(step.documentation_en), step.element
        for field in step.form.fields:
            assert field.label != field.name, field.name
            assert field.label_en
            assert all(option.label_en for option in field.options)


@EACH
def test_every_task_says_what_to_do_and_until_when(path):
    found = outlined(path)
    for node in model_of(path).nodes:
        if node.kind == "userTask":
            step = found[node.id]
            assert step.documentation, node.id
            assert step.due, node.id
            assert step.form.fields, node.id
        if node.kind == "subProcess":
            assert found[node.id].documentation, node.id


@EACH
def test_some_steps_need_a_second_person(path):
    found = outlined(path)
    tasks = {node.id for node in model_of(path).nodes if node.kind == "userTask"}
    others = {step.four_eyes for step in found.values() if step.four_eyes}
    assert others
    assert others <= tasks


# The drawing


def box(shape):
    bounds = shape.find(f"{DC}Bounds")
    left, top, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
    return left, top, left + width, top + height


def within(inner, outer):
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def apart(one, other):
    return one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def drawing(path):
    root = xml.read(path.read_bytes())
    shapes = {each.get("bpmnElement"): box(each) for each in root.iter(f"{{{BPMNDI}}}BPMNShape")}
    edges = {
        each.get("bpmnElement"): [(float(point.get("x")), float(point.get("y"))) for point in each if point.get("x")]
        for each in root.iter(f"{{{BPMNDI}}}BPMNEdge")
    }
    return root, shapes, edges


@EACH
def test_everything_is_drawn_in_its_lane_and_apart(path):
    root, shapes, edges = drawing(path)
    model = Model(root)
    assert set(edges) == {flow.id for flow in model.flows()}
    lanes_drawn = {each.get("id"): each for each in root.iter(tag("lane"))}
    assert set(shapes) == {node.id for node in model.nodes} | set(lanes_drawn) | {"town-pool"}
    for identifier, lane in lanes_drawn.items():
        assert within(shapes[identifier], shapes["town-pool"])
        for reference in lane.iter(tag("flowNodeRef")):
            assert within(shapes[reference.text], shapes[identifier]) or model.by_id[reference.text].attached
    for scope in model.scopes():
        nodes = [node for node in scope.nodes if not node.attached]
        for place, node in enumerate(nodes):
            assert scope.owner is None or within(shapes[node.id], shapes[scope.owner.id])
            for other in nodes[place + 1 :]:
                assert apart(shapes[node.id], shapes[other.id]), (node.id, other.id)


@EACH
def test_no_line_crosses_a_step_and_every_line_is_straight(path):
    root, shapes, edges = drawing(path)
    model = Model(root)
    for flow in model.flows():
        points = edges[flow.id]
        ends = {flow.source.id, flow.target.id, getattr(flow.source.attached, "id", "")}
        others = [node.id for node in flow.source.scope.nodes if node.id not in ends and not node.attached]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert x1 == x2 or y1 == y2, flow.id
            line = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            for other in others:
                assert apart(line, shapes[other]), (flow.id, other)


@EACH
def test_drawing_it_anew_changes_nothing(path, tmp_path):
    """So the diagram is the tool's, and a changed model is not shipped with an old drawing."""
    copy = tmp_path / path.name
    copy.write_bytes(path.read_bytes())
    tool = Path(__file__).parents[2] / "tools" / "bpmn_layout.py"
    subprocess.run([sys.executable, str(tool), str(copy)], check=True)
    assert copy.read_bytes() == path.read_bytes()
