"""The annual report of a large programme: 500 measures with 40 targets each, values of 30 years in three vintages.

BENCH_REPORTS_MEASURES sets the number of measures, BENCH_REPORTS_TARGETS that of the targets of each. There is a series
for each measure and each of 40 indicators: 500 × 40 × 30 × 3 is 1.8 million values.
"""

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from bench.town import town

if TYPE_CHECKING:
    from collections.abc import Iterator

MEASURES = int(os.environ.get("BENCH_REPORTS_MEASURES", "500"))
TARGETS = int(os.environ.get("BENCH_REPORTS_TARGETS", "40"))
INDICATORS, YEARS, VINTAGES = 40, 30, 3
_VALUES = """
INSERT INTO programme_value
  (public_id, indicator_id, definition_id, level, area, starts, ends, value, quality, vintage, note)
SELECT gen_random_uuid(), d.indicator_id, d.id, 'district', 'Gebiet ' || m, make_date(1993 + y, 1, 1),
       make_date(1994 + y, 1, 1), 100 + y + v, 'final', timestamptz '2023-03-01' + v * interval '30 days', ''
FROM programme_definition d, generate_series(1, %s) m, generate_series(0, %s) y, generate_series(1, %s) v
WHERE d.level = 'district'"""


@contextmanager
def _timed(what: str) -> "Iterator[None]":
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    print(f"{what:<38}{time.perf_counter() - wall:7.1f} s   of it CPU here {time.process_time() - cpu:5.1f} s")


def _fill() -> None:
    from datetime import date
    from decimal import Decimal

    from django.db import connection
    from django.utils import timezone

    from allmende.programme.models import (
        Decision,
        Definition,
        Indicator,
        Measure,
        Milestone,
        Phase,
        Programme,
        Target,
        Topic,
    )

    programme = Programme.objects.create(title="Programm")
    phases = [Phase.objects.create(programme=programme, number=n, title=f"Phase {n}") for n in (1, 2, 3)]
    topics = [Topic.objects.create(slug=f"thema-{n}", title=f"Thema {n}") for n in range(8)]
    now = timezone.now()
    measures = Measure.objects.bulk_create(
        Measure(
            programme=programme, topic=topics[n % 8], phase=phases[n % 3], slug=f"m-{n}", title=f"Maßnahme {n}",
            summary="Ein Satz.", published=now,
        )
        for n in range(MEASURES)
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(
            measure=measure, title=f"Schritt {n}", baseline=date(2019 + n, 5, 1), plan=date(2019 + n, 9, 1),
            done=date(2019 + n, 9, 3) if n < 4 else None,
        )
        for measure in measures for n in range(5)
    )  # fmt: skip
    Decision.objects.bulk_create(
        Decision(measure=measure, date=date(2024, 2, 1), body="Stadtrat", kind="approve") for measure in measures
    )
    indicators = Indicator.objects.bulk_create(
        Indicator(slug=f"k-{n}", title=f"Kennzahl {n}", published=now) for n in range(INDICATORS)
    )
    Definition.objects.bulk_create(
        Definition(
            indicator=row, text="Zählt etwas.", unit="Stück", source="Zählung", licence="CC0 1.0", level="district"
        )
        for row in indicators
    )
    Target.objects.bulk_create(
        Target(
            indicator=row, measure=measure, level="district", area=f"Gebiet {n + 1}", baseline=Decimal(100),
            baseline_date=date(2000, 1, 1), value=Decimal(150), due=date(2030, 12, 31),
        )
        for n, measure in enumerate(measures) for row in indicators[:TARGETS]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_VALUES, [MEASURES, YEARS - 1, VINTAGES])
        print(f"{cursor.rowcount} values")
        cursor.execute("ANALYZE")


def run() -> None:
    with town(demo=False):
        from django.db import transaction
        from django.urls import get_resolver

        from allmende.programme.reports import freeze, pdf
        from allmende.programme.reports.parts import canonical

        get_resolver().url_patterns  # noqa: B018 - as in a web process, which has them before the first request
        with _timed("filling"), transaction.atomic():
            _fill()
        with _timed("document alone (preview)"):
            document = freeze.preview(2024, actor="bench")
        with _timed("PDF alone"):
            printed = pdf.render(document, "0" * 64)
        with _timed("make_report, the first"):
            first = freeze.make_report(2023, actor="bench")
        with _timed("make_report, another after it"):
            freeze.make_report(2024, actor="bench")
        print(f"document {len(canonical(first.document)) / 1e6:.1f} MB, PDF {len(printed) / 1e6:.1f} MB")
