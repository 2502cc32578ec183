"""Indicators in number: 500 measures × 40 indicators × 30 years × 3 vintages = 1.8 million values.

Asked for: measure page ≤ 15 CPU-ms, list ≤ 6. CPU-ms counts this process; PostgreSQL's share is named apart; medians of
repeated runs.
"""

import time
from typing import Any

from bench.bench_core import _cpu_ms, _weight
from bench.town import town

MEASURES, INDICATORS, YEARS, VINTAGES = 500, 40, 30, 3


def run() -> None:
    with town():
        from django.db import connection
        from django.test import Client

        began = time.monotonic()
        print(f"{_values():,} values written in {time.monotonic() - began:.0f} s (COPY)")
        client = Client(headers={"host": "localhost"})
        for address in ("/massnahmen/bench-250/", "/massnahmen/", "/kennzahlen/", "/kennzahlen/?staleness=stale",
                        "/kennzahlen/bench-7/", "/kennzahlen/bench-7/bild.svg",
                        "/api/programme/indicators/bench-7/values?area=bench-250"):  # fmt: skip
            before = _server_ms(connection)
            ours = _cpu_ms(client, address)
            theirs = (_server_ms(connection) - before) / 70
            print(f"{address:<56} {ours:5.1f} CPU-ms, PostgreSQL {theirs:5.1f} ms, {_weight(client, address)}")
        _explain(connection)


def _values() -> int:
    """A value for each measure's place, indicator, year and vintage; a target for each measure and indicator."""
    from django.db import connection
    from django.utils import timezone

    from allmende.programme.domain.indicators import define_indicator, publish_indicator
    from allmende.programme.models import Measure, Target

    first = Measure.objects.all()[0]
    measures = Measure.objects.bulk_create(
        Measure(
            programme_id=first.programme_id, topic_id=first.topic_id, title=f"Maßnahme {number}",
            slug=f"bench-{number}", summary="Ein Satz.", published=timezone.now(),
        )
        for number in range(MEASURES)
    )  # fmt: skip
    indicators = []
    for number in range(INDICATORS):
        meant = {
            "slug": f"bench-{number}", "title": f"Kennzahl {number}", "text": "Wie viele.", "unit": "Stück",
            "source": "Zählung", "licence": "dl-de/by-2-0", "level": "site",
        }  # fmt: skip
        indicators.append(publish_indicator(define_indicator(meant, actor="bench"), actor="bench"))
    Target.objects.bulk_create(
        Target(measure=measure, indicator=indicator, level="site", area=measure.slug, baseline=10, value=90)
        for measure in measures
        for indicator in indicators
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indicator_id, min(id) FROM programme_definition WHERE indicator_id = ANY(%s) GROUP BY 1",
            [[row.pk for row in indicators]],
        )
        definitions = dict(cursor.fetchall())
        columns = "public_id, indicator_id, definition_id, level, area, starts, ends, value, quality, vintage, note"
        with cursor.copy(f"COPY programme_value ({columns}) FROM STDIN") as copy:
            for row in _rows(definitions, [measure.slug for measure in measures]):
                copy.write_row(row)
        cursor.execute("ANALYZE programme_value, programme_target, programme_measure, programme_definition")
        cursor.execute("SELECT count(*) FROM programme_value")
        count: int = cursor.fetchone()[0]
        return count


def _rows(definitions: dict[int, int], areas: list[str]) -> Any:
    from allmende.spine.ids import uuid7

    for vintage in range(VINTAGES):
        known = f"202{3 + vintage}-03-01T12:00:00Z"
        for indicator, definition in definitions.items():
            for place, area in enumerate(areas):
                for year in range(1993, 1993 + YEARS):
                    value = (place * 7 + year * 3 + indicator + vintage) % 100
                    yield (
                        uuid7(), indicator, definition, "site", area, f"{year}-01-01", f"{year + 1}-01-01", value,
                        "final", known, "",
                    )  # fmt: skip


def _server_ms(connection: Any) -> float:
    """CPU time of all PostgreSQL processes of this bench so far (user and system, 10 ms ticks)."""
    import os
    from pathlib import Path

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _explain(connection: Any) -> None:
    """Which way the database takes to a series, to forty newest values and to a median."""
    from allmende.programme.domain.series import MEDIAN, NEWEST, SERIES
    from allmende.programme.models import Indicator, Measure

    measure = Measure.objects.get(slug="bench-250")
    targets = list(measure.targets.values_list("indicator_id", "level", "area"))
    keys = [list(column) for column in zip(*targets, strict=True)]
    one = [column[:1] for column in keys]
    indicator = Indicator.objects.get(slug="bench-7")
    with connection.cursor() as cursor:
        for name, sql, parameters in (
            ("series", SERIES, [*one, None]),
            ("40 newest", NEWEST, [*keys, None]),
            ("median of 500", MEDIAN, [indicator.pk, "site", None]),
        ):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", parameters)
            plan = [line for (line,) in cursor.fetchall()]
            ways = {line.split("  (")[0].strip(" ->") for line in plan if "Scan" in line and "programme_value" in line}
            print(f"EXPLAIN {name}: {'; '.join(sorted(ways))}; {plan[-1]}")
