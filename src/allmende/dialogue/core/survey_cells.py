"""Small cells of a table withheld, so that nothing published gives them away.

Primary suppression: a cell or a margin from 1 to under the threshold. Complementary suppression (Cox 1980, Suppression
methodology and statistical disclosure control, JASA 75): as many others as it takes until, from everything that is
published, each of the first may as well be as large as the threshold. A table with its margins is a flow in a network
(Cox 1995, Network models for complementary cell suppression, JASA 90): total → rows → columns → total. How large a
withheld cell may be is a largest flow in what is left of it. Which others are withheld is a heuristic by cheapest
paths, so it is enough, not always the least.

What a reader knows beside: a withheld cell is at least 1 as long as no zero is withheld. One table is protected, not
what several together tell; `forced` withholds margins that another table withholds.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

THRESHOLD = 5

Arc = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Protected:
    """None is withheld. `total` None: the whole table is. `primary` and `complementary`: how many cells and margins."""

    cells: tuple[tuple[int | None, ...], ...]
    rows: tuple[int | None, ...]
    columns: tuple[int | None, ...]
    total: int | None
    primary: int = 0
    complementary: int = 0


def protect(
    counts: Sequence[Sequence[int]],
    threshold: int = THRESHOLD,
    forced_rows: Iterable[int] = (),
    forced_columns: Iterable[int] = (),
) -> Protected:
    """`counts`: rows of columns, whole numbers from 0. A threshold up to 1 withholds nothing. A table whose total is
    under the threshold, or that cannot be protected otherwise, is withheld whole; an empty one says 0."""
    width = len(counts[0]) if counts else 0
    if any(len(row) != width or any(cell < 0 for cell in row) for row in counts):
        raise ValueError("a table has rows of equal length and no negative counts")
    network = _Network(counts, threshold)
    primary = {arc for arc, flow in network.flow.items() if 0 < flow < threshold}
    network.withheld |= primary
    network.withheld |= {(0, network.row(at)) for at in forced_rows} | {
        (network.column(at), network.sink) for at in forced_columns
    }
    whole = 0 < network.total < threshold
    whole = whole or not all(network.hide(arc) for arc in sorted(network.withheld & network.flow.keys()))
    if whole:
        blank = (None,) * width
        every = len(network.flow) + 1
        return Protected((blank,) * len(counts), (None,) * len(counts), blank, None, len(primary), every - len(primary))
    return Protected(
        tuple(
            tuple(network.told((network.row(i), network.column(j))) for j in range(width)) for i in range(len(counts))
        ),
        tuple(network.told((0, network.row(i))) for i in range(len(counts))),
        tuple(network.told((network.column(j), network.sink)) for j in range(width)),
        network.total,
        len(primary),
        len(network.withheld) - len(primary),
    )


def protect_line(counts: Sequence[int], threshold: int = THRESHOLD) -> tuple[tuple[int | None, ...], int | None]:
    """The cells of one line and its total, protected."""
    # A line's own cells are its column margins; a single row would double every cell.
    network = _Network([counts], threshold, line=True)
    primary = {arc for arc, flow in network.flow.items() if 0 < flow < threshold}
    network.withheld |= primary
    if 0 < network.total < threshold or not all(network.hide(arc) for arc in sorted(primary)):
        return (None,) * len(counts), None
    return tuple(network.told((1, network.column(j))) for j in range(len(counts))), network.total


class _Network:
    """Node 0 is the total, then rows, then columns, then the total again: it is published, so no more can come out of
    it than goes in. In a line there are no margins, and all columns are one node."""

    def __init__(self, counts: Sequence[Sequence[int]], threshold: int, line: bool = False) -> None:
        self.threshold, self.height = threshold, len(counts)
        self.sink = 1 + self.height + (len(counts[0]) if counts else 0)
        self.line = line
        self.total = sum(map(sum, counts))
        self.withheld: set[Arc] = set()
        self.flow: dict[Arc, int] = {}
        for i, cells in enumerate(counts):
            if not line:
                self.flow[0, self.row(i)] = sum(cells)
            for j, cell in enumerate(cells):
                self.flow[self.row(i), self.column(j)] = cell
        for j in range(len(counts[0]) if counts and not line else 0):
            self.flow[self.column(j), self.sink] = sum(cells[j] for cells in counts)
        self.near: dict[int, list[tuple[int, Arc, bool]]] = {}
        for arc in self.flow:
            begin, end = self._ends(arc)
            self.near.setdefault(begin, []).append((end, arc, True))
            self.near.setdefault(end, []).append((begin, arc, False))

    def row(self, at: int) -> int:
        return 1 + at

    def column(self, at: int) -> int:
        return 1 + self.height + at

    def _ends(self, arc: Arc) -> Arc:
        """In a line all columns are one node: only the sum is bound."""
        return (1, 2) if self.line else arc

    def told(self, arc: Arc) -> int | None:
        return None if arc in self.withheld else self.flow[arc]

    def hide(self, target: Arc) -> bool:
        """Withholds others until the target may be as large as the threshold; False if there are not enough."""
        if self.flow[target] >= self.threshold:
            return self._spread(target, 1)
        return self._spread(target, self.threshold - self.flow[target])

    def _spread(self, target: Arc, need: int) -> bool:
        """Lets the target grow by `need`, along paths from its end back to its beginning, withholding what is cheapest
        where the withheld cells do not suffice."""
        change: dict[Arc, int] = {}
        while need > 0:
            floor = 0 if any(not self.flow[arc] for arc in self.withheld) else 1
            path = self._withheld_path(target, change, floor) or self._cheapest_path(target, change, floor)
            if not path:
                return False
            self.withheld |= {arc for arc, _ in path}
            step = min([need, *(self._room(arc, forward, change, floor) for arc, forward in path)])
            step = max(step, 1)
            for arc, forward in path:
                change[arc] = change.get(arc, 0) + (step if forward else -step)
            need -= step
        return True

    def _room(self, arc: Arc, forward: bool, change: dict[Arc, int], floor: int) -> int:
        return self.total + self.threshold if forward else self.flow[arc] + change.get(arc, 0) - floor

    def _withheld_path(self, target: Arc, change: dict[Arc, int], floor: int) -> list[tuple[Arc, bool]]:
        goal, start = self._ends(target)
        came: dict[int, tuple[int, Arc, bool]] = {}
        queue, seen = deque([start]), {start}
        while queue:
            node = queue.popleft()
            for other, arc, forward in self.near[node]:
                if arc == target or arc not in self.withheld or other in seen:
                    continue
                if self._room(arc, forward, change, floor) < 1:
                    continue
                came[other] = (node, arc, forward)
                if other == goal:
                    return _back(came, start, goal)
                seen.add(other)
                queue.append(other)
        return []

    def _cheapest_path(self, target: Arc, change: dict[Arc, int], floor: int) -> list[tuple[Arc, bool]]:
        """By the sum of what is newly withheld; margins and zeros only where nothing else helps."""
        goal, start = self._ends(target)
        best = {start: 0}
        came: dict[int, tuple[int, Arc, bool]] = {}
        heap = [(0, start)]
        while heap:
            cost, node = heapq.heappop(heap)
            if node == goal:
                return _back(came, start, goal)
            if cost > best[node]:
                continue
            for other, arc, forward in self.near[node]:
                if arc == target or self._room(arc, forward, change, floor) < 1:
                    continue
                price = cost + self._price(arc)
                if price < best.get(other, price + 1):
                    best[other] = price
                    came[other] = (node, arc, forward)
                    heapq.heappush(heap, (price, other))
        return []

    def _price(self, arc: Arc) -> int:
        if arc in self.withheld:
            return 0
        margin = 0 in arc or self.sink in arc
        return self.flow[arc] + (2 * self.total if margin or not self.flow[arc] else 0) + 1


def _back(came: dict[int, tuple[int, Arc, bool]], start: int, goal: int) -> list[tuple[Arc, bool]]:
    path = []
    node = goal
    while node != start:
        node, arc, forward = came[node]
        path.append((arc, forward))
    return path[::-1]
