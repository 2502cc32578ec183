"""Import of the core town with its base map, address search, nearest."""

import random
import resource
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.town import town

EXTRACT = Path(__file__).resolve().parents[2] / "shared" / "data" / "map" / "kaiserslautern.osm.gz"
TYPED = [
    "fauthweg 3",
    "Eisenbahnstr. 12",
    "Fakelstrase 3",
    "67655 Kaiserslautern, Fackelstraße 3",
    "Rathaus",
    "Mannheimer Str. 999",
]


def cpu() -> float:
    """CPU seconds of this process and of the children it waited for (tippecanoe)."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def milliseconds(ask: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile of wall milliseconds."""
    ask()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[18]


def run() -> None:
    if not EXTRACT.exists():
        print("the shared extract is absent: nothing measured")
        return
    with town(demo=False):
        from allmende.spine.places.domain import importing

        measure(importing.import_osm)


def measure(import_osm: Callable[..., Any]) -> None:
    from allmende.spine.geo import queries as geo
    from allmende.spine.places.domain import queries, search

    wall, used = time.perf_counter(), cpu()
    done = import_osm(EXTRACT, lambda text, part=None: None)
    wall, used = time.perf_counter() - wall, cpu() - used
    rows = sum(done.counts[name] for name in ("streets", "addresses", "buildings", "landmarks"))
    print(f"import of the core town with its base map: {wall:.1f} s, {used:.1f} CPU-s (aim 60 s)")
    print(f"rows: {rows}, {rows / used:.0f} a CPU-s")
    print(f"base map: {done.counts['map_bytes'] / 1024:.0f} KiB")
    rng = random.Random(1)
    middle, slow = milliseconds(lambda: search.search_address(rng.choice(TYPED)), 200)
    print(f"search_address over {done.counts['streets']} streets: median {middle:.1f} ms, p95 {slow:.1f} ms")

    def somewhere() -> tuple[float, float]:
        return 7.72 + rng.random() * 0.1, 49.42 + rng.random() * 0.035

    middle, slow = milliseconds(lambda: geo.nearest(queries.addresses(), *somewhere(), 10), 300)
    print(f"nearest 10 of {done.counts['addresses']} addresses: median {middle:.1f} ms, p95 {slow:.1f} ms")
    middle, slow = milliseconds(lambda: geo.within_radius(queries.addresses(), *somewhere(), 200), 200)
    print(f"addresses within 200 m: median {middle:.1f} ms, p95 {slow:.1f} ms")
    middle, slow = milliseconds(lambda: queries.describe(*somewhere()), 200)
    print(f"position in words: median {middle:.1f} ms, p95 {slow:.1f} ms")
