"""Two versions of a model and runs of it at random points; states of instances that must be readable for ever."""

import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from allmende.process.core.bpmn import parser
from allmende.process.core.bpmn.importer import make_runnable
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.rows import SCHEMA, Row
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
        waiting, alarms, heard = run.waiting(), run.alarms(), run.listening()
        if heard and not alarms and (not waiting or luck.random() < 0.2):
            run.deliver(heard[0].kind, heard[0].name, {})
            continue
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


# A message that is waited for, whatever comes first, a list one after the other, a loop, a signal at a border, an event
# sub-process; a step that an instance comes back to.
WIDE = (
    HEAD + '<message id="m" name="Antwort"/><signal id="g" name="Sturm"/><message id="n" name="Rückzug"/>'
    '<process id="p" name="Weit" isExecutable="true"><startEvent id="s"/><parallelGateway id="split"/>'
    '<intermediateCatchEvent id="answer"><messageEventDefinition id="d1" messageRef="m"/></intermediateCatchEvent>'
    '<eventBasedGateway id="first"/><intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>P3D'
    '</timeDuration></timerEventDefinition></intermediateCatchEvent><intermediateCatchEvent id="early">'
    '<messageEventDefinition id="d2" messageRef="m"/></intermediateCatchEvent><userTask id="places" name="Orte">'
    '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality>= 2</loopCardinality>'
    '</multiInstanceLoopCharacteristics></userTask><userTask id="again" name="Üben"><standardLoopCharacteristics '
    'loopMaximum="2"/></userTask><boundaryEvent id="storm" attachedToRef="again"><signalEventDefinition id="d3" '
    'signalRef="g"/></boundaryEvent><userTask id="shelter" name="Sichern"/><parallelGateway id="join"/>'
    '<endEvent id="e"/>'
    + _chain("s", "split", "answer", "join", "e")
    + _chain("split", "first", "late", "places", "join")
    + _chain("first", "early", "places")
    + _chain("split", "again", "join")
    + _chain("storm", "shelter", "join")
    + '<subProcess id="back" triggeredByEvent="true"><startEvent id="s2" isInterrupting="false">'
    '<messageEventDefinition id="d4" messageRef="n"/></startEvent><userTask id="note" name="Vermerken"/>'
    + _chain("s2", "note")
    + "</subProcess></process></definitions>"
).encode()


def state(seed: int, data: bytes = OLD) -> dict[str, Any]:
    """An instance of a model at a random point, and what it waits for there: for `states/`, where instances as former
    versions of the engine kept them are read by each later one."""
    luck, clock = random.Random(seed), SetClock(START)
    xml = make_runnable(data).xml
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
        "listens": sorted([each.element, each.kind, each.name] for each in run.listening()),
    }


if __name__ == "__main__":
    # `python -m tests.process.moving` writes states of this engine's schema; those that are there stay as they are.
    for data, name, seeds in ((OLD, "", (1, 2, 4, 5, 9)), (WIDE, "wide-", range(1, 7))):
        for seed in seeds:
            path = Path(__file__).parent / "states" / f"schema-{SCHEMA}-{name}{seed}.json"
            if not path.exists():
                path.write_text(json.dumps(state(seed, data), ensure_ascii=False, indent=1) + "\n")
                print(path)
