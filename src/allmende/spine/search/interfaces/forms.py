from typing import cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ..core.words import MAX_QUERY
from ..domain.queries import kinds

EVERYTHING = "all"


class SearchForm(forms.Form):
    """The query in the address. Without words nothing is asked yet; an unknown kind is no mistake of the person: search
    everything."""

    q = forms.CharField(
        label=_("Search for"),
        max_length=MAX_QUERY,
        strip=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "enterkeyhint": "search"}),
        error_messages={
            "max_length": _("Please search with at most %(limit_value)d characters (these are %(show_value)d).")
        },
    )
    kind = forms.ChoiceField(label=_("Only"))

    def __init__(self, query: QueryDict) -> None:
        names = kinds()
        data = query.copy()
        if data.get("kind") not in names:
            data["kind"] = EVERYTHING
        # An address without words is the empty form, not one filled in wrongly.
        self.asked = bool(data.get("q"))
        super().__init__(data if self.asked else None, initial={"kind": data["kind"]})
        cast(forms.ChoiceField, self.fields["kind"]).choices = [
            (EVERYTHING, _("Everything")),
            *((n, kind.label) for n, kind in names.items()),
        ]

    def criteria(self) -> tuple[str, str]:
        """Words and kind of a valid form; empty is any kind."""
        kind = self.cleaned_data["kind"]
        return self.cleaned_data["q"], "" if kind == EVERYTHING else kind
