"""Placing the steps of a process on a grid and leading the flows around them.

Columns are layers: a step stands right of every step that leads to it (flows that go back are left out of this).
Rows belong to lanes. Between columns and between rows run channels without shapes; a flow that cannot go straight
runs in them, on a track of its own, so that no line crosses a shape and no two lines lie on each other. The scheme is
that of Sugiyama, Tagawa and Toda (IEEE SMC-11, 1981) with lanes as fixed bands. Lengths are pixels.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

TRACK = 12
BESIDE = 32  # between a column and the first track
UNDER, OVER = 30, 24  # below a row there are names of events, above it names of gateways
ROW = 80  # the height of a task

Point = tuple[float, float]


@dataclass(eq=False)
class Box:
    """A step to be placed. `tips`: a gateway, whose flows leave at its corners. `x`, `y`: upper left corner; `top`,
    `bottom`, `right`: whether flows begin or end there."""

    id: str
    width: float
    height: float
    lane: int = 0
    tips: bool = False
    x: float = 0
    y: float = 0
    column: int = 0
    row: int = 0
    top: bool = False
    bottom: bool = False
    right: bool = False

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(eq=False)
class Line:
    """A flow. `border`: it leaves at an event on the lower border of `source`, so far from its left side. `via`: the
    legs between both ends: ("v" or "h", number of the channel)."""

    id: str
    source: Box
    target: Box
    border: float | None = None
    back: bool = False
    leave: str = "right"
    enter: str = "left"
    via: list[tuple[str, int]] = field(default_factory=list)
    points: list[Point] = field(default_factory=list)

    @property
    def start(self) -> Point:
        box, (x, y) = self.source, self.source.middle
        if self.border is not None:
            return box.x + self.border, box.y + box.height + 18
        return {"right": (box.x + box.width, y), "top": (x, box.y), "bottom": (x, box.y + box.height)}[self.leave]

    @property
    def end(self) -> Point:
        x, y = self.target.middle
        return (x, self.target.y) if self.enter == "top" else (self.target.x, y)


class Grid:
    """All steps of one scope. After `lay` boxes have places, lines points, `bands` the heights of the lanes."""

    def __init__(self, boxes: list[Box], lines: list[Line], lanes: int = 1) -> None:
        self.boxes, self.lines, self.lanes = boxes, lines, lanes
        self.cells: dict[tuple[int, int], Box] = {}
        self.taken: dict[tuple[str, int], list[tuple[int, int, Line]]] = defaultdict(list)
        self.first: list[int] = []  # the first row of each lane
        self.bands: list[tuple[float, float]] = []
        self.width = self.height = 0.0

    def lay(self) -> None:
        self._columns()
        self._rows()
        straight = [line for line in self.lines if self._straight(line)]
        for line in self.lines:
            if line not in straight:
                self._lead(line)
        self._measure()

    # Columns and rows

    def _columns(self) -> None:
        out: dict[Box, list[Line]] = defaultdict(list)
        for line in self.lines:
            out[line.source].append(line)
        state: dict[Box, int] = {}
        order: list[Box] = []
        reached = {line.target for line in self.lines}
        for begin in [box for box in self.boxes if box not in reached] + self.boxes:
            waiting = [(begin, iter(out[begin]))] if begin not in state else []
            state.setdefault(begin, 1)
            while waiting:
                box, rest = waiting[-1]
                line = next(rest, None)
                if line is None:
                    state[box] = 2
                    order.append(box)
                    waiting.pop()
                elif line.target not in state:
                    state[line.target] = 1
                    waiting.append((line.target, iter(out[line.target])))
                else:
                    line.back = state[line.target] == 1
        self.ahead: dict[Box, int] = {}  # how far it is to the end
        for box in order:
            self.ahead[box] = max((self.ahead[line.target] + 1 for line in out[box] if not line.back), default=0)
        for box in reversed(order):
            for line in out[box]:
                if not line.back:
                    line.target.column = max(line.target.column, box.column + 1)

    def _rows(self) -> None:
        before: dict[Box, list[Box]] = defaultdict(list)
        for line in self.lines:
            if not line.back:
                before[line.target].append(line.source)
        used: dict[int, dict[tuple[int, int], Box]] = defaultdict(dict)
        for box in sorted(self.boxes, key=lambda box: (box.column, -self.ahead[box])):
            near = [other.row for other in before[box] if other.lane == box.lane]
            wish = near[0] if near else 0
            free = (row for row in range(len(self.boxes) + 1) if (row, box.column) not in used[box.lane])
            box.row = min(free, key=lambda row: (abs(row - wish), row))
            used[box.lane][box.row, box.column] = box
        total = 0
        for lane in range(self.lanes):
            self.first.append(total)
            total += 1 + max((row for row, _ in used[lane]), default=0)
        self.rows = total
        for box in self.boxes:
            box.row += self.first[box.lane]
            self.cells[box.row, box.column] = box

    # Ways. Places on an axis are counted so that channel n is 2n and the column or row n is 2n + 1.

    def _free(self, axis: str, at: int, begin: int, end: int, line: Line) -> bool:
        """Whether the stretch between two places is without shapes and without lines of others."""
        low, high = sorted((begin, end))
        cells = [(at, n // 2) if axis == "row" else (n // 2, at) for n in range(low, high + 1) if n % 2]
        if any(cell in self.cells for cell in cells):
            return False
        return not any(
            low <= to and fro <= high and other.target is not line.target and other.source is not line.source
            for fro, to, other in self.taken[axis, at]
        )

    def _take(self, axis: str, at: int, begin: int, end: int, line: Line) -> None:
        self.taken[axis, at].append((min(begin, end), max(begin, end), line))

    def _straight(self, line: Line) -> bool:
        source, target = line.source, line.target
        begin, end = 2 * source.column + 2, 2 * target.column
        if line.border is not None or line.back or source.row != target.row:
            return False
        if not self._free("row", source.row, begin, end, line):
            return False
        self._take("row", source.row, begin, end, line)
        source.right = True
        return True

    def _lead(self, line: Line) -> None:
        source, target = line.source, line.target
        before = 2 * target.column
        if line.back:
            self._lead_back(line)
            return
        if line.border is not None:
            line.via = [("h", source.row + 1), ("v", target.column)]
            return
        if source.tips:
            down = target.row >= source.row
            line.leave = "bottom" if down else "top"
            source.bottom, source.top = source.bottom or down, source.top or not down
            corner = 2 * source.column + 1
            rows = (2 * source.row + 2, 2 * target.row + 1) if down else (2 * source.row, 2 * target.row + 1)
            clear = source.row != target.row and self._free("column", source.column, *rows, line)
            if clear and self._free("row", target.row, corner, before, line):
                self._take("column", source.column, *rows, line)
                self._take("row", target.row, corner, before, line)
            else:
                line.via = [("h", source.row + down), ("v", target.column)]
            return
        after = 2 * source.column + 2
        if self._free("row", source.row, after, before, line):
            self._take("row", source.row, after, before, line)
            line.via = [("v", target.column)]
        elif self._free("row", target.row, after, before, line):
            self._take("row", target.row, after, before, line)
            line.via = [("v", source.column + 1)]
        else:
            down = target.row >= source.row
            line.via = [("v", source.column + 1), ("h", source.row + down), ("v", target.column)]

    def _lead_back(self, line: Line) -> None:
        """Round the steps between, above them, and into the target from above; from another row from the left."""
        source, target = line.source, line.target
        if source.tips and source.row != target.row:
            line.leave, source.top = "top", True
            line.via = [("h", source.row), ("v", target.column)]
            return
        line.enter, target.top = "top", True
        if source.tips:
            line.leave, source.top = "top", True
            line.via = [("h", source.row)]
        else:
            line.via = [("v", source.column + 1), ("h", target.row)]

    # Lengths

    def _spans(self) -> dict[tuple[str, int], list[tuple[int, int, Line]]]:
        """The legs in each channel, with the places between which they run."""
        found: dict[tuple[str, int], list[tuple[int, int, Line]]] = defaultdict(list)
        for line in self.lines:
            x = 2 * line.source.column + (2 if line.leave == "right" and line.border is None else 1)
            y = 2 * line.source.row + 1
            for place, (kind, number) in enumerate(line.via):
                after = line.via[place + 1 : place + 2]
                if kind == "v":
                    to = 2 * after[0][1] if after else 2 * line.target.row + 1
                    found[kind, number].append((min(y, to), max(y, to), line))
                    x = 2 * number
                else:
                    to = 2 * after[0][1] if after else 2 * line.target.column + 1
                    found[kind, number].append((min(x, to), max(x, to), line))
                    y = 2 * number
        return found

    def _tracks(self) -> tuple[dict[tuple[str, int, Line], int], dict[tuple[str, int], int]]:
        """The track of each leg, and how many tracks a channel has."""
        track: dict[tuple[str, int, Line], int] = {}
        number: dict[tuple[str, int], int] = {}
        for (kind, channel), spans in self._spans().items():
            ends: list[int] = []
            for begin, end, line in sorted(spans, key=lambda span: span[:2]):
                place = next((n for n, last in enumerate(ends) if last < begin), len(ends))
                ends[place : place + 1] = [end]
                track[kind, channel, line] = place
            number[kind, channel] = len(ends)
        return track, number

    def _measure(self) -> None:
        track, number = self._tracks()
        columns = 1 + max((box.column for box in self.boxes), default=0)
        at: dict[tuple[str, int], float] = {}
        x = 0.0
        for column in range(columns + 1):
            at["v", column] = x + BESIDE
            x += 2 * BESIDE + TRACK * number.get(("v", column), 0)
            wide = max((box.width for box in self.boxes if box.column == column), default=0)
            for box in self.boxes:
                if box.column == column:
                    box.x = x + (wide - box.width) / 2
            x += wide
        self.width, y = x, 0.0
        starts = []
        for row in range(self.rows + 1):
            at["h", row] = y + UNDER
            y += UNDER + TRACK * number.get(("h", row), 0)
            starts.append(y)
            y += OVER
            high = max((box.height for box in self.boxes if box.row == row), default=ROW if row < self.rows else 0)
            for box in self.boxes:
                if box.row == row:
                    box.y = y + (high - box.height) / 2
            y += high
        self.height = y
        edges = [0.0, *(starts[row] for row in self.first[1:]), y]
        self.bands = list(pairwise(edges))
        for line in self.lines:
            line.points = _points(line, [at[leg] + TRACK * track[*leg, line] for leg in line.via])


def _points(line: Line, tracks: Iterable[float]) -> list[Point]:
    """The corners of a line, from its start along its legs to its end."""
    points = [line.start]
    for (kind, _), place in zip(line.via, tracks, strict=True):
        x, y = points[-1]
        points.append((place, y) if kind == "v" else (x, place))
    x, y = line.end
    if line.enter == "top":
        points.append((x, points[-1][1]))
    else:
        points.append((points[-1][0], y))
    points.append((x, y))
    return [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
