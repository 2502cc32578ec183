"""Conversations made up for tests: people in planted groups, and folders as Polis exports them."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from allmende.dialogue.core.opinions.votes import Statement, Votes

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "dialogue" / "polis"
Cast = dict[tuple[str, str], int]

given = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the given conversations (../shared/data/dialogue/polis) are absent"
)


def planted(
    groups: int, each: int = 30, statements: int = 60, *, share: float = 0.5, chance: float = 0.2, seed: int = 1
) -> Cast:
    """Votes of `groups` × `each` people, person p in group p % groups. Each group wants a random half of the
    statements; a person votes on a `share` of them, and answers by chance with probability `chance`."""
    rng = np.random.default_rng(seed)
    wants = rng.choice([-1, 1], size=(groups, statements))
    cast = {}
    for person in range(groups * each):
        for statement in np.flatnonzero(rng.random(statements) < share):
            lost = rng.random() < chance
            vote = rng.choice([-1, 0, 1]) if lost else wants[person % groups, statement]
            cast[str(person), str(statement)] = int(vote)
    return cast


def votes(cast: Mapping[tuple[str, str], int], people: tuple[str, ...] = (), out: tuple[str, ...] = ()) -> Votes:
    """`out`: statements that are moderated out."""
    ids = sorted({statement for _, statement in cast}, key=lambda id: (len(id), id))
    return Votes.of([Statement(id, f"Aussage {id}", -1 if id in out else 1) for id in ids], people, cast)


def export(folder: Path, cast: Mapping[tuple[str, str], int], *, sign: int = 1, packed: bool = False) -> Path:
    """The four files. `sign` −1: votes.csv with −1 for agree, as older exports have it."""
    statements = sorted({statement for _, statement in cast}, key=lambda id: (len(id), id))
    people = sorted({person for person, _ in cast}, key=lambda id: (len(id), id))
    counted = {
        (value, by, id): sum(1 for pair, vote in cast.items() if vote == value and pair[by] == id)
        for value in (1, -1)
        for by, ids in ((0, people), (1, statements))
        for id in ids
    }
    tables = {
        "comments.csv": [["timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"]]
        + [["1", id, "0", counted[1, 1, id], counted[-1, 1, id], "1", f"Aussage\n„{id}“, ja"] for id in statements],
        "votes.csv": [["timestamp", "datetime", "comment-id", "voter-id", "vote"]]
        + [["1", "", statement, person, sign * vote] for (person, statement), vote in cast.items()],
        "participants-votes.csv": [
            ["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *statements],
            *(
                [id, "", 0, sum(1 for pair in cast if pair[0] == id), counted[1, 0, id], counted[-1, 0, id]]
                + [cast.get((id, statement), "") for statement in statements]
                for id in people
            ),
        ],
        "summary.csv": [["topic", "Der Fauthweg"], ["url", "https://example.org"]],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        path = folder / (f"{name}.gz" if packed else name)
        with gzip.open(path, "wt", encoding="utf-8", newline="") if packed else path.open("w", newline="") as stream:
            csv.writer(stream).writerows(rows)
    return folder
