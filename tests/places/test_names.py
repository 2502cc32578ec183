"""German street names, house numbers and what people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.spine.places.core.names import (
    MAX_QUERY,
    HouseNumber,
    fold,
    house_number,
    house_numbers,
    readings,
    street_key,
)

TOWNS = {"kaiserslautern", "morlautern", "bad kreuznach"}


@pytest.mark.parametrize(
    "spellings",
    [
        (
            "Eisenbahnstraße",
            "eisenbahnstr.",
            "EISENBAHN STRASSE",
            "Eisenbahn-Straße",
            "Eisenbahnstrasse",
            "eisenbahn str",
        ),
        ("Müllerstraße", "Muellerstr", "Mu\u0308llerstraße"),
        ("Große Straße", "Grosse Str."),
        ("St.-Martins-Platz", "Sankt Martins Platz", "st martinspl", "Sankt-Martins-Pl."),
        ("Karl-Marx-Straße", "karl marx str"),
        ("Straße des 17. Juni", "Str. des 17 Juni"),
    ],
)
def test_one_street_many_spellings(spellings: tuple[str, ...]) -> None:
    assert len({street_key(s).replace("pl", "platz").replace("platzatz", "platz") for s in spellings}) == 1


def test_different_streets_stay_different() -> None:
    assert street_key("Bachstraße") != street_key("Bachweg") != street_key("Bach")
    assert street_key("Strandweg") == "strandweg"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12", HouseNumber(12, "")),
        ("12a", HouseNumber(12, "a")),
        ("12 A", HouseNumber(12, "a")),
        ("12-14", HouseNumber(12, "", 14)),
        ("12 – 14", HouseNumber(12, "", 14)),
        ("9a-9b", HouseNumber(9, "a")),
        ("7/1", HouseNumber(7, "")),
        ("0", None),
        ("ohne", None),
        ("", None),
        ("12345", None),
        ("9A-C", HouseNumber(9, "a")),
    ],
)
def test_house_numbers(text: str, number: HouseNumber | None) -> None:
    assert house_number(text) == number


def test_several_numbers_and_their_order() -> None:
    assert [str(n) for n in house_numbers("20;22, 3a;x")] == ["20", "22", "3a"]
    assert [str(n) for n in sorted(house_numbers("100;12b;2;12;12a"))] == ["2", "12", "12a", "12b", "100"]


@pytest.mark.parametrize(
    ("typed", "street", "number", "postcode", "hint"),
    [
        ("fauthweg 3", "fauthweg", "3", "", ""),
        ("Fauthweg 12 a", "Fauthweg", "12a", "", ""),
        ("Fauthweg, 3", "Fauthweg", "3", "", ""),
        ("67663 Kaiserslautern, Fauthweg 12a", "Fauthweg", "12a", "67663", "kaiserslautern"),
        ("Fauthweg 3, D-67663 Kaiserslautern", "Fauthweg", "3", "67663", "kaiserslautern"),
        ("Fauthweg 3 Morlautern", "Fauthweg", "3", "", "morlautern"),
        ("Straße des 17. Juni", "Straße des 17. Juni", None, "", ""),
        ("Straße des 17. Juni 5", "Straße des 17. Juni", "5", "", ""),
        ("Fauthweg 3 - 5", "Fauthweg", "3–5", "", ""),
    ],
)
def test_the_first_reading(typed: str, street: str, number: str | None, postcode: str, hint: str) -> None:
    first = readings(typed, TOWNS)[0]
    assert (first.street, first.postcode, first.hint) == (street, postcode, hint)
    assert (str(first.number) if first.number else None) == number


def test_towns_are_taken_off_where_a_street_is_left() -> None:
    assert [r.street for r in readings("Kaiserslautern Fauthweg 3", TOWNS)] == ["Kaiserslautern Fauthweg", "Fauthweg"]
    assert [r.street for r in readings("Fauthweg Bad Kreuznach", TOWNS)][-1] == "Fauthweg"
    assert [r.street for r in readings("Kaiserslautern", TOWNS)] == ["Kaiserslautern"]


@given(st.text(max_size=2 * MAX_QUERY))
def test_whatever_is_typed_is_read(text: str) -> None:
    for asked in readings(text, TOWNS):
        assert asked.key == street_key(asked.street)
    assert fold(text) == fold(fold(text))
