"""Staff pages: organisations."""

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from ..access import access, can, require
from ..domain import organisations as verbs
from ..domain import queries
from ..models import Organisation
from .forms import OrganisationForm

PAGE = 50


@access("people.change_organisation")
def organisation_list(request: HttpRequest) -> HttpResponse:
    """Departments, companies, clubs and other towns, by name."""
    words = request.GET.get("q", "")[:100]
    page = Paginator(queries.organisations(words), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "words": words, "may_add": can(request.user, "people.add_organisation")}
    return render(request, "people/organisations.html", context)


@access("people.add_organisation")
def add(request: HttpRequest) -> HttpResponse:
    """Enter an organisation."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        verbs.add_organisation(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:organisations")
    context = {"form": form, "organisation": None}
    return render(request, "people/organisation.html", context, status=422 if form.is_bound else 200)


@access("people.change_organisation")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Rename an organisation or change its kind."""
    row = get_object_or_404(Organisation, public_id=public_id)
    require(request.user, "people.change_organisation", row)
    name = row.name
    form = OrganisationForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        verbs.change_organisation(row, actor=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("people:organisations")
    context = {"form": form, "organisation": row, "name": name}
    return render(request, "people/organisation.html", context, status=422 if form.is_bound else 200)


@access("people.change_organisation")
def remove(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Ask, then remove an organisation for which nobody holds a role."""
    row = get_object_or_404(Organisation, public_id=public_id)
    require(request.user, "people.change_organisation", row)
    if request.method == "POST":
        try:
            verbs.remove_organisation(row, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The organisation is removed."))
        return redirect("people:organisations")
    context = {
        "title": _("Remove %(name)s?") % {"name": row.name},
        "action_label": _("Remove"),
        "cancel_url": reverse("people:change_organisation", args=[row.public_id]),
        "base_template": "ui/staff.html",
        "danger": True,
    }
    return render(request, "ui/confirm.html", context)
