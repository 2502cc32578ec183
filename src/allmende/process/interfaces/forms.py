import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.ui.filters import Filter

from ..domain.people import WORKERS
from ..enums import InstanceState
from ..models import Model, Version, WorkItem

ROLES = [(value, label) for value, label in Role.choices if value in WORKERS]


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class NextVersionForm(forms.Form):
    """A model from any modeller."""

    file = forms.FileField(label=_("Model (.bpmn)"), help_text=_("BPMN 2.0, as any modeller exports it, at most 5 MB."))
    note = forms.CharField(label=_("What is new"), max_length=300, required=False)


class ImportForm(NextVersionForm):
    """A model that is new here."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What people call the process."))
    field_order = ("title",)


class SheetForm(forms.Form):
    """A model that begins with an empty sheet."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What people call the process."))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="sheet_%s")


class LanesForm(forms.Form):
    """Which role works in which lane. Field names are the places of the lanes, since lanes have any name."""

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data)
        self.lanes = [lane for lane, role in version.lanes]
        for place, (lane, role) in enumerate(version.lanes):
            choices = [("", _("– nobody yet –")), *ROLES]
            self.fields[f"lane-{place}"] = forms.ChoiceField(label=lane, choices=choices, initial=role)

    def roles(self) -> dict[str, str]:
        return {lane: self.cleaned_data[f"lane-{place}"] for place, lane in enumerate(self.lanes)}


class StartForm(forms.Form):
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("By this name people find the case, for example the idea in a few words."),
    )


class HandOnForm(forms.Form):
    """To somebody who may do the task."""

    to = forms.ModelChoiceField(label=_("Hand on to"), queryset=Account.objects.none())

    def __init__(self, people: Any, data: Any = None) -> None:
        super().__init__(data, auto_id="hand_%s")
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class ArrangeForm(forms.Form):
    """Another day or another role for a task of a process."""

    due = _day(label=pgettext_lazy("task", "Due"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES)
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, item: WorkItem, data: Any = None) -> None:
        super().__init__(data, auto_id="arrange_%s", initial={"due": item.due, "role": item.role})


class PlainForm(forms.Form):
    """A task without a process."""

    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due = _day(label=pgettext_lazy("task", "Due"), required=False)
    role = forms.ChoiceField(label=_("Role"), choices=[("", "–"), *ROLES], required=False)
    assignee = forms.ModelChoiceField(
        label=_("Who"),
        queryset=Account.objects.none(),
        required=False,
        help_text=_("A role, a person, or both. Without a person everybody of the role sees it."),
    )

    def __init__(self, people: Any, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]


class SubstituteForm(forms.Form):
    """Who does whose tasks, from when until when."""

    person = forms.ModelChoiceField(label=_("Who is away"), queryset=Account.objects.none())
    substitute = forms.ModelChoiceField(label=_("Substitute"), queryset=Account.objects.none())
    first = _day(label=_("From"))
    last = _day(label=pgettext_lazy("until and including", "Until"))

    def __init__(self, people: Any, *, for_others: bool, data: Any = None, today: dt.date) -> None:
        super().__init__(data, initial={"first": today})
        self.fields["person"].queryset = people  # type: ignore[attr-defined]
        self.fields["substitute"].queryset = people  # type: ignore[attr-defined]
        if not for_others:
            del self.fields["person"]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="comment_%s")


def _models() -> list[tuple[str, str]]:
    return [("", str(_("All processes"))), *Model.objects.order_by("title", "pk").values_list("slug", "title")]


class InstanceFilter(Filter):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *InstanceState.choices])
    model = forms.ChoiceField(label=_("Process"), required=False)
    about = forms.CharField(required=False, max_length=120, widget=forms.HiddenInput)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["model"].choices = _models()  # type: ignore[attr-defined]


class ItemFilter(Filter):
    """`wer`: mine, team, alle (all that one may see), niemand (roles that nobody holds)."""

    wer = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    model = forms.ChoiceField(label=_("Process"), required=False)
    due = forms.ChoiceField(
        label=pgettext_lazy("task", "Due"),
        required=False,
        choices=[("", _("at any time")), ("late", _("overdue")), ("week", _("within a week"))],
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["model"].choices = _models()  # type: ignore[attr-defined]
