"""Pages for the data protection officer, the auditor and the archivist."""

import uuid
from collections.abc import Iterator

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require

from ..domain import access_log as log
from ..domain import archive, retention
from ..domain import record as art30
from ..models import ArchiveOffer
from .forms import AccessFilterForm, DecisionForm
from .views import role_label

PAGE = 50


@access("privacy.view_record")
@require_safe
def record(request: HttpRequest) -> HttpResponseBase:
    """The record of processing activities (Art. 30 GDPR)."""
    context = art30.record(request.user) | {"may_log": can(request.user, "privacy.view_access_log")}
    return render(request, "privacy/record.html", context)


@access("privacy.view_record")
@require_safe
def record_csv(request: HttpRequest) -> HttpResponseBase:
    """The record of processing activities as CSV; the export itself is recorded."""
    art30.export(request.user, "record")
    rows = [[entry[name] for name in art30.COLUMNS] for entry in art30.record(request.user)["activities"]]
    return _csv(iter([archive.csv_text(list(art30.COLUMNS), rows)]), "verzeichnis.csv")


@access("privacy.view_record")
@require_safe
def record_json(request: HttpRequest) -> HttpResponseBase:
    """The record of processing activities as JSON; the export itself is recorded."""
    art30.export(request.user, "record")
    response = JsonResponse(art30.record(request.user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="verzeichnis.json"'
    return response


@access("privacy.view_access_log")
@never_cache
@require_safe
def access_log(request: HttpRequest) -> HttpResponseBase:
    """Who looked at whose data, and what for."""
    form = AccessFilterForm(request.GET)
    criteria = form.cleaned_data if form.is_valid() else {}
    page = Paginator(log.entries(request.user, **criteria), PAGE).get_page(request.GET.get("page"))
    looks = [(entry, [role_label(name) for name in entry.viewer_roles.split(",") if name]) for entry in page]
    return render(request, "privacy/access_log.html", {"form": form, "page": page, "looks": looks})


@access("privacy.view_access_log")
@never_cache
@require_safe
def access_log_csv(request: HttpRequest) -> HttpResponseBase:
    """The access log as CSV; the export itself is recorded."""
    art30.export(request.user, "access_log")
    rows = log.entries(request.user)

    def lines() -> Iterator[str]:
        yield archive.csv_text(["time", "viewer", "roles", "about", "record", "purpose"], [])
        for row in rows.iterator(chunk_size=500):
            values = [
                row.time.isoformat(),
                row.viewer.email if row.viewer else "",
                row.viewer_roles,
                row.about.urn if row.about else "",
                row.subject_urn,
                row.purpose,
            ]
            yield archive.csv_line(values)

    return _csv(lines(), "zugriffe.csv")


def _csv(lines: Iterator[str], name: str) -> HttpResponseBase:
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@access("privacy.view_offers")
@require_safe
def offers(request: HttpRequest) -> HttpResponseBase:
    """Data at the end of their time that are offered to the archive."""
    page = Paginator(archive.offers(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "privacy/offers.html", {"page": page})


@access("privacy.view_offers")
@never_cache
def offer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """One offer; the archivist decides on it here."""
    row = get_object_or_404(ArchiveOffer.objects.select_related("decided_by"), public_id=public_id)
    sent = request.POST if request.method == "POST" else None
    form = DecisionForm(sent, initial={"version": row.version})
    status = 200
    if request.method == "POST":
        require(request.user, "privacy.decide_offer", row)
        status = 422
        if form.is_valid():
            values = form.cleaned_data
            try:
                retention.decide(
                    row, values["decision"], values["reason"], actor=request.user, version=values["version"]
                )
            except VersionConflict as conflict:
                row, status = conflict.current, 409
                form.add_error(None, _("Somebody else has decided in the meantime. What is recorded stands above."))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The decision is recorded."))
                return redirect("privacy:offer", row.public_id)
    context = {"offer": row, "form": form, "may_decide": can(request.user, "privacy.decide_offer", row)}
    return render(request, "privacy/offer.html", context, status=status)


@access("privacy.decide_offer")
@never_cache
@require_POST
def package(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """The offered data as a package for the archive, a ZIP."""
    row = get_object_or_404(ArchiveOffer, public_id=public_id)
    try:
        file = archive.package(row, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("privacy:offer", row.public_id)
    return FileResponse(
        file, as_attachment=True, filename=f"archiv-{row.public_id}.zip", content_type="application/zip"
    )


@access("privacy.decide_offer")
@require_POST
def handover(request: HttpRequest, public_id: uuid.UUID) -> HttpResponseBase:
    """Confirm that the archive has the package; then the data are deleted."""
    row = get_object_or_404(ArchiveOffer, public_id=public_id)
    try:
        retention.confirm_handover(row, actor=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Confirmed. The data are now being deleted."))
    return redirect("privacy:offer", row.public_id)
