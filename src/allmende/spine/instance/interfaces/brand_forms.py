"""Forms of the brand kit."""

from django import forms
from django.utils.translation import gettext_lazy as _

from allmende.spine.people.models import Organisation

from ..domain import prints
from ..domain.queries import current

DAY = {"type": "date"}


class AddressField(forms.CharField):
    """An address or path of this very site."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Page of this site"),
            max_length=300,
            initial="/",
            help_text=_("Its address, or the part after the name of the server, for example /massnahmen/."),
        )

    def clean(self, value: str) -> str:
        return prints.own_address(current(), super().clean(value))


class PosterForm(forms.Form):
    title = forms.CharField(label=_("Headline"), max_length=90)
    text = forms.CharField(
        label=_("Text beneath it"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    url = AddressField()
    size = forms.ChoiceField(
        label=_("Size"),
        choices=[("a4", _("Poster A4")), ("a3", _("Poster A3")), ("a6", _("Table card A6"))],
    )


class QRForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=90)
    url = AddressField()
    kind = forms.ChoiceField(
        label=_("File"),
        choices=[("svg", "SVG"), ("png", "PNG"), ("pdf", "PDF")],
        help_text=_("SVG for print shops, PNG for presentations."),
    )


class PressForm(forms.Form):
    title = forms.CharField(label=_("Headline"), max_length=140)
    lead = forms.CharField(
        label=_("Opening sentence"), max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(
        label=_("Text"),
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Plain text; an empty line starts a paragraph."),
    )
    place = forms.CharField(label=_("Place"), max_length=120, required=False)
    about = forms.CharField(
        label=_("About the programme"), max_length=1200, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    contact = forms.CharField(label=_("Contact for the press"), max_length=300, required=False)


class PermissionForm(forms.Form):
    organisation = forms.ModelChoiceField(
        Organisation.objects.all(), label=_("Partner"), empty_label=_("Please choose")
    )
    purpose = forms.CharField(
        label=_("Purpose"), max_length=300, help_text=_("What the partner may use the brand for.")
    )
    contact_role = forms.CharField(
        label=_("Contact at the partner"),
        max_length=120,
        help_text=_("A role or office, not a person, for example press office."),
    )
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))
    valid_to = forms.DateField(
        label=_("Until"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("The last day. A permission always has a term."),
    )


class ExtendForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    valid_to = forms.DateField(label=_("New last day"), widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"))


class RevokeForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
