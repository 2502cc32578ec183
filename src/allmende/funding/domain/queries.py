"""Reading grants and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from allmende.programme.core.progress import shares as per_cent
from allmende.programme.domain.queries import Matter, matters
from allmende.programme.enums import Unit
from allmende.programme.models import Figure, Measure
from allmende.spine.instance.domain.queries import current
from allmende.spine.people.access import visible_to

from ..core import sums
from ..core.sums import Entry, Group, Sum
from ..models import Grant, Share

HERE = "hier"
UNKNOWN = "unbekannt"
NO_PHASE = "keine"


def published_grants() -> QuerySet[Grant]:
    """What everybody may see, the latest period first, ready for a list and for exports."""
    return (
        Grant.objects.filter(published__isnull=False)
        .select_related("phase")
        .order_by(F("starts").desc(nulls_last=True), "title", "pk")
    )


def grants_for(person: Any) -> QuerySet[Grant]:
    """What `person` may see, what is not public included, last changed first."""
    return visible_to(person, Grant.objects.select_related("phase")).order_by("-changed", "-pk")


def grant_by_slug(person: Any, slug: str) -> Grant | None:
    """The grant at an address, if `person` may see it."""
    return visible_to(person, Grant.objects.select_related("phase", "document")).filter(slug=slug).first()


def found(rows: QuerySet[Grant], text: str = "", public: str = "") -> QuerySet[Grant]:
    """Narrow a list by words and by whether a grant is public ("yes", "no")."""
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(scheme__icontains=word)
            | Q(authority__icontains=word)
            | Q(reference__icontains=word)
            | Q(recipient__icontains=word)
        )
    return rows.filter(published__isnull=public == "no") if public in ("yes", "no") else rows


def town_key(ags: str = "") -> str:
    """How a town is named in addresses: by its key; this one by its own, or by a word where it has none."""
    return ags or current().ags or HERE


def with_town(rows: Iterable[Grant]) -> list[Grant]:
    """The grants, each with its `town` key."""
    listed = list(rows)
    for row in listed:
        row.town = town_key(row.ags)  # type: ignore[attr-defined]
    return listed


def entries(rows: QuerySet[Grant] | None = None) -> list[Entry]:
    """What sums need of the public grants (or of `rows`), in their order. One query."""
    if rows is None:
        rows = published_grants()
    here = town_key()
    return [
        Entry(pk, cents, qualifier == "exact", scheme, ags or here, recipient, number, title or "", *days)
        for pk, cents, qualifier, scheme, ags, recipient, number, title, *days in rows.values_list(
            "pk", "amount_cents", "qualifier", "scheme", "ags", "recipient", "phase__number", "phase__title",
            "notice_date", "starts", "ends",
        )
    ]  # fmt: skip


@dataclass(frozen=True)
class Selection:
    """Grants of a list as it was narrowed. `part`: cents of each (by key) that count: of one year where one was asked
    for, else the whole amount."""

    entries: list[Entry]
    part: dict[int, int]
    counting: str

    @property
    def pks(self) -> list[int]:
        return [entry.pk for entry in self.entries]

    @property
    def total(self) -> Sum:
        return sums.total((self.part[entry.pk], entry.exact) for entry in self.entries)

    def _groups(self, key: Any, title: Any) -> list[Group]:
        return sums.grouped(self.entries, key, title, self.part)

    @property
    def schemes(self) -> list[Group]:
        return self._groups(lambda entry: entry.scheme, lambda entry: entry.scheme)

    @property
    def phases(self) -> list[Group]:
        """Sums by phase; the key None stands for grants of none."""
        return self._groups(lambda entry: entry.phase, lambda entry: entry.phase_title)

    @property
    def years(self) -> dict[int | None, Sum]:
        return sums.by_years(self.entries, self.counting)


def select(
    rows: Iterable[Entry], counting: str = sums.PERIOD, scheme: str = "", year: str = "", town: str = "",
    phase: str = "",
) -> Selection:  # fmt: skip
    """Narrow entries. `year`: digits or UNKNOWN, as `counting` counts; `phase`: a number or
    NO_PHASE."""
    kept: list[Entry] = []
    part: dict[int, int] = {}
    wanted = None if year == UNKNOWN else int(year) if year else 0
    for entry in rows:
        if (scheme and entry.scheme != scheme) or (town and entry.town != town):
            continue
        if phase and (NO_PHASE if entry.phase is None else str(entry.phase)) != phase:
            continue
        cents: int | None = entry.cents
        if year:
            cents = sums.years_of(entry, counting).get(wanted)
        if cents is not None:
            kept.append(entry)
            part[entry.pk] = cents
    return Selection(kept, part, counting)


def page_rows(pks: list[int], part: dict[int, int]) -> list[Grant]:
    """The grants with these keys, in this order, each with `town` and `part_cents`. One query."""
    known = {row.pk: row for row in with_town(Grant.objects.filter(pk__in=pks).select_related("phase"))}
    listed = [known[pk] for pk in pks if pk in known]
    for row in listed:
        row.part_cents = part[row.pk]  # type: ignore[attr-defined]
    return listed


def stated_totals() -> list[Matter]:
    """Sums as sources state them, those on one matter together. See README.md for why they are the programme's."""
    return matters(Figure.objects.filter(measure__isnull=True, unit=Unit.EURO_CENT))


def differ(matter: Matter) -> bool:
    """Whether sources name different amounts for one matter."""
    return len({figure.value for figure in matter.figures}) > 1


@dataclass(frozen=True)
class Part:
    """A row of a grant's division. `measure` None: what is not given to a measure that the reader may see."""

    measure: Measure | None
    cents: int | None
    per_cent: Any


def division(grant: Grant, person: Any) -> list[Part]:
    """How a grant is divided, as far as the reader may see the measures, in per cent that add up to 100. One query for
    the shares. Empty where no measure is named."""
    seen = visible_to(person, Measure.objects.only("title", "slug", "lang"))
    rows = [
        (share.measure, share.amount_cents)
        for share in grant.shares.filter(measure__in=seen).select_related("measure").order_by("measure__title", "pk")
    ]
    if not rows:
        return []
    named = [(measure, cents) for measure, cents in rows if cents is not None]
    rest = grant.amount_cents - sum(cents for _, cents in named)
    shown: Any = per_cent([*(cents for _, cents in named), rest], 1)
    parts = [Part(measure, cents, each) for (measure, cents), each in zip(named, shown[:-1], strict=True)]
    parts += [Part(measure, None, None) for measure, cents in rows if cents is None]
    return [*parts, Part(None, rest, shown[-1])] if named and rest else parts


def shares_of(measure: Measure) -> list[Share]:
    """The shares that a measure has of public grants. One query."""
    rows = measure.shares.filter(grant__published__isnull=False).select_related("grant")
    return list(rows.order_by("grant__starts", "grant__title", "pk"))


def with_shares(rows: QuerySet[Grant]) -> QuerySet[Grant]:
    """With the shares of published measures, for exports: two queries for any number of grants."""
    shown = Share.objects.filter(measure__published__isnull=False).select_related("measure")
    return rows.prefetch_related(Prefetch("shares", shown, to_attr="public_shares"))
