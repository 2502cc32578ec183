"""Nothing of a model reaches Python: every place where the engine evaluates something, with hostile text in it."""

from __future__ import annotations

import builtins
import time
from typing import Any

import pytest

from allmende.process.core.bpmn import importer
from allmende.process.core.engine import script, simulate
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.simulate import BEGIN

from .drawn import Run, bpmn, drawn, process, steps, timer

HOSTILE = [
    "__import__('os').system('touch /tmp/allmende-was-here')",
    "().__class__.__bases__[0].__subclasses__()",
    "[c for c in ().__class__.__mro__[1].__subclasses__() if c.__name__ == 'Popen']",
    "lambda: 1",
    'f"{().__class__}"',
    "exec('import os')",
    "open('/etc/passwd').read()",
    "constructor.constructor('return process')()",
    "this.constructor.constructor('return globalThis')().process",
    "function() { while (true) {} }",
    "(() => fetch('http://example.org'))()",
    "${runtime.getRuntime().exec('id')}",
    "#{T(java.lang.Runtime).getRuntime().exec('id')}",
    "import os",
    "x := 1",
    "\\u005f\\u005fimport\\u005f\\u005f",
    "'; DROP TABLE process; --",
]
MARK = "/tmp/allmende-was-here"


@pytest.fixture(autouse=True)
def _no_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's own evaluation does not run while a model does."""

    def forbidden(*args: Any, **kwargs: Any) -> Any:
        raise AssertionError(f"text of a model reached Python: {args[:1]}")

    monkeypatch.setattr(builtins, "eval", forbidden)
    monkeypatch.setattr(builtins, "exec", forbidden)


def models(text: str, marked: bool) -> list[bytes]:
    """The hostile text wherever an expression can stand: as it is, and with the marks that say it is FEEL."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    said = f"={safe}" if marked else safe
    condition = f"<conditionalEventDefinition><condition>{said}</condition></conditionalEventDefinition>"
    each = "<multiInstanceLoopCharacteristics>{}</multiInstanceLoopCharacteristics>"
    items = (
        '<extensionElements><z:loopCharacteristics xmlns:z="http://camunda.org/schema/zeebe/1.0" '
        f'inputCollection="{said}"/></extensionElements>'
    )
    own = f'<extensionElements><a:script xmlns:a="urn:allmende:process:1">x = {safe}</a:script></extensionElements>'
    correlation = (
        '<message id="M" name="M"/><correlationProperty id="K"><correlationPropertyRetrievalExpression messageRef="M">'
        f"<messagePath>{said}</messagePath></correlationPropertyRetrievalExpression></correlationProperty>"
    )
    assignment = (
        '<ioSpecification><dataInput id="di"/><inputSet><dataInputRefs>di</dataInputRefs></inputSet><outputSet/>'
        f"</ioSpecification><dataInputAssociation><targetRef>di</targetRef><assignment><from>{said}</from><to>di</to>"
        "</assignment></dataInputAssociation>"
    )
    spiff = (
        '<extensionElements><s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        f'{safe}</s:preScript><s:postScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">{safe}</s:postScript>'
        '<s:serviceTaskOperator xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core" '
        f'id="{safe}"/><s:calledDecisionId xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core">{safe}'
        "</s:calledDecisionId></extensionElements>"
    )
    return [
        drawn("start:s xor:x task:a task:b", "s>x").replace(
            b"</process>",
            "".join(
                f'<sequenceFlow id="f{to}" sourceRef="x" targetRef="{to}"><conditionExpression>{said}'
                "</conditionExpression></sequenceFlow>"
                for to in "ab"
            ).encode()
            + b"</process>",
        ),
        drawn("start:s catch:c task:a", "s>c c>a", c=timer(said)),
        drawn("start:s catch:c task:a", "s>c c>a", c=timer(said, "timeDate")),
        drawn("start:s catch:c task:a", "s>c c>a", c=timer(said, "timeCycle")),
        drawn("start:s catch:c task:a", "s>c c>a", c=condition),
        drawn("start:s task:a", "s>a", a=each.format(f"<loopCardinality>{said}</loopCardinality>")),
        drawn(
            "start:s task:a", "s>a",
            a=each.format(f"<loopCardinality>2</loopCardinality><completionCondition>{said}</completionCondition>"),
        ),
        drawn("start:s task:a", "s>a", a=each.format(items)),
        drawn(
            "start:s task:a", "s>a",
            a=f"<standardLoopCharacteristics><loopCondition>{said}</loopCondition></standardLoopCharacteristics>",
        ),
        drawn("start:s script:a", "s>a", a=f"<script>{safe}</script>"),
        drawn("start:s script:a task:b", "s>a a>b", a=own),
        drawn("start:s service:a user:b", "s>a a>b", a=spiff, b=spiff),
        drawn("start:s call:a", "s>a", a_a=f'calledElement="{said}"'),
        drawn("start:s task:a", "s>a", a=assignment),
        drawn(
            "start:s adhoc:u", "s>u", u=f"<completionCondition>{said}</completionCondition>" + steps("task:i task:j")
        ),
        bpmn(correlation, process("start:s catch:c", "s>c", c='<messageEventDefinition messageRef="M"/>')),
    ]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("marked", [False, True])
def test_hostile_text_is_documentation(text: str, marked: bool) -> None:
    for data in models(text, marked):
        found = importer.make_runnable(data)
        for log in simulate.simulate(found.xml, 1).processes:
            assert log.outcome == "ended"
        try:
            run = Run(data)
        except script.ScriptError:
            continue  # our own script, which says that it is one: an error where it runs
        assert run.open


@pytest.mark.parametrize("text", HOSTILE)
def test_the_engine_of_spiffworkflow_has_no_way_to_python(text: str) -> None:
    """The doors that SpiffWorkflow's own specs would use."""
    engine = script.FeelScriptEngine(SetClock(BEGIN))
    run = Run(drawn("start:s task:a", "s>a"))
    task = run.wait("a").task
    for call in (
        lambda: engine.evaluate(task, text),
        lambda: engine.environment.evaluate(text, {}),
        lambda: engine.execute(task, text),
        lambda: engine.environment.execute(text, {}),
        lambda: engine.environment.call_service({}, operation_name=text),
        lambda: engine.call_service(task, operation_name=text),
        lambda: engine.validate(text),
    ):
        try:
            value = call()
        except script.ScriptError:
            continue
        assert value is None or isinstance(value, bool | int | str)
    assert task.data == {}


@pytest.mark.parametrize(
    "text",
    ["x", "1 = 1", "x == 1", "x.y = 1", "import os", "x = 1; y = 2", "del x", "x += 1", "__import__('os')", "= 1"],
)
def test_scripts_are_assignments(text: str) -> None:
    with pytest.raises(script.ScriptError) as caught:
        script.FeelEnvironment(SetClock(BEGIN), script.time.ZONE).execute(f"a = 1\n{text}", values := {"alt": 1})
    assert values == {"alt": 1}, "all or nothing"
    assert caught.value.line in (0, 2)


def test_values_are_those_of_json() -> None:
    own = (
        '<extensionElements><a:script xmlns:a="urn:allmende:process:1">a = 1.5 + 1\nb = [1, "x", null]\n'
        'c = {d: true}\ne = date("2026-01-31")\nf = duration("P1DT2H")\ng = duration("P14M")\nh = a * 2</a:script>'
        "</extensionElements>"
    )
    run = Run(drawn("start:s script:c task:a", "s>c c>a", c=own))
    assert run.wait("a").task.data == {
        "a": 2.5, "b": [1, "x", None], "c": {"d": True}, "e": "2026-01-31", "f": "P1DT7200S", "g": "P1Y2M", "h": 5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "count"),
    [(3, 3), (0, 0), (2.0, 2), (-1, None), (1.5, None), (True, None), ("3", None), (10**9, None), (None, None)],
)
def test_only_numbers_count(value: Any, count: int | None) -> None:
    each = "<multiInstanceLoopCharacteristics><loopCardinality>=n</loopCardinality></multiInstanceLoopCharacteristics>"
    run = Run(drawn("start:s task:a task:b", "s>a a>b", a=each), n=value)
    assert run.open == (["a?"] if count is None else ["a"] * count or ["b"])


def test_an_expression_has_half_a_second() -> None:
    slow = "count(for i in 1..9999, j in 1..9999 return i) = 1"
    model = drawn("start:s xor:x user:a user:b", f"s>x x>a[{slow}] x>b", a_x='default="x_b"')
    begun = time.process_time()
    run = Run(model)
    assert run.open == ["b"], "what is not known is not true"
    assert time.process_time() - begun < 5


def test_an_action_waits_for_who_runs_the_process() -> None:
    action = 'xmlns:m="urn:allmende:process:1" m:action="gibtsnicht"'
    run = Run(drawn("start:s service:a user:b", "s>a a>b", a_a=action))
    assert run.wait("a").task.task_spec.action == "gibtsnicht"
    assert run.do("a", ergebnis=1).wait("b").task.data == {"ergebnis": 1}
