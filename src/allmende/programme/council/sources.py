"""Which council information systems are asked, and when."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from procrastinate.exceptions import AlreadyEnqueued

from allmende.spine.facts import emit
from allmende.spine.outgoing import OutgoingError, check
from allmende.spine.people.access import require_actor

from ..models import CouncilSource
from .facts import CouncilSourceChanged

RIGHT = "programme.manage_council"
FIELDS = ("name", "url", "earliest", "hours", "enabled")


@transaction.atomic
def put(values: Mapping[str, Any], *, row: CouncilSource | None = None, actor: Any) -> CouncilSource:
    """Add a source, or change `row`; what is not given stays. Another address or an earlier day begins a round anew.

    Raises PermissionDenied, ValidationError by field.
    """
    require_actor(actor, RIGHT)
    source = CouncilSource() if row is None else CouncilSource.locked(row.pk)
    before = (source.url, source.earliest)
    for name in FIELDS:
        if name in values:
            setattr(source, name, values[name])
    source.full_clean()
    try:
        check(source.url)
    except OutgoingError as error:
        raise ValidationError({"url": [str(error)]}) from None
    if row is not None and (source.url != before[0] or source.earliest < before[1]):
        source.since, source.page, source.begun, source.seen, source.tried = None, "", None, [], None
    source.version += row is not None
    source.save()
    how = "added" if row is None else "changed"
    emit(CouncilSourceChanged(name=source.name, how=how), subject=source, actor=actor)
    return source


@transaction.atomic
def remove(row: CouncilSource, *, actor: Any) -> None:
    """Forget a source and what arrived from it. What was taken over stays with its measures. Raises
    PermissionDenied."""
    require_actor(actor, RIGHT)
    source = CouncilSource.locked(row.pk)
    name, urn = source.name, source.urn
    source.delete()
    emit(CouncilSourceChanged(name=name, how="removed"), subject=urn, actor=actor)


def due(now: dt.datetime | None = None) -> QuerySet[CouncilSource]:
    """Sources that are to be asked now."""
    moment = now or timezone.now()
    ready = [
        row.pk
        for row in CouncilSource.objects.filter(enabled=True)
        if row.tried is None or row.tried + dt.timedelta(hours=row.hours) <= moment
    ]
    return CouncilSource.objects.filter(pk__in=ready)


def ask(row: CouncilSource, *, actor: Any) -> None:
    """Ask a source now, unless it is being asked. Raises PermissionDenied."""
    require_actor(actor, RIGHT)
    enqueue(row.pk)


def enqueue(pk: int) -> bool:
    """Whether a run of a source was put into the queue; False where one waits there."""
    from .tasks import walk_source  # which calls us

    name = f"programme.council:{pk}"
    try:
        with transaction.atomic():
            walk_source.configure(lock=name, queueing_lock=name).defer(source=pk)
    except AlreadyEnqueued:
        return False
    return True
