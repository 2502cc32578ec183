"""What people write into tables, read as days, periods, numbers and money."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.programme.core.table_values import Period, parse_day, parse_money, parse_number, parse_period


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("12.08.2019", date(2019, 8, 12)), ("12.8.19", date(2019, 8, 12)), ("12. 8. 2019", date(2019, 8, 12)),
        ("12. August 2019", date(2019, 8, 12)), ("12 Aug. 2019", date(2019, 8, 12)), ("2019-08-12", date(2019, 8, 12)),
        ("Mo, 12.08.2019", date(2019, 8, 12)), ("1. März 2020", date(2020, 3, 1)), ("01.01.71", date(1971, 1, 1)),
        (43689, date(2019, 8, 12)), (43689.5, date(2019, 8, 12)), ("43689", date(2019, 8, 12)),
        (datetime(2019, 8, 12, 7, 30), date(2019, 8, 12)), (date(2019, 8, 12), date(2019, 8, 12)),
        ("2019-08-12 00:00:00", date(2019, 8, 12)), ("Aug 19", date(2019, 8, 1)), ("August 2019", date(2019, 8, 1)),
        ("08/2019", date(2019, 8, 1)), (" 12.08.2019\u00a0", date(2019, 8, 12)), ("", None), (None, None), ("  ", None),
    ],
)  # fmt: skip
def test_days(value: Any, day: date | None) -> None:
    assert parse_day(value) == day


def test_a_month_as_an_end_is_its_last_day() -> None:
    assert parse_day("Feb 24", end=True) == date(2024, 2, 29)


@pytest.mark.parametrize(
    "value",
    ["30.02.2019", "31.11.2019", "Q3/2019", "2019", 2019, 12, "bald", "12.13.2019", "0.0.2019", "12.08.1819", True,
     "12. Augst 2019", "99999", 10**9, "2019-02-30", datetime(1899, 1, 1)],
)  # fmt: skip
def test_what_is_no_day(value: Any) -> None:
    with pytest.raises(ValueError):
        parse_day(value)


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("Q3/2019", date(2019, 7, 1), date(2019, 9, 30)), ("q3 19", date(2019, 7, 1), date(2019, 9, 30)),
        ("III. Quartal 2019", date(2019, 7, 1), date(2019, 9, 30)), ("4. Quartal 2019", date(2019, 10, 1),
        date(2019, 12, 31)), ("2019 Q1", date(2019, 1, 1), date(2019, 3, 31)),
        ("2. Halbjahr 2019", date(2019, 7, 1), date(2019, 12, 31)), ("H1 2020", date(2020, 1, 1), date(2020, 6, 30)),
        ("2019", date(2019, 1, 1), date(2019, 12, 31)), (2019, date(2019, 1, 1), date(2019, 12, 31)),
        ("Aug 19", date(2019, 8, 1), date(2019, 8, 31)), ("12.08.2019", date(2019, 8, 12), date(2019, 8, 12)),
        (43689, date(2019, 8, 12), date(2019, 8, 12)),
    ],
)  # fmt: skip
def test_periods(value: Any, first: date, last: date) -> None:
    assert parse_period(value) == Period(first, last)


@pytest.mark.parametrize("value", ["Q5/2019", "V. Quartal 2019", "irgendwann", "3. Halbjahr 2019", 1, "Q3"])
def test_what_is_no_period(value: Any) -> None:
    with pytest.raises(ValueError):
        parse_period(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1.234,56", "1234.56"), ("1234,56", "1234.56"), ("1 234,5", "1234.5"), ("1\u00a0234,5", "1234.5"),
        ("1,234.56", "1234.56"), ("1.234", "1234"), ("1.5", "1.5"), ("1,234", "1.234"), ("-3,5", "-3.5"),
        ("−3,5", "-3.5"), ("1.234.567", "1234567"), ("1,234,567", "1234567"), ("1,6 Mio.", "1600000"),
        ("250 Tsd.", "250000"), (3, "3"), (0.1, "0.1"), (",5", "0.5"), ("0,5", "0.5"), ("1'234,50", "1234.50"),
    ],
)  # fmt: skip
def test_numbers(value: Any, number: str) -> None:
    assert parse_number(value) == Decimal(number)


@pytest.mark.parametrize(
    "value", ["k. A.", "1.2.3", "1,2,3", "12 34", "1.23.456", "5 Stück", float("nan"), float("inf"), True, "-", "1e5"]
)
def test_what_is_no_number(value: Any) -> None:
    with pytest.raises(ValueError):
        parse_number(value)


@pytest.mark.parametrize(
    ("value", "cents"),
    [
        ("1,6 Mio. €", 160_000_000), ("1.234,50 €", 123_450), ("250 T€", 25_000_000), ("€ 12", 1_200), (12.5, 1_250),
        ("6,59 Millionen Euro", 659_000_000), ("1.600.000 EUR", 160_000_000), ("", None), (None, None),
        ("-5 €", -500),
    ],
)  # fmt: skip
def test_money(value: Any, cents: int | None) -> None:
    assert parse_money(value) == cents


@pytest.mark.parametrize("value", ["12,345 €", "€", "ca. 5 €", "viel", 0.001])
def test_what_is_no_money(value: Any) -> None:
    with pytest.raises(ValueError):
        parse_money(value)


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_is_read_as_it_is_written(day: date) -> None:
    assert parse_day(f"{day.day}.{day.month}.{day.year}") == day
    assert parse_day(f"{day:%d.%m.%y}") == day
    assert parse_day(day.isoformat()) == day
    serial = (day - date(1899, 12, 30)).days
    assert parse_day(serial) == day
    assert parse_period(f"Q{(day.month + 2) // 3}/{day.year}").first <= day  # type: ignore[union-attr]


@given(st.integers(-(10**12), 10**12), st.integers(0, 99))
def test_every_amount_is_read_as_german_offices_write_it(euro: int, cent: int) -> None:
    sign = -1 if euro < 0 else 1
    written = f"{euro:,}".replace(",", ".") + f",{cent:02d} €"
    assert parse_money(written) == euro * 100 + sign * cent


@given(st.dates(date(1990, 1, 1), date(2050, 12, 31)))
def test_a_period_holds_its_days(day: date) -> None:
    half = parse_period(f"{(day.month + 5) // 6}. Halbjahr {day.year}")
    assert half is not None and half.first <= day <= half.last
    assert half.last + timedelta(days=1) == date(half.last.year + (half.last.month == 12), half.last.month % 12 + 1, 1)
