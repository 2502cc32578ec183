"""Staff pages: list, record, change, publish, share out, the notice's file."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import access, can, require
from allmende.spine.ui.conflicts import Difference

from ..domain import grants as verbs
from ..domain import queries
from ..models import Grant
from .forms import DocumentForm, GrantForm, SharesForm, StaffFilterForm, texts_of


def _grant(request: HttpRequest, public_id: uuid.UUID) -> Grant:
    row = get_object_or_404(Grant.objects.select_related("phase", "document"), public_id=public_id)
    require(request.user, "funding.change_grant", row)
    return row


@access("funding.list_grants")
def grants(request: HttpRequest) -> HttpResponse:
    """All grants, also those that are not public."""
    form = StaffFilterForm(request.GET)
    rows = queries.found(queries.grants_for(request.user), **form.criteria())
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "may_change": can(request.user, "funding.change_grant")}
    return render(request, "funding/staff_grants.html", context)


@access("funding.change_grant")
def add(request: HttpRequest) -> HttpResponse:
    """Record a grant."""
    form = GrantForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = verbs.record_grant(form.values(), actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The grant is recorded. Nobody outside sees it yet."))
            return redirect("funding:change_grant", row.public_id)
    return render(request, "funding/add_grant.html", {"form": form}, status=422 if form.is_bound else 200)


@access("funding.change_grant")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change what is recorded of a notice; two editors notice each other."""
    row = _grant(request, public_id)
    if request.method != "POST":
        return _page(request, row, GrantForm(row=row))
    form = GrantForm(request.POST, row=row)
    if form.is_valid():
        try:
            verbs.change_grant(row, form.values(), version=form.cleaned_data["version"], actor=request.user)
        except VersionConflict as conflict:
            return _conflict(request, form, conflict.current)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("funding:change_grant", row.public_id)
    return _page(request, row, form, status=422)


def _page(request: HttpRequest, row: Grant, form: GrantForm, status: int = 200, **more: Any) -> HttpResponse:
    document_form = more.pop("document_form", None) or DocumentForm(initial={"public": row.document_public})
    parts = queries.division(row, request.user)
    context = {"grant": row, "form": form, "document_form": document_form, "parts": parts}
    return render(request, "funding/change_grant.html", context | more, status=status)


def _conflict(request: HttpRequest, form: GrantForm, current: Grant) -> HttpResponse:
    """Both texts side by side. Sending again saves one's own on top of the version shown."""
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = GrantForm(data, row=current)
    again.is_valid()
    more = {"conflict": True, "differences": form.against(current), "saved_at": current.changed}
    return _page(request, current, again, status=409, **more)


@access("funding.change_grant")
@require_POST
def publish(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Show a grant to everybody, or take it off the public pages."""
    row = _grant(request, public_id)
    action = request.POST.get("action")
    if action == "withdraw":
        verbs.withdraw_grant(row, actor=request.user)
        messages.success(request, _("The grant is off the public pages."))
    elif action == "publish":
        try:
            version = int(request.POST.get("version", ""))
            verbs.publish_grant(row, version=version, actor=request.user)
        except ValueError:
            raise Http404 from None
        except VersionConflict:
            messages.error(request, _("The grant was changed while you read it. Look at it again."))
        else:
            messages.success(request, _("The grant is public."))
    else:
        raise Http404
    return redirect("funding:change_grant", row.public_id)


@access("funding.change_grant")
@require_POST
def document(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Keep the notice's file with the grant, release it, or take it away."""
    row = _grant(request, public_id)
    if request.POST.get("action") == "remove":
        verbs.remove_document(row, actor=request.user)
        messages.success(request, _("The file is gone."))
        return redirect("funding:change_grant", row.public_id)
    form = DocumentForm(request.POST, request.FILES)
    if form.is_valid():
        values = form.cleaned_data
        try:
            verbs.attach_document(row, values["file"], public=values["public"], actor=request.user)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("Saved."))
            return redirect("funding:change_grant", row.public_id)
    return _page(request, row, GrantForm(row=row), status=422, document_form=form)


@access("funding.change_grant")
def shares(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Which measures get what of a grant, all of it at once."""
    row = _grant(request, public_id)
    if request.method != "POST":
        return _shares_page(request, row, SharesForm(row, request.user))
    typed = SharesForm(row, request.user, request.POST)
    if typed.is_valid():
        try:
            verbs.share_out(row, typed.shares(), version=typed.version, actor=request.user)
        except VersionConflict as conflict:
            return _shares_conflict(request, conflict.current, typed)
        except ValidationError as error:
            typed.take_errors(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("funding:change_grant", row.public_id)
    return _shares_page(request, row, typed, status=422)


def _shares_page(
    request: HttpRequest, row: Grant, typed: SharesForm, status: int = 200, **more: Any
) -> HttpResponse:  # fmt: skip
    return render(request, "funding/shares.html", {"grant": row, "forms": typed} | more, status=status)


def _shares_conflict(request: HttpRequest, current: Grant, typed: SharesForm) -> HttpResponse:
    """What was typed stays in the form, on top of the version now saved."""
    saved = [(each.measure, each.amount_cents) for each in current.shares.select_related("measure")]
    yours, now = "\n".join(texts_of(typed.shares())), "\n".join(texts_of(saved))
    found = [Difference("shares", _("Shares of measures"), yours, now)] if yours != now else []
    data = request.POST.copy()
    data["version"] = str(current.version)
    again = SharesForm(current, request.user, data)
    again.is_valid()
    more = {"conflict": True, "differences": found, "saved_at": current.changed}
    return _shares_page(request, current, again, status=409, **more)
