"""Putting in, changing, taking back and supporting contributions."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.programme.models import Topic
from allmende.spine.facts import emit
from allmende.spine.files.domain import uploads
from allmende.spine.files.models import StoredFile
from allmende.spine.geo.queries import containing
from allmende.spine.geo.shape import GeometryError
from allmende.spine.moderation.domain.comments import pseudonym_of
from allmende.spine.notify.domain.choices import follow
from allmende.spine.people.access import has_role, require
from allmende.spine.people.enums import STAFF
from allmende.spine.people.models import Pseudonym
from allmende.spine.places.models import Area

from ..enums import Audience, Channel, Placed, Shown, Standing
from ..facts import ContributionChanged, ContributionReceived, ContributionTakenBack
from ..models import Contribution, Phase, Support
from . import holding, participations, queries

TOPIC = "dialogue.mine"
FIELDS = frozenset({"title", "text", "topic", "place_name", "lon", "lat", "lang"})
PICTURES = {"image"}


def clean_text(text: str) -> str:
    """As it will be saved: line ends as one sign, no blanks around, no signs that a database does not take."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def may_contribute(person: Any, phase: Phase) -> bool:
    """Whether this person may put something in now."""
    if not getattr(person, "is_authenticated", False) or not person.is_active or not phase.open_at():
        return False
    return phase.audience != Audience.STAFF or has_role(person, *STAFF)


@transaction.atomic
def submit(
    phase: Phase,
    values: dict[str, Any],
    *,
    pictures: list[Any] | None = None,
    alt: str = "",
    key: uuid.UUID | None = None,
    actor: Any,
) -> Contribution:
    """Put something in under one's public name. `values`: `FIELDS`; `alt`: what the pictures show; `key`: of the form,
    so that a form sent twice makes one contribution. A rule of the moderation may hold it back for a look.

    Raises PermissionDenied (not signed in, not one of those asked), ValidationError by field; `pseudonym`: no public
    name was chosen yet.
    """
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        raise PermissionDenied
    if key is not None and (known := Contribution.objects.filter(key=key, author__account=actor).first()) is not None:
        return known
    row = Phase.objects.select_for_update(of=("self",)).select_related("participation").get(pk=phase.pk)
    if not row.open_at():
        raise ValidationError(_("Contributions are not taken any more, or not yet."))
    if not may_contribute(actor, row):
        raise PermissionDenied
    author = pseudonym_of(actor)
    if author is None:
        missing = ValidationError(_("Please choose a public name first."), code="no_pseudonym")
        raise ValidationError({"pseudonym": missing})
    found = new(row, values, author=author, channel=Channel.ONLINE, received=timezone.now(), actor=actor)
    found.key = key
    found.holds = holding.holds(f"{found.title}\n{found.text}", author)
    found.shown = Shown.HELD if found.holds else Shown.VISIBLE
    found.save()
    for picture in (pictures or [])[: row.rules.pictures]:
        uploads.store(picture, subject=found, actor=actor, kinds=PICTURES, alt=clean_text(alt) or found.title)
    announce(found, actor)
    follow(actor, TOPIC, found.urn)
    return found


def new(
    phase: Phase,
    values: dict[str, Any],
    *,
    author: Pseudonym | None,
    channel: Channel,
    received: dt.datetime,
    actor: Any,
) -> Contribution:
    """The next contribution of a locked phase, not saved yet; its rules hold from now on. Inside the verb's
    transaction."""
    phase.last_number += 1
    row = Contribution(phase=phase, number=phase.last_number, author=author, channel=channel)
    row.due = phase.rules.answer_by(received, timezone.get_current_timezone())
    _apply(row, values)
    participations.freeze(phase, actor=actor)
    phase.save(update_fields=["last_number", "frozen", "changed"])
    return row


def announce(row: Contribution, actor: Any) -> None:
    """The fact that a contribution was received; public where it is shown."""
    emit(
        ContributionReceived(number=row.number, participation=row.phase.participation.title),
        subject=row,
        actor=actor,
        public=row.shown == Shown.VISIBLE,
    )


def _apply(row: Contribution, values: dict[str, Any]) -> None:
    """Set what somebody said. Raises ValidationError by field."""
    if set(values) - FIELDS:
        raise ValueError(f"not changeable: {sorted(set(values) - FIELDS)}")
    rules = row.phase.rules
    row.title = clean_text(values.get("title", row.title)).replace("\n", " ")
    row.text = clean_text(values.get("text", row.text))
    row.place_name = clean_text(values.get("place_name", row.place_name)).replace("\n", " ")
    row.lang = values.get("lang", row.lang)
    problems: dict[str, Any] = {}
    row.topic = _topic(values.get("topic", row.topic), rules.topics, problems)
    if "lon" in values or "lat" in values:
        _place(row, values.get("lon"), values.get("lat"), problems)
    if rules.place == Placed.NO:
        row.unplace()
        row.place_name = ""
    elif rules.place == Placed.REQUIRED and row.geom is None and "lon" not in problems:
        problems["place_name"] = _("Say where, on the map or by the name of a place or street.")
    try:
        row.full_clean(exclude=["number", "author", "due", "key"])
    except ValidationError as error:
        problems = error.message_dict | problems
    if problems:
        raise ValidationError(problems)


def _topic(chosen: Topic | None, allowed: list[str], problems: dict[str, Any]) -> Topic | None:
    if not allowed:
        return None
    if chosen is None or chosen.slug not in allowed:
        problems["topic"] = _("Choose one of the topics.")
        return None
    return chosen


def _place(row: Contribution, lon: float | None, lat: float | None, problems: dict[str, Any]) -> None:
    if lon is None or lat is None:
        row.unplace()
        return
    try:
        row.place_at(lon, lat)
    except GeometryError:
        problems["lon"] = _("This place lies outside of Europe.")
        return
    area = queries.area_of(row.phase.rules)
    if area is not None and not containing(Area.objects.filter(pk=area.pk), lon, lat):
        problems["lon"] = _("This place lies outside of the area that is asked about.")


@transaction.atomic
def change(row: Contribution, values: dict[str, Any], *, version: int, actor: Any) -> Contribution:
    """Change one's own words while the phase is open and nobody examines it. What is changed is looked at again by the
    rules. Raises PermissionDenied, ValidationError, VersionConflict."""
    require(actor, "dialogue.change_contribution", row)
    found = Contribution.locked(row.pk, version)
    if not may_change(actor, found):
        raise ValidationError(_("This contribution can no longer be changed."))
    before = (found.title, found.text)
    _apply(found, values)
    if (found.title, found.text) != before and found.author is not None:
        again = holding.holds(f"{found.title}\n{found.text}", found.author, besides=found)
        if again:
            found.holds, found.shown = again, Shown.HELD
    found.version += 1
    found.save()
    emit(
        ContributionChanged(number=found.number, participation=found.phase.participation.title),
        subject=found,
        actor=actor,
        public=found.shown == Shown.VISIBLE,
    )
    return found


def may_change(person: Any, row: Contribution) -> bool:
    """Whether somebody may still change what they put in."""
    own = row.author is not None and row.author.account_id == getattr(person, "pk", None)
    return own and row.standing == Standing.NEW and row.shown in (Shown.VISIBLE, Shown.HELD) and row.phase.open_at()


@transaction.atomic
def take_back(row: Contribution, *, actor: Any) -> Contribution:
    """Take one's own contribution back: its words go for good, its number stays. Not once it was answered. Raises
    PermissionDenied, ValidationError."""
    require(actor, "dialogue.change_contribution", row)
    found = Contribution.locked(row.pk)
    if found.shown == Shown.WITHDRAWN:
        return found
    if found.standing not in (Standing.NEW, Standing.EXAMINED):
        raise ValidationError(_("It was answered already, and stays."))
    found.title, found.text, found.place_name, found.shown = "–", "", "", Shown.WITHDRAWN
    found.unplace()
    found.version += 1
    found.save()
    for file in StoredFile.objects.filter(subject=found.urn):
        uploads.delete(file, actor="system")
    emit(
        ContributionTakenBack(number=found.number, participation=found.phase.participation.title),
        subject=found,
        actor=actor,
        public=True,
        url=found.phase.get_absolute_url(),
    )
    return found


@transaction.atomic
def support(row: Contribution, wanted: bool, *, actor: Any) -> int:
    """Find a contribution good, or no longer; how many do now. Not one's own. Raises PermissionDenied,
    ValidationError."""
    if not getattr(actor, "is_authenticated", False) or not actor.is_active:
        raise PermissionDenied
    found = Contribution.locked(row.pk)
    if found.shown != Shown.VISIBLE or not found.phase.rules.support or not found.phase.open_at():
        raise ValidationError(_("This is not possible any more, or not yet."))
    if found.author is not None and found.author.account_id == actor.pk:
        raise ValidationError(_("This is your own contribution."))
    if wanted:
        _row, new = Support.objects.get_or_create(contribution=found, account=actor)
        step = 1 if new else 0
    else:
        step = -Support.objects.filter(contribution=found, account=actor).delete()[0]
    if step:
        Contribution.objects.filter(pk=found.pk).update(support=F("support") + step)
    return found.support + step
