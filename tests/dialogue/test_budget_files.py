"""Pabulib files: what is read, what is reported, what is refused and where."""

from __future__ import annotations

import csv
import gzip
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.budget.amounts import NotANumber, decimal, number, plain, significant
from allmende.dialogue.core.budget.model import Ballot, Election, Project, Unreadable
from allmende.dialogue.core.budget.pabulib import read
from allmende.dialogue.core.budget.texts import ERRORS, FINDINGS
from allmende.dialogue.core.budget.writing import write

from .budgets import PUBLISHED, TOWN, elections, needs_published

POINTS = b"""META
key;value
budget;10
vote_type;cumulative
max_sum_points;5
max_length;2
PROJECTS
project_id;cost
a;5
b;7.5
VOTES
voter_id;vote;points
1;a,b;3,2
2;b;2.5
3;;
"""


def codes(one: Election) -> list[tuple[str, int]]:
    return [(finding.code, finding.line) for finding in one.findings]


def refused(data: bytes, **options: Any) -> tuple[str, int]:
    with pytest.raises(Unreadable) as info:
        read(data, **options)
    assert info.value.text("de") != info.value.text("en") != ""
    return info.value.code, info.value.line


def test_a_file_is_read() -> None:
    one = read(TOWN)
    assert (one.budget, one.vote_type, len(one.ballots), one.findings) == (Fraction(100), "approval", 10, ())
    assert one.projects[1] == Project("wlan", Fraction(60 - 10), 'WLAN "Nord"; Schule', {"votes": "5", "selected": "0"})
    assert [project.line for project in one.projects] == [17, 18, 19, 20]
    assert one.ballots[4] == Ballot("5", ("licht", "wlan", "bank"))
    assert one.ballots[4].line == 27
    assert one.meta["currency"] == "EUR"


def test_points_are_exact() -> None:
    one = read(POINTS)
    assert [ballot.points for ballot in one.ballots] == [(3, 2), (Fraction(5, 2),), ()]
    assert one.projects[1].cost == Fraction(15, 2)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(b"\n", b"\r\n"),
        lambda text: b"\xef\xbb\xbf" + text,
        lambda text: gzip.compress(text),
        lambda text: text.replace(b";", b"; ").replace(b";  Schule", b"; Schule"),
        lambda text: text.replace(b"META", b"meta").replace(b"VOTES", b"Votes;;"),
        lambda text: text.replace(b"key;value\n", b""),
        lambda text: text.replace(b"rule;greedy", b"rule: greedy"),
    ],
    ids=["crlf", "bom", "gzip", "blanks", "case", "no key;value", "colon"],
)
def test_the_same_file_otherwise_written(change: Any) -> None:
    one = read(change(TOWN))
    assert one == read(TOWN)
    assert one.findings == ()


def test_other_encodings_are_read_and_reported() -> None:
    text = TOWN.decode().replace("Bank", "Bänke für Śródmieście")
    assert read(text.encode()).projects[2].name == "Bänke für Śródmieście"
    latin = read(text.replace("Śródmieście", "alle").encode("latin-1"))
    assert (latin.projects[2].name, codes(latin)) == ("Bänke für alle", [("encoding", 0)])
    wide = read(text.encode("utf-16"))
    assert (wide.projects[2].name, codes(wide)) == ("Bänke für Śródmieście", [("encoding", 0)])


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"", b"", ("empty", 0)),
        (b"PROJECTS\n", b"PROJEKTE\n", ("no_section", 0)),
        (b"VOTES\n", b"", ("no_section", 0)),
        (b"VOTES\n", b"VOTES\nVOTES\n", ("section_twice", 22)),
        (b"META\n", b"# Kommentar\nMETA\n", ("before_sections", 1)),
        (b"budget;100\n", b"", ("no_meta", 1)),
        (b"budget;100\n", b"budget;\n", ("no_meta", 1)),
        (b"budget;100\n", b"budget;viel\n", ("not_a_number", 9)),
        (b"budget;100\n", b"budget;-1\n", ("negative", 9)),
        (b"budget;100\n", b"budget;1e99\n", ("number_too_big", 9)),
        (b"budget;100\n", b"budget;nan\n", ("not_a_number", 9)),
        (b"budget;100\n", b"budget;100,000\n", ("ambiguous_number", 9)),
        (b"budget;100\n", b"budget;100\nbudget;200\n", ("meta_contradicts", 10)),
        (b"vote_type;approval\n", b"vote_type;random\n", ("vote_type", 10)),
        (b"project_id;cost", b"project_id;price", ("no_column", 16)),
        (b"votes;name", b"name;name", ("column_twice", 16)),
        (b"licht;60", b"licht;-60", ("negative", 17)),
        (b"licht;60", b"licht;", ("not_a_number", 17)),
        (b"licht;60", b"licht;9999999999999999", ("number_too_big", 17)),
        (b"licht;60", b";60", ("no_id", 17)),
        (b"licht;60", b'"li,cht";60', ("comma_in_id", 17)),
        (b"baum;20", b"bank;20", ("project_twice", 20)),
        (b"Baum;0", b"Baum;0;mehr", ("too_many_cells", 20)),
        (b";Bank", b';"Bank', ("open_quote", 19)),
        (b"\n10;baum", b"\n9;baum", ("voter_twice", 32)),
        (b"\n10;baum", b"\n;baum", ("no_id", 32)),
        (b"\n10;baum", b"\n10;strauch", ("unknown_project", 32)),
        (b"\n10;baum", b"\n10;baum\0", ("not_text", 32)),
        (b"\n10;baum", b"\n10;" + b"x" * 200_000, ("field_too_long", 32)),
    ],
)
def test_what_is_refused_names_its_line(old: bytes, new: bytes, found: tuple[str, int]) -> None:
    csv.field_size_limit(1_000_000)  # as another reader of this process may have left it
    assert refused(TOWN.replace(old, new, 1) if old else b" \n") == found


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (b"1;a,b;3,2", b"1;a,b;3", ("points_missing", 13)),
        (b"1;a,b;3,2", b"1;a,a;3,2", ("project_twice_on_ballot", 13)),
        (b"1;a,b;3,2", b"1;a,b;3,-2", ("negative", 13)),
        (b"1;a,b;3,2", b"1;a,b;3,x", ("not_a_number", 13)),
        (b"voter_id;vote;points", b"voter_id;vote;punkte", ("no_column", 12)),
    ],
)
def test_ballots_with_points_that_are_refused(old: bytes, new: bytes, found: tuple[str, int]) -> None:
    assert refused(POINTS.replace(old, new)) == found


@pytest.mark.parametrize("data", [b"\x1f\x8b\x08broken", gzip.compress(TOWN)[:-20], b"\xff\xfea\0b", b"\0\xe4"])
def test_damaged_bytes(data: bytes) -> None:
    assert refused(data)[0] in {"bad_gzip", "before_sections", "not_text"}


def test_what_is_odd_is_reported() -> None:
    text = TOWN.replace(b"num_votes;10", b"num_votes;11").replace(b"licht;60;6", b"licht;60;7")
    text = text.replace(b"\n10;baum", b"\n\n10;baum,baum").replace(b"budget;100", b"budget;12,5")
    text = text.replace(b"baum;20", b"baum;0").replace(b"min_length;1", b"min_length;1\nbudget_per_category;5\nleer;")
    assert codes(read(text)) == [
        ("empty_line", 0), ("meta_line", 14), ("decimal_comma", 9), ("above_budget", 19), ("above_budget", 20),
        ("above_budget", 21), ("free", 22), ("named_twice", 35), ("not_honoured", 13), ("num_votes", 8),
        ("votes_column", 19),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "lines"),
    [
        ("min_length;2", [29, 32, 33]),
        ("max_length;2", [28]),
        ("min_sum_cost;21", [33]),
        ("max_sum_cost;110", [28]),
        ("max_length;viel", []),
    ],
)
def test_ballots_that_break_a_limit_are_reported_or_refused(limit: str, lines: list[int]) -> None:
    # One line more, in front of the ballots; the limits of the file itself are replaced.
    text = TOWN.replace(b"currency;EUR\n", b"currency;EUR\nsubunit;x\n")
    old = {"min_length": b"min_length;1\n", "max_length": b"max_length;3\n"}.get(limit.split(";")[0], b"subunit;x\n")
    text = text.replace(old, limit.encode() + b"\n")
    one = read(text)
    assert [finding.line for finding in one.findings if finding.ballot] == lines
    assert len(one.ballots) == 10
    if lines:
        assert refused(text, strict=True) == ("strict", 0)
    else:
        assert [finding.code for finding in read(text, strict=True).findings] == ["bad_limit"]


def test_limits_of_points_and_categories() -> None:
    text = POINTS.replace(b"max_sum_points;5", b"max_sum_points;4\nmin_points;2.5\nmax_points;2.5\nmin_sum_points;1")
    said = [(finding.line, finding.values["key"]) for finding in read(text).findings]
    assert said == [(16, "min_points"), (18, "min_sum_points"), (16, "max_points"), (16, "max_sum_points")]
    text = TOWN.replace(b"min_length;1", b"categories;a,b\nmin_length_per_category;0\nmax_sum_cost_per_category;50,49")
    text = text.replace(b";selected", b";category").replace(b"Fauthweg;1", b"Fauthweg;a").replace(b"Bank;1", b"Bank;b")
    text = text.replace(b'Schule";0', b'Schule";b').replace(b"Baum;0", b"Baum;b,c")
    said = [(finding.values["voter"], finding.values["key"]) for finding in read(text).findings]
    everybody = [(str(voter), "max_sum_cost_per_category a") for voter in range(1, 7)]
    assert said == [
        *everybody,
        *((str(voter), "max_sum_cost_per_category b") for voter in (1, 2, 3, 4, 5, 7, 8)),
    ]


def test_choosing_one() -> None:
    text = TOWN.replace(b"vote_type;approval", b"vote_type;choose-1").replace(b"max_length;3\n", b"")
    lines = [finding.line for finding in read(text).findings if finding.ballot]
    assert lines == [22, 23, 24, 25, 26, 28, 29]


def test_nobody_voted() -> None:
    one = read(TOWN[: TOWN.index(b"1;licht")].replace(b"votes;name", b"votes_then;name"))
    assert codes(one) == [("no_ballots", 0), ("num_votes", 8)]
    assert read(write(one)) == one


def test_nothing_to_vote_on() -> None:
    text = b"META\nbudget;0\nvote_type;ordinal\nPROJECTS\nproject_id;cost\nVOTES\nvoter_id;vote\n1;\n"
    one = read(text)
    assert codes(one) == [("no_projects", 0)]
    assert one.ballots == (Ballot("1", ()),)
    assert read(write(one)) == one


@needs_published
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.name)
def test_published_files_are_read_without_a_finding_and_written_again(path: Any) -> None:
    one = read(path.read_bytes())
    assert one.findings == ()
    again = write(one)
    assert read(again) == one
    assert write(read(again)) == again


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["approval", "cumulative", "scoring", "ordinal"]).flatmap(elections), st.text(max_size=12))
def test_what_is_written_is_read_again(drawn: tuple[Election, list[str]], name: str) -> None:
    one, _ = drawn
    name = " ".join("".join(letter for letter in name if letter.isprintable()).split())
    named = tuple(Project(project.id, project.cost, name, {"kind": name} if name else {}) for project in one.projects)
    meta = dict(one.meta) | ({"description": name} if name else {})
    again = Election(meta, one.budget, one.vote_type, named, one.ballots)
    # Pabulib has no fractions such as 7/3: these are the only ballots that cannot be written.
    if all(point.denominator in (1, 2) for ballot in one.ballots for point in ballot.points or ()):
        assert read(write(again)) == again


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(TOWN)), st.integers(0, 40))
def test_no_bytes_end_in_a_traceback(junk: bytes, place: int, length: int) -> None:
    try:
        read(TOWN[:place] + junk + TOWN[place + length :])
    except Unreadable as exc:
        assert exc.text("de")


def test_numbers() -> None:
    read_ones = {
        "100000.0": 100000,
        " 12,5 ": Fraction(25, 2),
        "1 000 000": 10**6,
        "1e6": 10**6,
        "0,500": Fraction(1, 2),
    }
    assert {text: number(text) for text in read_ones} == read_ones
    for text, code in {"": "not_a_number", "1.000.000": "not_a_number", "1,000": "ambiguous", "٣": "not_a_number",
                       "1" * 50: "too_big", "inf": "not_a_number", "0x10": "not_a_number"}.items():  # fmt: skip
        with pytest.raises(NotANumber) as info:
            number(text)
        assert info.value.code == code
    assert [plain(Fraction(value)) for value in ("5", "-5/2", "1/3", "1/80")] == ["5", "-2.5", "1/3", "0.0125"]
    assert [decimal(Fraction(value), 2) for value in ("2/3", "-2/3", "0", "1/200")] == ["0.67", "-0.67", "0.00", "0.01"]
    assert [significant(Fraction(value)) for value in ("1/3", "0", "200/3", "5/2")] == [
        "0.333333333333", "0", "66.6666666667", "2.5",
    ]  # fmt: skip


def test_every_sentence_is_there_in_both_languages() -> None:
    for texts in (*ERRORS.values(), *FINDINGS.values()):
        german, english = texts
        assert german and english
        assert sorted(_places(german)) == sorted(_places(english))


def _places(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]
