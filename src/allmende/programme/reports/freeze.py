"""Making annual reports. A report never changes; one made again stands beside the earlier one and says so."""

import datetime as dt
import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from ..models import Report
from . import pdf
from .collect import collect
from .facts import ReportMade
from .parts import Document, digest
from .sections import Frame

EARLIEST = 1990


def _frame(year: int) -> Frame:
    """Raises ValidationError for a year that no report can be about."""
    now = timezone.now()
    today = timezone.localdate(now)
    if not EARLIEST <= year <= today.year:
        raise ValidationError(
            {"year": _("The year lies outside of %(first)s to %(last)s.") % {"first": EARLIEST, "last": today.year}}
        )
    return Frame(year, min(dt.date(year, 12, 31), today), now)


def _before(year: int) -> tuple[Report | None, Report | None]:
    """The report made last, and the one made last of this year, without its contents."""
    reports = Report.objects.defer("pdf").order_by("-as_known_on", "-pk")
    return reports.first(), reports.filter(year=year).defer("pdf", "document").first()


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for garbage in circles: a large report is a million objects that all stay, and looking
    through them again and again takes a third of the time in which they are made."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def preview(year: int, *, actor: Any) -> Document:
    """What the report would say now; nothing is kept. Raises PermissionDenied, ValidationError by field."""
    require_actor(actor, "programme.make_report")
    with _uncollected():
        return collect(_frame(year), *_before(year))


@transaction.atomic
def make_report(year: int, *, actor: Any) -> Report:
    """Freeze what is public now about a year: the document, its hash, and the PDF made from it.

    Raises PermissionDenied, ValidationError by field.
    """
    require_actor(actor, "programme.make_report")
    with connection.cursor() as cursor:
        # One report at a time, since each names the one before; nothing is published while it is put together, or
        # its chapters would tell of different moments.
        cursor.execute("LOCK TABLE programme_report IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("LOCK TABLE programme_measure IN SHARE MODE")
    frame = _frame(year)
    last, replaces = _before(year)
    with _uncollected():
        document = collect(frame, last, replaces)
    report = Report(
        year=year, title=document["title"], as_known_on=frame.as_known_on, document=document, sha256=digest(document)
    )
    report.pdf = pdf.render(document, report.sha256)
    report.save()
    emit(ReportMade(title=report.title, year=year, again=replaces is not None), subject=report, actor=actor)
    return report


def listed() -> QuerySet[Report]:
    """All reports, the newest year first, without their contents."""
    return Report.objects.only("public_id", "year", "title", "as_known_on")


def with_replaced(rows: Iterable[Report]) -> list[Report]:
    """The reports, each with `replaced`: the newest of its year, where that is another one. One query."""
    found = list(rows)
    newest: dict[int, Report] = {}
    for row in listed().filter(year__in={row.year for row in found}).order_by("as_known_on", "pk"):
        newest[row.year] = row
    for row in found:
        row.replaced = newest[row.year] if newest[row.year].pk != row.pk else None  # type: ignore[attr-defined]
    return found
