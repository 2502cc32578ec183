from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.spine.ui.filters import Filter

from ..domain.comments import pseudonym_of
from ..enums import OUTCOMES, Conformance, Method, Reason
from ..models import Case, HoldRules, Statement
from ..models.comments import LONGEST


class CommentForm(forms.Form):
    """A comment; whoever writes for the first time chooses a public name beside it."""

    subject = forms.CharField(widget=forms.HiddenInput, max_length=120)
    parent = forms.UUIDField(widget=forms.HiddenInput, required=False)
    pseudonym = forms.CharField(
        label=_("Your public name"), max_length=60, help_text=_("Everybody sees it. It need not be your real name.")
    )
    text = forms.CharField(
        label=_("Your comment"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Plain text; you can change it for 15 minutes."),
    )

    def __init__(self, *args: Any, account: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pseudonym_of(account) is not None:
            del self.fields["pseudonym"]


class EditForm(forms.Form):
    text = forms.CharField(label=_("Your comment"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 6}))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class Guarded(forms.Form):
    """For forms without log-in: a field that people do not see and programs fill in."""

    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    @property
    def by_a_program(self) -> bool:
        return bool(self.data.get("website"))


class ReportForm(Guarded):
    reason = forms.ChoiceField(label=_("What is wrong with it"), choices=Reason.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("More precisely"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class AppealForm(forms.Form):
    text = forms.CharField(
        label=_("Why the decision should be changed"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Somebody else than before will look at it."),
    )


class FeedbackForm(Guarded):
    page = forms.CharField(
        label=_("On which page?"), max_length=300, required=False, help_text=_("Its address or name.")
    )
    text = forms.CharField(label=_("What is the barrier?"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    email = forms.EmailField(
        label=_("E-mail address for an answer"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only if you want an answer. It is deleted after 180 days."),
    )


class QueueForm(Filter):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("Open")), ("mine", _("Open and taken on by me")), ("decided", _("Decided"))],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        from ..enums import CaseKind

        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("All kinds")), *CaseKind.choices]  # type: ignore[attr-defined]

    def criteria(self) -> dict[str, Any]:
        if not self.is_valid():
            return {}
        show = self.cleaned_data["show"]
        return {
            "kind": self.cleaned_data["kind"],
            "state": "decided" if show == "decided" else "open",
            "mine": show == "mine",
        }


class DecisionForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, help_text=_("Only where the comment is hidden; everybody reads it.")
    )
    statement = forms.CharField(
        label=_("Statement of reasons"), max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(one.value, one.label) for one in OUTCOMES[case.kind]]  # type: ignore[attr-defined]
        if case.kind in ("held", "reported"):
            self.fields["reason"].choices = [("", _("– choose –")), *Reason.choices]  # type: ignore[attr-defined]
            self.fields["statement"].help_text = _("The author reads it, with the reason and how to appeal.")
        else:
            del self.fields["reason"]
            if case.kind == "feedback":
                self.fields["statement"].label = _("Answer")
                self.fields["statement"].help_text = _("It goes to the address that was left, if one was.")


class HoldRulesForm(forms.ModelForm):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = HoldRules
        fields = ("max_links", "first", "words")
        widgets = {"words": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].initial = self.instance.version


class LimitationForm(forms.Form):
    what = forms.CharField(label=_("What is not accessible"), max_length=1000, required=False)
    why = forms.CharField(label=_("Why"), max_length=1000, required=False)
    instead = forms.CharField(label=_("What to use instead"), max_length=1000, required=False)


Limitations = forms.formset_factory(LimitationForm, extra=2, max_num=52, absolute_max=60)


class StatementForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    conformance = forms.ChoiceField(label=_("The site is"), choices=Conformance.choices)
    method = forms.ChoiceField(label=_("Based on"), choices=Method.choices)
    made_on = forms.DateField(
        label=_("Statement made on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reviewed_on = forms.DateField(
        label=_("Last reviewed on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    contact_email = forms.EmailField(label=_("Contact address"), required=False)
    contact_phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    enforcement_name = forms.CharField(
        label=_("Enforcement body"),
        max_length=300,
        required=False,
        help_text=_("Empty: the body of the state, where Allmende knows it."),
    )
    enforcement_email = forms.EmailField(label=_("E-mail of the enforcement body"), required=False)
    enforcement_url = forms.URLField(
        label=_("Page of the enforcement body"), max_length=300, required=False, assume_scheme="https"
    )

    @staticmethod
    def stored(row: Statement) -> dict[str, Any]:
        names = StatementForm.base_fields
        return {name: getattr(row, name) for name in names}
