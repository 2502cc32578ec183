"""A conversation as Polis exports it: comments.csv, votes.csv, participants-votes.csv, summary.csv in one folder.

votes.csv is the source of the votes; participants-votes.csv takes its place where it is missing. What the files say
twice is compared, and what does not agree is a note, not an error: comments.csv counts repeated votes, for one.

The sign: Polis stores −1 for agree and turned it round in some exports and not in others. comments.csv has columns
named agrees and disagrees, participants-votes.csv n-agree and n-disagree; what +1 means is what comes nearer to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from . import tables
from .tables import ONE_OF_THREE, Row, Unreadable
from .votes import Statement, Votes

Cast = dict[tuple[str, str], int]


@dataclass(frozen=True)
class Note:
    """Something about the files that people should know, and how often. No line is named: the rows have no order."""

    code: str
    file: str
    count: int

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "file": self.file, "count": self.count}


@dataclass(frozen=True)
class Conversation:
    """`official`: the group Polis gave, by person, for those it gave one. `sign`: what +1 meant in the file read."""

    votes: Votes
    official: dict[str, str]
    topic: str
    sign: str
    notes: tuple[Note, ...]


class _Notes(Counter[tuple[str, str]]):
    def add(self, code: str, file: str, count: int = 1) -> None:
        self[code, file.removesuffix(".gz")] += count

    def listed(self) -> tuple[Note, ...]:
        return tuple(Note(code, file, count) for (code, file), count in sorted(self.items()) if count)


def read(folder: Path) -> Conversation:
    """The conversation of a folder. Raises Unreadable; the table of its codes is `tables.TEXTS`."""
    if not folder.is_dir():
        raise Unreadable("no_folder", str(folder))
    notes = _Notes()
    comments = tables.find(folder, "comments.csv")
    if comments is None:
        raise Unreadable("no_file", "comments.csv")
    statements, said = _statements(comments)
    matrix = tables.find(folder, "participants-votes.csv", "participant-votes.csv")
    single = tables.find(folder, "votes.csv")
    if single is None and matrix is None:
        raise Unreadable("no_file", "votes.csv")
    people = _people(matrix, set(said), whole=single is None, notes=notes) if matrix else _People()
    if single is not None:
        cast, times = _single(single, set(said), notes)
        source = single.name
    else:
        cast, times = people.cast, Counter((pair[1], vote) for pair, vote in people.cast.items())
        source = matrix.name if matrix else ""
    sign = _sign(times, said, cast, people)
    if sign == "agree=-1":
        cast = {pair: -vote for pair, vote in cast.items()}
        notes.add("sign_turned", source)
    _compare(cast, people, matrix.name if matrix else "", notes)
    votes = Votes.of(statements, people.ids, cast)
    notes.add(
        "people_without_votes", matrix.name if matrix else source, len(votes.people) - len({pair[0] for pair in cast})
    )
    return Conversation(votes, people.groups, _topic(folder), sign, notes.listed())


def _statements(path: Path) -> tuple[list[Statement], dict[str, tuple[int, int]]]:
    """The statements, and what the file says of each: agrees, disagrees."""
    table = tables.opened(path, "comment-id", "agrees", "disagrees", "moderated", "comment-body")
    statements: dict[str, Statement] = {}
    said = {}
    for row in table.rows():
        id = row.id("comment-id")
        if id in statements:
            raise row.wrong("two_statements", id)
        moderated = row.one_of_three(row.get("moderated"), "moderated")
        statements[id] = Statement(id, row.get("comment-body"), moderated, _meta(row))
        said[id] = (row.whole("agrees"), row.whole("disagrees"))
    if not statements:
        raise Unreadable("no_statements", path.name)
    return list(statements.values()), said


def _meta(row: Row) -> bool:
    value = row.get("is-meta").lower()
    if value not in ("", "true", "false"):
        raise row.wrong("yes_or_no", value)
    return value == "true"


def _single(path: Path, known: set[str], notes: _Notes) -> tuple[Cast, Counter[tuple[str, int]]]:
    """The last vote of each person on each statement, and how often each value was cast on each, repeats too.

    The last is that of the latest timestamp. Of several at the same moment none is last: if they contradict each other
    the person is taken to pass, so that the order of the rows means nothing.
    """
    table = tables.opened(path, "timestamp", "comment-id", "voter-id", "vote")
    last: dict[tuple[str, str], tuple[int, int]] = {}
    times: Counter[tuple[str, int]] = Counter()
    contradictory: dict[tuple[str, str], int] = {}
    places = [table.columns[name] for name in ("voter-id", "comment-id", "timestamp", "vote")]
    for line, cells in table.records():
        person, statement, when, value = (cells[place].strip() for place in places)
        try:
            moment, vote = int(when), ONE_OF_THREE[value]
        except (KeyError, ValueError):
            moment, vote = _checked(Row(table, line, cells))
        if not person or not statement:
            raise Row(table, line, cells).wrong("no_id")
        if statement not in known:
            notes.add("unknown_statement", path.name)
            continue
        times[statement, vote] += 1
        pair = (person, statement)
        before = last.get(pair)
        if before is None:
            last[pair] = (moment, vote)
            continue
        notes.add("repeated_vote", path.name)
        if moment > before[0]:
            last[pair] = (moment, vote)
        elif moment == before[0] and vote != before[1]:
            contradictory[pair] = moment
    cast = {pair: vote for pair, (_, vote) in last.items()}
    for pair, moment in contradictory.items():
        if last[pair][0] == moment:
            cast[pair] = 0
            notes.add("same_moment", path.name)
    return cast, times


def _checked(row: Row) -> tuple[int, int]:
    """Says what is wrong with a row whose moment or vote is."""
    return row.whole("timestamp"), row.one_of_three(row.get("vote"), "vote")


@dataclass
class _People:
    """participants-votes.csv: who took part, their official groups, what the file counts of each, its cells."""

    ids: list[str] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    cast: Cast = field(default_factory=dict)


def _people(path: Path, known: set[str], *, whole: bool, notes: _Notes) -> _People:
    """`whole`: the cells too, which is slow for large conversations and needed only without votes.csv."""
    table = tables.opened(path, "participant")
    people = _People()
    seen: set[str] = set()
    about = {"participant", "xid", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree"}
    cells = [(place, name) for name, place in table.columns.items() if name not in about and name in known]
    if unknown := len(table.columns) - len(cells) - len(about & set(table.columns)):
        notes.add("unknown_statement", path.name, unknown)
    for row in table.rows():
        id = row.id("participant")
        if id in seen:
            raise row.wrong("two_people", id)
        seen.add(id)
        people.ids.append(id)
        if group := row.get("group-id"):
            people.groups[id] = group
        if row.get("n-agree") and row.get("n-disagree"):
            people.counts[id] = (row.whole("n-agree"), row.whole("n-disagree"))
        if whole:
            for place, name in cells:
                if value := row.cells[place].strip():
                    people.cast[id, name] = row.one_of_three(value, "vote")
    return people


def _sign(times: Counter[tuple[str, int]], said: dict[str, tuple[int, int]], cast: Cast, people: _People) -> str:
    """`agree=+1` or `agree=-1`, whichever is nearer to the counts that are named; where neither is, `agree=+1`."""
    by_statement = ((times[id, 1], times[id, -1], *named) for id, named in sorted(said.items()))
    by_person = ((plus, minus, *people.counts[id]) for id, plus, minus in _sums(cast, people.counts))
    for counts in (by_statement, by_person):
        if distance := _nearer(counts):
            return "agree=+1" if distance > 0 else "agree=-1"
    return "agree=+1"


def _nearer(counts: Iterable[tuple[int, int, int, int]]) -> int:
    """How much nearer (plus, minus) is to (agrees, disagrees) than to (disagrees, agrees), summed."""
    return sum(
        abs(plus - disagrees) + abs(minus - agrees) - abs(plus - agrees) - abs(minus - disagrees)
        for plus, minus, agrees, disagrees in counts
    )


def _sums(cast: Cast, people: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    tally: Counter[tuple[str, int]] = Counter((pair[0], vote) for pair, vote in cast.items())
    return ((id, tally[id, 1], tally[id, -1]) for id in people)


def _compare(cast: Cast, people: _People, file: str, notes: _Notes) -> None:
    for id, agrees, disagrees in _sums(cast, people.counts):
        if people.counts[id] != (agrees, disagrees):
            notes.add("counts_differ", file)


def _topic(folder: Path) -> str:
    path = tables.find(folder, "summary.csv")
    return tables.pairs(path).get("topic", "") if path else ""
