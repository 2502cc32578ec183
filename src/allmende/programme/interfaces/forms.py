from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.filters import Filter

from ..domain.measures import EDITABLE
from ..domain.queries import topics
from ..enums import Maturity
from ..models import Measure


class MeasureForm(forms.ModelForm):
    """What staff change about a measure. `version` travels along, so that two editors notice each other."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = Measure
        fields = (
            "title", "topic", "summary", "reason", "course", "easy", "maturity", "since", "place_name", "source_url",
        )  # fmt: skip
        widgets = {
            "since": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "reason": forms.Textarea(attrs={"rows": 6}),
            "course": forms.Textarea(attrs={"rows": 8}),
            "easy": forms.Textarea(attrs={"rows": 6}),
            "summary": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version
        self.fields["topic"].empty_label = _("– please choose –")  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in EDITABLE if name in self.cleaned_data}

    def _post_clean(self) -> None:
        """The form only checks; saving is the domain's verb, on the row as it then stands."""
        before = {name: getattr(self.instance, name, None) for name in ("topic_id", *EDITABLE - {"topic"})}
        super()._post_clean()  # type: ignore[misc]
        for name, value in before.items():
            setattr(self.instance, name, value)


def _topic_choices() -> list[tuple[str, Any]]:
    return [("", _("All topics")), *((topic.slug, str(topic)) for topic in topics())]


class FilterForm(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    maturity = forms.ChoiceField(label=_("Stage"), required=False, choices=[("", _("All stages")), *Maturity.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = _topic_choices()  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        return {
            "text": self.cleaned_data["q"],
            "topic": self.cleaned_data["topic"],
            "maturity": self.cleaned_data["maturity"],
        }
