"""What the programme tells people: news of measures they follow, and every new measure to who asked for that."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.reactions import on
from allmende.spine.notify.topics import Subject, register
from allmende.spine.people.access import visible_to

from .models import Measure


def resolve(urn: str, person: Any) -> Subject | None:
    """The measure as a follower may see it."""
    try:
        public_id = uuid.UUID(urn.partition(":")[2])
    except ValueError:
        return None
    row = visible_to(person, Measure.objects.all()).filter(public_id=public_id).first()
    return Subject(row.title, row.get_absolute_url()) if row else None


register(
    "programme.measures",
    _("Measures that I follow"),
    description=_("Changes to a measure after you chose to follow it on its page."),
    default=Cadence.DAILY,
    follows="measure",
    resolve=resolve,
)
register(
    "programme.new",
    _("New measures"),
    description=_("Every measure that is published."),
    default=Cadence.NEVER,
    opt_in=True,
)
on("programme.measure.*", topic="programme.measures")
on("programme.measure.published", topic="programme.new")
