"""Forms for what the administration says to contributions: filters, asking experts, answers, removals."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from allmende.programme.domain.queries import published_measures
from allmende.programme.models import Measure
from allmende.spine.moderation.enums import Reason
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account
from allmende.spine.ui.filters import Filter

from ..domain import queries
from ..enums import ANSWERS, Standing
from ..models import Answer, Contribution, Participation


def area_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def measure_choices(rows: QuerySet[Measure]) -> list[tuple[str, str]]:
    """URN and title of measures, by title."""
    shown = rows.select_related(None).order_by("title", "pk").only("public_id", "title")
    return [(row.urn, row.title) for row in shown]


class OwedFilter(Filter):
    """`ansicht`: the tab; empty for what is owed an answer."""

    ansicht = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    beteiligung = forms.ChoiceField(label=_("Participation"), required=False)
    frist = forms.ChoiceField(
        label=_("Answer due"),
        required=False,
        choices=[("", _("at any time")), ("late", _("overdue")), ("week", _("within a week"))],
    )
    stand = forms.ChoiceField(
        label=pgettext_lazy("contribution", "Standing"),
        required=False,
        choices=[("", pgettext_lazy("standing", "any")), *Standing.choices],
    )

    def __init__(self, data: Any, rows: QuerySet[Participation]) -> None:
        super().__init__(data)
        found = [(str(row.public_id), row.title) for row in rows.only("public_id", "title")]
        self.fields["beteiligung"].choices = [("", _("All participations")), *found]  # type: ignore[attr-defined]

    def value(self, name: str) -> str:
        """What was asked for; empty where it makes no sense. One odd value does not spoil the others."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class AskForm(forms.Form):
    experts = forms.ModelMultipleChoiceField(
        Account.objects.none(), label=_("Experts"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, row: Contribution, data: Any = None) -> None:
        super().__init__(data, auto_id="ask_%s")
        author = row.author.account_id if row.author is not None else None
        known = {*row.reviews.values_list("expert", flat=True), author}
        found = [each.pk for each in holders(Role.EXPERT, INSTANCE, *row.scopes()) if each.pk not in known]
        self.fields["experts"].queryset = Account.objects.filter(pk__in=found).order_by("name", "pk")  # type: ignore[attr-defined]
        self.any = bool(found)


class AnswerForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    standing = forms.ChoiceField(
        label=_("What becomes of it"),
        choices=[(each.value, each.label) for each in ANSWERS],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=6000,
        widget=area_text(8),
        help_text=_("Everybody reads it beside the contribution, with the name of the office. The author is told."),
    )
    measure = forms.ChoiceField(
        label=_("Measure that it led to"), required=False, help_text=_("Only public measures can be named.")
    )

    def __init__(self, row: Contribution, data: Any = None, *, last: Answer | None = None) -> None:
        super().__init__(data, auto_id="answer_%s", initial=self.stored(last) | {"version": row.version})
        self.fields["measure"].choices = [("", _("none")), *measure_choices(published_measures())]  # type: ignore[attr-defined]

    @staticmethod
    def stored(last: Answer | None) -> dict[str, Any]:
        """What the last answer says, as it stands in the form."""
        if last is None:
            return {}
        return {"standing": last.standing, "reason": last.reason, "measure": last.measure}


class RemovalForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("– choose –")), *Reason.choices])
    statement = forms.CharField(
        label=_("Statement of reasons"),
        max_length=3000,
        widget=area_text(4),
        help_text=_("The author reads it. Quote nothing that must not be spread."),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="removal_%s")


def narrowed(rows: QuerySet[Contribution], form: OwedFilter) -> QuerySet[Contribution]:
    """Rows of `queries.owed` and the like as the filter asks for them, in their own order."""
    return queries.for_office(
        rows,
        form.value("q"),
        participation=form.value("beteiligung"),
        due=form.value("frist"),
        standing=form.value("stand"),
    )
