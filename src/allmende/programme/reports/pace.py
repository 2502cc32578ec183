"""How a target stands against the time that it has, and which targets are told first. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from ..core.series import Verdict

HUNDRED = Decimal(100)


class Stand(StrEnum):
    """In the order in which targets are told."""

    BEHIND = "behind"
    UNMEASURED = "unmeasured"
    UNCLEAR = "unclear"
    ON_COURSE = "on_course"
    REACHED = "reached"


_ORDER = list(Stand)
_STANDS = {
    "unmeasured": Stand.UNMEASURED,
    "unmeasured_since": Stand.UNMEASURED,
    "incomparable": Stand.UNCLEAR,
    "no_scale": Stand.UNCLEAR,
    "reached": Stand.REACHED,
    "held": Stand.REACHED,
}


class Pace(NamedTuple):
    """`gap`: per cent of the way that are missing at this time; negative ahead of time, 0 where nothing is judged."""

    stand: Stand
    gap: Decimal


def expected(begins: date | None, due: date | None, ends: date, as_of: date) -> Decimal:
    """Per cent of the way that an even course from `begins` to `due` has gone when a period ends (exclusive) on `ends`.

    100 once the due day has passed on `as_of`; 0 where a day is missing or the two make no way.
    """
    if due is not None and due < as_of:
        return HUNDRED
    if begins is None or due is None or due <= begins:
        return Decimal(0)
    gone = Decimal((ends - begins).days) / Decimal((due - begins).days) * HUNDRED
    return min(max(gone, Decimal(0)), HUNDRED)


def pace(verdict: Verdict, begins: date | None, due: date | None, ends: date | None, as_of: date) -> Pace:
    """How a target stands. `ends`: where the newest measured period ends. On course is what has gone at least as far as
    an even course, and anywhere at all; a level that is not held lacks the whole way."""
    known = _STANDS.get(verdict.word)
    if known is not None:
        return Pace(known, Decimal(0))
    if verdict.percent is None or ends is None:
        return Pace(Stand.BEHIND, HUNDRED)
    gap = expected(begins, due, ends, as_of) - verdict.percent
    return Pace(Stand.BEHIND if gap > 0 or verdict.percent <= 0 else Stand.ON_COURSE, gap)


def worst_first(paces: Sequence[Pace]) -> list[int]:
    """Places in the order in which they are told: by stand, the widest gap first; else as they came."""
    return sorted(range(len(paces)), key=lambda place: (_ORDER.index(paces[place].stand), -paces[place].gap, place))
