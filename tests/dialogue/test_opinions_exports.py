"""Reading what Polis exports: the sign, repeated votes, moderation, odd texts; errors name file and line."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest

from allmende.dialogue.core.opinions import exports
from allmende.dialogue.core.opinions.exports import Conversation, Note
from allmende.dialogue.core.opinions.tables import TEXTS, Unreadable

from .opinions import SHARED, Cast, export, given, planted

SMALL: Cast = {("1", "0"): 1, ("1", "1"): -1, ("2", "0"): 1, ("2", "1"): 0, ("3", "0"): -1}


def cast(conversation: Conversation) -> Cast:
    votes = conversation.votes
    return {
        (votes.people[person], votes.statements[statement].id): int(value)
        for person, statement, value in zip(votes.person, votes.statement, votes.value, strict=True)
    }


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("sign", [1, -1])
def test_the_sign_is_found_out(tmp_path: Path, sign: int, packed: bool) -> None:
    found = exports.read(export(tmp_path, SMALL, sign=sign, packed=packed))
    assert cast(found) == SMALL
    assert found.sign == ("agree=+1" if sign == 1 else "agree=-1")
    assert found.notes == (() if sign == 1 else (Note("sign_turned", "votes.csv", 1),))
    assert found.topic == "Der Fauthweg"
    assert [one.text for one in found.votes.statements] == ["Aussage\n„0“, ja", "Aussage\n„1“, ja"]


def test_where_comments_say_nothing_the_people_decide(tmp_path: Path) -> None:
    """Each statement is agreed to as often as not: only n-agree of the people tells the sign."""
    even = {("1", "0"): 1, ("2", "0"): -1, ("1", "1"): 1, ("2", "1"): -1}
    assert cast(exports.read(export(tmp_path, even, sign=-1))) == even


@pytest.mark.parametrize("sign", [1, -1])
def test_without_single_votes_the_matrix_is_read(tmp_path: Path, sign: int) -> None:
    export(tmp_path, SMALL)
    (tmp_path / "votes.csv").unlink()
    path = tmp_path / "participants-votes.csv"
    with path.open(newline="") as stream:
        header, *rows = list(csv.reader(stream))
    turned = [row[:6] + [str(sign * int(cell)) if cell else "" for cell in row[6:]] for row in rows]
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([header, *turned])
    assert cast(exports.read(tmp_path)) == SMALL


def test_the_last_vote_counts_and_the_order_of_rows_does_not(tmp_path: Path) -> None:
    folder = export(tmp_path, SMALL)
    rows = [
        "5,,0,1,-1", "4,,0,1,1", "6,,1,2,1",  # changed their minds
        "7,,0,3,1", "7,,0,3,-1", "3,,0,3,0",  # two answers in the same moment: a pass
        "9,,99,1,1",  # a statement that comments.csv does not have
    ]  # fmt: skip
    expected = SMALL | {("1", "0"): -1, ("2", "1"): 1, ("3", "0"): 0}
    path = folder / "votes.csv"
    header, *before = path.read_text().splitlines()
    for seed in range(5):
        mixed = before + rows
        random.Random(seed).shuffle(mixed)
        path.write_text("\r\n".join([header, *mixed]) + "\r\n")
        found = exports.read(folder)
        assert cast(found) == expected
        assert found.notes == (
            Note("counts_differ", "participants-votes.csv", 3),
            Note("repeated_vote", "votes.csv", 6),
            Note("same_moment", "votes.csv", 1),
            Note("unknown_statement", "votes.csv", 1),
        )


def test_people_without_votes_and_moderation(tmp_path: Path) -> None:
    folder = export(tmp_path, SMALL)
    people = folder / "participants-votes.csv"
    people.write_text("\ufeff" + people.read_text() + "9,2,0,0,0,0,,\n\n")
    comments = "comment-id,agrees,disagrees,moderated,is-meta,comment-body\n0,2,1,-1,true,a\n1,0,1,0,,b\n"
    (folder / "comments.csv").write_text(comments)
    found = exports.read(folder)
    assert found.votes.people == ("1", "2", "3", "9")
    assert found.official == {"9": "2"}
    assert [(one.id, one.moderated, one.meta) for one in found.votes.statements] == [("0", -1, True), ("1", 0, False)]
    assert found.notes == (Note("people_without_votes", "participants-votes.csv", 1),)


COMMENTS = "comment-id,agrees,disagrees,moderated,comment-body\n"
BAD = {
    "no_file": ({"comments.csv": None}, "comments.csv", 0),
    "no_votes": ({"votes.csv": None, "participants-votes.csv": None}, "votes.csv", 0),
    "empty": ({"comments.csv": ""}, "comments.csv", 0),
    "no_column": ({"votes.csv": "comment-id,voter-id,vote\n"}, "votes.csv", 1),
    "two_columns": ({"votes.csv": "vote,vote\n"}, "votes.csv", 1),
    "no_statements": ({"comments.csv": COMMENTS}, "comments.csv", 0),
    "two_statements": ({"comments.csv": COMMENTS + '0,1,1,1,"a\nb"\n\n0,1,1,1,c\n'}, "comments.csv", 5),
    "no_id": ({"comments.csv": COMMENTS + ",1,1,1,a\n"}, "comments.csv", 2),
    "number": ({"comments.csv": COMMENTS + "0,1,x,1,a\n"}, "comments.csv", 2),
    "moderated": ({"comments.csv": COMMENTS + "0,1,1,2,a\n"}, "comments.csv", 2),
    "cells": ({"comments.csv": COMMENTS + '0,1,1,1,"a\nb"\n1,1,1,1\n'}, "comments.csv", 4),
    "csv": ({"comments.csv": COMMENTS + '0,1,1,1,a\n1,1,1,1,"open\n\n'}, "comments.csv", 3),
    "vote": ({"votes.csv": "timestamp,comment-id,voter-id,vote\n1,0,1,1\n1,1,1,2\n"}, "votes.csv", 3),
    "two_people": ({"participants-votes.csv": "participant,0\n1,\n2,\n1,\n"}, "participants-votes.csv", 4),
    "yes_or_no": ({"comments.csv": "is-meta," + COMMENTS + "maybe,0,1,1,1,a\n"}, "comments.csv", 2),
}


@pytest.mark.parametrize("case", BAD)
def test_errors_name_file_and_line(tmp_path: Path, case: str) -> None:
    folder = export(tmp_path, SMALL)
    files, name, line = BAD[case]
    for file, text in files.items():
        (folder / file).unlink() if text is None else (folder / file).write_text(text)
    with pytest.raises(Unreadable) as caught:
        exports.read(folder)
    code = "no_file" if case == "no_votes" else case
    assert (caught.value.code, caught.value.file, caught.value.line) == (code, name, line)
    assert caught.value.text("de").startswith(f"{name}, Zeile {line}: " if line else f"{name}: ")
    assert caught.value.text("en").startswith(f"{name}, line {line}: " if line else f"{name}: ")


def test_bytes_that_are_no_text_and_broken_gzip(tmp_path: Path) -> None:
    folder = export(tmp_path, SMALL)
    path = folder / "comments.csv"
    path.write_bytes(path.read_bytes().replace("„1“".encode(), b"\xe4"))
    with pytest.raises(Unreadable) as caught:
        exports.read(folder)
    assert (caught.value.code, caught.value.line) == ("encoding", 5)
    path.unlink()
    (folder / "comments.csv.gz").write_bytes(b"\x1f\x8b\x08 no")
    with pytest.raises(Unreadable) as caught:
        exports.read(folder)
    assert caught.value.code == "gzip"
    with pytest.raises(Unreadable) as caught:
        exports.read(folder / "nowhere")
    assert caught.value.code == "no_folder"


def test_every_code_has_a_sentence_in_both_languages() -> None:
    assert [code for code, (german, english) in TEXTS.items() if not german or german == english] == []


@given
@pytest.mark.parametrize("name", sorted(one.name for one in SHARED.iterdir()) if SHARED.is_dir() else [])
def test_the_given_votes_are_those_of_their_own_matrix(name: str, tmp_path: Path) -> None:
    """The last vote of each person from votes.csv is what participants-votes.csv has, cell by cell."""
    single = exports.read(SHARED / name)
    for file in ("comments", "participants-votes"):
        (tmp_path / f"{file}.csv.gz").symlink_to(SHARED / name / f"{file}.csv.gz")
    assert cast(single) == cast(exports.read(tmp_path))
    assert single.sign == "agree=+1"
    assert "counts_differ" not in {one.code for one in single.notes}


def test_planted_votes_survive_a_round_trip(tmp_path: Path) -> None:
    made = planted(3, each=5)
    assert cast(exports.read(export(tmp_path, made, packed=True))) == made
