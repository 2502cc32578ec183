"""How decisions look: tables as tables, their edited form, the way to a result, test cases."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext, pgettext
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import pill

from ..core.dmn.sheets import Sheet
from ..domain import decisions_words as words
from ..domain.decisions_cases import Run
from ..domain.decisions_editing import Line, cell_label, column_title
from ..domain.decisions_trial import Question, Way

register = template.Library()


@register.filter
def policy(sheet: Sheet) -> str:
    """What counts where several rules fit, in words."""
    return words.policy(sheet)


@register.filter
def said(value: Any) -> str:
    """A value as people write it."""
    return words.value(value)


@register.filter
def type_said(name: str) -> str:
    return words.type_name(name)


def _code(text: str) -> SafeString:
    return format_html("<code>{}</code>", text) if text else format_html("")


@register.simple_tag
def sheet_table(sheet: Sheet) -> SafeString:
    """A decision table to be read."""
    columns = [Column(_("Rule"), lambda pair: pair[0], heading=True)]
    for at, each in enumerate(sheet.columns):
        if each.kind == "note" and not any(row.cells[at] for row in sheet.rows):
            continue
        columns.append(Column(column_title(each, at), _cell(at, each.kind == "note")))
    return table(sheet.name, columns, enumerate(sheet.rows, 1))


def _cell(at: int, plain: bool) -> Any:
    return lambda pair: pair[1].cells[at] if plain else _code(pair[1].cells[at])


@register.simple_tag
def question_table(rows: Iterable[Question]) -> SafeString:
    columns = [
        Column(_("Input"), lambda each: each.name, heading=True),
        Column(_("Kind of value"), _kind),
        Column(_("What it means"), lambda each: each.help or "–"),
    ]
    return table(_("What it depends on"), columns, rows)


def _kind(each: Question) -> str:
    name = words.type_name(each.type)
    if not each.choices:
        return name
    choices = ", ".join(each.choices)
    return gettext("Any of: %(choices)s") % {"choices": choices} if each.many else f"{name}: {choices}"


@register.simple_tag
def need_table(rows: Iterable[Any]) -> SafeString:
    """The graph of decisions as a list, each after those that it needs."""
    columns = [
        Column(_("Decision"), lambda each: each.name, heading=True),
        Column(_("Asks for"), lambda each: ", ".join(each.needs) or "–"),
        Column(_("How it decides"), _how),
    ]
    return table(_("What is decided"), columns, rows)


def _how(each: Any) -> str:
    if each.places:
        return ngettext("by a table", "by tables", len(each.places))
    return gettext("by expressions") if each.lines else "–"


def _answer(answer: str) -> SafeString:
    kind = {"yes": "active", "no": "neutral"}.get(answer, "warning")
    return pill(words.ANSWERS[answer], kind)


@register.simple_tag
def way_table(way: Way) -> SafeString:
    """Every rule of a table at work: what each cell said, and whether the rule fits."""
    columns = [Column(_("Rule"), lambda line: line.number, heading=True)]
    columns.append(Column(pgettext("decision", "Fits"), _fits))
    for at, name in enumerate(way.columns):
        columns.append(Column(name, _told(at)))
    for at, name in enumerate(way.outputs):
        columns.append(Column(name, _result(at)))
    if any(line.note for line in way.lines):
        columns.append(Column(_("Remark"), lambda line: line.note))
    return table(way.name, columns, way.lines)


def _fits(line: Any) -> SafeString:
    return pill(gettext("fits"), "active") if line.fired else pill(gettext("does not fit"), "neutral")


def _told(at: int) -> Any:
    return lambda line: format_html("<span>{} {}</span>", _code(line.cells[at].text), _answer(line.cells[at].answer))


def _result(at: int) -> Any:
    return lambda line: _code(line.outputs[at]) if at < len(line.outputs) else ""


@register.simple_tag(takes_context=True)
def run_table(context: Any, rows: Sequence[Run], may_change: bool) -> SafeString:
    """Test cases with what came of them."""
    version = context["version"]
    columns = [
        Column(_("Test case"), lambda each: _case(each, version), heading=True),
        Column(_("Passes"), _passed),
        Column(_("Expected"), lambda each: words.value(each.expected)),
        Column(pgettext("test case", "Came out"), _found),
    ]
    if may_change:
        columns.append(Column(_("Remove"), _remove, quiet=True))
    return table(_("Test cases"), columns, rows)


def _case(each: Run, version: Any) -> SafeString:
    from django.urls import reverse

    url = reverse("process:decision_trial", args=[version.public_id])
    return format_html(
        '<a href="{}?entscheidung={}&amp;fall={}">{}</a>', url, each.case.decision, each.case.public_id, each.case
    )


def _passed(each: Run) -> SafeString:
    if each.passed:
        return pill(gettext("passes"), "active")
    return format_html("<span>{} {}</span>", pill(gettext("fails"), "warning"), each.why)


def _found(each: Run) -> str:
    if each.passed:
        return gettext("as expected")
    return words.value(each.found) if each.found is not None else "–"


def _remove(each: Run) -> SafeString:
    return format_html(
        '<button class="kern-btn kern-btn--tertiary" name="action" value="remove:{}"><span class="kern-label">{}'
        '<span class="kern-sr-only">: {}</span></span></button>',
        each.case.public_id,
        gettext("Remove"),
        each.case,
    )


# ---- a table that is edited ----

_INPUT = (
    '<textarea class="al-cell" name="{0}" id="{0}" rows="{4}" aria-label="{2}" maxlength="2000" spellcheck="false"{3}>'
    "\n{1}</textarea>"
)


def _field(name: str, text: str, label: str, fault: str) -> SafeString:
    rows = min(6, len(text) // 16 + 1)
    if not fault:
        return format_html(_INPUT, name, text, label, "", rows)
    more = format_html(' aria-invalid="true" aria-describedby="{}_error"', name)
    message = format_html('<div class="kern-error" id="{}_error"><p class="kern-body">{}</p></div>', name, fault)
    return format_html("<div>{}{}</div>", format_html(_INPUT, name, text, label, more, rows), message)


@register.simple_tag
def rule_grid(sheet: Sheet, lines: Sequence[Line]) -> SafeString:
    """The rules of a page as a form: a field for each cell, the place of the rule, whether it goes."""
    titles = [column_title(each, at) for at, each in enumerate(sheet.columns)]
    place, gone = pgettext("order", "Place"), gettext("Remove")
    head = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in [place, *titles, gone]))
    body = format_html_join("\n", "{}", ((_line(sheet, titles, at, line),) for at, line in enumerate(lines)))
    return format_html(
        '<table class="al-table al-grid"><caption class="kern-sr-only">{}</caption>\n<thead><tr>{}</tr></thead>\n'
        "<tbody>\n{}</tbody></table>",
        sheet.name,
        head,
        body,
    )


def _line(sheet: Sheet, titles: Sequence[str], at: int, line: Line) -> SafeString:
    number = format_html(
        '<td data-label="{}"><span><input type="hidden" name="uid-{}" value="{}">'
        '<input class="al-cell al-cell--number" type="number" min="1" max="99999" name="number-{}" value="{}" '
        'aria-label="{}"></span></td>',
        pgettext("order", "Place"), at, line.uid, at, line.number,
        gettext("Rule %(number)d, place") % {"number": line.number},
    )  # fmt: skip
    cells = format_html_join(
        "",
        '<td data-label="{}">{}</td>',
        (
            (
                title,
                _field(f"cell-{at}-{place}", text, cell_label(line.number, column, place), line.faults.get(place, "")),
            )
            for place, (title, column, text) in enumerate(zip(titles, sheet.columns, line.cells, strict=True))
        ),
    )
    gone = format_html(
        '<td data-label="{}"><input type="checkbox" class="kern-form-check__checkbox" name="gone-{}" value="1" '
        'aria-label="{}"{}></td>',
        gettext("Remove"), at, gettext("Remove rule %(number)d") % {"number": line.number},
        format_html(" checked") if line.gone else "",
    )  # fmt: skip
    return format_html("<tr>{}{}{}</tr>", number, cells, gone)
