"""What of the programme can be found: published measures."""

import uuid
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from allmende.spine.search.registry import SearchDoc, register

from .domain.queries import published_measures


def load(urn: str) -> SearchDoc | None:
    """A published measure as a document; None for drafts and what was withdrawn."""
    try:
        public_id = uuid.UUID(urn.partition(":")[2])
    except ValueError:
        return None
    row = published_measures().order_by().filter(public_id=public_id).first()
    if row is None:
        return None
    texts = [row.summary, row.place_name, row.reason, row.course, row.easy, row.topic.title, row.topic.title_en]
    return SearchDoc(
        urn=row.urn,
        title=row.title,
        text="\n\n".join(text for text in texts if text),
        url=row.get_absolute_url(),
        changed=row.changed,
        lang=row.lang,
    )


def urns() -> Iterable[str]:
    return (f"measure:{public_id}" for public_id in published_measures().values_list("public_id", flat=True))


register("measure", _("Measure"), load, urns)
