"""Recount the public file of a secret vote: `python recount.py FILE [RECEIPT CODE]`. Needs nothing but Python 3.11.

It shares no code with what wrote the file, so that an error there is not made twice. It checks the form, adds up, and
looks for a receipt; it cannot see who took part, nor whether what was sealed is what the voter chose.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FORMAT = "allmende-ballots-1"
MOST_POINTS = 1_000_000
COUNTS = ("ballots", "broken", "refused", "copies")
ERRORS = {
    "not_text": ("Das ist kein UTF-8-Text.", "This is not UTF-8 text."),
    "no_end": ("Die Datei ist abgeschnitten.", "The file is cut off."),
    "json": ("Das ist kein gültiges JSON-Objekt.", "This is not a valid JSON object."),
    "head": ("Die erste Zeile beschreibt keine Wahl.", "The first line does not describe a vote."),
    "line": ("Weder Stimmzettel noch Quittung.", "Neither a ballot nor a receipt."),
    "id_twice": ("Diese Nummer eines Stimmzettels gibt es schon.", "This id of a ballot is there already."),
    "choices": ("Der Stimmzettel ist nicht gültig.", "The ballot is not valid."),
    "order": ("Stimmzettel stehen vor Quittungen, beide geordnet.", "Ballots come before receipts, both sorted."),
    "number": (
        "Es sind nicht so viele Stimmzettel und Quittungen, wie die erste Zeile sagt.",
        "There are not as many ballots and receipts as the first line says.",
    ),
    "code": ("Eine Quittung hat 30 Ziffern und Buchstaben.", "A receipt code has 30 digits and letters."),
}


class Unreadable(ValueError):
    """`code` is one of ERRORS; `line` counts from 1, 0 means none."""

    def __init__(self, code: str, line: int = 0) -> None:
        self.code, self.line = code, line
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        german = language == "de"
        place = f"{'Zeile' if german else 'Line'} {self.line}: " if self.line else ""
        return place + ERRORS[self.code][0 if german else 1]


@dataclass(frozen=True)
class Recount:
    """`votes`: on how many ballots a project stands; `points`: their sum, empty unless the kind is points. Projects
    are in the order of the file. `blank`: ballots without a choice. `repeated`: receipts that stand there more than
    once, a sign that two voters were given the same code or one code was used by two accounts."""

    election: str
    rules: str
    kind: str
    ballots: int
    broken: int
    refused: int
    copies: int
    blank: int
    votes: dict[str, int]
    points: dict[str, int]
    repeated: int
    digest: str
    receipts: frozenset[str] = field(repr=False)

    def includes(self, code: str) -> bool:
        """Whether the receipt with this code is in the file. Raises Unreadable: code."""
        written = re.sub(r"[^0-9A-Z]", "", code.upper()).translate(str.maketrans("ILO", "110"))
        if len(written) != 30:
            raise Unreadable("code")
        told = "\n".join(("allmende receipt 1", self.election, written))
        return hashlib.sha256(told.encode()).hexdigest() in self.receipts


def recount(data: bytes) -> Recount:
    """Read the whole file and add up. Raises Unreadable."""
    try:
        lines = data.decode("utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise Unreadable("not_text", data.count(b"\n", 0, error.start) + 1) from None
    if lines.pop() != "":
        raise Unreadable("no_end", len(lines) + 1)
    head = _head(_object(lines[0], 1) if lines else {})
    votes, points = Counter[str](), Counter[str]()
    names: list[str] = []
    receipts: list[str] = []
    blank = 0
    valid = _valid(head["kind"], set(head["projects"]))
    for number, line in enumerate(lines[1:], 2):
        row = _object(line, number)
        if set(row) == {"receipt"} and _hex(row["receipt"], 64):
            if receipts and row["receipt"] < receipts[-1]:
                raise Unreadable("order", number)
            receipts.append(row["receipt"])
            continue
        if set(row) != {"id", "choices"} or not _hex(row["id"], 32):
            raise Unreadable("line", number)
        if names and row["id"] == names[-1]:
            raise Unreadable("id_twice", number)
        if receipts or (names and row["id"] < names[-1]):
            raise Unreadable("order", number)
        names.append(row["id"])
        choices = row["choices"]
        if not valid(choices):
            raise Unreadable("choices", number)
        votes.update(list(choices))
        if isinstance(choices, dict):
            points.update(choices)
        blank += not choices
    if not len(names) == len(receipts) == head["ballots"]:
        raise Unreadable("number")
    return Recount(
        election=head["election"],
        rules=head["rules"],
        kind=head["kind"],
        **{name: head[name] for name in COUNTS},
        blank=blank,
        votes={project: votes[project] for project in head["projects"]},
        points={project: points[project] for project in head["projects"]} if head["kind"] == "points" else {},
        repeated=sum(1 for times in Counter(receipts).values() if times > 1),
        digest=hashlib.sha256(data).hexdigest(),
        receipts=frozenset(receipts),
    )


def _object(line: str, number: int) -> dict[str, Any]:
    """One JSON object in which no name is there twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    try:
        row = json.loads(line, object_pairs_hook=once)
    except (ValueError, RecursionError):
        raise Unreadable("json", number) from None
    if not isinstance(row, dict):
        raise Unreadable("json", number)
    return row


def _head(row: dict[str, Any]) -> dict[str, Any]:
    projects = row.get("projects")
    if (
        set(row) != {"format", "election", "rules", "kind", "projects", *COUNTS}
        or row["format"] != FORMAT
        or row["kind"] not in ("approval", "points", "ranking")
        or not _name(row["election"])
        or not _hex(row["rules"], 64)
        or not isinstance(projects, list)
        or not all(map(_name, projects))
        or len(set(projects)) != len(projects)
        or not all(type(row[name]) is int and row[name] >= 0 for name in COUNTS)
    ):
        raise Unreadable("head", 1)
    return row


def _valid(kind: str, projects: set[str]) -> Callable[[Any], bool]:
    def listed(choices: Any) -> bool:
        return (
            isinstance(choices, list)
            and all(isinstance(one, str) and one in projects for one in choices)
            and len(set(choices)) == len(choices)
        )

    def pointed(choices: Any) -> bool:
        return (
            isinstance(choices, dict)
            and set(choices) <= projects
            and all(type(number) is int and 0 < number <= MOST_POINTS for number in choices.values())
        )

    return pointed if kind == "points" else listed


def _name(value: Any) -> bool:
    return isinstance(value, str) and value.isprintable()


def _hex(value: Any, length: int) -> bool:
    return isinstance(value, str) and len(value) == length and set(value) <= set("0123456789abcdef")


def main(arguments: list[str]) -> int:
    """0: counted (and the receipt is there), 1: the receipt is not there, 2: the file or the code is not readable."""
    if len(arguments) not in (1, 2):
        sys.stderr.write("python recount.py FILE [RECEIPT CODE]\n")
        return 2
    try:
        result = recount(Path(arguments[0]).read_bytes())
        found = result.includes(arguments[1]) if len(arguments) == 2 else True
    except (OSError, Unreadable) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    told = {name: value for name, value in vars(result).items() if name != "receipts"}
    if len(arguments) == 2:
        told["included"] = found
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
