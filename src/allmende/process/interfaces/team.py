"""Staff pages of substitutes and of plain tasks."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine import subjects
from allmende.spine.people.access import access, can, require
from allmende.spine.people.models import Account

from ..domain import arranging, items, people, substitutes
from ..enums import ItemKind, ItemState
from ..models import Instance, WorkItem
from .forms import PlainForm, SubstituteForm


@access("process.work")
def substitutions(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom: one's own, all for who may name one for everybody; name one, end one."""
    person = request.user
    assert isinstance(person, Account)
    for_others = can(person, substitutes.RIGHT)
    if request.method == "POST" and "end" in request.POST:
        return _end(request, person)
    form = SubstituteForm(
        people.workers(), for_others=for_others, data=request.POST or None, today=timezone.localdate()
    )
    if request.method == "POST" and form.is_valid():
        asked = {"person": person} | form.cleaned_data
        try:
            row = substitutes.name(**asked, actor=person)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("%(who)s stands in.") % {"who": row.substitute})
            if missing := substitutes.lacking(row.person, row.substitute):
                text = _("%(who)s does not hold these roles and cannot do their tasks: %(roles)s.")
                messages.warning(request, text % {"who": row.substitute, "roles": ", ".join(missing)})
            return redirect("process:substitutions")
    page = Paginator(substitutes.of(person), 50).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "person": person, "for_others": for_others}
    return render(request, "process/items_substitutions.html", context, status=422 if form.is_bound else 200)


def _add(form: Any, error: ValidationError) -> None:
    """Errors at their fields; those of fields that this person's form lacks above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, texts in error.message_dict.items():
        form.add_error(name if name in form.fields else None, texts)


def _end(request: HttpRequest, person: Account) -> HttpResponse:
    try:
        key = uuid.UUID(request.POST["end"])
    except ValueError:
        raise Http404 from None
    row = get_object_or_404(substitutes.of(person), public_id=key)
    try:
        substitutes.end(row, actor=person)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The substitution has ended."))
    return redirect("process:substitutions")


def _about(request: HttpRequest) -> tuple[Instance | None, subjects.Subject | None]:
    """What a new task is about: a case or a thing, or nothing but itself."""
    sent = request.POST if request.method == "POST" else request.GET
    if key := sent.get("case", ""):
        try:
            instance = get_object_or_404(Instance, public_id=uuid.UUID(key))
        except ValueError:
            raise Http404 from None
        require(request.user, "process.view_instance", instance)
        return instance, None
    urn = sent.get("subject", "")
    subject = subjects.find(urn, request.user) if urn else None
    if urn and subject is None:
        raise Http404
    return None, subject


@access("process.add_item")
def add_item(request: HttpRequest) -> HttpResponse:
    """A plain task, in a case, about a thing or by itself."""
    instance, subject = _about(request)
    form = PlainForm(people.workers(), request.POST or None, initial={"assignee": request.user.pk})
    if request.method == "POST" and form.is_valid():
        urn = subject.urn if subject else ""
        try:
            row = arranging.add(**form.cleaned_data, subject=urn, instance=instance, actor=request.user)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("The task was added."))
            return redirect(instance.get_absolute_url() if instance else _back(request, row))
    context = {"form": form, "case": instance, "subject": subject}
    return render(request, "process/items_add.html", context, status=422 if form.is_bound else 200)


def _back(request: HttpRequest, row: WorkItem) -> str:
    return row.get_absolute_url() if items.may_open(request.user, row) else "process:items"


@access("process.work")
def change_item(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """Change a plain task."""
    row = get_object_or_404(WorkItem.objects.select_related("instance", "assignee"), public_id=public_id)
    if not items.may_open(request.user, row):
        raise PermissionDenied("process.work")
    if row.kind != ItemKind.PLAIN or row.state != ItemState.OPEN:
        raise Http404
    before = {"title": row.title, "due": row.due, "role": row.role, "assignee": row.assignee_id}
    form = PlainForm(people.workers(), request.POST or None, initial=before)
    if request.method == "POST" and form.is_valid():
        try:
            arranging.change(row, **form.cleaned_data, actor=request.user)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect(_back(request, WorkItem.objects.get(pk=row.pk)))
    return render(
        request, "process/items_change.html", {"form": form, "item": row}, status=422 if form.is_bound else 200
    )
