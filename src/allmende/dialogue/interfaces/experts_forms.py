from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.fields import EuroField

from ..domain.reviewing import HIGHEST, LOWEST
from ..enums import Feasibility
from ..models import Review
from .staff_forms import area_text

SCORES = [(str(each), str(each)) for each in range(LOWEST, HIGHEST + 1)]
PLAIN = ("feasibility", "cost_low_cents", "cost_high_cents", "text", "interests", "name")


class ReviewForm(forms.Form):
    """A judgement: a score from 1 to 5 for each criterion of the phase, and words."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    feasibility = forms.ChoiceField(label=_("Feasible"), choices=Feasibility.choices, widget=forms.RadioSelect)
    cost_low_cents = EuroField(label=_("Costs at least"), required=False, help_text=_("In euro; empty if unknown."))
    cost_high_cents = EuroField(label=_("Costs at most"), required=False)
    text = forms.CharField(label=_("Judgement"), max_length=6000, widget=area_text(8))
    interests = forms.CharField(
        label=_("Conflicts of interest"),
        max_length=1000,
        widget=area_text(2),
        help_text=_("Ties to who would gain or lose, in words; “none” where there are none. Shown in public."),
    )
    name = forms.CharField(
        label=_("Named in public as"), max_length=160, help_text=_("Your name, your function or your institution.")
    )

    def __init__(self, row: Review, criteria: list[str], data: Any = None) -> None:
        super().__init__(data, initial=self.stored(row) | {"version": row.version})
        self.criteria = criteria
        for place, criterion in enumerate(criteria):
            self.fields[f"score-{place}"] = forms.ChoiceField(
                label=criterion, choices=SCORES, widget=forms.RadioSelect, help_text=_("From 1 (little) to 5 (much).")
            )
        self.order_fields([*(f"score-{place}" for place in range(len(criteria))), *PLAIN, "version"])

    @staticmethod
    def stored(row: Review) -> dict[str, Any]:
        scores = {f"score-{place}": str(score) for place, score in enumerate(row.scores)}
        return scores | {name: getattr(row, name) for name in PLAIN}

    def values(self) -> dict[str, Any]:
        """For `reviewing.give`."""
        scores = [int(self.cleaned_data[f"score-{place}"]) for place in range(len(self.criteria))]
        return {"scores": scores} | {name: self.cleaned_data[name] for name in PLAIN}


class HandBackForm(forms.Form):
    interests = forms.CharField(
        label=_("Why you cannot judge"),
        max_length=1000,
        widget=area_text(2),
        help_text=_("For example because of a conflict of interest. Only the administration reads it."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="back_%s")
