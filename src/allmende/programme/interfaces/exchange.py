"""In and out of the programme in the browser: a list in by steps, everything out, the public archive."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from allmende.spine.people.access import access, require_actor
from allmende.spine.people.models import Account
from allmende.spine.ui.formats import number
from allmende.spine.ui.tables import Column, table
from allmende.spine.ui.templatetags.ui import when

from ..exchange import archive, files, importing, mapping, xlsx_out
from ..exchange.problems import FileRefused, Located
from ..models import ImportState, ListImport, Programme
from . import exchange_previews as previews
from .exchange_forms import ColumnsForm, SheetForm, UploadForm

TYPES = {"json": "application/json", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def _mine(request: HttpRequest, public_id: uuid.UUID) -> ListImport:
    # Somebody else's upload is nobody's business.
    return get_object_or_404(ListImport, public_id=public_id, account=request.user)


def _open(request: HttpRequest, public_id: uuid.UUID) -> ListImport:
    """One's own upload that may still be prepared."""
    row = _mine(request, public_id)
    if row.state not in (ImportState.NEW, ImportState.FAILED):
        raise Http404
    return row


@access("programme.add_measure")
def upload(request: HttpRequest) -> HttpResponse:
    """Send a list of measures, or a file that was exported here."""
    assert isinstance(request.user, Account)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            row = importing.upload(request.user, file.name, file.read(importing.workbook.LARGEST + 1))
        except FileRefused as error:
            form.add_error("file", str(error))
        else:
            return redirect("programme:import_preview" if row.whole else "programme:import_sheet", row.public_id)
    recent = ListImport.objects.filter(account=request.user).defer("data")[:10]
    context = {"form": form, "recent": recent_table(recent) if recent else ""}
    return render(request, "programme/exchange_upload.html", context, status=422 if form.errors else 200)


def _address(row: ListImport) -> str:
    route = "import_preview" if row.state in (ImportState.NEW, ImportState.CHECKING) else "import_progress"
    return reverse(f"programme:{route}", args=[row.public_id])


RECENT = [
    Column(
        gettext_lazy("File"),
        lambda row: format_html('<a href="{}">{}</a>', _address(row), row.file_name),
        heading=True,
    ),
    Column(gettext_lazy("State"), lambda row: row.get_state_display()),
    Column(gettext_lazy("When"), lambda row: when(row.created, "time")),
]


def recent_table(rows: Any) -> str:
    return table(_("Your last imports"), RECENT, rows)


@access("programme.add_measure")
def sheet(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say on which sheet and under which headings the list stands."""
    row = _open(request, public_id)
    if row.whole:
        return redirect("programme:import_preview", row.public_id)
    pages = importing.pages_of(row)
    form = SheetForm(pages, row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            importing.choose_sheet(row, form.cleaned_data["sheet"], form.cleaned_data["header"])
        except ValidationError as error:
            form.add_error("header", error)
        else:
            return redirect("programme:import_columns", row.public_id)
    page = next((page for page in pages if page.title == row.sheet), pages[0])
    context = {"form": form, "row": row, "sample": _sample(page)}
    return render(request, "programme/exchange_sheet.html", context, status=422 if form.errors else 200)


def _sample(page: Any) -> str:
    """The first rows of a sheet, a line each: enough to find the headings."""
    columns = [
        Column(_("Row"), lambda each: each[0], heading=True),
        Column(_("What stands there"), lambda each: " | ".join(_texts(each[1]))[:300]),
    ]
    return table(_("The first rows of the sheet"), columns, page.rows[:12])


def _texts(cells: Any) -> list[str]:
    return [text for cell in cells if (text := mapping.as_text(cell.value))]


@access("programme.add_measure")
def columns(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Say what each column of the list is."""
    row = _open(request, public_id)
    if row.whole:
        return redirect("programme:import_preview", row.public_id)
    try:
        found = importing.listed(row)
    except ValidationError:
        return redirect("programme:import_sheet", row.public_id)
    form = ColumnsForm(found, row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            said = {name: form.cleaned_data[name] for name in ("decision_body", "decision_kind")}
            importing.choose_columns(row, form.columns(), form.cleaned_data["topic"], **said)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("programme:import_preview", row.public_id)
    context = {"form": form, "row": row, "count": len(found.rows)}
    return render(request, "programme/exchange_columns.html", context, status=422 if form.errors else 200)


@access("programme.add_measure")
def preview(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """What importing would do, with everything that is wrong by its cell; then import all rows or none."""
    row = _mine(request, public_id)
    if row.state == ImportState.CHECKING:
        return redirect("programme:import_progress", row.public_id)
    row = _open(request, public_id)
    if request.method == "POST" and "names" not in request.POST:
        if row.whole and "again" in request.POST:
            importing.check_file(row)
            return redirect("programme:import_preview", row.public_id)
        importing.start(row)
        return redirect("programme:import_progress", row.public_id)
    if row.whole:
        return render(request, "programme/exchange_preview_file.html", previews.of_file(row))
    try:
        plan = importing.plan(row)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("programme:import_columns", row.public_id)
    context = previews.of_list(row, plan, request.POST if request.method == "POST" else None)
    form = context["names"]
    if form is not None and form.is_bound and form.is_valid():
        importing.answer(row, **form.answers())
        return redirect("programme:import_preview", row.public_id)
    bad = form is not None and bool(form.errors)
    return render(request, "programme/exchange_preview.html", context, status=422 if bad else 200)


_NAMES = {
    "measures": gettext_lazy("New measures"),
    "measures_changed": gettext_lazy("Changed measures"),
    "measures_same": gettext_lazy("Measures that stay as they are"),
    "topics": gettext_lazy("New topics"),
    "phases": gettext_lazy("New phases"),
    "parties": gettext_lazy("New parties"),
    "values": gettext_lazy("New values of indicators"),
}


@access("programme.add_measure")
def progress(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """How far an import is, and what came of it."""
    row = _mine(request, public_id)
    problems = [Located(where, message) for where, message in row.problems]
    context = {
        "row": row,
        "busy": row.state in (ImportState.CHECKING, ImportState.WAITING, ImportState.RUNNING),
        "finished": row.state == ImportState.DONE,
        "failed": row.state == ImportState.FAILED,
        "results": [(_NAMES[key], number(row.result[key])) for key in _NAMES if key in row.result],
        "problems": previews.problem_table(problems) if problems else "",
    }
    return render(request, "programme/exchange_progress.html", context)


@access("programme.add_measure")
@require_POST
def forget(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Throw an upload away, also while it is checked."""
    row = _mine(request, public_id)
    (row if row.state == ImportState.CHECKING else _open(request, public_id)).delete()
    messages.success(request, _("The file is thrown away."))
    return redirect("programme:import")


@access("signed_in")
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """Everything of the programme with its drafts, for those who may see the whole town's."""
    require_actor(request.user, "programme.view_measure")
    if kind not in TYPES:
        raise Http404
    programme = Programme.objects.first()
    if programme is None:
        raise Http404
    try:
        data = files.write(programme, kind)
    except xlsx_out.DoesNotFit as error:
        return render(request, "programme/exchange_too_long.html", {"reason": str(error)}, status=422)
    response = HttpResponse(data, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="programm-{timezone.localdate():%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


@access("public")
def open_data(request: HttpRequest) -> HttpResponse:
    """All public data of the programme: link, date, licence, what is in it."""
    context = {"licence": archive.LICENCE, "tables": archive.contents_table(), "changed": archive.newest()}
    return render(request, "programme/exchange_open_data.html", context)


@access("public")
def open_data_zip(request: HttpRequest) -> StreamingHttpResponse:
    """All public data as one dated ZIP of CSV files, with data dictionary and corrections log."""
    response = StreamingHttpResponse(archive.stream(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="programm-{timezone.localdate():%Y-%m-%d}.zip"'
    return response
