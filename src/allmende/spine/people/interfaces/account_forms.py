"""allauth's forms in our words and without placeholders that repeat the label."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

# Said by allauth's forms themselves; listed so that our German is used.
gettext_noop("You must type the same password each time.")

LABELS = {
    "login": _("E-mail address"),
    "email": _("E-mail address"),
    "password": _("Password"),
    "password1": _("Password"),
    "password2": _("Password, once more"),
    "oldpassword": _("Present password"),
    "remember": _("Stay signed in on this device (12 hours)"),
    "code": _("Code"),
    "name": _("Name of the key"),
    "passwordless": _("Sign in with this key alone (passkey)"),
}


class Plain:
    """Mixed into allauth's forms."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
        if passwordless := self.fields.get("passwordless"):  # type: ignore[attr-defined]
            passwordless.help_text = _(
                "The device then asks for a fingerprint, your face or its PIN, and you need no password."
            )


class LoginForm(Plain, account.LoginForm):
    pass


class SignupForm(Plain, account.SignupForm):
    pass


class AddEmailForm(Plain, account.AddEmailForm):
    pass


class ChangePasswordForm(Plain, account.ChangePasswordForm):
    pass


class SetPasswordForm(Plain, account.SetPasswordForm):
    pass


class ResetPasswordForm(Plain, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Plain, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Plain, account.ReauthenticateForm):
    pass


class ConfirmEmailVerificationCodeForm(Plain, account.ConfirmEmailVerificationCodeForm):
    pass


class AuthenticateForm(Plain, mfa.AuthenticateForm):
    pass


class ReauthenticateCodeForm(Plain, mfa.ReauthenticateForm):
    pass


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):
    pass


class AddWebAuthnForm(Plain, webauthn.AddWebAuthnForm):
    pass


class EditWebAuthnForm(Plain, webauthn.EditWebAuthnForm):
    pass
