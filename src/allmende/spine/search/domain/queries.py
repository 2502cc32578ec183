"""Searching."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from allmende.spine.instance.domain.queries import current, room_enabled
from allmende.spine.rooms import room_of

from ..core.words import MAX_QUERY, clean
from ..registry import KINDS, Kind
from .spelling import Asked, read

PAGE = 10
CAP = 400  # documents that are ranked for one query
_LEAD = 200  # characters of a text whose title alone fits
_EXCERPT = 20_000  # characters of a text in which an excerpt is looked for

# Marks of ts_headline and stand-ins for < and >, which its parser would take for tags; `clean` keeps them out of
# documents. The stand-ins are control characters: under the C locale a private letter would be part of a word.
_START, _STOP, _LESS, _MORE = "\ue000", "\ue001", "\x01", "\x02"
_HEADLINE = (
    f'StartSel={_START}, StopSel={_STOP}, MaxFragments=2, MaxWords=22, MinWords=8, ShortWord=2, FragmentDelimiter=" … "'
)


@dataclass(frozen=True, slots=True)
class Hit:
    """`snippet` is safe HTML: the text escaped, the words found in <mark>. `excerpt` is the same as plain text."""

    urn: str
    kind: str
    label: object
    title: str
    url: str
    lang: str
    changed: datetime
    snippet: SafeString
    excerpt: str


@dataclass(frozen=True)
class Results:
    """One page of what was found. `total` counts what was ranked (`many`: there are more). `meant` is the query with
    typos corrected, or empty. `some` says that no document has all the words, so these have some."""

    query: str = ""
    kind: str = ""
    page: int = 1
    pages: int = 0
    total: int = 0
    many: bool = False
    some: bool = False
    meant: str = ""
    hits: list[Hit] = field(default_factory=list)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @property
    def start(self) -> int:
        """Number of the first hit of this page."""
        return (self.page - 1) * PAGE + 1

    @property
    def previous(self) -> int:
        return self.page - 1

    @property
    def next(self) -> int:
        return self.page + 1


def kinds() -> dict[str, Kind]:
    """Kinds whose room is open, by name."""
    found = {}
    for name, kind in KINDS.items():
        room = room_of(kind.module)
        if room is None or not room.optional or room_enabled(room.room):
            found[name] = kind
    return found


def search(text: str, kind: str = "", page: int = 1) -> Results:
    """The `page`th ten documents for a query, best first. An unknown kind finds nothing. Raises ValueError for more
    than MAX_QUERY characters."""
    if len(text) > MAX_QUERY:
        raise ValueError(f"a query has at most {MAX_QUERY} characters")
    text = clean(text)
    offered = kinds()
    if kind:
        offered = {name: one for name, one in offered.items() if name == kind}
    asked = read(text) if offered else []
    if not asked:
        return Results(query=text, kind=kind)
    exact, loose = _query(asked, Asked.exact), _query(asked, Asked.loose)
    ranked, many = _rank(exact, loose, list(offered))
    some = not ranked and len(asked) > 1
    if some:
        exact, loose = _query(asked, Asked.exact, " | "), _query(asked, Asked.loose, " | ")
        ranked, many = _rank(exact, loose, list(offered))
    pages = -(-len(ranked) // PAGE)
    page = max(1, min(page, pages))
    return Results(
        query=text,
        kind=kind,
        page=page,
        pages=pages,
        total=len(ranked),
        many=many,
        some=some and bool(ranked),
        meant=_meant(text, asked),
        hits=_hits(ranked[(page - 1) * PAGE : page * PAGE], _query(asked, Asked.marked, " | ")),
    )


def _query(asked: list[Asked], term: object, joint: str = " & ") -> str:
    return joint.join(f"({term(word)})" for word in asked)  # type: ignore[operator]


def _meant(text: str, asked: list[Asked]) -> str:
    corrected = [word for word in asked if word.corrected]
    for word in corrected:
        text = text.replace(word.typed, word.corrected, 1)
    return text if corrected else ""


def _rank(exact: str, loose: str, names: list[str]) -> tuple[list[int], bool]:
    """Ids, best first, and whether there are more. A word in the title counts more, the words as typed more than loose
    matches, what changed lately a little more.

    ts_rank_cd is cover density ranking (Clarke, Cormack, Tudhope 2000), here divided by 1 + log of the length.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.id, c.many FROM search_candidates(%(exact)s::tsquery, %(loose)s::tsquery, %(kinds)s, %(cap)s) c"
            " JOIN search_document d USING (id)"
            " ORDER BY CASE WHEN c.exact THEN ts_rank_cd(d.tsv, %(exact)s::tsquery, 1)"
            "   ELSE 0.3 * ts_rank_cd(d.tsv, %(loose)s::tsquery, 1) END"
            "  * CASE WHEN d.title_tsv @@ %(exact)s::tsquery THEN 3"
            "   WHEN d.title_tsv @@ %(loose)s::tsquery THEN 1.5 ELSE 1 END"
            "  * (1 + 0.25 * exp(least(0, d.changed::date - current_date) / 180.0)) DESC,"
            " d.changed DESC, d.id DESC LIMIT %(cap)s",
            {"exact": exact, "loose": loose, "kinds": names, "cap": CAP},
        )
        rows = cursor.fetchall()
    return [row[0] for row in rows], bool(rows and rows[0][1])


def _hits(ids: list[int], query: str) -> list[Hit]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.urn, d.kind, d.title, d.url, d.lang, d.changed,"
            " ts_headline((CASE WHEN d.lang = 'en' THEN 'english' ELSE 'german' END)::regconfig,"
            "  translate(left(d.text, %(most)s), '<>', %(brackets)s), %(query)s::tsquery, %(options)s),"
            " translate(left(d.text, %(lead)s), '<>', %(brackets)s)"
            " FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY u(id, n) JOIN search_document d USING (id) ORDER BY n",
            {
                "most": _EXCERPT,
                "lead": _LEAD,
                "brackets": _LESS + _MORE,
                "query": query,
                "options": _HEADLINE,
                "ids": ids,
            },
        )
        rows = cursor.fetchall()
    return [
        Hit(urn, kind, KINDS[kind].label, title, url, lang, changed, _html(headline), _plain(headline))
        for urn, kind, title, url, lang, changed, headline in (_shown(row) for row in rows)
    ]


def _shown(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """With the beginning of the text where the words stand in the title alone."""
    *values, headline, lead = row
    if _START not in headline:
        headline = lead if len(lead) < _LEAD else lead.rpartition(" ")[0] + " …"
    return (*values, headline)


def _plain(headline: str) -> str:
    text = headline.translate({ord(_START): None, ord(_STOP): None, ord(_LESS): "<", ord(_MORE): ">"})
    return " ".join(text.split())


def _html(headline: str) -> SafeString:
    text = escape(" ".join(headline.replace(_LESS, "<").replace(_MORE, ">").split()))
    return mark_safe(text.replace(_START, "<mark>").replace(_STOP, "</mark>"))  # noqa: S308 - escaped just before


def base_url() -> str:
    """The public address of this town, without a slash at its end."""
    return (current().base_url or settings.BASE_URL).rstrip("/")
