"""Two versions of a model and runs of it at random points; states of instances that must be readable for ever."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allmende.process.core.bpmn import parser
from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.rows import Row
from allmende.process.core.engine.run import Run

START = datetime(2026, 3, 2, 8, tzinfo=ZoneInfo("Europe/Berlin"))
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:allmende="urn:allmende:process:1" id="d"'
    ' targetNamespace="x">'
)


def flow(source: str, target: str, more: str = "") -> str:
    return f'<sequenceFlow id="{source}-{target}" sourceRef="{source}" targetRef="{target}">{more}</sequenceFlow>'


def _chain(*steps: str) -> str:
    return "".join(flow(*pair) for pair in pairwise(steps))


def _late(on: str, name: str = "late", after: str = "PT2H") -> str:
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{on}" cancelActivity="false"><timerEventDefinition><timeDuration>'
        f"{after}</timeDuration></timerEventDefinition></boundaryEvent>"
    )


def model(process: str) -> bytes:
    return f'{HEAD}<process id="p" name="Antrag" isExecutable="true">{process}</process></definitions>'.encode()


# Two branches; in one a step with a timer at its border and one that is done three times, in the other a sub-process.
OLD = model(
    '<startEvent id="s"/><userTask id="intake" name="Aufnehmen"/><parallelGateway id="split"/>'
    '<userTask id="check" name="Prüfen"/>' + _late("check") + '<userTask id="remind" name="Erinnern"/>'
    '<endEvent id="reminded"/><userTask id="hear" name="Anhören"><multiInstanceLoopCharacteristics>'
    "<loopCardinality>= 3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    '<subProcess id="sub" name="Planen"><startEvent id="s2"/><userTask id="draft" name="Entwerfen"/>'
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>'
    '</intermediateCatchEvent><userTask id="drop" name="Ablegen"/><endEvent id="e2"/>'
    + _chain("s2", "draft", "wait", "drop", "e2")
    + '</subProcess><parallelGateway id="join"/><exclusiveGateway id="way" allmende:by="person"/>'
    '<userTask id="grant" name="Bewilligen"/><userTask id="refuse" name="Ablehnen"/><endEvent id="e"/>'
    + _chain("s", "intake", "split", "check", "hear", "join", "way", "grant", "e")
    + _chain("split", "sub", "join")
    + _chain("way", "refuse", "e")
    + _chain("late", "remind", "reminded")
)
# Renamed: check, hear (found by their names), drop (somebody says where it goes: file). New: a second look, a deadline
# for the draft, a message at any time. Gone: the reminder's timer is later, the waiting in the sub-process shorter.
NEW = model(
    '<startEvent id="s"/><userTask id="intake" name="Aufnehmen"/><parallelGateway id="split"/>'
    '<userTask id="examine" name="Prüfen"/>' + _late("examine", after="PT6H") + '<userTask id="remind" name="Mahnen"/>'
    '<endEvent id="reminded"/><userTask id="listen" name="Anhören"><multiInstanceLoopCharacteristics>'
    "<loopCardinality>= 3</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    '<subProcess id="sub" name="Planen"><startEvent id="s2"/><userTask id="draft" name="Entwerfen"/>'
    + _late("draft", "slow", "P5D")
    + '<userTask id="hurry" name="Drängen"/><endEvent id="e4"/>'
    '<intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>PT4H</timeDuration></timerEventDefinition>'
    '</intermediateCatchEvent><userTask id="file" name="Zur Akte"/><endEvent id="e2"/>'
    + _chain("s2", "draft", "wait", "file", "e2")
    + _chain("slow", "hurry", "e4")
    + '</subProcess><parallelGateway id="join"/><userTask id="second" name="Zweiter Blick"/>'
    '<exclusiveGateway id="way" allmende:by="person"/>'
    '<userTask id="grant" name="Bewilligen"/><userTask id="refuse" name="Ablehnen"/><endEvent id="e"/>'
    + _chain("s", "intake", "split", "examine", "listen", "join", "second", "way", "grant", "e")
    + _chain("split", "sub", "join")
    + _chain("way", "refuse", "e")
    + _chain("late", "remind", "reminded")
    + '<subProcess id="stop" name="Rücknahme" triggeredByEvent="true"><startEvent id="s3"><messageEventDefinition '
    'id="md" messageRef="m"/></startEvent><userTask id="close" name="Schließen"/><endEvent id="e3"/>'
    + _chain("s3", "close", "e3")
    + "</subProcess>"
).replace(b"<process", b'<message id="m" name="back"/><process', 1)
CHOSEN = {"drop": "file"}


def specs(data: bytes) -> parser.Specs:
    return parser.specs(make_runnable(data).xml)["p"]


def walk(run: Run, clock: SetClock, steps: int, luck: random.Random) -> int:
    """Answer what waits, or let time pass, at random; how many steps it took until the end."""
    for step in range(steps):
        if run.ended:
            return step
        waiting, alarms = run.waiting(), run.alarms()
        if not waiting or (alarms and luck.random() < 0.2):
            clock.set(min(alarm.due for alarm in alarms) + timedelta(minutes=1))
            run.tick()
            continue
        one = luck.choice(waiting)
        run.answer(one.task, {f"{one.element}{one.item}": luck.randint(0, 9)}, [one.ways[0][0]] if one.ways else ())
    return steps


class Kept:
    """What a database would hold."""

    def __init__(self, run: Run, head: str = "", rows: Iterable[Row] = ()) -> None:
        self.head, self.rows = head, {row.key: row for row in rows}
        self.take(run)

    def take(self, run: Run) -> None:
        delta = run.delta()
        self.head = delta.head if delta.head is not None else self.head
        for row in delta.rows:
            position = row.position if row.position >= 0 else self.rows[row.key].position
            self.rows[row.key] = Row(row.key, position, row.doc)
        for key in delta.gone:
            del self.rows[key]

    def ordered(self) -> list[Row]:
        return sorted(self.rows.values(), key=lambda row: row.position)


def standing(run: Run) -> dict[UUID, tuple[Any, ...]]:
    return {each.task: (each.element, each.kind, each.item) for each in run.waiting()}


def state(seed: int) -> dict[str, Any]:
    """An instance of OLD at a random point, and what it waits for there: for `states/`, where instances as former
    versions of the engine kept them are read by each later one."""
    luck, clock = random.Random(seed), SetClock(START)
    xml = make_runnable(OLD).xml
    run = Run.begin(parser.specs(xml)["p"], {"day": START.date(), "n": seed}, clock)
    walk(run, clock, 1 + seed % 6, luck)
    kept = Kept(run)
    return {
        "xml": xml.decode(),
        "process": "p",
        "head": kept.head,
        "rows": [list(row) for row in kept.ordered()],
        "now": clock.now().isoformat(),
        "waits": sorted([each.element, each.kind, each.item] for each in run.waiting()),
        "alarms": sorted([each.element, each.due.isoformat()] for each in run.alarms()),
    }
