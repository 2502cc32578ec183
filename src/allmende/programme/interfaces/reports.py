"""Annual reports: list, one report as page, PDF and data, where its numbers come from; making one."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.people.access import access, can

from ..models import Report
from ..reports import freeze, pdf, sources
from ..reports.parts import canonical
from .report_forms import YearForm

PAGE = 50
# A report never changes: whoever has it may keep it.
_KEEP = "public, max-age=86400"


@access("public")
def reports(request: HttpRequest) -> HttpResponse:
    """Annual reports, the newest year first."""
    page = Paginator(freeze.listed(), PAGE).get_page(request.GET.get("page"))
    page.object_list = freeze.with_replaced(page.object_list)
    return render(
        request, "programme/reports.html", {"page": page, "may_make": can(request.user, "programme.make_report")}
    )


@access("public")
def report(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """A report as a page: the twin of the PDF, from the same document."""
    row = get_object_or_404(Report.objects.defer("pdf"), public_id=public_id)
    with translation.override(row.document["lang"]):
        head = list(pdf.facts(row.document, row.sha256))
    return render(request, "programme/report.html", {"report": row, "document": row.document, "head": head})


@access("public")
def report_pdf(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The report as it was printed when it was made."""
    row = get_object_or_404(Report.objects.only("pdf", "year"), public_id=public_id)
    response = HttpResponse(bytes(row.pdf), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="bericht-{row.year}.pdf"'
    response["Cache-Control"] = _KEEP
    return response


@access("public")
def report_json(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The report's document: the bytes whose SHA-256 the report states."""
    row = get_object_or_404(Report.objects.only("document", "year"), public_id=public_id)
    response = HttpResponse(canonical(row.document), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="bericht-{row.year}.json"'
    response["Cache-Control"] = _KEEP
    return response


@access("public")
def source(request: HttpRequest, public_id: uuid.UUID, urn: str) -> HttpResponse:
    """To the page of a row that a report names; where it is gone, a word about that."""
    row = get_object_or_404(Report.objects.defer("pdf", "document"), public_id=public_id)
    try:
        page = sources.page_of(urn)
    except ValueError:
        raise Http404 from None
    if page is not None:
        return redirect(page)
    return render(request, "programme/report_source.html", {"report": row, "urn": urn}, status=410)


@access("programme.make_report")
def make(request: HttpRequest) -> HttpResponse:
    """Choose a year, look at what the report would say (nothing is kept), make it."""
    asked = "year" in request.GET
    form = YearForm(request.GET if asked else None)
    document = None
    if asked and form.is_valid():
        try:
            document = freeze.preview(form.cleaned_data["year"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"form": form, "document": document, "report": None}
    return render(request, "programme/report_make.html", context, status=422 if form.errors else 200)


@access("programme.make_report")
@require_POST
def freeze_report(request: HttpRequest) -> HttpResponse:
    """Make the report of a year."""
    form = YearForm(request.POST)
    if form.is_valid():
        try:
            row = freeze.make_report(form.cleaned_data["year"], actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The report is made. It will not change any more."))
            return redirect(row)
    return render(request, "programme/report_make.html", {"form": form}, status=422)
