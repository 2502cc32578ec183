"""List pages (asked for: ≤ 6 CPU-ms at 25 rows), pump (≥ 2,000 facts/s), page weight (≤ 150 KB gz, nothing foreign).

CPU-ms counts this process and PostgreSQL's share is named apart; medians of repeated runs.
"""

import gzip
import re
import statistics
import time
from typing import Any

from bench.town import town

PAGES = ["/", "/massnahmen/", "/aktuelles/", "/api/programme/measures"]


def run() -> None:
    with town():
        from django.test import Client

        _rows()
        client = Client(headers={"host": "localhost"})
        for address in PAGES:
            print(f"{address:<28} {_cpu_ms(client, address):5.1f} CPU-ms, {_weight(client, address)}")
        print(f"pump: {_pump():,.0f} facts/s with the handlers of this version")


def _rows(count: int = 60) -> None:
    from django.utils import timezone

    from allmende.programme.models import Measure

    first = Measure.objects.all()[0]
    Measure.objects.bulk_create(
        Measure(
            programme_id=first.programme_id, topic_id=first.topic_id, title=f"Maßnahme {number}", slug=f"m-{number}",
            summary="Ein Satz.", published=timezone.now(),
        )
        for number in range(count)
    )  # fmt: skip


def _cpu_ms(client: Any, address: str, times: int = 60) -> float:
    for _ in range(10):
        assert client.get(address).status_code == 200, address
    samples = []
    for _ in range(times):
        began = time.process_time()
        client.get(address)
        samples.append((time.process_time() - began) * 1000)
    return statistics.median(samples)


def _weight(client: Any, address: str) -> str:
    from django.conf import settings

    page = client.get(address)
    if "html" not in page["Content-Type"]:
        return f"{len(page.content) / 1024:.0f} KB"
    text = page.content.decode()
    loaded = set(re.findall(r"<(?:link|script|img)[^>]+(?:href|src)=\"(/[^\"]+)\"", text))
    foreign = re.findall(
        r"<(?:link rel=\"(?:stylesheet|preload|icon)\"|script|img|iframe)[^>]+(?:href|src)=\"(https?:[^\"]+)\"", text
    )
    total = len(gzip.compress(page.content))
    for path in loaded:
        name = path.split("?")[0]
        if name.startswith(settings.STATIC_URL):
            body = (settings.STATIC_ROOT / name.removeprefix(settings.STATIC_URL)).read_bytes()
            total += len(body) if name.endswith(".woff2") else len(gzip.compress(body))
            for font in re.findall(rb"url\([\"']?([^)\"']+500[^)\"']*woff2)", body):
                total += (
                    (settings.STATIC_ROOT / name.removeprefix(settings.STATIC_URL))
                    .parent.joinpath(font.decode())
                    .stat()
                    .st_size
                )
        elif name == "/design.css":
            total += len(gzip.compress(client.get(path).content))
    return f"{total / 1024:.0f} KB gz with everything it loads, {len(foreign)} foreign requests"


def _pump(count: int = 20_000) -> float:
    from django.db import connection

    from allmende.spine.facts import pump
    from allmende.spine.facts.handlers import HANDLERS

    pump.ensure_epoch()
    pump.ensure_cursors(HANDLERS.values())
    while pump.pump_once():
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(emit_fact('programme.measure.changed', 'measure:' || public_id::text,"
            ' \'{"title": "x", "fields": [], "version": 1}\'::jsonb, \'system\', true))'
            " FROM programme_measure, generate_series(1, %s)",
            [count // 70],
        )
        made = cursor.fetchone()[0]
    began = time.monotonic()
    done = 0
    while True:
        step = pump.pump_once()
        if not step:
            break
        done += step
    elapsed = time.monotonic() - began
    return float(made / elapsed)
