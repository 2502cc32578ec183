"""Staff pages of topics, phases and parties."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms.models import fields_for_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from allmende.spine.people.access import access

from ..domain import frame as verbs
from ..models import Party, Phase, Topic


def _form(kind: str, row: Any, data: Any) -> forms.Form:
    model, names = verbs.KINDS[kind]
    columns: dict[str, forms.Field] = fields_for_model(model, fields=names)  # type: ignore[assignment]
    for field in columns.values():
        if isinstance(field, forms.DateField):
            field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    made = type(f"{model.__name__}Form", (forms.Form,), dict(columns))
    initial = {name: getattr(row, name) for name in names} if row is not None else None
    form: forms.Form = made(data, initial=initial)
    return form


@access("programme.change_frame")
def frame(request: HttpRequest) -> HttpResponse:
    """Topics, phases and parties, to be changed."""
    context = {"topics": Topic.objects.all(), "phases": Phase.objects.all(), "parties": Party.objects.all()}
    return render(request, "programme/frame.html", context)


@access("programme.change_frame")
def change(request: HttpRequest, kind: str, pk: int | None = None) -> HttpResponse:
    """Add or change one of them, or take it away while nothing uses it."""
    if kind not in verbs.KINDS:
        raise Http404
    model = verbs.KINDS[kind][0]
    row = get_object_or_404(model, pk=pk) if pk is not None else None
    if request.method == "POST" and request.POST.get("action") == "remove" and row is not None:
        try:
            verbs.remove(kind, row, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("programme:change_frame", kind, row.pk)
        messages.success(request, _("Removed."))
        return redirect("programme:frame")
    form = _form(kind, row, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            verbs.put(kind, form.cleaned_data, row=row, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("programme:frame")
    context = {"form": form, "row": row, "kind": model._meta.verbose_name}
    return render(request, "programme/change_frame.html", context, status=422 if form.is_bound else 200)
