"""What people draw: a model or several for each finding of the importer."""

from __future__ import annotations

from .drawn import bpmn, drawn, message, process, steps, timer

ATTACH = 'attachedToRef="a"'
INNER = steps("start:is task:ia end:ie", "is>ia ia>ie")
TWO_POOLS = (
    '<collaboration id="C"><participant id="p1" name="Amt" processRef="P"/>'
    '<participant id="p2" name="Firma"/><messageFlow id="mf" sourceRef="a" targetRef="p2"/></collaboration>'
)
DATA = (
    '<dataObjectReference id="dr" name="Akte" dataObjectRef="do"/><dataObject id="do"/>'
    '<dataStoreReference id="sr" name="Register"/>'
)
IO = '<ioSpecification id="io"><dataInput id="di"/><inputSet id="is1"/><outputSet id="os1"/></ioSpecification>'
VENDOR = (
    '<extensionElements><z:taskDefinition xmlns:z="http://camunda.org/schema/zeebe/1.0" type="x"/></extensionElements>'
)
SCRIPT = "<script>import os; os.system('id')</script>"
LINK = '<linkEventDefinition name="A"/>'

# Other models that may be called.
LIBRARY = {"pruefung": ("Q", "R"), "zweite": ("R",)}
# Code → a model that leads to it. Several models for what people draw in several ways.
CASES: dict[str, list[bytes]] = {
    "draft-namespace": [drawn("start:s task:a", "s>a").replace(b"20100524", b"20100501")],
    "id-missing": [drawn("start:s task:a", "s>a").replace(b'id="s_a" ', b""), bpmn("<process><task/></process>")],
    "id-double": [drawn("start:s task:a task:a", "s>a"), drawn("start:s task:P", "s>P")],
    "id-followed": [drawn("start:s task:P", "s>P")],
    "choreography": [bpmn('<choreography id="c"><choreographyTask id="t"/></choreography>')],
    "choreography-beside": [bpmn(process("start:s task:a", "s>a"), '<choreography id="c"/>')],
    "conversation": [bpmn('<collaboration id="c"><conversation id="t"/></collaboration>')],
    "conversation-beside": [bpmn(process("task:a"), '<collaboration id="c"><conversation id="t"/></collaboration>')],
    "no-process": [
        bpmn(),
        bpmn('<process id="P"/>'),
        bpmn('<collaboration id="c"><participant id="p"/></collaboration>'),
    ],
    "process-empty": [bpmn('<process id="P" name="Leer"/>', process("task:a", id="Q"))],
    "not-executable": [
        drawn("task:a", attributes=""),
        drawn("task:a", attributes='isExecutable="false"'),
        drawn("task:a", attributes='isExecutable="False" processType="None"'),
    ],
    "black-box-pool": [bpmn(TWO_POOLS, process("start:s task:a", "s>a"))],
    "extensions-kept": [drawn("start:s task:a", "s>a", a=VENDOR)],
    "data-drawn": [bpmn(process("start:s task:a", "s>a").replace("</process>", DATA + "</process>"))],
    "data-store": [bpmn('<dataStore id="ds" name="Register"/>', process("task:a"))],
    "data-of-step": [drawn("task:a", a=IO)],
    "message-flow-drawn": [bpmn(TWO_POOLS, process("start:s task:a", "s>a"))],
    "read-as-feel": [drawn("start:s xor:x task:a task:b", "s>x x>a[betrag > 1] x>b[betrag <= 1]")],
    "flow-without-step": [drawn("start:s task:a", "s>a a>nirgends"), drawn("task:a", "nirgends>a")],
    "flow-completed": [
        drawn("start:s task:a", "s>a", s="<outgoing>s_a</outgoing>").replace(b'sourceRef="s" ', b""),
    ],
    "flow-between-pools": [bpmn(process("task:a", "a>b"), process("task:b", id="Q"))],
    "flow-inside-out": [drawn("start:s sub:u", "s>u u>ia", u=INNER)],
    "flow-across-subprocess": [
        drawn("start:s sub:u task:a", "s>u ia>a", u=INNER),
        drawn("start:s sub:u sub:v", "s>u ia>ib", u=INNER, v=steps("task:ib")),
    ],
    "flow-into-boundary": [drawn("start:s task:a boundary:b task:c", "s>a c>b a>c", b=timer("P1D"), a_b=ATTACH)],
    "flow-into-start": [drawn("start:s task:a xor:x end:e", "s>a a>x x>s x>e")],
    "flow-out-of-end": [drawn("start:s end:e task:a", "s>e e>a")],
    "condition-ignored": [drawn("start:s and:x task:a task:b", "s>x x>a[${ja}] x>b")],
    "condition-on-only-flow": [drawn("start:s task:a task:b", "s>a a>b[wenn fertig]")],
    "gateway-without-conditions": [
        drawn(f"start:s {kind}:x task:a task:b", "s>x x>a x>b") for kind in ("xor", "or", "complex")
    ],
    "foreign-condition": [
        drawn("start:s xor:x task:a task:b", f"s>x x>a[{text}] x>b[{text}]")
        for text in (
            "${ok}",
            "#{amount gt 5}",
            "ok == true",
            "Antrag vollständig",
            "getDataObject('x')/a",
            "x => y;",
            "ja",
        )
    ],
    "default-assumed": [drawn("start:s xor:x task:a task:b", "s>x x>a[n > 1] x>b")],
    "complex-gateway": [drawn("start:s complex:x task:a task:b", "s>x x>a x>b")],
    "event-gateway-target": [drawn("start:s race:r xor:x catch:c", "s>r r>x r>c", c=timer("P1D"))],
    "task-decides": [drawn("start:s task:a task:b task:c", "s>a a>b[${ok}] a>c")],
    "implicit-split": [drawn("start:s task:a task:b", "s>a s>b")],
    "split-in-circle": [
        drawn("start:s task:a task:b", "s>a a>a a>b"),
        drawn("start:s and:f task:a task:b end:e", "s>f f>a a>f f>b b>e"),
    ],
    "join-incomplete": [drawn("start:s xor:x task:a task:b and:j end:e", "s>x x>a x>b a>j b>j j>e")],
    "no-way-out": [
        drawn("start:s task:a task:b", "s>a a>b b>a"),
        drawn("start:s task:a and:f", "s>a a>f f>a"),
        drawn(
            "start:s task:a boundary:b task:c", "s>a a>a b>c", b=timer("P1D"), a_b=ATTACH + ' cancelActivity="false"'
        ),
    ],
    "unreachable": [drawn("start:s task:a end:e task:b", "s>a a>e")],
    "dead-end": [drawn("start:s and:f task:a task:b end:e", "s>f f>a f>b a>e")],
    "no-end": [drawn("start:s task:a", "s>a")],
    "no-start": [drawn("task:a task:b end:e", "a>b b>e")],
    "no-beginning": [drawn("task:a task:b", "a>b b>a")],
    "nothing-to-begin": [drawn("boundary:b", a_b='attachedToRef="x"')],
    "several-starts": [drawn("start:s start:t task:a", "s>a t>a")],
    "start-by-event": [drawn("start:s task:a", "s>a", s=timer("R/P1D", "timeCycle"))],
    "start-by-message": [
        drawn("start:s task:a", "s>a", s=message()),
        bpmn('<message id="M" name="Antrag"/>', process("start:s task:a", "s>a", s=message("M"))),
        bpmn(
            '<signal id="G" name="Sturm"/>',
            process("start:s task:a", "s>a", s='<signalEventDefinition signalRef="G"/>'),
        ),
    ],
    "subprocess-empty": [drawn("start:s sub:u", "s>u"), drawn("start:s tx:u", "s>u"), drawn("start:s adhoc:u", "s>u")],
    "subprocess-starts": [drawn("start:s sub:u", "s>u", u=steps("start:i start:k task:j", "i>j k>j"))],
    "ad-hoc": [drawn("start:s adhoc:u", "s>u", u=steps("task:i task:j"), a_u='ordering="Sequential"')],
    "transaction": [drawn("start:s tx:u", "s>u", u=INNER)],
    "event-subprocess-without-event": [
        drawn("start:s task:a sub:u", "s>a", u=INNER, a_u='triggeredByEvent="true"'),
        drawn("start:s task:a sub:u", "s>a", u=steps("task:i"), a_u='triggeredByEvent="true"'),
    ],
    "event-subprocess-in-flow": [drawn("start:s sub:u", "s>u", u=INNER, a_u='triggeredByEvent="true"')],
    "unknown-step": [drawn("start:s wunder:a", "s>a"), drawn("start:s choreographyTask:a task:b", "s>a a>b")],
    "service-task": [drawn("start:s service:a", "s>a", a_a='implementation="##WebService"')],
    "script-task": [drawn("start:s script:a", "s>a", a=SCRIPT, a_a='scriptFormat="python"')],
    "rule-task": [drawn("start:s rule:a", "s>a")],
    "send-task": [drawn("start:s send:a", "s>a"), drawn("start:s send:a", "s>a", a_a='messageRef="M"')],
    "receive-task": [drawn("start:s receive:a", "s>a", a_a='instantiate="true"')],
    "call-without-process": [
        drawn("start:s call:a", "s>a"),
        drawn("start:s call:a", "s>a", a_a='calledElement="andere:Datei"'),
        bpmn('<globalTask id="g" name="Prüfen"/>', process("start:s call:a", "s>a", a_a='calledElement="g"')),
    ],
    "call-of-library": [drawn("start:s call:a", "s>a", a_a='calledElement="Q"')],
    "call-of-several": [drawn("start:s call:a", "s>a", a_a='calledElement="R"')],
    "call-in-circle": [
        drawn("start:s call:a", "s>a", a_a='calledElement="P"'),
        bpmn(process("call:a", a_a='calledElement="Q"'), process("call:b", id="Q", a_b='calledElement="P"')),
    ],
    "form-read": [
        drawn("start:s user:a", "s>a", a=f"<extensionElements>{form}</extensionElements>")
        for form in (
            '<c:formData xmlns:c="http://camunda.org/schema/1.0/bpmn">'
            '<c:formField id="betrag" label="Betrag" type="long"><c:validation><c:constraint name="required"/>'
            "</c:validation></c:formField></c:formData>",
            '<f:formProperty xmlns:f="http://flowable.org/bpmn" id="art-1" name="Art" type="enum" required="true">'
            '<f:value id="x" name="Eins"/></f:formProperty>',
        )
    ],
    "loop-by-person": [
        drawn("start:s task:a", "s>a", a="<standardLoopCharacteristics/>"),
        drawn(
            "start:s sub:a",
            "s>a",
            a="<standardLoopCharacteristics><loopCondition>bis fertig</loopCondition></standardLoopCharacteristics>"
            + INNER,
        ),
    ],
    "instances-by-person": [
        drawn(
            "start:s task:a", "s>a", a=f"<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>"
        )
        for inside in ("", "<loopCardinality>${n}</loopCardinality>", "<loopDataInputRef>liste</loopDataInputRef>")
    ],
    "completion-ignored": [
        drawn(
            "start:s task:a",
            "s>a",
            a="<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality><completionCondition>${fertig}</completionCondition></multiInstanceLoopCharacteristics>",
        )
    ],
    "collection-read": [
        drawn(
            "start:s task:a",
            "s>a",
            a='<multiInstanceLoopCharacteristics xmlns:c="http://camunda.org/schema/1.0/bpmn" '
            'c:collection="orte" c:elementVariable="ort"/>',
        )
    ],
    "boundary-loose": [
        drawn("start:s task:a boundary:b", "s>a", b=timer("P1D")),
        drawn("start:s xor:a boundary:b", "s>a", b=timer("P1D"), a_b=ATTACH),
    ],
    "boundary-by-person": [drawn("start:s task:a boundary:b", "s>a", b="<errorEventDefinition/>", a_b=ATTACH)],
    "timer-unreadable": [
        drawn("start:s catch:c", "s>c", c=timer(text, kind))
        for text, kind in (
            ("2 Wochen", "timeDuration"),
            ("${dauer}", "timeDuration"),
            ("0 0 9-17 * * MON-FRI", "timeCycle"),
            ("nächsten Montag", "timeDate"),
            ("P", "timeDuration"),
            ("31.12.2026", "timeDate"),
            ("R/PT0S", "timeCycle"),
        )
    ],
    "timer-empty": [
        drawn("start:s catch:c", "s>c", c="<timerEventDefinition/>"),
        drawn("start:s catch:c", "s>c", c=timer("")),
    ],
    "event-without-definition": [
        drawn("start:s catch:c", "s>c"),
        drawn("start:s task:a boundary:b", "s>a", a_b=ATTACH),
    ],
    "condition-by-person": [
        drawn(
            "start:s catch:c",
            "s>c",
            c="<conditionalEventDefinition><condition>wenn es regnet</condition></conditionalEventDefinition>",
        )
    ],
    "thrown-for-nobody": [
        drawn("start:s end:e", "s>e", e=one) for one in ("<errorEventDefinition/>", "<escalationEventDefinition/>")
    ],
    "cancel-outside-transaction": [drawn("start:s end:e", "s>e", e="<cancelEventDefinition/>")],
    "link-without-target": [drawn("start:s throw:t", "s>t", t=LINK)],
    "link-without-source": [drawn("start:s task:a catch:c task:b", "s>a c>b", c=LINK)],
    "message-from-outside": [drawn("start:s catch:c", "s>c", c=message("M"))],
    "compensation-thrown": [drawn("start:s throw:t end:e", "s>t t>e", t="<compensateEventDefinition/>")],
    "compensation-boundary": [drawn("start:s task:a boundary:b", "s>a", b="<compensateEventDefinition/>", a_b=ATTACH)],
    "compensation-handler": [drawn("start:s task:a task:h", "s>a", a_h='isForCompensation="true"')],
    "compensation-start": [
        drawn(
            "start:s task:a sub:u",
            "s>a",
            u=steps("start:i task:j", "i>j", i="<compensateEventDefinition/>"),
            a_u='triggeredByEvent="true"',
        )
    ],
}
