"""Numbers as people read them, against `Decimal.quantize`."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.spine.ui.formats import number

WIDE = Context(prec=400)


def plain(text: str) -> str:
    """A number as the page shows it in German, as Python writes it."""
    return text.replace(".", "").replace(",", ".").replace("\u2212", "-")


def expected(value: Decimal, decimals: int) -> str:
    rounded = value.quantize(Decimal(10) ** -decimals, ROUND_HALF_EVEN, WIDE)
    return format(abs(rounded) if rounded.is_zero() else rounded, "f")


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25), st.integers(0, 6))
def test_as_many_places_as_asked_for_rounded_half_to_even(value: Decimal, decimals: int) -> None:
    with override("de"):
        assert plain(number(value, decimals)) == expected(value, decimals)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e40, max_value=1e40), st.integers(0, 6))
def test_floats_by_their_shortest_decimals(value: float, decimals: int) -> None:
    with override("de"):
        assert plain(number(value, decimals)) == expected(Decimal(repr(value)), decimals)


@settings(deadline=None)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**25), max_value=10**25))
def test_at_most_three_places_where_none_are_asked_for(value: Decimal) -> None:
    with override("de"):
        shown = plain(number(value))
    assert Decimal(shown) == Decimal(expected(value, 3))
    assert "." not in shown or (len(shown.split(".")[1]) <= 3 and not shown.endswith("0"))


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Decimal("0.125"), 2, "0,12"),
        (Decimal("0.135"), 2, "0,14"),
        (Decimal("2.5"), 0, "2"),
        (Decimal("-3.5"), 0, "\u22124"),
        (Decimal("-0.004"), 2, "0,00"),
        (99.96, 1, "100,0"),
        (1234567.891, 2, "1.234.567,89"),
    ],
)
def test_some_numbers(value: Decimal | float, decimals: int, shown: str) -> None:
    with override("de"):
        assert number(value, decimals) == shown
