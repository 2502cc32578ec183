"""How far a target is reached, how old a value is, and shares that add up. Pure."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

HUNDRED = Decimal(100)
# Days after the end of a period until the next value is due, and until it is long overdue (the cadence's own length
# and as much again for the source to publish).
EXPECTED = {"month": 31, "quarter": 92, "year": 366, "biennial": 731}


def progress(baseline: Decimal | None, target: Decimal | None, value: Decimal | None) -> Decimal | None:
    """Per cent of the way from baseline to target; negative where it went backwards, above 100 where it went beyond.

    None where one of the three is missing. Where baseline and target are the same the aim was to hold a level: 100 at
    it, None else, because there is no way to measure along.
    """
    if baseline is None or target is None or value is None:
        return None
    if baseline == target:
        return HUNDRED if value == target else None
    return (value - baseline) / (target - baseline) * HUNDRED


def staleness(ends: date | None, cadence: str, today: date) -> str:
    """Grade of the newest value whose period ends (exclusive) on `ends`: "none" without one, "fresh" while no newer one
    is due, "due" while it is, "stale" when it is overdue by a whole cadence, "timeless" for what is measured once."""
    if ends is None:
        return "none"
    if cadence not in EXPECTED:
        return "timeless"
    age = (today - ends).days
    step = EXPECTED[cadence]
    return "fresh" if age <= step else "due" if age <= 2 * step else "stale"


def shares(parts: Sequence[Decimal | int], decimals: int = 0) -> list[Decimal]:
    """Per cent of each part, rounded so that what is shown adds up to 100 (largest remainder, Hare–Niemeyer).

    Ties go to the earlier part. All zero: all zero. Raises ValueError for a negative part.
    """
    amounts = [Decimal(part) for part in parts]
    if any(part < 0 for part in amounts):
        raise ValueError("a share of a negative amount says nothing")
    total = sum(amounts, Decimal(0))
    step = Decimal(1).scaleb(-decimals)
    if total == 0:
        return [Decimal(0).quantize(step) for _ in amounts]
    exact = [part * HUNDRED / total for part in amounts]
    floors = [value.quantize(step, ROUND_FLOOR) for value in exact]
    missing = int(((HUNDRED - sum(floors, Decimal(0))) / step).to_integral_value(ROUND_HALF_UP))
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for index in order[:missing]:
        floors[index] += step
    return floors
