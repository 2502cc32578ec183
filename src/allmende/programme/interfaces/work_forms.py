from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE
from allmende.spine.people.models import Account

from ..domain.queries import phases, topics
from ..enums import Light, Maturity
from ..models import Measure
from ..rules import EDITORS


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class TaskForm(forms.Form):
    title = forms.CharField(label=_("What is to be done"), max_length=200)
    due = _day(label=_("Until"))
    assignee = forms.ChoiceField(label=_("Who"), required=False)

    def __init__(self, measure: Measure, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found: dict[int, Account] = {}
        for role in EDITORS:
            found |= {person.pk: person for person in holders(role, INSTANCE, measure.urn)}
        self.people = {str(pk): person for pk, person in found.items()}
        choices = [("", _("Nobody yet")), *((pk, str(person)) for pk, person in self.people.items())]
        self.fields["assignee"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"assignee": self.people.get(self.cleaned_data["assignee"])}


class AssessmentForm(forms.Form):
    date = _day(label=_("As of"))
    light = forms.ChoiceField(label=_("Judgement"), choices=[("", _("– please choose –")), *Light.choices])
    reason = forms.CharField(label=_("Because"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = timezone.localdate()


class BatchForm(forms.Form):
    """What is the same for all chosen measures; what is left empty stays as it is."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)
    phase = forms.ChoiceField(label=_("Phase"), required=False)
    maturity = forms.ChoiceField(
        label=_("Stage"), required=False, choices=[("", _("– leave as it is –")), *Maturity.choices]
    )
    since = _day(label=_("In this stage since"), required=False)
    submit = forms.BooleanField(label=_("Give all of them to review at once"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keep = ("", _("– leave as it is –"))
        self.fields["topic"].choices = [keep, *((row.slug, str(row)) for row in topics())]  # type: ignore[attr-defined]
        self.fields["phase"].choices = [  # type: ignore[attr-defined]
            keep,
            *((str(row.number), str(row)) for row in phases()),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in ("topic", "phase", "maturity", "since")):
            raise forms.ValidationError(_("Choose at least one thing to change."))
        return data

    def changes(self) -> dict[str, Any]:
        data = self.cleaned_data
        found: dict[str, Any] = {name: data[name] for name in ("topic", "maturity") if data[name]}
        if data["phase"]:
            found["phase"] = int(data["phase"])
        if data["since"]:
            found["since"] = data["since"].isoformat()
        return found
