"""Forms of the settings. The wizard, the settings pages and the command line all go through them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from allmende.spine.rooms import rooms
from allmende.spine.ui.brand import DEFAULTS, LABELS

from ..domain import checks, setup
from ..enums import Security
from ..models import STATES, Instance

COLOURS = tuple(DEFAULTS)


class SettingsForm(forms.Form):
    """`names` are the columns of Instance that it fills; `initial_of()` and `values()` translate both ways."""

    names: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show for stored values; values that are not stored yet show their default."""
        defaults = Instance()
        return {name: row.get(name, getattr(defaults, name)) for name in cls.names}

    def values(self) -> dict[str, Any]:
        """The checked fields as columns of Instance."""
        return {name: self.cleaned_data.get(name, "") for name in self.names}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            self.add_errors(checks.everything(self.values()))
        return cleaned

    def add_errors(self, errors: Mapping[str, list[str]] | ValidationError) -> None:
        """Put errors to their fields: `mail.host` to `host`, `rooms_off` to `rooms`, the rest to the whole form."""
        if isinstance(errors, ValidationError):
            errors = errors.message_dict if hasattr(errors, "error_dict") else {"": errors.messages}
        for key, messages in errors.items():
            name = key.rpartition(".")[2]
            name = {"rooms_off": "rooms"}.get(name, name)
            self.add_error(name if name in self.fields else None, messages)


class TownForm(SettingsForm):
    names = ("town", "ags", "state")
    town = forms.CharField(
        label=_("Municipality"), max_length=120, help_text=_("As it is called, for example Kaiserslautern.")
    )
    ags = forms.CharField(
        label=_("Municipality key (AGS)"),
        max_length=8,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("Eight digits. Other programs recognise the municipality by it."),
    )
    state = forms.ChoiceField(
        label=pgettext_lazy("federal state", "State"), choices=[("", _("Please choose")), *STATES]
    )


class BrandForm(SettingsForm):
    names = ("name", "claim", "sign", "colours")
    name = forms.CharField(
        label=_("Name of the programme"), max_length=80, help_text=_("It stands at the top of every page.")
    )
    claim = forms.CharField(label=_("Claim"), max_length=160, required=False)
    sign = forms.ChoiceField(label=_("Sign"), choices=[("heart", _("Heart")), ("none", _("No sign"))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in COLOURS:
            self.fields[key] = forms.RegexField(
                r"^#[0-9a-fA-F]{6}$",
                label=LABELS[key],
                initial=DEFAULTS[key],
                widget=forms.TextInput(attrs={"type": "color"}),
                error_messages={"invalid": _("Please give a colour like #1d4f3c.")},
            )

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        base = super().initial_of(row)
        return base | DEFAULTS | {key: value for key, value in base.pop("colours").items() if key in COLOURS}

    def values(self) -> dict[str, Any]:
        chosen = {key: self.cleaned_data.get(key, "").lower() for key in COLOURS}
        values = {name: self.cleaned_data.get(name, "") for name in ("name", "claim", "sign")}
        # The usual colours are not stored: when ours improve, a town that chose nothing gets the better ones.
        return values | {"colours": {} if chosen == DEFAULTS else chosen}


class MailForm(SettingsForm):
    names = ("mail",)
    host = forms.CharField(
        label=_("Mail server"),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_(
            "Its name, for example mail.example.org. Left empty, messages are only put into a folder on the server."
        ),
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587, required=False)
    security = forms.ChoiceField(label=_("Protection of the connection"), choices=Security.choices, initial="starttls")
    user = forms.CharField(
        label=_("User name"), max_length=200, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=300,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_(
            "Left empty, the stored one stays. It is kept in a file that only the server can read, not in the database."
        ),
    )
    sender = forms.EmailField(
        label=_("Sender address"), required=False, help_text=_("Messages of the site come from this address.")
    )

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        return dict(row.get("mail") or {})

    def values(self) -> dict[str, Any]:
        found = self.cleaned_data
        if not found.get("host"):
            return {"mail": {}}
        keys = ("host", "security", "user", "sender")
        return {"mail": {key: found.get(key, "") for key in keys} | {"port": found.get("port") or 587}}

    def secret(self) -> str | None:
        """The typed password; "" to take the stored one away (no user name, no password), None to keep it."""
        if not self.cleaned_data.get("host") or not self.cleaned_data.get("user"):
            return ""
        return self.cleaned_data.get("password") or None


class TestMailForm(forms.Form):
    __test__ = False  # not a test class, whatever pytest thinks of its name
    to = forms.EmailField(label=_("Send a test mail to"))


class AddressForm(SettingsForm):
    names = ("base_url", "behind_proxy")
    base_url = forms.CharField(
        label=_("Public address"),
        max_length=200,
        required=False,
        widget=forms.URLInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Where people will find the site, for example https://digital.example.org."),
    )
    behind_proxy = forms.BooleanField(
        label=_("A reverse proxy stands in front of the site"),
        required=False,
        help_text=_("Usual in operation: the proxy holds the certificate for https."),
    )

    def values(self) -> dict[str, Any]:
        return {
            "base_url": self.cleaned_data.get("base_url", "").rstrip("/"),
            "behind_proxy": bool(self.cleaned_data.get("behind_proxy")),
        }


class BackupForm(SettingsForm):
    names = ("backup_target",)
    backup_target = forms.CharField(
        label=_("Backup folder"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("A folder on another disk or a mounted share, outside the data folder."),
    )


class RoomsForm(SettingsForm):
    """One box a room that can be switched off; the box says that it is open."""

    names = ("rooms_off",)
    rooms = forms.MultipleChoiceField(
        label=_("Open rooms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A closed room has no menu entry, its addresses answer “not found”, and its processes are not started. "
            "Rooms that stand on it are closed with it. Nothing is deleted."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(config.room, str(config.title)) for config in optional_rooms()]
        self.fields["rooms"].choices = choices  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        off = row.get("rooms_off") or []
        return {"rooms": [config.room for config in optional_rooms() if config.room not in off]}

    def values(self) -> dict[str, Any]:
        on = self.cleaned_data.get("rooms", [])
        return {"rooms_off": [config.room for config in optional_rooms() if config.room not in on]}


def optional_rooms() -> list[Any]:
    return [config for config in rooms() if config.optional]


class LanguagesForm(SettingsForm):
    names = ("languages",)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Whoever's browser wants another language gets the first of them."),
        error_messages={"required": _("At least one language is needed.")},
    )


class ImprintForm(SettingsForm):
    names = ("imprint",)
    imprint = forms.CharField(
        label=_("Imprint"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Who answers for the site (§ 5 DDG, § 18 MStV). Plain text; an empty line starts a paragraph."),
    )


class PrivacyForm(SettingsForm):
    names = ("privacy",)
    privacy = forms.CharField(
        label=_("Privacy notice: additions of the town"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "Who is responsible, the data protection officer, the supervisory authority. "
            "What Allmende itself keeps stands there already."
        ),
    )


class ContactForm(SettingsForm):
    names = ("contact_email",)
    contact_email = forms.EmailField(
        label=_("Contact address"),
        required=False,
        help_text=_("An office's address, not a person's. It is shown in public."),
    )


class AccountForm(forms.Form):
    """The first administrator. The password is hashed before it is kept anywhere."""

    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    password = forms.CharField(
        label=_("Password"),
        max_length=300,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters; a short sentence is good."),
    )
    again = forms.CharField(
        label=_("Password again"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, kept: str = "", **kwargs: Any) -> None:
        """`kept` is the hash typed earlier: then both password fields may stay empty."""
        super().__init__(*args, **kwargs)
        self.kept = kept
        if kept:
            self.fields["password"].required = self.fields["again"].required = False
            self.fields["password"].help_text = _("Left empty, the password typed before stays.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        password = cleaned.get("password", "")
        if self.errors or (not password and self.kept):
            return cleaned
        if password != cleaned.get("again"):
            self.add_error("again", gettext("The two passwords differ."))
            return cleaned
        try:
            self.kept = setup.hash_password(password, cleaned["email"])
        except ValidationError as error:
            self.add_error("password", error)
        return cleaned

    def values(self) -> dict[str, Any]:
        return {"email": self.cleaned_data["email"], "name": self.cleaned_data["name"], "password_hash": self.kept}


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Set-up code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_(
            "It stands in the terminal where Allmende was started, and in the file setup-code in the data folder."
        ),
    )

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not setup.code_fits(code):
            raise ValidationError(gettext("This is not the code of this server."))
        return code


STEP_FORMS: dict[str, type[forms.Form]] = {
    "town": TownForm,
    "brand": BrandForm,
    "account": AccountForm,
    "mail": MailForm,
    "address": AddressForm,
    "backup": BackupForm,
    "rooms": RoomsForm,
}
