"""Keeping the index: loading documents, counting their words."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from django.db import connection, transaction

from ..core.words import MAX_TEXT, clean, spell_out, vocabulary
from ..models import Document, Word
from ..registry import KINDS, SearchDoc, kind_of

log = logging.getLogger("allmende.search")

BATCH = 200
_FIELDS = ("kind", "title", "text", "url", "lang", "changed")
# Any constant will do, as long as every writer takes the same.
_WRITER = 7_220_531


@transaction.atomic
def refresh(urns: Iterable[str]) -> int:
    """Load these things again and put them into the index, or take them out. Returns how many are in it now.

    Things of unregistered kinds are left alone.
    """
    wanted: dict[str, list[str]] = {}
    for urn in dict.fromkeys(urns):
        if kind_of(urn) in KINDS:
            wanted.setdefault(kind_of(urn), []).append(urn)
    loaded = {urn: doc for kind, some in wanted.items() for urn, doc in KINDS[kind].load_all(some).items()}
    put([doc for doc in loaded.values() if doc is not None])
    remove([urn for urn, doc in loaded.items() if doc is None])
    return sum(doc is not None for doc in loaded.values())


@transaction.atomic
def put(docs: Iterable[SearchDoc]) -> None:
    """Add documents or replace them, and count their words. Text past MAX_TEXT characters is left out."""
    new = {doc.urn: _row(doc) for doc in docs}
    if not new:
        return
    _only_writer()
    change: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for row in Document.objects.filter(urn__in=new).defer("tsv", "title_tsv"):
        change.subtract(_words(row).keys())
    for row in new.values():
        found = _words(row)
        change.update(found.keys())
        shown.update(found)
    Document.objects.bulk_create(new.values(), update_conflicts=True, unique_fields=["urn"], update_fields=_FIELDS)
    _count(change, shown)


@transaction.atomic
def remove(urns: Iterable[str]) -> None:
    """Take documents out, and the words that only they had."""
    gone = list(urns)
    if not gone:
        return
    _only_writer()
    rows = Document.objects.filter(urn__in=gone)
    change: Counter[str] = Counter()
    for row in rows.defer("tsv", "title_tsv"):
        change.subtract(_words(row).keys())
    if change:
        rows.delete()
        _count(change, {})


@transaction.atomic
def reconcile(kind: str, *, whole: bool = False) -> int:
    """Compare what of a kind is in the index with what its room names: put in what is missing, take out what is there
    no more. `whole`: load all of it again. Returns how many things were looked at.

    For kinds that become public with something else, so that no fact tells of it. The kind has `urns`.
    """
    named = KINDS[kind].urns
    assert named is not None, f"search kind {kind} names none of its things"
    wanted = set(named())
    known = set(Document.objects.filter(kind=kind).values_list("urn", flat=True))
    differing = sorted(wanted | known if whole else wanted ^ known)
    for start in range(0, len(differing), BATCH):
        refresh(differing[start : start + BATCH])
    return len(differing)


def reindex(say: Callable[[str, float | None], object] | None = None) -> int:
    """Build the whole index anew, in batches of their own transactions; search goes on meanwhile. Returns the number of
    documents.

    Documents of kinds that no room registers any more go first.
    """
    _forget(Document.objects.exclude(kind__in=list(KINDS)).values_list("urn", flat=True))
    total = 0
    for place, kind in enumerate(KINDS.values()):
        urns = dict.fromkeys(kind.urns() if kind.urns else _subjects(kind.name))
        urns |= dict.fromkeys(Document.objects.filter(kind=kind.name).values_list("urn", flat=True))
        left = iter(urns)
        done = 0
        while batch := list(islice(left, BATCH)):
            total += refresh(batch)
            done += len(batch)
            if say:
                say(str(kind.label), (place + done / len(urns)) / len(KINDS))
    _recount()
    return total


def _row(doc: SearchDoc) -> Document:
    return Document(
        urn=doc.urn,
        kind=kind_of(doc.urn),
        title=clean(doc.title)[:300],
        text=clean(doc.text)[:MAX_TEXT],
        url=doc.url,
        lang=doc.lang[:8],
        changed=doc.changed,
    )


def _words(row: Document) -> dict[str, str]:
    return vocabulary(f"{row.title} {row.text}")


def _only_writer() -> None:
    """Two writers would count each other's words twice, or wait for each other in a circle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_WRITER])


def _count(change: Counter[str], shown: dict[str, str]) -> None:
    more = [word for word, by in change.items() if by > 0]
    less = [word for word, by in change.items() if by < 0]
    with connection.cursor() as cursor:
        if more:
            cursor.execute(
                "INSERT INTO search_word (word, spelt, shown, df)"
                " SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::int[])"
                " ON CONFLICT (word) DO UPDATE SET df = search_word.df + EXCLUDED.df",
                [more, [spell_out(shown[w]) for w in more], [shown[w] for w in more], [change[w] for w in more]],
            )
        if less:
            values: list[Any] = [less, [-change[word] for word in less]]
            cursor.execute(
                "DELETE FROM search_word w USING unnest(%s::text[], %s::int[]) AS u(word, by)"
                " WHERE w.word = u.word AND w.df <= u.by",
                values,
            )
            cursor.execute(
                "UPDATE search_word w SET df = w.df - u.by FROM unnest(%s::text[], %s::int[]) AS u(word, by)"
                " WHERE w.word = u.word",
                values,
            )


def _forget(urns: Iterable[str]) -> None:
    left = iter(list(urns))
    while batch := list(islice(left, BATCH)):
        remove(batch)


def _subjects(kind: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT subject FROM facts_fact WHERE starts_with(subject, %s)", [f"{kind}:"])
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def _recount() -> None:
    """Count the vocabulary afresh, so that a change of the word rules leaves nothing wrong behind."""
    _only_writer()
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for row in Document.objects.only("title", "text").iterator(chunk_size=1000):
        found = _words(row)
        counts.update(found.keys())
        for word, spelling in found.items():
            shown.setdefault(word, spelling)
    kept = dict(Word.objects.values_list("word", "df"))
    change = Counter(counts)
    change.subtract(kept)
    _count(Counter({word: by for word, by in change.items() if by}), shown)
