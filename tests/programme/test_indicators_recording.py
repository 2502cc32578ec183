"""Recording values: what is refused and how it is said, and writers at the same time."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from allmende.programme.domain.indicators import Recorded, RowsRefused, record_values
from allmende.programme.models import Value

from .indicator_support import at, make_indicator, row

pytestmark = pytest.mark.django_db


def problems(rows: list[dict[str, Any]], **more: Any) -> list[tuple[int, str, str]]:
    before = Value.objects.count()
    with pytest.raises(RowsRefused) as caught:
        record_values(rows, **({"actor": "test"} | more))
    assert Value.objects.count() == before
    return [(each.row, each.field, each.message) for each in caught.value.problems]


@pytest.mark.parametrize(
    ("wrong", "field", "message"),
    [
        ({"indicator": "gibt-es-nicht"}, "indicator", "Diese Kennzahl gibt es nicht."),
        ({"area": " "}, "area", None),
        ({"area": "x" * 41}, "area", None),
        ({"level": "mond"}, "level", "Diese Ebene gibt es nicht."),
        ({"level": "district"}, "level", "Die Definition gilt für: die Stadt. Ein Wert für ein kleineres Gebiet ist "
         "damit nicht vergleichbar."),
        ({"period": "früher"}, "period", None),
        ({"period": "30.2.2024"}, "period", None),
        ({"period": None, "starts": "2020-02-30", "ends": "2020-03-01"}, "period", None),
        ({"period": None, "starts": "2020-03-01", "ends": "2020-03-01"}, "period", None),
        ({"period": None}, "period", None),
        ({"period": "1899"}, "period", "Das Jahr liegt nicht zwischen 1900 und 2100."),
        ({"period": "2099"}, "period", "Dieser Zeitraum liegt in der Zukunft."),
        ({"value": "NaN"}, "value", "Das ist keine Zahl."),
        ({"value": float("inf")}, "value", "Das ist keine Zahl."),
        ({"value": True}, "value", "Das ist keine Zahl."),
        ({"value": "viel"}, "value", "Das ist keine Zahl."),
        ({"value": [1]}, "value", "Das ist keine Zahl."),
        ({"value": "123456789012345"}, "value", "Höchstens 14 Stellen vor dem Komma und sechs danach."),
        ({"value": "0.1234567"}, "value", "Höchstens 14 Stellen vor dem Komma und sechs danach."),
        ({"value": "1e400"}, "value", "Höchstens 14 Stellen vor dem Komma und sechs danach."),
        ({"value": None, "quality": "final"}, "value", None),
        ({"value": 1, "quality": "missing"}, "value", "Was nicht gemessen wurde, hat keinen Wert."),
        ({"quality": "gefühlt"}, "quality", "Diese Güte gibt es nicht."),
        ({"note": "x" * 301}, "note", "Höchstens 300 Zeichen."),
        ({"definition": 2}, "definition", "Für diesen Zeitraum gibt es keine solche Definition."),
    ],
)  # fmt: skip
def test_a_wrong_row_is_named_and_nothing_is_saved(wrong: dict[str, Any], field: str, message: str | None) -> None:
    indicator = make_indicator()
    rows = [row(indicator, "2020", 1), row(indicator, "2021", 1) | wrong]
    found = problems(rows)
    assert [(place, name) for place, name, _message in found] == [(1, field)]
    assert message in (None, found[0][2])


def test_every_problem_is_listed_at_once() -> None:
    indicator = make_indicator()
    rows = [row(indicator, "2099", "x"), row(indicator, "2020", 1), row(indicator, "2020", "NaN", area="")]
    assert [(place, field) for place, field, _message in problems(rows)] == [
        (0, "value"), (0, "period"), (2, "area"), (2, "value"),
    ]  # fmt: skip


def test_what_contradicts_itself_or_what_is_recorded_is_refused() -> None:
    indicator = make_indicator()
    assert [each[:2] for each in problems([row(indicator, "2020", 1), row(indicator, "2020", 2)])] == [(1, "period")]
    record_values([row(indicator, "2020", 1)], vintage=at(1), actor="test")
    assert [each[:2] for each in problems([row(indicator, "2021", 1, level="county")])] == [(0, "level")]
    assert [each[:2] for each in problems([row(indicator, "2020", 2)], vintage=at(1))] == [(0, "vintage")]
    assert [each[:2] for each in problems([row(indicator, "2025", 2)], vintage=at(1))] == [(0, "vintage")]
    later = timezone.now() + dt.timedelta(minutes=5)
    assert [each[:2] for each in problems([row(indicator, "2021", 2)], vintage=later)] == [(-1, "vintage")]


def test_a_period_that_is_not_over_has_a_provisional_value_at_most() -> None:
    indicator, year = make_indicator(), str(timezone.localdate().year)
    assert [each[:2] for each in problems([row(indicator, year, 1)])] == [(0, "period")]
    assert record_values([row(indicator, year, 1, quality="provisional")], actor="test").new == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_values_recorded_at_once_stand_once() -> None:
    indicator = make_indicator()
    outcomes: list[Recorded] = []

    def write() -> None:
        try:
            outcomes.append(record_values([row(indicator, "2020", 1), row(indicator, "2021", 2)], actor="test"))
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((each.new, each.same) for each in outcomes) == [(0, 2), (0, 2), (0, 2), (2, 0)]
    assert Value.objects.count() == 2
