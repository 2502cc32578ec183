"""Sums of grants: in all, by a key, and for towns × years. Pure; the rows come from `domain.queries.entries`."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from .spread import by_year

PERIOD = "period"
NOTICE = "notice"


class Entry(NamedTuple):
    """What sums need of a grant. `town`: municipality key; `phase`: number or None."""

    pk: int
    cents: int
    exact: bool
    scheme: str
    town: str
    recipient: str
    phase: int | None
    phase_title: str
    noticed: date | None
    starts: date | None
    ends: date | None


@dataclass(slots=True)
class Sum:
    """`exact` is False as soon as one amount in it is stated roughly. `count`: of grants."""

    cents: int = 0
    count: int = 0
    exact: bool = True

    def add(self, cents: int, exact: bool) -> None:
        self.cents += cents
        self.count += 1
        self.exact = self.exact and exact


@dataclass(frozen=True)
class Group:
    """The grants that share a key: None where they have none."""

    key: Hashable
    title: str
    sum: Sum


@dataclass
class Line:
    """A town with its sum for each year; the year None: not known."""

    town: str
    name: str
    cells: dict[int | None, Sum] = field(default_factory=lambda: defaultdict(Sum))
    total: Sum = field(default_factory=Sum)


@dataclass(frozen=True)
class Portfolio:
    """`years` ascending, the unknown one (None) last; `lines` by total, the largest first."""

    years: list[int | None]
    lines: list[Line]
    per_year: dict[int | None, Sum]
    total: Sum

    def window(self, last: int | None, width: int) -> "Window":
        """At most `width` known years up to `last` (or the latest); one more where that leaves none out."""
        known = [year for year in self.years if year is not None]
        if len(known) <= width + 1:
            return Window(known, None, None)
        end = known.index(last) + 1 if last in known else len(known)
        start = max(0, end - width)
        return Window(
            list(known[start:end]),
            known[start - 1] if start else None,
            known[min(end + width, len(known)) - 1] if end < len(known) else None,
        )


@dataclass(frozen=True)
class Window:
    """Years that fit beside each other, and the last years of the windows before and after."""

    years: list[int]
    earlier: int | None
    later: int | None


def years_of(entry: Entry, counting: str) -> Mapping[int | None, int]:
    """Year → cents of a grant; everything under None where its dates are not known."""
    if counting == NOTICE:
        return {entry.noticed.year if entry.noticed else None: entry.cents}
    if entry.starts is None or entry.ends is None:
        return {None: entry.cents}
    return dict(by_year(entry.cents, entry.starts, entry.ends).items())


def total(amounts: Iterable[tuple[int, bool]]) -> Sum:
    """The sum of (cents, exact)."""
    found = Sum()
    for cents, exact in amounts:
        found.add(cents, exact)
    return found


def grouped(
    entries: Sequence[Entry], key: Callable[[Entry], Hashable], title: Callable[[Entry], str], part: Mapping[int, int]
) -> list[Group]:
    """Sums by a key, the largest first. `part`: cents of each grant (by pk) that count here."""
    sums: defaultdict[Hashable, Sum] = defaultdict(Sum)
    titles: dict[Hashable, str] = {}
    for entry in entries:
        name = key(entry)
        sums[name].add(part[entry.pk], entry.exact)
        titles.setdefault(name, title(entry))
    found = [Group(name, titles[name], value) for name, value in sums.items()]
    return sorted(found, key=lambda group: (-group.sum.cents, group.title))


def by_years(entries: Iterable[Entry], counting: str) -> dict[int | None, Sum]:
    """Year → sum, ascending, the unknown year last."""
    found: defaultdict[int | None, Sum] = defaultdict(Sum)
    for entry in entries:
        for year, cents in years_of(entry, counting).items():
            found[year].add(cents, entry.exact)
    return {year: found[year] for year in in_order(found)}


def in_order(years: Iterable[int | None]) -> list[int | None]:
    """Ascending, None last."""
    return sorted(years, key=lambda year: (year is None, year or 0))


def portfolio(entries: Sequence[Entry], counting: str) -> Portfolio:
    """Towns × years."""
    lines: dict[str, Line] = {}
    per_year: defaultdict[int | None, Sum] = defaultdict(Sum)
    whole = Sum()
    for entry in entries:
        line = lines.get(entry.town)
        if line is None:
            line = lines[entry.town] = Line(entry.town, entry.recipient)
        for year, cents in years_of(entry, counting).items():
            line.cells[year].add(cents, entry.exact)
            per_year[year].add(cents, entry.exact)
        line.total.add(entry.cents, entry.exact)
        whole.add(entry.cents, entry.exact)
    ordered = sorted(lines.values(), key=lambda line: (-line.total.cents, line.name))
    return Portfolio(in_order(per_year), ordered, dict(per_year), whole)
