"""The demo town's indicators, against the file they were typed in from."""

import csv
import gzip
import tomllib
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from django.test import Client

from allmende.programme.demo_indicators import load
from allmende.programme.domain.series import series
from allmende.programme.models import Indicator, SeriesBreak, Value
from allmende.spine.instance.domain.settings import change

FOLDER = Path(__file__).resolve().parents[2] / "demo" / "kaiserslautern"


def typed() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "indicators.toml").read_text())


def test_every_figure_is_that_of_the_file_and_every_median_is_recomputed(data_folder: Path) -> None:
    with gzip.open(data_folder / "indicators" / "inkar_kreise_1995_2022.csv.gz", "rt") as file:
        rows = list(csv.DictReader(file))
    assert len({row["county_code"] for row in rows}) == 400
    for one in typed()["indicators"]:
        values: dict[int, dict[str, Decimal]] = {}
        for row in rows:
            if row[one["column"]]:
                values.setdefault(int(float(row["year"])), {})[row["county_code"]] = Decimal(row[one["column"]])
        years = [year for year in sorted(values) if "07312" in values[year]]
        assert years == list(range(one["from"], one["from"] + len(one["town"])))
        assert [Decimal(value) for value in one["town"]] == [values[year]["07312"] for year in years], one["slug"]
        assert [Decimal(value) for value in one["median"]] == [median(values[year].values()) for year in years]


def test_no_more_is_typed_in_than_may_be() -> None:
    figures = [len(one["town"]) + len(one["median"]) for one in typed()["indicators"]]
    assert len(figures) >= 6
    assert sum(figures) <= 400


@pytest.mark.django_db
def test_the_demo_shows_the_town_the_median_and_the_break(client: Client) -> None:
    change({"town": "Kaiserslautern", "ags": "07312000"}, actor="demo")
    load(FOLDER, "demo")
    assert Indicator.objects.filter(published__isnull=False).count() == len(typed()["indicators"])
    assert set(Value.objects.values_list("level", "area")) == {("town", "07312"), ("nation", "Median der Kreise")}
    assert [(row.indicator.slug, row.date.isoformat()) for row in SeriesBreak.objects.all()] == [
        ("pkw-je-1000", "2008-01-01")
    ]
    cars = Indicator.objects.get(slug="pkw-je-1000")
    points = series(cars, "07312")
    assert [(point.starts.year, point.value) for point in points if point.broken_before] == [(2008, Decimal("478.28"))]
    assert (len(points), points[0].value, points[-1].value) == (28, Decimal("467.67"), Decimal("490.46"))
    page = client.get("/kennzahlen/pkw-je-1000/").content.decode()
    assert "490,5\u00a0Pkw je 1.000 Menschen, 2022 (Kaiserslautern)" in page
    assert "Median der Kreise" in page
    assert "Vorübergehend stillgelegte Fahrzeuge" in page
    assert page.count("al-chart__break") == 2
    assert 'href="https://www.govdata.de/dl-de/by-2-0"' in page
    assert client.get("/kennzahlen/").status_code == 200


@pytest.mark.django_db
def test_a_town_without_the_file_has_no_indicators(tmp_path: Path) -> None:
    load(tmp_path, "demo")
    assert not Indicator.objects.exists()
