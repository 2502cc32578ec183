"""Builds the specs of all scopes of a model."""

from __future__ import annotations

from . import names, reading
from .model import Flow, Model, Node, Scope
from .names import local, own, tag
from .specs import base, events, gateways, scopes, tasks

START = "allmende.start"
# Gateways that each token passes by itself.
PASSING = ("exclusiveGateway", "eventBasedGateway")


class Builder:
    """One pass makes the specs of a scope, a second one joins them; nothing here calls itself.

    `prefix` stands before all ids of the model, for one that another model calls; `called`: the call activities, by
    their ids in the model, whose processes of the library are there (`parser.Specs.joined`).
    """

    def __init__(self, model: Model, prefix: str = "", called: frozenset[str] = frozenset()) -> None:
        self.model = model
        self.prefix, self.called = prefix, called
        self.made: dict[str, base.ProcessSpec] = {}
        self._messages = self._message_targets()

    def build(self) -> dict[str, base.ProcessSpec]:
        """The specs of processes and sub-processes by id."""
        for scope in self.model.scopes():
            if scope.nodes:
                self._scope(scope)
        return self.made

    def _scope(self, scope: Scope) -> None:
        title = names.label(scope.element) or self.model.pool(scope) or scope.id
        start = START
        while start in self.model.by_id:
            start += "#"
        process = base.ProcessSpec(self.prefix + scope.id, title, self.prefix + scope.process.id, start)
        self.made[process.name] = process
        built = [node for node in scope.nodes if not node.ignored and not node.for_compensation]
        for node in built:
            self._node(process, node)
        for node in built:
            self._connect(process, node)
        self._begin(process, scope)

    def _begin(self, process: base.ProcessSpec, scope: Scope) -> None:
        start: base.Start = process.start
        starts = scope.starts()
        start.one_of = len(starts) > 1 and not (scope.owner and not scope.owner.event_scope)
        for node in starts or scope.entries():
            start.add_way(base.Way(node.id, node.label, self._entry(node)))
        for node in scope.nodes:
            if node.event_scope and node.inner and self._helper(node, "trigger") in process.task_specs:
                start.add_way(base.Way(node.id, node.label, self._helper(node, "trigger"), default=True))

    def _helper(self, node: Node, kind: str) -> str:
        """The name of a spec that stands around a step: no step of the model has it as its id."""
        name = f"{node.id}#{kind}"
        while name in self.model.by_id:
            name += "#"
        return self.prefix + name

    def _id(self, node: Node) -> str:
        return self.prefix + node.id

    def _entry(self, node: Node) -> str:
        return self._helper(node, "guard") if _guarded(node) else self._id(node)

    # Steps

    def _node(self, process: base.ProcessSpec, node: Node) -> None:
        common = {"kind": node.kind, "element": self._id(node), "label": names.label(node.element)}
        lane = self.model.lane(node)
        common["lane"] = self.prefix + lane if lane else ""
        loop = reading.loop_of(node.element) if node.activity else None
        inner_name = self._helper(node, "each") if loop is not None else self._id(node)
        spec = self._plain(process, node, inner_name, common)
        if loop is not None:
            self._repeat(process, node, loop, inner_name, common)
        if node.event_scope:
            self._trigger(process, node, common)
        if node.kind == "boundaryEvent":
            assert isinstance(spec, events.Boundary)
            spec.interrupting = node.element.get("cancelActivity", "true") != "false"
        elif _guarded(node):
            events.Guard(process, self._helper(node, "guard"), **common)
        if _out(node):
            self._out(process, node, common)

    def _plain(self, process: base.ProcessSpec, node: Node, name: str, common: dict[str, str]) -> base.Node:
        """The step itself, without what stands before, behind and around it."""
        if node.kind in names.GATEWAYS:
            return self._gateway(process, node, name, common)
        if node.kind in names.EVENTS:
            return self._event(process, node, name, common)
        if node.by_person:
            return tasks.PersonTask(process, name, **common)
        target = self.model.plain(reading.called(node.element)) if node.kind == "callActivity" else node.id
        if node.id in self.called:
            return self._sub(
                process, name, common, f"{self._id(node)}{names.WITHIN}{reading.of_library(node.element)[1]}"
            )
        if (node.inner is not None and node.inner.nodes) or (node.kind == "callActivity" and self._process(target)):
            return self._sub(process, name, common, self.prefix + target)
        if script := reading.own_script(node.element) if node.kind == "scriptTask" else "":
            assign = tasks.Assignments(process, name, **common)
            assign.script = script
            return assign
        if action := reading.own_action(node.element):
            service = tasks.Service(process, name, **common)
            service.action = action
            return service
        if node.kind == "sendTask":
            throw = events.Throw(process, name, **common)
            throw.definitions = (self._message(node, node.element),)
            return throw
        if node.kind == "receiveTask":
            catch = events.Catch(process, name, **common)
            catch.definitions = (self._message(node, node.element),)
            return catch
        return tasks.PersonTask(process, name, **common)

    def _sub(self, process: base.ProcessSpec, name: str, common: dict[str, str], inside: str) -> base.Node:
        sub = scopes.SubProcess(process, name, **common)
        sub.spec = inside
        return sub

    def _process(self, identifier: str) -> bool:
        return any(process.id == identifier and process.nodes for process in self.model.processes)

    def _gateway(self, process: base.ProcessSpec, node: Node, name: str, common: dict[str, str]) -> base.Node:
        joins = len(node.incoming) > 1
        if node.kind == "eventBasedGateway" and not node.by_person:
            race = events.Race(process, name, **common)
            race.parallel = node.element.get("eventGatewayType") == "Parallel"
            return race
        if node.kind == "parallelGateway" and not node.by_person:
            if not joins:
                return gateways.Split(process, name, **common)
            join = gateways.Join(process, name, **common)
            join.arrivals = tuple(flow.id for flow in node.incoming)
            return join
        decision: gateways.Decision
        if joins and node.kind not in PASSING:
            both = gateways.JoinDecision(process, name, **common)
            both.arrivals = tuple(flow.id for flow in node.incoming)
            both.together = "all" if node.kind == "parallelGateway" else "any"
            decision = both
        else:
            decision = gateways.Decision(process, name, **common)
        decision.mode = "any" if node.kind in ("inclusiveGateway", "complexGateway") else "one"
        decision.person = node.by_person
        decision.may_end = node.element.get(own("mayEnd")) == "true"
        return decision

    def _out(self, process: base.ProcessSpec, node: Node, common: dict[str, str]) -> None:
        """The choice of ways behind a step that is no gateway."""
        decision = gateways.Decision(process, self._helper(node, "out"), **common)
        mark = node.element.get(own("out"))
        decision.person = mark in ("one", "person")
        decision.mode = "one" if mark == "one" else "any"
        decision.may_end = node.element.get(own("mayEnd")) == "true"
        if mark is None:
            decision.always = frozenset(flow.id for flow in node.outgoing if not _conditional(flow))

    def _repeat(
        self, process: base.ProcessSpec, node: Node, loop: names.etree._Element, inner: str, common: dict[str, str]
    ) -> None:
        if local(loop) == "standardLoopCharacteristics":
            again = scopes.Again(process, self._id(node), **common)
            again.inner = inner
            again.condition = reading.feel(loop.find(tag("loopCondition")))
            again.before = loop.get("testBefore") == "true"
            maximum = (loop.get("loopMaximum") or "").strip()
            again.maximum = int(maximum) if maximum.isdecimal() and 0 < len(maximum) < 6 and int(maximum) else None
            return
        each = scopes.ForEach(process, self._id(node), **common)
        each.inner = inner
        each.items, each.variable = reading.items_of(loop)
        each.count = reading.feel(loop.find(tag("loopCardinality")))
        each.until = reading.feel(loop.find(tag("completionCondition")))
        each.sequential = loop.get("isSequential") == "true"

    # Events

    def _event(self, process: base.ProcessSpec, node: Node, name: str, common: dict[str, str]) -> base.Node:
        definitions = tuple(self._definition(node, one) for one in node.definitions)
        if node.kind == "boundaryEvent" or node.kind == "intermediateCatchEvent":
            if node.kind == "intermediateCatchEvent" and "link" in node.definition_kinds:
                return tasks.Pass(process, name, **common)
            catch = (events.Boundary if node.kind == "boundaryEvent" else events.Catch)(process, name, **common)
            catch.definitions = () if node.by_person else definitions
            catch.parallel = node.element.get("parallelMultiple") == "true"
            return catch
        if node.by_person:
            return tasks.PersonTask(process, name, **common)
        if node.kind == "startEvent" or not definitions or "link" in node.definition_kinds:
            return tasks.Pass(process, name, **common)
        throw = events.Throw(process, name, **common)
        throw.definitions = definitions
        return throw

    def _trigger(self, process: base.ProcessSpec, node: Node, common: dict[str, str]) -> None:
        starts = node.inner.starts() if node.inner else []
        if not node.inner or not node.inner.nodes:
            return
        trigger = events.ScopeTrigger(process, self._helper(node, "trigger"), **common)
        if not starts:
            return
        start = starts[0]
        trigger.definitions = (
            () if start.by_person else tuple(self._definition(start, one) for one in start.definitions)
        )
        trigger.parallel = start.element.get("parallelMultiple") == "true"
        trigger.interrupting = start.element.get("isInterrupting", "true") != "false"

    def _definition(self, node: Node, element: names.etree._Element) -> events.Definition:
        kind = local(element).removesuffix(names.DEFINITION)
        title = names.label(node.element)
        if kind == "message":
            return self._message(node, element)
        if kind == "timer":
            kept, text = reading.timer(element)
            return events.Definition("timer", label=title, timer=f"{kept}:{text}" if text else "")
        if kind == "conditional":
            condition = reading.feel(element.find(tag("condition")))
            return events.Definition("conditional", label=title, condition=condition)
        meant = self.model.find(element.get(f"{kind}Ref"))
        attributes = {"error": ("errorCode", "name"), "escalation": ("escalationCode", "name")}.get(kind, ("name",))
        name = reading.named(meant, *attributes)
        if kind == "signal" and not name:
            name = title
        return events.Definition(kind, name, names.label(meant) if meant is not None else title)

    def _message(self, node: Node, element: names.etree._Element) -> events.Definition:
        meant = self.model.find(element.get("messageRef"))
        targets = self._messages.get(node.id, ())
        return events.Definition("message", reading.named(meant, "name"), names.label(node.element), targets=targets)

    def _message_targets(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for flow in self.model.message_flows():
            source, target = (self.model.plain(flow.get(end)) for end in ("sourceRef", "targetRef"))
            if target in self.model.by_id:
                found.setdefault(source, []).append(self.prefix + target)
        return {source: tuple(targets) for source, targets in found.items()}

    # Flows

    def _connect(self, process: base.ProcessSpec, node: Node) -> None:
        specs = process.task_specs
        if _guarded(node):
            guard = specs[self._helper(node, "guard")]
            guard.add_way(base.Way("", "", self._id(node)))
            for event in _borders(node):
                guard.add_way(base.Way("", "", self._id(event)))
        if node.event_scope and self._helper(node, "trigger") in specs:
            specs[self._helper(node, "trigger")].add_way(base.Way("", "", self._id(node)))
        last = specs[self._id(node)]
        if _out(node):
            last.add_way(base.Way("", "", self._helper(node, "out")))
            last = specs[self._helper(node, "out")]
        for flow in node.outgoing:
            if not flow.target.ignored and not flow.target.for_compensation and flow.target.kind != "boundaryEvent":
                condition = reading.feel(flow.element.find(tag("conditionExpression"))) or None
                last.add_way(base.Way(flow.id, flow.label, self._entry(flow.target), condition, flow.is_default))
        if node.kind in names.THROWS and "link" in node.definition_kinds:
            for target in link_targets(node):
                last.add_way(base.Way(f"{node.id}#link", target.label, self._id(target)))


def link_targets(node: Node) -> list[Node]:
    """Where a link event jumps to: the catching link event of the same name in the same scope."""
    name = link_name(node)
    found = [
        one
        for one in node.scope.nodes
        if one.kind == "intermediateCatchEvent" and "link" in one.definition_kinds and link_name(one) == name
    ]
    return found[:1] if name else []


def link_name(node: Node) -> str:
    for element in node.definitions:
        if local(element) == "linkEventDefinition" and (name := " ".join((element.get("name") or "").split())):
            return name
    return names.label(node.element)


def _borders(node: Node) -> list[Node]:
    return [one for one in node.boundary if not one.ignored]


def _guarded(node: Node) -> bool:
    return node.activity and bool(_borders(node)) and not node.event_scope


def _conditional(flow: Flow) -> bool:
    return flow.element.find(tag("conditionExpression")) is not None or flow.is_default


def _out(node: Node) -> bool:
    """Whether something must be decided behind a step that is no deciding gateway."""
    if node.kind in names.DECISIONS or node.kind == "eventBasedGateway" or node.kind == "parallelGateway":
        return False
    return node.element.get(own("out")) is not None or any(
        reading.feel(flow.element.find(tag("conditionExpression"))) for flow in node.outgoing
    )
