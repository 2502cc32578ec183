from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..core.words import MAX_QUERY
from ..domain.queries import kinds


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search for"),
        required=False,
        max_length=MAX_QUERY,
        strip=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
        error_messages={
            "max_length": _("Please search with at most %(limit_value)d characters (these are %(show_value)d).")
        },
    )
    kind = forms.ChoiceField(label=_("Only"), required=False)
    page = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("Everything")), *((name, kind.label) for name, kind in kinds().items())]
