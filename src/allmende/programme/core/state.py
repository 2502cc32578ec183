"""Where a measure stands, from what is recorded about it. Pure: no database, no clock of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

# Decisions that make the state, besides approval: the last one counts.
ENDS = {"stop": "stopped", "drop": "dropped"}
PAUSES = {"pause": "paused"}
STEERING = {"approve", "pause", "resume", "stop", "drop"}


class Due(NamedTuple):
    """A milestone: `baseline` never changes, `plan` is the newest plan, `done` the day it was reached."""

    baseline: date
    plan: date
    done: date | None


@dataclass(frozen=True)
class Standing:
    """`state` is a value of `enums.State`; `since` the day it began, where one is recorded; `late_by` > 0 where a
    milestone is overdue."""

    state: str
    since: date | None = None
    late_by: timedelta = timedelta(0)


def slip_of(baseline: date, plan: date, done: date | None, today: date) -> timedelta:
    """How much later (negative: earlier) than first planned.

    A reached milestone counts by the day it was reached; an open one by its plan, or by today once that is past.
    """
    return (done if done is not None else max(plan, today)) - baseline


def slip_of_all(dues: Iterable[Due], today: date) -> timedelta:
    """The slip of the whole: of the milestone that is planned last. Nothing planned: none."""
    last = max(dues, key=lambda due: (due.plan, due.baseline), default=None)
    return timedelta(0) if last is None else slip_of(last.baseline, last.plan, last.done, today)


def standing(dues: Iterable[Due], decisions: Iterable[tuple[date, str]], today: date) -> Standing:
    """The state on `today`. Decisions and days after it do not count yet.

    A recorded stop or drop ends everything, a recorded pause holds until resumed; both beat the milestones. Else:
    all milestones reached is done, one overdue is late, one reached or an approval is running, only plans is planned,
    nothing at all is unknown.
    """
    dues = list(dues)
    taken = sorted((row for row in decisions if row[1] in STEERING and row[0] <= today), key=lambda row: row[0])
    if taken:
        day, kind = taken[-1]
        if kind in ENDS:
            return Standing(ENDS[kind], day)
        if kind in PAUSES:
            return Standing(PAUSES[kind], day)
    reached = [due.done for due in dues if due.done is not None and due.done <= today]
    open_ = [due for due in dues if due.done is None or due.done > today]
    if dues and not open_:
        return Standing("done", max(reached))
    overdue = [due.plan for due in open_ if due.plan < today]
    if overdue:
        first = min(overdue)
        return Standing("late", first + timedelta(days=1), today - first)
    begun = [*reached, *(day for day, kind in taken if kind in ("approve", "resume"))]
    if begun:
        return Standing("running", min(begun))
    return Standing("planned" if dues else "unknown")
