"""Contributions that came on paper or were said at the table, typed in afterwards."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Pseudonym

from ..enums import Channel, ParticipationState, Shown
from ..models import Contribution, Phase
from . import contributing


@transaction.atomic
def enter(
    phase: Phase,
    values: dict[str, Any],
    *,
    received: dt.datetime,
    channel: Channel = Channel.TABLE,
    author: Pseudonym | None = None,
    actor: Any,
) -> Contribution:
    """Type in what was received within the time of a phase, also after its end. `values`: `contributing.FIELDS`;
    `author`: the public name of who wrote it, where they have an account. It is owed its answer on the same day as all
    others. Raises PermissionDenied, ValidationError by field (`received`)."""
    require_actor(actor, "dialogue.answer_contribution", phase)
    row = Phase.objects.select_for_update(of=("self",)).select_related("participation").get(pk=phase.pk)
    if row.participation.state != ParticipationState.PUBLISHED:
        raise ValidationError(_("Contributions are not taken any more, or not yet."))
    if received > timezone.now() or not row.rules.open_at(received):
        raise ValidationError({"received": _("This day lies outside of the phase.")})
    found = contributing.new(row, values, author=author, channel=channel, received=received, actor=actor)
    found.shown = Shown.VISIBLE
    found.save()
    Contribution.objects.filter(pk=found.pk).update(created=received)
    found.created = received
    contributing.announce(found, actor)
    return found
