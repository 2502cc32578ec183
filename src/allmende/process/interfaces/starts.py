"""Staff pages of what begins cases by itself: schedules and triggers."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.people.access import access
from allmende.spine.people.models import Account

from ..domain import starting
from ..enums import ModelKind, VersionState
from ..models import Model, Schedule, Trigger


def startable() -> Any:
    """Processes that have a released version."""
    return Model.objects.filter(kind=ModelKind.PROCESS, versions__state=VersionState.RELEASED)


class _ModelForm(forms.ModelForm):  # type: ignore[type-arg]
    process = forms.ModelChoiceField(label=gettext_lazy("Process"), queryset=Model.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["process"].queryset = startable()  # type: ignore[attr-defined]
        if self.instance.pk is not None:
            del self.fields["process"]

    def _post_clean(self) -> None:
        """The verb checks the row: one place says what fits."""


class ScheduleForm(_ModelForm):
    class Meta:
        model = Schedule
        fields = ("title", "rhythm", "at", "day", "month", "working_day", "cycle")
        widgets = {"at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}

    field_order = ("process",)


class TriggerForm(_ModelForm):
    fact_kind = forms.ChoiceField(label=gettext_lazy("When this happens"))

    class Meta:
        model = Trigger
        fields = ("fact_kind", "condition", "title")

    field_order = ("process",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fact_kind"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *((kind, kind) for kind in starting.fact_kinds()),
        ]


@access("process.change_start")
def starts(request: HttpRequest) -> HttpResponse:
    """All of them, the next due first."""
    context = {
        "schedules": Schedule.objects.select_related("model", "owner"),
        "triggers": Trigger.objects.select_related("model", "owner"),
    }
    return render(request, "process/starts.html", context)


def _edit(request: HttpRequest, row: Schedule | Trigger | None, made: type[_ModelForm], verb: Any) -> HttpResponse:
    """One of them, new or changed; saving it makes one its owner."""
    assert isinstance(request.user, Account)
    if request.method == "POST" and row is not None and request.POST.get("action") == "pause":
        starting.pause(row, actor=request.user)
        messages.success(request, _("It begins no case until somebody saves it again."))
        return redirect("process:starts")
    form = made(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        fresh = row or made.Meta.model(model=form.cleaned_data["process"])  # type: ignore[attr-defined]
        try:
            verb(fresh, form.cleaned_data, actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved. From now on cases begin in your name."))
            return redirect("process:starts")
    context = {"form": form, "row": row, "kind": made.Meta.model.__name__.lower()}  # type: ignore[attr-defined]
    return render(request, "process/start_form.html", context, status=422 if form.is_bound else 200)


@access("process.change_start")
def add_schedule(request: HttpRequest) -> HttpResponse:
    """By the calendar."""
    return _edit(request, None, ScheduleForm, starting.set_schedule)


@access("process.change_start")
def schedule(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One by the calendar."""
    row = get_object_or_404(Schedule.objects.select_related("model", "owner"), public_id=public_id)
    return _edit(request, row, ScheduleForm, starting.set_schedule)


@access("process.change_start")
def add_trigger(request: HttpRequest) -> HttpResponse:
    """Because something happened."""
    return _edit(request, None, TriggerForm, starting.set_trigger)


@access("process.change_start")
def trigger(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """One because something happened."""
    row = get_object_or_404(Trigger.objects.select_related("model", "owner"), public_id=public_id)
    return _edit(request, row, TriggerForm, starting.set_trigger)
