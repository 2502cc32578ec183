import datetime as dt
from typing import Any

from django import forms
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.spine.people.access import can, visible_to
from allmende.spine.ui.filters import Filter

from ..council import decisions, sources
from ..enums import ArrivalState, DecisionKind
from ..models import CouncilDecision, CouncilSource, Measure


class ArrivedFilter(Filter):
    q = forms.CharField(label=_("Words"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All states")), *ArrivalState.choices])
    body = forms.ChoiceField(label=_("Body"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        choices = [("", _("All bodies")), *((name, name) for name in decisions.bodies())]
        self.fields["body"].choices = choices  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        asked = self.cleaned_data
        return {"text": asked["q"], "state": asked["state"], "body": asked["body"]}


class TakeOverForm(forms.Form):
    """A decision as it is to stand with a measure."""

    measure = forms.ModelChoiceField(
        label=_("Measure"),
        queryset=Measure.objects.none(),
        to_field_name="public_id",
        empty_label=_("– please choose –"),
    )
    date = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    body = forms.CharField(label=_("Who decided"), max_length=120)
    kind = forms.ChoiceField(
        label=_("What"), choices=DecisionKind.choices, help_text=_("What the decision does to the measure.")
    )
    text = forms.CharField(label=_("In words"), required=False, widget=forms.Textarea(attrs={"rows": 6}))
    url = forms.CharField(label=_("Address of the paper"), required=False, max_length=500)

    def __init__(self, row: CouncilDecision, person: Any, data: Any = None) -> None:
        super().__init__(data, initial=decisions.proposed(row))
        rows = visible_to(
            person, Measure.objects.only("public_id", "title", "code", "published").order_by("title", "pk")
        )
        mine = [each.pk for each in rows if can(person, "programme.change_measure", each)]
        field = self.fields["measure"]
        field.queryset = rows.filter(pk__in=mine)  # type: ignore[attr-defined]
        field.label_from_instance = lambda each: f"{each.code} {each.title}".strip()  # type: ignore[attr-defined]


class SourceForm(forms.Form):
    def __init__(self, row: CouncilSource | None, data: Any = None) -> None:
        today = timezone.localdate()
        initial: dict[str, Any] = {"earliest": today - dt.timedelta(days=365), "hours": 6, "enabled": True}
        if row is not None:
            initial = {name: getattr(row, name) for name in sources.FIELDS}
        super().__init__(data, initial=initial)
        self.fields.update(fields_for_model(CouncilSource, fields=sources.FIELDS))  # type: ignore[arg-type]
        self.fields["earliest"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
