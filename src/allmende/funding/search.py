"""What of the money can be found: published grants."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from allmende.spine.search.registry import SearchDoc, public_ids, register

from .domain.queries import published_grants


def load(urn: str) -> SearchDoc | None:
    """A published grant as a document; None for what is not public."""
    return next(load_many([urn]), None)


def load_many(urns: list[str]) -> Iterator[SearchDoc]:
    """The published ones among these grants."""
    for row in published_grants().filter(public_id__in=public_ids(urns)):
        texts = [row.scheme, row.authority, row.recipient, row.reference, row.note, row.source_title]
        yield SearchDoc(
            urn=row.urn,
            title=row.title,
            text="\n\n".join(filter(None, texts)),
            url=row.get_absolute_url(),
            changed=row.changed,
        )


def all_urns() -> Iterable[str]:
    return (f"grant:{public_id}" for public_id in published_grants().values_list("public_id", flat=True))


register("grant", _("Grant"), load, all_urns, load_many)
