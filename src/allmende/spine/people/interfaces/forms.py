from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..domain.queries import Din5007, organisations
from ..enums import INSTANCE, TIME_LIMITED, Role
from ..models import Organisation
from ..preferences import THEMES

THEME_NAMES = [("auto", _("As my device")), ("light", _("Light")), ("dark", _("Dark"))]


class AccountsFilter(forms.Form):
    q = forms.CharField(label=_("Name or address"), max_length=100, required=False)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All roles")), *Role.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("active", _("Active")), ("disabled", _("Disabled"))],
    )

    def criteria(self) -> dict[str, str]:
        if not self.is_valid():
            return {}
        data = self.cleaned_data
        return {"text": data["q"], "role": data["role"], "state": data["state"]}


class InvitationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)


class AccountForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)


class AssignmentForm(forms.Form):
    """A role, where it holds, and for how long."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    where = forms.ChoiceField(
        label=_("Where"),
        widget=forms.RadioSelect,
        choices=[
            (INSTANCE, _("The whole town")),
            ("organisation", _("One organisation")),
            ("area", _("One area")),
            ("object", _("One single thing")),
        ],
        initial=INSTANCE,
    )
    organisation = forms.ChoiceField(label=_("Organisation"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    urn = forms.CharField(
        label=_("Identifier of the thing"),
        required=False,
        max_length=100,
        help_text=_("The kind of thing and its number, as in measure:0190f5e0-…"),
    )
    valid_from = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Needed for: data protection officer, auditor, archivist, council member, contractor, funder."),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial = timezone.localdate()
        none = [("", "–")]
        self.fields["organisation"].choices = none + [(row.urn, row.name) for row in organisations()]  # type: ignore[attr-defined]
        self.fields["area"].choices = none + _areas()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        where = data.get("where", INSTANCE)
        field = {"organisation": "organisation", "area": "area", "object": "urn"}.get(where)
        data["scope"] = INSTANCE if field is None else data.get(field, "")
        if field is not None and not data["scope"]:
            self.add_error(field, _("Say which one."))
        if data.get("role") in TIME_LIMITED and not data.get("valid_to"):
            self.add_error("valid_to", _("This role is always limited in time: name the last day."))
        return data

    def values(self) -> dict[str, Any]:
        keys = ("scope", "valid_from", "valid_to", "reason")
        return {key: self.cleaned_data[key] for key in keys}


def _areas() -> list[tuple[str, str]]:
    """Parts of the town, where the app that knows them is installed. It lies beside this one, so by name."""
    if not apps.is_installed("allmende.spine.places"):
        return []
    rows = apps.get_model("places", "Area")._default_manager.annotate(sorted_by=Din5007(F("name")))
    return [(row.urn, row.name) for row in rows.order_by("sorted_by", "pk").only("public_id", "name")]


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        fields = ("name", "kind")


class SettingsForm(forms.Form):
    """What people change about themselves."""

    name = forms.CharField(label=_("Name"), max_length=200, required=False, help_text=_("Only the town hall sees it."))
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, help_text=_("Only the town hall sees it.")
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=[("", _("As my browser")), *settings.LANGUAGES]
    )
    theme = forms.ChoiceField(label=_("Appearance"), choices=THEME_NAMES)


class PseudonymForm(forms.Form):
    pseudonym = forms.CharField(
        label=_("Public name"),
        max_length=60,
        help_text=_("Everybody sees it beside what you write. It need not be your real name. Change it at any time."),
    )


class TokenForm(forms.Form):
    name = forms.CharField(label=_("What for"), max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False)
    days = forms.IntegerField(label=_("Valid for (days)"), min_value=1, max_value=365, initial=90)

    def __init__(self, data: Any = None, *, roles: set[Role]) -> None:
        super().__init__(data, auto_id="token_%s")
        held = [(role.value, role.label) for role in Role if role in roles]
        self.fields["role"].choices = [("", _("All my roles")), *held]  # type: ignore[attr-defined]


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=[(theme, theme) for theme in THEMES])
