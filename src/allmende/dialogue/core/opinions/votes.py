"""Votes of people on statements, in an order that depends on nothing but the votes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

AGREE, PASS, DISAGREE = 1, 0, -1
ROUNDS = 4  # of refining the signatures; two are enough wherever people's votes differ


@dataclass(frozen=True)
class Statement:
    """`moderated`: 1 in, 0 not looked at, −1 out. `meta`: about the conversation or the people, not the subject."""

    id: str
    text: str = ""
    moderated: int = 1
    meta: bool = False


@dataclass(frozen=True)
class Votes:
    """Who voted what: parallel arrays of positions in `people` and `statements` and of −1, 0 or 1; each pair once."""

    statements: tuple[Statement, ...]
    people: tuple[str, ...]
    person: NDArray[np.int64]
    statement: NDArray[np.int64]
    value: NDArray[np.int64]

    @classmethod
    def of(cls, statements: Iterable[Statement], people: Iterable[str], cast: Mapping[tuple[str, str], int]) -> Votes:
        """From votes by (person, statement). People who voted but are not in `people` are added; ids are unique."""
        rows = {one: number for number, one in enumerate(dict.fromkeys([*people, *(pair[0] for pair in cast)]))}
        kept = tuple(statements)
        columns = {one.id: number for number, one in enumerate(kept)}
        if len(columns) != len(kept):
            raise ValueError("two statements have the same id")
        if not set(cast.values()) <= {AGREE, PASS, DISAGREE}:
            raise ValueError("a vote is -1, 0 or 1")
        pairs = [(rows[person], columns[statement]) for person, statement in cast]
        table = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        return cls(kept, tuple(rows), table[:, 0], table[:, 1], np.array(list(cast.values()), dtype=np.int64))

    def matrix(self, columns: NDArray[np.int64]) -> sparse.csr_matrix:
        """People × the chosen statements as float64; a pass is a stored zero, what is not stored is missing."""
        place = np.full(len(self.statements), -1, dtype=np.int64)
        place[columns] = np.arange(len(columns))
        kept = place[self.statement] >= 0
        entries = (self.person[kept], place[self.statement[kept]])
        shape = (len(self.people), len(columns))
        made = sparse.csr_matrix((self.value[kept].astype(np.float64), entries), shape=shape)
        made.sort_indices()
        return made

    def arranged(self) -> Votes:
        """The same votes with people and statements in canonical order.

        First comes who has the smaller signature: a hash of the votes, of the signatures of the statements they are on,
        and so on (colour refinement after Weisfeiler and Leman 1968). Ids decide only between those whose votes are
        alike. So neither the order of the rows nor the names given to people and statements change what is computed.
        """
        people = _mixed(np.zeros(len(self.people), dtype=np.uint64))
        moderated = np.array([one.moderated + 2 for one in self.statements], dtype=np.uint64)
        statements = _mixed(moderated)
        vote = (self.value + 2).astype(np.uint64)
        for _ in range(ROUNDS):
            seen = _mixed(statements[self.statement] * np.uint64(5) + vote)
            given = _mixed(people[self.person] * np.uint64(7) + vote)
            people = _mixed(people + _summed(self.person, seen, len(people)))
            statements = _mixed(statements + _summed(self.statement, given, len(statements)))
        row_order = sorted(range(len(people)), key=lambda at: (int(people[at]), natural(self.people[at])))
        column_order = sorted(
            range(len(statements)), key=lambda at: (int(statements[at]), natural(self.statements[at].id))
        )
        rows, columns = _inverse(row_order), _inverse(column_order)
        person, statement = rows[self.person], columns[self.statement]
        order = np.lexsort((statement, person))
        return Votes(
            tuple(self.statements[at] for at in column_order),
            tuple(self.people[at] for at in row_order),
            person[order],
            statement[order],
            self.value[order],
        )

    def digest(self) -> str:
        """SHA-256 of all that a map is made from: statements with text and moderation, people, votes. Hexadecimal."""
        hasher = hashlib.sha256()
        for one in sorted(self.statements, key=lambda one: natural(one.id)):
            hasher.update(_line("statement", one.id, one.moderated, one.meta, one.text))
        for person in sorted(self.people, key=natural):
            hasher.update(_line("person", person))
        # Positions in the order of the ids stand for the ids, which is short and says the same.
        rows = _inverse(sorted(range(len(self.people)), key=lambda at: natural(self.people[at])))
        columns = _inverse(sorted(range(len(self.statements)), key=lambda at: natural(self.statements[at].id)))
        table = np.column_stack([rows[self.person], columns[self.statement], self.value]).astype("<i8")
        hasher.update(table[np.lexsort((table[:, 1], table[:, 0]))].tobytes())
        return hasher.hexdigest()


def natural(id: str) -> tuple[int, int, str]:
    """Order of ids for people: 2 before 10, numbers before words."""
    return (0, int(id), id) if id.isascii() and id.isdigit() and len(id) < 20 else (1, 0, id)


def _line(*values: object) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n"


def _inverse(order: list[int]) -> NDArray[np.int64]:
    places = np.empty(len(order), dtype=np.int64)
    places[np.array(order, dtype=np.int64)] = np.arange(len(order))
    return places


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64 (Steele, Lea, Flood 2014): spreads every bit; sums of mixed values stand for multisets."""
    mixed = values + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _summed(places: NDArray[np.int64], values: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Sums modulo 2⁶⁴ by place."""
    totals = np.zeros(size, dtype=np.uint64)
    np.add.at(totals, places, values)
    return totals
