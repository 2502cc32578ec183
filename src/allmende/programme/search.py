"""What of the programme can be found: published measures."""

import uuid
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from allmende.spine.search.registry import SearchDoc, register

from .domain.queries import published_measures


def load(urn: str) -> SearchDoc | None:
    """A published measure as a document; None for drafts and what was withdrawn."""
    return next(load_many([urn]), None)


def load_many(urns: list[str]) -> Iterator[SearchDoc]:
    """The published ones among these measures."""
    for row in published_measures().filter(public_id__in=list(_ids(urns))):
        texts = [row.summary, row.place_name, row.reason, row.course, row.easy, row.topic.title, row.topic.title_en]
        yield SearchDoc(
            urn=row.urn,
            title=row.title,
            text="\n\n".join(text for text in texts if text),
            url=row.get_absolute_url(),
            changed=row.changed,
            lang=row.lang,
        )


def _ids(urns: list[str]) -> Iterator[uuid.UUID]:
    for urn in urns:
        try:
            yield uuid.UUID(urn.partition(":")[2])
        except ValueError:
            continue


def all_urns() -> Iterable[str]:
    return (f"measure:{public_id}" for public_id in published_measures().values_list("public_id", flat=True))


register("measure", _("Measure"), load, all_urns, load_many)
