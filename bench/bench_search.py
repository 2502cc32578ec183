"""Search over 100,000 made-up German texts: time and CPU of queries of several sorts, typos and very common words among
them.

BENCH_SEARCH_TEXTS sets the number of texts. The texts come from a seed: word frequencies after Zipf, compounds from two
parts, 40 to 160 words a text.
"""

import os
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from statistics import quantiles
from typing import TYPE_CHECKING

from bench.town import town

if TYPE_CHECKING:
    from allmende.spine.search.registry import SearchDoc

SEED = 20_261
QUERIES = 600
_PARTS = """
    straße licht weg platz bahn hof schule garten fluss wald brücke markt haus dorf stadt netz daten
    strom wasser baum grün fläche kreis amt rat bürger verein fest musik sport kultur kinder jugend rad
    fuß auto bus zug mast lampe leuchte laterne sensor karte plan bau umwelt klima luft wärme energie
    solar dach keller tür fenster zaun bank müll feuer wehr drohne bild ton funk kabel faser messe halle
    turm park spiel kirche rathaus bücherei
""".split()  # noqa: SIM905 - a list a word a line is no easier to read
_ENDS = ["", "", "", "n", "en", "er", "s", "ung", "lich", "isch"]


def vocabulary(rng: random.Random, size: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < size:
        parts = rng.choices(_PARTS, k=rng.choice([1, 2, 2, 3]))
        syllable = "".join(rng.choice("bdfgklmnprst") + rng.choice("aeiouäöü") for _ in range(rng.choice([0, 0, 1, 2])))
        word = syllable + "".join(parts) + rng.choice(_ENDS)
        found[word.capitalize() if rng.random() < 0.6 else word] = None
    return list(found)


def texts(rng: random.Random, words: list[str], count: int) -> Iterator[tuple[str, str]]:
    total, weights = 0.0, []
    for rank in range(len(words)):
        total += 1 / (rank + 2)
        weights.append(total)
    for _ in range(count):
        drawn = rng.choices(words, cum_weights=weights, k=rng.randint(44, 166))
        yield " ".join(drawn[:4]), " ".join(drawn[4:])


def _typo(rng: random.Random, word: str) -> str:
    at = rng.randrange(1, max(2, len(word) - 1))
    return rng.choice([word[:at] + word[at + 1 :], word[:at] + word[at : at + 2][::-1] + word[at + 2 :]])


def queries(rng: random.Random, words: list[str]) -> dict[str, list[str]]:
    each = QUERIES // 6
    common, rare = words[:50], words[500:]
    return {
        "common word": [rng.choice(common) for _ in range(each)],
        "rare word": [rng.choice(rare) for _ in range(each)],
        "two words": [f"{rng.choice(words[:2000])} {rng.choice(words[:2000])}" for _ in range(each)],
        "typo": [_typo(rng, rng.choice([w for w in rare[:3000] if len(w) > 6])) for _ in range(each)],
        "beginning": [rng.choice(words)[: rng.randint(2, 5)] for _ in range(each)],
        "three words, one mistyped": [
            f"{rng.choice(common)} {rng.choice(words[:1000])} {_typo(rng, rng.choice(rare))}" for _ in range(each)
        ],
    }


def _server_cpu(pid: int) -> float:
    """CPU seconds that a server process of this machine has used; 0 where it runs elsewhere."""
    import psutil

    try:
        times = psutil.Process(pid).cpu_times()
        return float(times.user + times.system)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0.0


def run() -> None:
    with town(demo=False):
        _measure(int(os.environ.get("BENCH_SEARCH_TEXTS", "100000")))


def _measure(count: int) -> None:
    from django.db import connection

    from allmende.spine.search.domain.indexing import put
    from allmende.spine.search.domain.queries import search
    from allmende.spine.search.registry import KINDS, SearchDoc, register

    if "bench" not in KINDS:
        register("bench", "Bench", lambda urn: None)
    rng = random.Random(SEED)
    words = vocabulary(rng, 60_000)
    newest = datetime(2026, 1, 1, tzinfo=UTC)
    docs = (
        SearchDoc(f"bench:{number}", title, text, f"/{number}/", newest - timedelta(minutes=number * 7 % 900_000))
        for number, (title, text) in enumerate(texts(rng, words, count))
    )
    start = time.perf_counter()
    for _ in range(10):
        put(list(islice(docs, 100)))
    took = time.perf_counter() - start
    print(f"the first 1000 texts as the pump indexes them: {1000 / took:.0f}/s")
    start = time.perf_counter()
    _fill(docs)
    took = time.perf_counter() - start
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE search_document; ANALYZE search_word")
        cursor.execute(
            "SELECT pg_backend_pid(), pg_total_relation_size('search_document'), pg_total_relation_size('search_word')"
        )
        pid, documents, vocabulary_size = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM search_word")
        distinct = cursor.fetchone()[0]
    print(
        f"{count} texts, {distinct} words, indexed in {took:.0f} s ({count / took:.0f}/s);"
        f" {documents >> 20} + {vocabulary_size >> 20} MB"
    )
    everything: list[float] = []
    for sort, asked in queries(rng, words).items():
        for text in asked[:5]:
            search(text)
        times, here, there = [], _own_cpu(), _server_cpu(pid)
        found = 0
        for text in asked:
            begun = time.perf_counter()
            found += bool(search(text).total)
            times.append(1000 * (time.perf_counter() - begun))
        cpu, server = 1000 * (_own_cpu() - here) / len(asked), 1000 * (_server_cpu(pid) - there) / len(asked)
        everything += times
        _print(sort, times, f"CPU {cpu:.1f} + server {server:.1f} ms, {found} of {len(asked)} found something")
    _print("all", everything, f"{len(everything)} queries")


def _fill(docs: Iterator["SearchDoc"]) -> None:
    """All at once, as no town does it: without indexes, the vocabulary counted at the end."""
    from django.db import connection

    from allmende.spine.search.domain import indexing
    from allmende.spine.search.models import Document

    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%USING gin%tsv%'")
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        while batch := list(islice(docs, 2000)):
            Document.objects.bulk_create([indexing._row(doc) for doc in batch])
        for _, definition in indexes:
            cursor.execute(definition)
    indexing._recount()


def _own_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _print(name: str, times: list[float], more: str) -> None:
    cuts = quantiles(times, n=100)
    print(f"{name:28} p50 {cuts[49]:6.1f} ms  p95 {cuts[94]:6.1f} ms  p99 {cuts[98]:6.1f} ms  {more}", flush=True)
