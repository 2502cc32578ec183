"""Forms of decisions: a new model, the head of a table, a trial."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..core.dmn import spelling
from ..core.dmn.sheets import Column, Sheet
from ..core.feel import FeelError
from ..domain import decisions_trial as trial
from ..domain import decisions_words as words

_TYPES = [("", pgettext_lazy("type of a value", "Any")), *words.TYPES.items()]


class DecisionFileForm(forms.Form):
    """A next version from a file."""

    file = forms.FileField(
        label=_("Model (.dmn)"), help_text=_("DMN 1.1 to 1.5, as any modeller exports it, at most 5 MB.")
    )
    note = forms.CharField(label=_("What is new"), max_length=300, required=False)


class DecisionImportForm(DecisionFileForm):
    title = forms.CharField(label=_("Title"), max_length=200)
    field_order = ("title",)


class BeginForm(forms.Form):
    """A new model with an empty table."""

    title = forms.CharField(
        label=_("Title"), max_length=100, help_text=_("What is decided, for example “Parking fee”.")
    )
    inputs = forms.CharField(
        label=_("What it depends on"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4_000,
        help_text=_("One a line, for example “Duration in hours”. What kind of value each is, you say next."),
    )
    output = forms.CharField(label=_("What comes out"), max_length=100, help_text=_("For example “Fee”."))
    output_type = forms.ChoiceField(label=_("Kind of the result"), choices=_TYPES, required=False)

    def names(self) -> list[tuple[str, str]]:
        found = (" ".join(line.split()) for line in self.cleaned_data["inputs"].splitlines())
        return [(name, "") for name in found if name]


class HeadForm(forms.Form):
    """What holds for the whole table."""

    policy = forms.ChoiceField(label=_("What counts where several rules fit"), choices=list(words.POLICIES.items()))
    aggregation = forms.ChoiceField(
        label=_("What becomes of collected results"),
        choices=[("", _("They stay a list.")), *words.AGGREGATIONS.items()],
        required=False,
        help_text=_("Only where all rules that fit are collected."),
    )


class ColumnForm(forms.Form):
    """A column. `key` says which one it is in the file, empty for a new one."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    kind = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[("input", "input"), ("output", "output"), ("note", "note")]
    )
    label = forms.CharField(label=_("Heading"), max_length=200, required=False)
    text = forms.CharField(label=_("What it asks for"), max_length=2_000, required=False)
    new = forms.BooleanField(label=_("This is a new input: add it to the decision"), required=False)
    type = forms.ChoiceField(label=_("Kind of value"), required=False)
    allowed = forms.CharField(label=_("Allowed values"), max_length=2_000, required=False)
    default = forms.CharField(label=_("Result where no rule fits"), max_length=2_000, required=False)
    number = forms.IntegerField(label=pgettext_lazy("order", "Place"), min_value=1, max_value=99)
    gone = forms.BooleanField(label=_("Remove this column"), required=False)

    def __init__(self, kind: str, types: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = dict(_TYPES)
        own = [(name, name) for name in types if name not in known]
        self.fields["type"].choices = [*known.items(), *own]  # type: ignore[attr-defined]
        self.which = kind
        if kind == "note":
            for name in ("label", "type", "allowed", "default", "new"):
                del self.fields[name]
            self.fields["text"].label = _("Heading")
        elif kind == "output":
            del self.fields["new"]
            self.fields["text"].label = _("Name of the result")
            self.fields["allowed"].help_text = _('As FEEL, best first, for example: "high", "low"')
            self.fields["default"].help_text = _("As FEEL; texts stand in quotation marks.")
        else:
            del self.fields["default"]
            self.fields["text"].help_text = _("The name of an input, or an expression in FEEL.")
            self.fields["allowed"].help_text = _('As FEEL, for example: "new", "old" or [1..10]')

    def column(self) -> Column:
        data = self.cleaned_data
        told = {name: " ".join((data.get(name) or "").split()) for name in ("label", "text", "allowed", "default")}
        return Column(self.which, data["key"], type=data.get("type", ""), **told)


def column_forms(sheet: Sheet, data: Any = None, *, count: int | None = None) -> list[ColumnForm]:
    """A form for each column, filled with the table or with what was sent."""
    types = {each.type for each in sheet.columns}
    if data is None:
        return [column_form(sheet, types, each, place) for place, each in enumerate(sheet.columns)]
    kinds = [data.get(f"column-{place}-kind", "") for place in range(count or 0)]
    return [
        ColumnForm(kind if kind in ("input", "output", "note") else "input", types, data, prefix=f"column-{place}")
        for place, kind in enumerate(kinds)
    ]


def column_form(sheet: Sheet, types: Iterable[str], column: Column, place: int) -> ColumnForm:
    initial = {
        "key": column.key, "kind": column.kind, "label": column.label, "text": column.text, "type": column.type,
        "allowed": column.allowed, "default": column.default, "number": place + 1,
    }  # fmt: skip
    return ColumnForm(column.kind, types, initial=initial, prefix=f"column-{place}")


def _yes_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class FeelField(forms.CharField):
    """A value written as FEEL."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return trial.expression(text) if text else None


class TimeField(forms.CharField):
    """A time or duration as FEEL reads it."""

    def __init__(self, type_name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.type_name = type_name

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = spelling.typed(text, self.type_name)
        except FeelError:
            found = None
        if found is None:
            raise ValidationError(_("This cannot be read."))
        return found


_EXAMPLES = {
    "time": _("For example 14:30:00."),
    "date and time": _("For example 2026-03-02T14:30:00."),
    "days and time duration": _("For example P2DT4H: 2 days and 4 hours."),
    "years and months duration": _("For example P1Y6M: 1 year and 6 months."),
}


def question_field(question: trial.Question) -> forms.Field:
    """The field that asks for an input of a decision; left empty, the input is null."""
    common: dict[str, Any] = {"label": question.name, "required": False, "help_text": question.help}
    if question.choices and question.many:
        choices = [(each, each) for each in question.choices]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    if question.choices:
        return forms.ChoiceField(choices=[("", "–"), *((each, each) for each in question.choices)], **common)
    if question.type == "number":
        return forms.DecimalField(max_digits=34, localize=True, **common)
    if question.type == "boolean":
        return forms.TypedChoiceField(
            choices=[("", "–"), ("yes", pgettext_lazy("answer", "Yes")), ("no", pgettext_lazy("answer", "No"))],
            coerce=_yes_no, empty_value=None, **common,
        )  # fmt: skip
    if question.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)
    if question.type == "string":
        return forms.CharField(max_length=10_000, **common)
    if question.type in _EXAMPLES:
        common["help_text"] = question.help or _EXAMPLES[question.type]
        return TimeField(question.type, max_length=100, **common)
    common["help_text"] = question.help or _('As FEEL, for example 12.5, "text", [1, 2] or {name: "x"}.')
    return FeelField(max_length=10_000, **common)


class TrialForm(forms.Form):
    """The inputs of a decision. Field names are their places, since inputs have any name."""

    def __init__(self, questions: list[trial.Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for place, question in enumerate(questions):
            self.fields[f"input-{place}"] = question_field(question)

    def values(self) -> dict[str, Any]:
        """Values by name of the input; what was left empty is not there."""
        found = {}
        for place, question in enumerate(self.questions):
            value = self.cleaned_data[f"input-{place}"]
            if value is not None and value != "":
                found[question.name] = value
        return found


class CaseForm(forms.Form):
    """A trial kept as a test case."""

    title = forms.CharField(label=_("Name of the case"), max_length=200)
    expected = FeelField(
        label=_("Expected result"),
        max_length=10_000,
        required=False,
        help_text=_("As FEEL. What came out is filled in; change it where something else should."),
    )


class ByHandForm(forms.Form):
    """What rules failed to say."""

    value = FeelField(label=_("Result"), max_length=10_000, help_text=_("As FEEL; texts stand in quotation marks."))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
