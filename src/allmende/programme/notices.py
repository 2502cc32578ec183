"""What the programme tells people: news of measures they follow, and every new measure to who asked for that."""

import uuid
from collections.abc import Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.reactions import on
from allmende.spine.notify.topics import Subject, register
from allmende.spine.people.access import visible_to

from .models import Measure


def _public_id(urn: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(urn.partition(":")[2])
    except ValueError:
        return None


def resolve_many(urns: Collection[str], person: Any) -> dict[str, Subject]:
    """The measures as a follower may see them."""
    ids = [found for found in map(_public_id, urns) if found is not None]
    rows = visible_to(person, Measure.objects.only("public_id", "title", "slug")).filter(public_id__in=ids)
    return {row.urn: Subject(row.title, row.get_absolute_url()) for row in rows}


def resolve(urn: str, person: Any) -> Subject | None:
    """The measure as a follower may see it."""
    return resolve_many([urn], person).get(urn)


register(
    "programme.measures",
    _("Measures that I follow"),
    description=_("Changes to a measure after you chose to follow it on its page."),
    default=Cadence.DAILY,
    follows="measure",
    resolve=resolve,
    resolve_many=resolve_many,
)
register(
    "programme.new",
    _("New measures"),
    description=_("Every measure that is published."),
    default=Cadence.NEVER,
    opt_in=True,
)
register(
    "programme.work",
    _("My tasks and entries"),
    description=_("Tasks that come due, and entries of which nothing new was published for long."),
    default=Cadence.DAILY,
    audience="programme.change_measure",
)
on("programme.measure.*", topic="programme.measures")
on("programme.milestone.*", topic="programme.measures")
on("programme.decision.*", topic="programme.measures")
on("programme.measure.published", topic="programme.new")
