"""Keeping what a council decided."""

from collections.abc import Iterable
from dataclasses import asdict

from django.db import transaction

from allmende.spine.facts import emit

from ..enums import ArrivalState
from ..models import CouncilDecision, CouncilSource
from . import shapes
from .facts import CouncilDecisionReceived
from .gathering import Decided, Found, MeetingGone


@transaction.atomic
def keep(source: CouncilSource, found: Iterable[Found]) -> int:
    """Keep what was found, whose caller holds the source locked. What is kept already is brought up to
    date; what is deleted there goes, but for what was taken over. Returns how many are new."""
    return sum(_keep(source, each) for each in found)


def _keep(source: CouncilSource, each: Found) -> bool:
    if isinstance(each, Decided):
        return _put(source, each)
    rows = CouncilDecision.objects.filter(source=source)
    rows = rows.filter(meeting=each.meeting) if isinstance(each, MeetingGone) else rows.filter(oparl_id=each.oparl_id)
    rows.filter(state=ArrivalState.TAKEN).update(gone=True, partial=False)
    rows.exclude(state=ArrivalState.TAKEN).delete()
    return False


def _put(source: CouncilSource, found: Decided) -> bool:
    row = CouncilDecision.objects.select_for_update().filter(oparl_id=found.oparl_id).first()
    if row is not None and row.source_id != source.pk:
        return False  # the same system is entered twice: the first one keeps it
    if found.date is not None and found.date < source.earliest and row is None:
        return False
    new = row is None
    row = row or CouncilDecision(source=source, oparl_id=found.oparl_id)
    told = not new and row.key != ""
    for name, value in asdict(found).items():
        # What could not be looked up this time is not lost.
        if not (found.partial and not new and value in ("", None)):
            setattr(row, name, value)
    row.key, row.gone = shapes.key(row.reference), False
    row.version += not new
    row.save()
    if new or (row.key and not told):
        emit(CouncilDecisionReceived(reference=row.reference, body=row.body), subject=row, actor="oparl")
    return new
