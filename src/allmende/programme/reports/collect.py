"""The document of an annual report: everything that it says, in words, each number with its rows and vintage."""

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from allmende.spine.instance.domain.queries import current

from ..models import Report
from . import course, figures, indicators, measured, sections
from .parts import SCHEMA, Cell, Chapter, Document, chapter, column, instant, rows_of, table, words
from .sections import Frame


def collect(frame: Frame, last: Report | None, replaces: Report | None) -> Document:
    """The published programme in the town's language. `last`: the report made before this one, of whatever year;
    `replaces`: the one of the same year. Within the transaction that keeps the report."""
    with translation.override(settings.LANGUAGE_CODE):
        told = course.measures_on(frame.as_of)
        known = measured.measured(told, frame)
        town = current()
        chapters = [
            course.overview(told, frame),
            course.by_topic(told),
            course.milestones(told, frame),
            course.decisions(told, frame),
            *sections.chapters(frame),
            figures.figures(frame),
            indicators.indicators(known, told, frame),
            _corrections(known, told, last, frame),
        ]
        return {
            "schema": SCHEMA,
            "kind": "annual-report",
            "lang": settings.LANGUAGE_CODE,
            "year": frame.year,
            "title": _("Annual report %(year)s") % {"year": frame.year},
            "programme": town.name,
            "town": town.town,
            "as_of": frame.as_of.isoformat(),
            "as_known_on": instant(frame.as_known_on),
            "replaces": _named(replaces),
            "since": _named(last),
            "chapters": chapters,
        }


def _named(report: Report | None) -> dict[str, str] | None:
    if report is None:
        return None
    return {
        "row": report.urn,
        "title": report.title,
        "as_known_on": instant(report.as_known_on),
        "sha256": report.sha256,
    }


def _corrections(known: measured.Measured, told: list[course.Told], last: Report | None, frame: Frame) -> Chapter:
    title = _("Corrected since the last report")
    if last is None:
        return chapter("corrections", title, [_("This is the first report: there is nothing to correct yet.")], [])
    columns = [
        column("indicator", _("Indicator")), column("period", _("Period of time")),
        column("before", _("Said before"), True), column("after", _("Known now"), True), column("note", _("Note")),
    ]  # fmt: skip
    tables = [
        table(
            "values", _("Corrected values"), columns,
            measured.corrected(known, last.as_known_on, frame.as_known_on),
        ),
        table(
            "definitions", _("Redefined indicators"), [
                column("indicator", _("Indicator")), column("before", _("Said before"), True),
                column("after", _("Known now"), True),
            ],
            _redefined(known, last.document, frame),
        ),
        table(
            "gone", _("Measures that are no longer public"), [column("measure", _("Measure"))],
            _gone(told, last.document),
        ),
    ]  # fmt: skip
    day = course.day(timezone.localdate(last.as_known_on))
    text = [_("Compared with “%(title)s” as known on %(day)s.") % {"title": last.title, "day": day}]
    if not any(each["rows"] for each in tables):
        text.append(_("Nothing was corrected."))
    return chapter("corrections", title, text, tables)


def _redefined(known: measured.Measured, before: Document, frame: Frame) -> list[list[Cell]]:
    said = {row["indicator"]["row"]: row["definition"] for row in rows_of(before, "indicators", "newest")}
    rows = []
    for row in known.indicators:
        old, new = said.get(row.urn), known.definitions[row.pk]
        if old is not None and old["value"] != new:
            rows.append([words(row.title, row.urn), old, indicators.definition(row, new, frame)])
    return rows


def _gone(told: list[course.Told], before: Document) -> list[list[Cell]]:
    """Measures that the last report named: they may be withdrawn or deleted since."""
    public = {each.measure.urn for each in told}
    tables = [part["key"] for each in before["chapters"] if each["key"] == "measures" for part in each["tables"]]
    named = [row["measure"] for key in tables for row in rows_of(before, "measures", key)]
    return [[cell] for cell in named if cell["row"] not in public]
