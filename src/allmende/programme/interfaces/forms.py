from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.filters import Filter

from ..domain.queries import filter_choices, topics
from ..enums import Maturity, State


class FilterForm(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    maturity = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All stages")), *Maturity.choices])
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *State.choices])
    phase = forms.ChoiceField(label=_("Phase"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = filter_choices(get_language() or "")
        self.fields["topic"].choices = [("", _("All topics")), *found["topic"]]  # type: ignore[attr-defined]
        self.fields["phase"].choices = [("", _("All phases")), *found["phase"]]  # type: ignore[attr-defined]
        if not found["phase"]:
            del self.fields["phase"]

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        asked = {name: self.cleaned_data.get(name, "") for name in ("topic", "maturity", "state", "phase")}
        return {"text": self.cleaned_data["q"], **asked}


class NewMeasureForm(forms.Form):
    """The least a draft needs."""

    title = forms.CharField(label=_("Title"), max_length=160)
    topic = forms.ChoiceField(label=_("Topic"))
    summary = forms.CharField(label=_("In one sentence"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– please choose –")), *((topic.slug, str(topic)) for topic in topics())]
        self.fields["topic"].choices = choices  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """What a reviewer says. `version`: the draft as it was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    comment = forms.CharField(
        label=_("Comment to the author"), required=False, max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class SubmitForm(forms.Form):
    note = forms.CharField(label=_("What changes, and why"), max_length=300, required=False)
