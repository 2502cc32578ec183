"""How the programme's values look."""

import functools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.formats import money, number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill, when

from ..enums import Maturity, Unit
from ..models import Figure, Measure

register = template.Library()

KINDS = {
    Maturity.IDEA: "neutral",
    Maturity.PILOT: "planned",
    Maturity.OPERATION: "active",
    Maturity.SCALED: "active",
    Maturity.ENDED: "stopped",
}


@register.simple_tag
def maturity_pill(measure: Measure) -> SafeString:
    return _maturity_pill(measure.maturity, get_language() or "")


@functools.lru_cache(maxsize=64)
def _maturity_pill(value: str, language: str) -> SafeString:
    stage = Maturity(value)
    return pill(stage.label, KINDS[stage])


def _title(measure: Measure) -> SafeString:
    address = measure.get_absolute_url()
    if measure.lang == get_language():
        return format_html('<a href="{}">{}</a>', address, measure.title)
    return format_html('<a href="{}" lang="{}">{}</a>', address, measure.lang, measure.title)


MEASURES = [
    Column(_("Measure"), _title, heading=True),
    Column(_("Stage"), maturity_pill),
    Column(_("Topic"), lambda measure: measure.topic),
    Column(_("Last changed"), lambda measure: when(measure.changed)),
]


@register.simple_tag
def measure_table(rows: Iterable[Measure]) -> SafeString:
    """Published measures, with topic, as everybody sees them."""
    return table(_("Measures"), MEASURES, rows)


@register.simple_tag
def figure_value(figure: Figure) -> str:
    """The figure as its source states it: "more than 1,600,000 €"."""
    value: Any = figure.value
    if figure.is_money:
        text = money(int(value))
    else:
        plain = int(value) if value == value.to_integral_value() else Decimal(value)
        text = number(plain, unit=str(Unit(figure.unit).label))
    return f"{figure.qualifier} {text}".strip()


@register.filter
def paragraphs(text: str) -> SafeString:
    """Plain text as paragraphs; HTML in it stays text."""
    parts = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return mark_safe("".join(format_html("<p>{}</p>", _lines(part)) for part in parts))  # noqa: S308 - each part is escaped


def _lines(part: str) -> SafeString:
    lines = part.split("\n")
    return mark_safe("<br>".join(format_html("{}", line) for line in lines))  # noqa: S308 - each line is escaped
