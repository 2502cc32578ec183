"""Staff pages on which a decision table is edited: its rules, and its columns with what counts where several fit. Forms
as any other: what was typed goes back and forth until it is saved."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access
from allmende.spine.ui.conflicts import Difference

from ..core.dmn.sheets import Column, Sheet
from ..domain import decisions as verbs
from ..domain import decisions_editing as editing
from ..domain import decisions_reading as reading
from ..domain import decisions_words as words
from ..domain.decisions_editing import Line
from ..models import Version
from .decisions import version_or_404
from .decisions_forms import ColumnForm, HeadForm, column_form, column_forms


def _sheet(row: Version, place: int) -> Sheet:
    sheets = reading.of(row).sheets
    if place >= len(sheets):
        raise Http404
    return sheets[place]


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and 0 < len(text) < 7 else otherwise


# ---- rules ----


@access("process.change_model")
def rules(request: HttpRequest, public_id: uuid.UUID, place: int) -> HttpResponse:
    """The rules of a table, some at a time: cells, remarks, order, new ones, those that go."""
    row = version_or_404(public_id)
    sheet = _sheet(row, place)
    if request.method != "POST":
        first = min(_number(request.GET.get("ab"), 1) or 1, max(1, len(sheet.rows)))
        return _rules_page(request, row, sheet, editing.lines(sheet, first), first)
    first = _number(request.POST.get("first"), 1)
    page = _typed(request, sheet)
    if request.POST.get("action") == "add":
        page.append(editing.new_line(sheet, (page[-1].number if page else len(sheet.rows)) + 1))
        return _rules_page(request, row, sheet, page, first, base=_number(request.POST.get("base"), 0))
    return _save_rules(request, row, sheet, page, first)


def _typed(request: HttpRequest, sheet: Sheet) -> list[Line]:
    """The lines of a page as they were sent."""
    sent, found = request.POST, []
    for at in range(min(_number(sent.get("lines"), 0), 2 * editing.per_page(sheet))):
        cells = [sent.get(f"cell-{at}-{column}", "") for column in range(len(sheet.columns))]
        found.append(
            Line(sent.get(f"uid-{at}", ""), _number(sent.get(f"number-{at}"), 1), cells, bool(sent.get(f"gone-{at}")))
        )
    return found


def _save_rules(request: HttpRequest, row: Version, sheet: Sheet, page: list[Line], first: int) -> HttpResponse:
    base = _number(request.POST.get("base"), 0)
    merged, places = editing.merge(sheet, page)
    if request.POST.get("action") == "check":
        rest = editing.mark(page, places, verbs.check(merged))
        return _rules_page(request, row, sheet, page, first, base=base, errors=rest, checked=True)
    try:
        saved = verbs.save_table(row, merged, expected=base, actor=request.user)
    except verbs.Faulty as error:
        rest = editing.mark(page, places, error.faults)
        return _rules_page(request, row, sheet, page, first, base=base, errors=rest, status=422)
    except VersionConflict as error:
        now = _sheet(error.current, place=sheet.place)
        found = editing.differences(page, now)
        return _rules_page(request, error.current, now, page, first, conflict=found, status=409)
    except ValidationError as error:
        return _rules_page(request, row, sheet, page, first, base=base, errors=error.messages, status=422)
    messages.success(request, _("Saved."))
    response = redirect("process:decision_rules", saved.public_id, sheet.place)
    shown = max(
        [place + 1 for line, place in zip(page, places, strict=True) if not line.uid and place is not None] or [0]
    )
    first = shown if shown >= first + editing.per_page(sheet) else first
    response["Location"] += f"?ab={first}" if first > 1 else ""
    return response


def _rules_page(
    request: HttpRequest,
    row: Version,
    sheet: Sheet,
    page: list[Line],
    first: int,
    *,
    base: int = 0,
    errors: list[str] | None = None,
    conflict: list[Difference] | None = None,
    checked: bool = False,
    status: int = 200,
) -> HttpResponse:
    step = editing.per_page(sheet)
    starts = [(start, min(start + step - 1, len(sheet.rows))) for start in range(1, len(sheet.rows) + 1, step)]
    wrong = [(at, column) for at, line in enumerate(page) for column in sorted(line.faults)]
    context = {
        "version": row,
        "model": row.model,
        "sheet": sheet,
        "lines": page,
        "first": first,
        "base": base or row.version,
        "parts": starts if len(starts) > 1 else [],
        "errors": errors or [],
        "wrong": [
            (
                f"cell-{at}-{column}",
                editing.cell_label(page[at].number, sheet.columns[column], column),
                page[at].faults[column],
            )
            for at, column in wrong
        ],
        "faults": len(wrong) + len(errors or []),
        "fine": checked and not wrong and not errors,
        "conflict": conflict is not None,
        "differences": conflict,
        "saved_by": row.author if conflict is not None else None,
        "saved_at": row.changed,
        "policy": words.policy(sheet),
    }
    return render(request, "process/decision_rules.html", context, status=status)


# ---- columns ----


@access("process.change_model")
def columns(request: HttpRequest, public_id: uuid.UUID, place: int) -> HttpResponse:
    """The columns of a table, and what counts where several rules fit."""
    row = version_or_404(public_id)
    sheet = _sheet(row, place)
    if request.method != "POST":
        head = HeadForm(initial={"policy": sheet.policy, "aggregation": sheet.aggregation})
        return _columns_page(request, row, sheet, head, column_forms(sheet))
    count = min(_number(request.POST.get("columns"), 0), reading.MOST_COLUMNS)
    head, found = HeadForm(request.POST), column_forms(sheet, request.POST, count=count)
    action = request.POST.get("action", "")
    base = _number(request.POST.get("base"), 0)
    if action in ("add:input", "add:output", "add:note"):
        blank = column_form(sheet, {each.type for each in sheet.columns}, Column(action[4:]), len(found))
        return _columns_page(request, row, sheet, head, [*found, blank], base=base)
    valid = [each.is_valid() for each in (head, *found)]
    if not all(valid):
        return _columns_page(request, row, sheet, head, found, base=base, status=422)
    return _save_columns(request, row, sheet, head, found, base)


def _save_columns(
    request: HttpRequest, row: Version, sheet: Sheet, head: HeadForm, found: list[ColumnForm], base: int
) -> HttpResponse:
    kept = [each for each in found if not each.cleaned_data["gone"]]
    kept.sort(key=lambda each: (editing.KINDS.index(each.which), each.cleaned_data["number"]))
    told = head.cleaned_data
    made = editing.with_columns(sheet, [each.column() for each in kept], told["policy"], told["aggregation"])
    inputs = [
        (each.cleaned_data["text"].strip(), each.cleaned_data["type"])
        for each in kept
        if each.which == "input" and each.cleaned_data["new"]
    ]
    try:
        saved = verbs.save_table(row, made, expected=base, new_inputs=inputs, actor=request.user)
    except verbs.Faulty as error:
        rest = []
        for fault in error.faults:
            if fault.column is not None and fault.row is None:
                kept[fault.column].add_error(fault.field or "text", words.fault(fault))
            else:
                rest.append(words.fault_with_place(replace(fault, line=0), [*reading.of(row).sheets]))
        if rest:
            head.add_error(None, rest)
        return _columns_page(request, row, sheet, head, found, base=base, status=422)
    except VersionConflict as error:
        now = _sheet(error.current, sheet.place)
        return _conflict(request, error.current, now, head, found)
    except ValidationError as error:
        head.add_error(None, error.messages)
        return _columns_page(request, row, sheet, head, found, base=base, status=422)
    messages.success(request, _("Saved."))
    return redirect("process:decision_columns", saved.public_id, sheet.place)


def _conflict(request: HttpRequest, row: Version, now: Sheet, head: HeadForm, found: list[ColumnForm]) -> HttpResponse:
    """What was typed beside what is saved by now; the forms keep what was typed."""
    saved = {(each.kind, each.key): each for each in now.columns}
    differ = []
    for each in found:
        there = saved.get((each.which, each.cleaned_data["key"]))
        if there is None:
            continue
        for name in ("label", "text", "type", "allowed", "default"):
            yours, theirs = each.cleaned_data.get(name), getattr(there, name)
            if yours is not None and yours != theirs:
                title = editing.column_title(there, 0)
                differ.append(Difference(name, f"{title}: {each[name].label}", yours, theirs))
    return _columns_page(request, row, now, head, found, conflict=differ, status=409)


def _columns_page(
    request: HttpRequest,
    row: Version,
    sheet: Sheet,
    head: HeadForm,
    found: list[ColumnForm],
    *,
    base: int = 0,
    conflict: list[Difference] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "version": row,
        "model": row.model,
        "sheet": sheet,
        "head": head,
        "columns": found,
        "base": base or row.version,
        "names": sorted(sheet.names),
        "conflict": conflict is not None,
        "differences": conflict,
        "saved_by": row.author if conflict is not None else None,
        "saved_at": row.changed,
    }
    return render(request, "process/decision_columns.html", context, status=status)
