"""The pure part: folding, distance, splitting."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from allmende.spine.search.core.words import (
    allowed_distance,
    clean,
    contract,
    distance,
    fold,
    halves,
    spell_out,
    vocabulary,
)

LETTERS = [chr(code) for code in range(0x41, 0x17F) if chr(code).isalpha()] + ["ẞ"]


@pytest.mark.django_db
def test_python_and_sql_fold_every_latin_letter_alike() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT din5007(l), search_words(l) FROM unnest(%s::text[]) WITH ORDINALITY u(l, n) ORDER BY n", [LETTERS]
        )
        rows = cursor.fetchall()
    # Letters that the fold does not know are lowered by the server's or by Python's rules; those differ for none that
    # it knows.
    known = [(letter, *row) for letter, row in zip(LETTERS, rows, strict=True) if fold(letter).isascii()]
    assert len(known) > 150
    assert [(letter, fold(letter), fold(letter)) for letter, _, _ in known] == known


@pytest.mark.parametrize(
    ("text", "folded", "spelt"),
    [
        ("Straße", "strasse", "strasse"),
        ("GRÜNFLÄCHE", "grunflache", "gruenflaeche"),
        ("Fußweg", "fussweg", "fussweg"),
        ("Łódź", "lodz", "lodz"),
        ("Ö", "o", "oe"),
    ],
)
def test_folding(text: str, folded: str, spelt: str) -> None:
    assert fold(text) == folded
    assert spell_out(text) == spelt
    assert contract(spelt) == folded


def test_cleaning_joins_what_unseen_marks_split() -> None:
    assert clean("Stra\u00adßen\u200blampe \x00\ue000x") == "Straßenlampe x"
    assert clean("u\u0308ber") == "über"


def test_vocabulary_keeps_words_and_leaves_numbers() -> None:
    assert vocabulary("Die Straße, die STRASSE: 2018, LED10, am Weg") == {
        "die": "Die",
        "strasse": "Straße",
        "weg": "Weg",
    }


@pytest.mark.parametrize(
    ("one", "other", "limit", "away"),
    [
        ("laterne", "laterne", 2, 0),
        ("latrene", "laterne", 2, 1),
        ("laterne", "latern", 2, 1),
        ("lampe", "laterne", 2, 3),
        ("ab", "ba", 1, 1),
        ("abcdef", "fedcba", 2, 3),
    ],
)
def test_distance(one: str, other: str, limit: int, away: int) -> None:
    assert distance(one, other, limit) == away


def _plain_distance(one: str, other: str) -> int:
    """Optimal string alignment by its definition."""
    if not one or not other:
        return len(one) + len(other)
    best = min(
        _plain_distance(one[1:], other) + 1,
        _plain_distance(one, other[1:]) + 1,
        _plain_distance(one[1:], other[1:]) + (one[0] != other[0]),
    )
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        best = min(best, _plain_distance(one[2:], other[2:]) + 1)
    return best


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 3))
def test_distance_agrees_with_its_definition(one: str, other: str, limit: int) -> None:
    assert distance(one, other, limit) == min(_plain_distance(one, other), limit + 1)


def test_short_words_allow_no_slip() -> None:
    assert [allowed_distance("x" * length) for length in (3, 4, 5, 6, 9, 10)] == [0, 1, 1, 2, 2, 3]


def test_halves_drop_linking_letters() -> None:
    assert ("laterne", "mast") in halves("laternenmast")
    assert ("burger", "haus") in halves("burgerhaus")
    assert halves("weg") == []
