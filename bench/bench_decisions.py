"""Decisions: a table of 50 rules × 5 inputs (asked for: ≤ 20 ms warm), a small FEEL expression, the first call of all.

Milliseconds are wall-clock, seen from the caller: the way to the process behind the walls and back is in them.
"""

import statistics
import time
from collections.abc import Callable
from decimal import Decimal

RULES, INPUTS = 50, 5


def run() -> None:
    from allmende.process.core import dmn, feel

    began = time.perf_counter()
    feel.evaluate("1 + 1")
    print(f"first expression in a process: {(time.perf_counter() - began) * 1000:.0f} ms")
    print(f"small expression, warm:        {_median(lambda: feel.evaluate('if a > 3 then a * 1.19 else 0', {'a': 5}))}")
    library = dmn.Library(dmn.parse(table(RULES, INPUTS)))
    inputs = {f"input {number}": Decimal(number * 10) for number in range(INPUTS)}
    began = time.perf_counter()
    library.decide(["fee"], inputs)
    print(f"{RULES} rules × {INPUTS} inputs, first:   {(time.perf_counter() - began) * 1000:.1f} ms")
    print(
        f"{RULES} rules × {INPUTS} inputs, warm:    {_median(lambda: library.decide(['fee'], inputs))} with its trace"
    )


def _median(call: Callable[[], object], times: int = 200) -> str:
    for _ in range(10):
        call()
    samples = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        samples.append((time.perf_counter() - began) * 1000)
    samples.sort()
    return f"median {statistics.median(samples):.2f} ms, p95 {samples[int(times * 0.95)]:.2f} ms"


def table(rules: int, inputs: int) -> bytes:
    """A table whose last rule hits."""
    columns = "".join(
        f'<input><inputExpression typeRef="number"><text>input {number}</text></inputExpression></input>'
        for number in range(inputs)
    )
    rows = "".join(
        "<rule>"
        + "".join(
            f"<inputEntry><text>[{number * 10 - 50 + row}..{number * 10 - 50 + row}.5]</text></inputEntry>"
            for number in range(inputs)
        )
        + f"<outputEntry><text>{row} * 1.19</text></outputEntry></rule>"
        for row in range(1, rules + 1)
    )
    data = "".join(
        f'<inputData id="i{number}" name="input {number}"><variable typeRef="number"/></inputData>'
        for number in range(inputs)
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#i{number}"/></informationRequirement>'
        for number in range(inputs)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" namespace="bench" name="bench">'
        f'{data}<decision id="fee" name="fee"><variable name="fee"/>{needs}'
        f'<decisionTable hitPolicy="FIRST">{columns}<output/>{rows}</decisionTable></decision></definitions>'
    ).encode()
