from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.ui.filters import Filter

from ..enums import InstanceState
from ..models import Version


class NextVersionForm(forms.Form):
    """A model from any modeller."""

    file = forms.FileField(label=_("Model (.bpmn)"), help_text=_("BPMN 2.0, as any modeller exports it, at most 5 MB."))
    note = forms.CharField(label=_("What is new"), max_length=300, required=False)


class ImportForm(NextVersionForm):
    """A model that is new here."""

    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("What people call the process."))
    field_order = ("title",)


class LanesForm(forms.Form):
    """Which role works in which lane. Field names are the places of the lanes, since lanes have any name."""

    def __init__(self, version: Version, data: Any = None) -> None:
        super().__init__(data)
        self.lanes = [lane for lane, role in version.lanes]
        for place, (lane, role) in enumerate(version.lanes):
            choices = [("", _("– nobody yet –")), *Role.choices]
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
        super().__init__(data)
        self.fields["to"].queryset = people  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class CommentForm(forms.Form):
    text = forms.CharField(label=_("Comment"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))


class InstanceFilter(Filter):
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *InstanceState.choices])
