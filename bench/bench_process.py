"""Processes: one step among 10,000 running instances (asked for: p95 ≤ 30 ms with PostgreSQL), 1,000 items at once
(≤ 60 s, the last step ≤ twice the tenth) and one by one (every step ≤ 80 ms), the page of one's work with 10,000 open
tasks (≤ 15 CPU-ms).

BENCH_PROCESS_INSTANCES sets how many run, BENCH_PROCESS_ITEMS how many items there are.
"""

import itertools
import os
import statistics
import time
from typing import Any

from bench.town import town

INSTANCES = int(os.environ.get("BENCH_PROCESS_INSTANCES", "10000"))
ITEMS = int(os.environ.get("BENCH_PROCESS_ITEMS", "1000"))
_HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="x">'
    '<process id="p" isExecutable="true"><startEvent id="s"/><endEvent id="e"/>'
)
_TASKS = [f"t{number}" for number in range(6)]
_FLOWS = [("s", "t0"), *itertools.pairwise(_TASKS), (_TASKS[-1], "e")]
LINE = (
    _HEAD
    + "".join(f'<userTask id="{each}" name="Schritt {each}"/>' for each in _TASKS)
    + "".join(f'<sequenceFlow id="{a}-{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in _FLOWS)
    + "</process></definitions>"
)
MANY = (
    _HEAD + '<userTask id="u" name="Je eine"><multiInstanceLoopCharacteristics isSequential="{}">'
    f"<loopCardinality>{ITEMS}</loopCardinality></multiInstanceLoopCharacteristics></userTask>"
    '<sequenceFlow id="f" sourceRef="s" targetRef="u"/><sequenceFlow id="g" sourceRef="u" targetRef="e"/>'
    "</process></definitions>"
)


def _version(title: str, text: str) -> Any:
    from allmende.process.domain import versions

    row = versions.import_model(text.encode(), title=title, actor="bench")
    return versions.release(versions.submit(versions.accept(row, actor="bench"), actor="bench"), actor="bench")


def _cases(version: Any) -> list[float]:
    from allmende.process.domain import instances

    taken = []
    for number in range(INSTANCES):
        began = time.perf_counter()
        instances.start(version, title=f"Vorgang {number}", actor="bench")
        taken.append(time.perf_counter() - began)
    return taken


def _steps(version: Any, person: Any, count: int = 1000) -> list[float]:
    """One step each in instances all over the table."""
    from allmende.process.domain import items
    from allmende.process.models import WorkItem

    chosen = list(
        WorkItem.objects.filter(state="open", instance__version_of=version)
        .order_by("public_id")
        .values_list("pk", flat=True)
    )
    taken = []
    for pk in chosen[:: max(1, len(chosen) // count)]:
        item = WorkItem.objects.get(pk=pk)
        began = time.perf_counter()
        items.complete(item, {}, actor=person)
        taken.append(time.perf_counter() - began)
    return taken


def _items(title: str, sequential: str, person: Any) -> None:
    from allmende.process.domain import instances, items
    from allmende.process.models import WorkItem

    case = instances.start(_version(title, MANY.format(sequential)), title=title, actor="bench")
    taken = []
    while item := WorkItem.objects.filter(instance=case, state="open").first():
        began = time.perf_counter()
        items.complete(item, {}, actor=person)
        taken.append((time.perf_counter() - began) * 1000)
    print(
        f"{title:<14} {len(taken)} steps {sum(taken) / 1000:6.1f} s, the tenth {taken[min(9, len(taken) - 1)]:6.1f} ms,"
        f" the last {taken[-1]:6.1f} ms, the longest {max(taken):6.1f} ms"
    )


def _told(what: str, taken: list[float]) -> None:
    ms = sorted(each * 1000 for each in taken)
    print(f"{what:<28} median {statistics.median(ms):6.1f} ms, p95 {ms[int(len(ms) * 0.95)]:6.1f} ms")


def _page(person: Any, address: str) -> None:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(person)
    samples = []
    for number in range(50):
        began = time.process_time()
        page = client.get(address)
        if number >= 10:
            samples.append((time.process_time() - began) * 1000)
        assert page.status_code == 200, address
    print(f"{address:<40} {statistics.median(samples):5.1f} CPU-ms")


def run() -> None:
    with town():
        from allmende.process.models import WorkItem
        from allmende.spine.people.enums import Role
        from allmende.spine.people.models import Account

        person = Account.objects.filter(assignments__role=Role.PROGRAMME_OFFICE).first()
        line = _version("Sechs Schritte", LINE)
        _told("start of an instance", _cases(line))
        _told(f"one step of {INSTANCES}", _steps(line, person))
        _items("all at once", "false", person)
        _items("one by one", "true", person)
        WorkItem.objects.filter(state="open").update(assignee=person)
        print(f"{WorkItem.objects.filter(state='open', assignee=person).count()} open tasks of one person")
        for address in ("/intern/arbeit/", "/intern/vorgaenge/aufgaben/"):
            _page(person, address)
