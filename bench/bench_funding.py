"""Portfolio and list of 500 grants of 40 towns over 15 years (asked for: portfolio ≤ 30 CPU-ms), and their exports.

CPU-ms counts this process; medians of repeated runs.
"""

import statistics
import time
from datetime import date, timedelta
from typing import Any

from bench.town import town

PAGES = [
    "/portfolio/", "/portfolio/?by=notice", "/foerderung/", "/foerderung/?year=2020", "/foerderung.csv",
    "/foerderung.json", "/api/funding/grants",
]  # fmt: skip


def run() -> None:
    with town():
        from django.test import Client

        _rows()
        client = Client(headers={"host": "localhost"})
        for address in PAGES:
            print(f"{address:<28} {_cpu_ms(client, address):5.1f} CPU-ms")


def _rows(count: int = 500) -> None:
    from django.utils import timezone

    from allmende.funding.models import Grant

    Grant.objects.all().delete()
    first = date(2012, 1, 1)
    Grant.objects.bulk_create(
        Grant(
            slug=f"g-{number}", title=f"Zuwendung {number}", scheme=f"Programm {number % 12}", authority="Behörde",
            recipient=f"Stadt {number % 40}", ags=f"07{number % 40:06d}",
            notice_date=first + timedelta(days=9 * number),
            amount_cents=1_000_003 * (number + 1), starts=first + timedelta(days=9 * number),
            ends=first + timedelta(days=9 * number + 900), source_title="Quelle", source_url="https://quelle.example",
            published=timezone.now(),
        )
        for number in range(count)
    )  # fmt: skip


def _cpu_ms(client: Any, address: str, times: int = 40) -> float:
    samples = []
    for number in range(times + 10):
        began = time.process_time()
        page = client.get(address)
        if page.streaming:
            b"".join(page.streaming_content)
        if number >= 10:
            samples.append((time.process_time() - began) * 1000)
        assert page.status_code == 200, address
    return statistics.median(samples)
