"""The chapter of figures: numbers of the whole programme as their sources state them."""

from django.utils.translation import gettext as _

from ..domain.queries import Matter, matters
from ..models import Figure
from ..templatetags.programme import figure_value
from .course import NONE
from .parts import Cell, Chapter, chapter, column, figure, table, words
from .sections import Frame


def figures(frame: Frame) -> Chapter:
    """Every figure of the whole programme with its source; contradicting ones stand side by side. One query."""
    found = matters(Figure.objects.filter(measure__isnull=True, vintage__lte=frame.as_known_on))
    rows = [_figure(row, matter) for matter in found for row in matter.figures]
    columns = [
        column("matter", _("Matter")), column("value", _("Value"), True), column("period", _("Period")),
        column("source", _("Source")), column("note", _("Note")),
    ]  # fmt: skip
    text = [] if rows else [_("No figure of the whole programme is recorded.")]
    if any(matter.contradictory for matter in found):
        text.append(_("Where sources contradict each other, both are shown."))
    return chapter("figures", _("Figures"), text, [table("figures", _("Figures and their sources"), columns, rows)])


def _figure(row: Figure, matter: Matter) -> list[Cell]:
    title = f"{matter.title} {_('(several statements)')}" if len(matter.figures) > 1 else matter.title
    unit = "EUR cent" if row.is_money else row.unit
    return [
        words(title, row.urn),
        figure(figure_value(row), row.value, [row.urn], row.vintage, unit),
        words(row.period or NONE),
        words(row.source_title),
        words(row.note or NONE),
    ]
