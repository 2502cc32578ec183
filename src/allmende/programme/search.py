"""What of the programme can be found: published measures and indicators, their topics, and who takes part in them."""

from collections.abc import Iterable, Iterator

from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from allmende.spine.search.registry import SearchDoc, public_ids, register

from .domain import queries, series
from .models import Definition, Topic


def _joined(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


def load(urn: str) -> SearchDoc | None:
    """A published measure as a document; None for drafts and what was withdrawn."""
    return next(load_many([urn]), None)


def load_many(urns: list[str]) -> Iterator[SearchDoc]:
    """The published ones among these measures."""
    for row in queries.published_measures().filter(public_id__in=public_ids(urns)):
        yield SearchDoc(
            urn=row.urn,
            title=row.title,
            text=_joined(
                row.summary, row.place_name, row.reason, row.course, row.easy, row.topic.title, row.topic.title_en
            ),
            url=row.get_absolute_url(),
            changed=row.changed,
            lang=row.lang,
        )


def all_urns() -> Iterable[str]:
    ids = queries.published_measures().values_list("public_id", flat=True)
    return (f"measure:{public_id}" for public_id in ids)


def load_indicator(urn: str) -> SearchDoc | None:
    """A published indicator as a document; None for what is not public."""
    return next(load_indicators([urn]), None)


def load_indicators(urns: list[str]) -> Iterator[SearchDoc]:
    """The published ones among these indicators, by what they mean now."""
    rows = list(series.published_indicators().filter(public_id__in=public_ids(urns)))
    newest = Definition.objects.filter(indicator__in=rows).order_by("indicator_id", "-number").distinct("indicator_id")
    meant = {row.indicator_id: row for row in newest}
    for row in rows:
        of = meant[row.pk]
        yield SearchDoc(
            urn=row.urn,
            title=row.title,
            text=_joined(of.text, of.unit, of.formula, of.source, row.title_en),
            url=row.get_absolute_url(),
            changed=row.changed,
        )


def all_indicators() -> Iterable[str]:
    ids = series.published_indicators().values_list("public_id", flat=True)
    return (f"indicator:{public_id}" for public_id in ids)


def load_party(urn: str) -> SearchDoc | None:
    """Who takes part in a published measure; None for everybody else."""
    return next(load_parties([urn]), None)


def load_parties(urns: list[str]) -> Iterator[SearchDoc]:
    """Those among these parties who take part in a published measure."""
    for row in queries.public_parties().filter(public_id__in=public_ids(urns)):
        yield SearchDoc(
            urn=row.urn,
            title=row.name,
            text=_joined(row.note, row.url),
            url=row.get_absolute_url(),
            changed=row.changed,
        )


def all_parties() -> Iterable[str]:
    return (row.urn for row in queries.public_parties().only("public_id"))


def load_topic(urn: str) -> SearchDoc | None:
    """A field of action with published measures; None for others."""
    return next(load_topics([urn]), None)


def _topics() -> QuerySet[Topic]:
    """Those with published measures, and when one of these `changed` last."""
    shown = Q(measures__published__isnull=False)
    return Topic.objects.filter(shown).annotate(changed=Max("measures__changed", filter=shown))


def load_topics(urns: list[str]) -> Iterator[SearchDoc]:
    """Those of these topics that have published measures."""
    keys = [key for key in (urn.partition(":")[2] for urn in urns) if key.isdecimal() and len(key) < 18]
    for row in _topics().filter(pk__in=keys):
        yield SearchDoc(
            urn=f"topic:{row.pk}",
            title=row.title,
            text=row.title_en,
            url=row.get_absolute_url(),
            changed=row.changed,  # type: ignore[attr-defined]
        )


def all_topics() -> Iterable[str]:
    return (f"topic:{pk}" for pk in _topics().values_list("pk", flat=True))


register("measure", _("Measure"), load, all_urns, load_many)
register("indicator", _("Indicator"), load_indicator, all_indicators, load_indicators)
register("party", _("Party"), load_party, all_parties, load_parties)
register("topic", _("Topic"), load_topic, all_topics, load_topics)
