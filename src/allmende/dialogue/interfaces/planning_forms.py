"""Forms for participations and their phases."""

import dataclasses
import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import fields_for_model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.programme.domain.queries import measures_for, topics
from allmende.spine import subjects
from allmende.spine.people.domain.queries import organisations
from allmende.spine.places.domain.queries import areas
from allmende.spine.ui.conflicts import Difference, differences

from ..core.rules import LONGEST_ANSWER_DAYS, Rules
from ..domain.participations import FIELDS
from ..enums import Audience, PhaseKind, Placed
from ..models import Participation, Phase
from .staff_forms import area_text, measure_choices

ORDER = ("title", "summary", "purpose", "easy", "subject", "office", "contact", "lang")
MOMENTS = ("opens", "closes")
MOMENT = "%Y-%m-%dT%H:%M"
# What browsers without a field for moments send: people type it.
TYPED = [MOMENT, "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"]


class ParticipationForm(forms.Form):
    """`version` travels along, so that two editors notice each other."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, person: Any, data: Any = None, *, row: Participation | None = None) -> None:
        initial = self.stored(row) | {"version": row.version} if row else {"lang": settings.LANGUAGE_CODE}
        super().__init__(data, initial=initial)
        made = fields_for_model(Participation, fields=[name for name in ORDER if name not in ("subject", "lang")])
        self.fields |= {name: field for name, field in made.items() if field is not None}
        for name, rows in (("summary", 3), ("purpose", 8), ("easy", 6)):
            self.fields[name].widget = area_text(rows)
        self.fields["office"].queryset = organisations()  # type: ignore[attr-defined]
        self.fields["office"].empty_label = _("– please choose –")  # type: ignore[attr-defined]
        self.fields["contact"].help_text = _("Everybody sees it.")
        self.fields["subject"] = forms.ChoiceField(
            label=_("About which measure"), required=False, choices=self._subjects(person, row)
        )
        self.fields["lang"] = forms.ChoiceField(label=_("Language of these texts"), choices=settings.LANGUAGES)
        self.order_fields([*ORDER, "version"])

    @staticmethod
    def _subjects(person: Any, row: Participation | None) -> list[tuple[str, Any]]:
        """Measures that the person sees; what it is about already stays, whatever it is."""
        found: list[tuple[str, Any]] = [("", _("none")), *measure_choices(measures_for(person))]
        if row is not None and row.subject and row.subject not in dict(found):
            named = subjects.find(row.subject, person)
            found.append((row.subject, named.title if named else _("something that you may not see")))
        return found

    @staticmethod
    def stored(row: Participation) -> dict[str, Any]:
        return {name: getattr(row, name) for name in FIELDS}

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENT)
    return forms.DateTimeField(label=label, widget=widget, input_formats=TYPED)


def _told(moment: dt.datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


class WordsForm(forms.Form):
    """What of a phase may be put better at any time."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)
    title = forms.CharField(label=_("Title"), max_length=160)
    text = forms.CharField(label=_("What people are asked"), max_length=4000, required=False, widget=area_text(4))

    def __init__(self, data: Any = None, *, row: Phase | None = None) -> None:
        initial = self.stored(row) | {"version": row.version} if row else self.first()
        super().__init__(data, initial=initial)

    @staticmethod
    def first() -> dict[str, Any]:
        return {}

    @staticmethod
    def stored(row: Phase) -> dict[str, Any]:
        return {"title": row.title, "text": row.text}

    def rules(self, row: Phase | None) -> dict[str, Any]:
        """For `participations.rules_of`."""
        assert row is not None
        return vars(row.rules)

    def against(self, current: Phase) -> list[Difference]:
        """What was typed beside what is saved now."""
        return differences(self, self.stored(current))


class PhaseForm(WordsForm):
    """A phase with all of its rules."""

    kind = forms.ChoiceField(label=pgettext_lazy("phase", "Kind"), choices=PhaseKind.choices)
    opens = _moment(pgettext_lazy("phase", "Opens"))
    closes = _moment(pgettext_lazy("phase", "Closes"))
    audience = forms.ChoiceField(label=_("Who may contribute"), choices=Audience.choices)
    place = forms.ChoiceField(label=_("A place is asked for"), choices=Placed.choices)
    area = forms.ChoiceField(label=_("Only in"), required=False)
    topics = forms.MultipleChoiceField(
        label=_("Topics to choose from"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Without one, no topic is asked for."),
    )
    comments = forms.BooleanField(label=_("Contributions may be commented"), required=False)
    support = forms.BooleanField(label=_("Contributions may be supported by a click"), required=False)
    pictures = forms.IntegerField(label=_("Pictures at most"), min_value=0, max_value=10)
    reviews = forms.IntegerField(
        label=_("Independent judgements by experts"),
        min_value=0,
        max_value=5,
        help_text=_("So many every contribution gets before it is answered."),
    )
    criteria = forms.CharField(
        label=_("Experts judge by"),
        required=False,
        widget=area_text(4),
        help_text=_("One criterion a line, at most 10."),
    )
    answer_days = forms.IntegerField(
        label=_("Days until the answer"),
        min_value=1,
        max_value=LONGEST_ANSWER_DAYS,
        help_text=_("Counted from the end of the phase. Everybody sees the day; what is overdue is shown."),
    )

    def __init__(self, data: Any = None, *, row: Phase | None = None) -> None:
        super().__init__(data, row=row)
        # Of some parts only a point in the middle is known: nothing lies within them.
        parts = [each for each in areas().only("public_id", "name", "geom") if each.geom_kind == "area"]
        self.fields["area"].choices = [("", _("the whole town")), *((each.urn, each.name) for each in parts)]  # type: ignore[attr-defined]
        self.fields["topics"].choices = [(each.slug, str(each)) for each in topics()]  # type: ignore[attr-defined]

    @staticmethod
    def first() -> dict[str, Any]:
        """A phase begins with what the rules say where nothing is said."""
        given = {
            each.name: each.default for each in dataclasses.fields(Rules) if each.default is not dataclasses.MISSING
        }
        return given | {"kind": PhaseKind.IDEAS.value, "audience": Audience.ACCOUNT.value}

    @staticmethod
    def stored(row: Phase) -> dict[str, Any]:
        rules = vars(row.rules)
        moments = {name: timezone.localtime(rules[name]) for name in MOMENTS}
        told = {"title": row.title, "text": row.text, "criteria": "\n".join(rules["criteria"])}
        return rules | moments | told

    def clean_criteria(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["criteria"].splitlines() if line.strip()]

    def against(self, current: Phase) -> list[Difference]:
        saved = self.stored(current)
        told = {name: (self.cleaned_data.get(name), saved[name]) for name in MOMENTS}
        return [
            dataclasses.replace(one, yours=_told(told[one.name][0]), saved=_told(told[one.name][1]))
            if one.name in told
            else one
            for one in differences(self, saved)
        ]

    def rules(self, row: Phase | None) -> dict[str, Any]:
        return {each.name: self.cleaned_data[each.name] for each in dataclasses.fields(Rules)}


class EndForm(forms.Form):
    """What came of it, or why it is broken off."""

    result = forms.CharField(max_length=8000, widget=area_text(5))

    def __init__(self, label: Any, data: Any = None, *, prefix: str) -> None:
        super().__init__(data, auto_id=f"{prefix}_%s")
        self.fields["result"].label = label
