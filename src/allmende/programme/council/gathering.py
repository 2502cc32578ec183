"""From an agenda item to what is kept of it: the meeting, the body and the paper are looked up where they are not
inside."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from . import shapes
from .client import Client
from .problems import CouncilProblem
from .shapes import Object


@dataclass(frozen=True)
class Decided:
    """An agenda item with a result. `partial`: something could not be read just now, so it is asked again."""

    oparl_id: str
    meeting: str
    title: str
    reference: str
    paper: str
    body: str
    date: dt.date | None
    result: str
    text: str
    url: str
    modified: dt.datetime | None
    partial: bool


@dataclass(frozen=True)
class Undone:
    """An agenda item without a public result (any more)."""

    oparl_id: str


@dataclass(frozen=True)
class MeetingGone:
    """A meeting that was deleted with everything in it."""

    meeting: str


Found = Decided | Undone | MeetingGone
# What a look-up answers that will not be better another time.
_FOR_GOOD = ("404", "410", "403", "401")


class _Look:
    """Looks things up for one agenda item and remembers whether something failed that may work another time."""

    def __init__(self, client: Client) -> None:
        self._client, self.partial = client, False

    def object(self, value: Any) -> Object:
        """An object that is inside or named by its address; empty where it cannot be had."""
        named = shapes.first(value)
        if isinstance(named, dict) and len(named) > 2:
            return named
        address = shapes.identity(named)
        if not address:
            return {}
        if self._client.left <= 0:
            self.partial = True
            return {}
        try:
            found = self._client.look_up(address)
        except CouncilProblem as problem:
            for_good = problem.code == "elsewhere" or (problem.code == "status" and problem.about.startswith(_FOR_GOOD))
            self.partial = self.partial or not for_good
            return {}
        return {} if shapes.is_deleted(found) else found


def found_in(obj: Object, client: Client, unchanged: Any) -> Iterator[Found]:
    """What an object of a list (a meeting, or an agenda item) tells. `unchanged(id, modified)`: it is kept already, as
    it stands.

    Raises CouncilProblem where a list names an agenda item that cannot be read: it would be lost silently."""
    if shapes.kind(obj) == "Meeting" and shapes.is_deleted(obj):
        if address := shapes.identity(obj):
            yield MeetingGone(address)
        return
    for each, meeting in shapes.agenda(obj):
        look = _Look(client)
        address = shapes.identity(each)
        if not address:
            continue
        item = each if isinstance(each, dict) and len(each) > 2 else client.get(address)
        cancelled = meeting is not None and meeting.get("cancelled") is True
        if cancelled or not shapes.decides(item):
            yield Undone(address)
        elif not unchanged(address, shapes.moment(item.get("modified"))):
            yield _decided(address, item, meeting, look)


def _decided(address: str, item: Object, inside: Object | None, look: _Look) -> Decided:
    meeting = inside if inside is not None else look.object(item.get("meeting"))
    body = look.object(meeting.get("organization"))
    consultation = look.object(item.get("consultation"))
    paper = look.object(consultation.get("paper"))
    file = shapes.first(item.get("resolutionFile"))
    download = file.get("accessUrl") if isinstance(file, dict) else ""
    return Decided(
        oparl_id=address,
        meeting=shapes.identity(meeting) or shapes.identity(item.get("meeting")),
        title=shapes.text(item.get("name"), 500),
        reference=shapes.text(paper.get("reference"), 120),
        paper=shapes.text(paper.get("name"), 500),
        body=shapes.text(body.get("name") or body.get("shortName") or meeting.get("name"), 120),
        date=shapes.day(item.get("start") or meeting.get("start"), timezone.get_default_timezone()),
        result=shapes.text(item.get("result"), 300),
        text=shapes.resolution(item),
        url=shapes.web(item.get("web"), meeting.get("web"), paper.get("web"), download),
        modified=shapes.moment(item.get("modified")),
        partial=look.partial,
    )
