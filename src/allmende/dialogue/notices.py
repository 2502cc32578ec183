"""What participations tell people: every step of what they put in, of what they follow, and what is asked of them."""

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.spine.facts import FactRow
from allmende.spine.moderation.enums import Reason
from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.reactions import Message, on
from allmende.spine.notify.topics import Subject, register
from allmende.spine.people.access import visible_to

from .domain import moderating
from .domain.contributing import TOPIC as MINE
from .domain.reminders import TOPIC as WORK
from .domain.reviewing import TOPIC as REVIEWS
from .models import Contribution, Participation


def _ids(urns: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for urn in urns:
        try:
            found.append(uuid.UUID(urn.partition(":")[2]))
        except ValueError:
            continue
    return found


def _contributions(urns: Collection[str], person: Any) -> dict[str, Subject]:
    rows = visible_to(person, Contribution.objects.only("public_id", "title")).filter(public_id__in=_ids(urns))
    return {row.urn: Subject(row.title, row.get_absolute_url()) for row in rows}


def _contribution(urn: str, person: Any) -> Subject | None:
    return _contributions([urn], person).get(urn)


def _participations(urns: Collection[str], person: Any) -> dict[str, Subject]:
    rows = visible_to(person, Participation.objects.only("public_id", "title", "slug", "state", "subject"))
    return {row.urn: Subject(row.title, row.get_absolute_url()) for row in rows.filter(public_id__in=_ids(urns))}


def _participation(urn: str, person: Any) -> Subject | None:
    return _participations([urn], person).get(urn)


def author(fact: FactRow) -> Iterable[Any]:
    """Whoever put it in, also where it is not public."""
    rows = Contribution.objects.filter(public_id__in=_ids([fact.subject]), author__account__isnull=False)
    return [row.author.account for row in rows.select_related("author__account") if row.author is not None]


def _removed(fact: FactRow) -> Message | None:
    """Why, in the words of who decided: with the reason only the author is told."""
    row = Contribution.objects.select_related("phase__participation").filter(public_id__in=_ids([fact.subject])).first()
    removal = moderating.last_removal(row) if row is not None else None
    if row is None or removal is None:
        return None
    title = gettext("Your contribution was removed: %(title)s") % {"title": row.title}
    contact = row.phase.participation.contact
    parts = [str(Reason(removal.reason).label) + ".", removal.statement]
    if contact:
        parts.append(gettext("Who disagrees writes to %(address)s.") % {"address": contact})
    return Message(title, "\n\n".join(parts), row.phase.get_absolute_url())


def _shown(fact: FactRow) -> Message | None:
    found = list(Contribution.objects.filter(public_id__in=_ids([fact.subject])))
    if not found:
        return None
    return Message(
        gettext("Your contribution is shown: %(title)s") % {"title": found[0].title}, url=found[0].get_absolute_url()
    )


register(
    MINE,
    _("Contributions that I follow"),
    description=_("Every step of what you put in, and of contributions that you chose to follow."),
    default=Cadence.IMMEDIATELY,
    follows="contribution",
    resolve=_contribution,
    resolve_many=_contributions,
)
register(
    "dialogue.participations",
    _("Participations that I follow"),
    description=_("New phases, results and changes of a participation that you chose to follow."),
    default=Cadence.DAILY,
    follows="participation",
    resolve=_participation,
    resolve_many=_participations,
)
register(
    "dialogue.new",
    _("New participations"),
    description=_("Every participation that is announced."),
    default=Cadence.NEVER,
    opt_in=True,
)
register(
    REVIEWS,
    _("Judgements that I am asked for"),
    description=_("Contributions on which your judgement as an expert is asked."),
    default=Cadence.IMMEDIATELY,
    audience="dialogue.review",
)
register(
    WORK,
    _("Answers that are overdue"),
    description=_("Once a week for each participation in which answers are overdue."),
    default=Cadence.IMMEDIATELY,
    audience="dialogue.answer_contribution",
)
for step in ("examined", "answered"):
    on(f"dialogue.contribution.{step}", topic=MINE)
on("dialogue.review.given", topic=MINE)
on("dialogue.contribution.removed", topic=MINE, recipients=author, render=_removed)
on("dialogue.contribution.shown", topic=MINE, recipients=author, render=_shown)
on("dialogue.participation.*", topic="dialogue.participations")
on("dialogue.participation.published", topic="dialogue.new")
