from django import forms
from django.utils.translation import gettext_lazy as _

from ..enums import Decision


class DeleteForm(forms.Form):
    sure = forms.BooleanField(
        label=_("I want my account to be deleted. I know that this cannot be undone."),
        error_messages={"required": _("Tick this box if you want your account to be deleted.")},
    )


class DecisionForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    decision = forms.ChoiceField(
        label=_("Decision"),
        widget=forms.RadioSelect,
        choices=[
            (Decision.TAKEN.value, _("The archive takes the data over")),
            (Decision.DECLINED.value, _("The archive declines: the data are deleted")),
        ],
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Is kept as proof.")
    )


class AccessFilterForm(forms.Form):
    person = forms.CharField(label=_("Who looked (e-mail address)"), max_length=254, required=False)
    subject = forms.CharField(label=_("At which record"), max_length=120, required=False)
