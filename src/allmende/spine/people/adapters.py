"""Where allauth asks us: what a sign-up becomes, how mails look, how secrets are kept, who may come in by OIDC."""

import base64
import logging
from io import BytesIO
from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from allmende.spine.instance.domain.queries import current

from .access import is_staff
from .domain import directory
from .domain.accounts import signed_up
from .models import Account
from .preferences import remember

log = logging.getLogger("allmende.people")


class AccountAdapter(DefaultAccountAdapter):
    """E-mail accounts."""

    # Where allauth's German addresses people as friends.
    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": _("Please enter your present password."),
        "rate_limited": _("Too many attempts: wait a little, then try again."),
        "incorrect_code": _("This code is not right."),
        "unverified_primary_email": _("Confirm your e-mail address first."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        account = super().save_user(request, user, form, commit=False)
        return signed_up(account) if commit else account

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language of the person who gets it, where that is known, and under the town's name."""
        language = getattr(context.get("user"), "language", "") or translation.get_language()
        with translation.override(language):
            super().send_mail(template_prefix, email, {"town": current().name, **context})

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        remember(response, language=user.language, theme=user.theme)
        return response

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if not is_staff(request.user) and getattr(request.user, "second_factor_missing", False):
            return reverse("mfa_index")
        return super().get_login_redirect_url(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("people:my_settings")


def _believe_only_true(sociallogin: Any) -> None:
    """`email_verified` is a JSON boolean (OpenID Connect Core § 5.1); the text "true" is somebody else's idea."""
    for address in sociallogin.email_addresses:
        address.verified = address.verified is True


class SocialAdapter(DefaultSocialAccountAdapter):
    """The town's identity provider. Its `email_verified` is believed only where it says true, in so many words."""

    # Shown by forms that our pages replace, kept in our words all the same.
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _("There is already an account with this address. Log in there first, then connect %s."),
        "no_password": _("Set a password first, or you would lock yourself out."),
        "no_verified_email": _("Confirm your e-mail address first."),
    }

    def authenticate_by_email(self, sociallogin: Any) -> Any:
        """Asked before `pre_social_login`, where the town lets verified addresses open existing accounts."""
        _believe_only_true(sociallogin)
        return super().authenticate_by_email(sociallogin)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        _believe_only_true(sociallogin)
        # A link by address (where the town allows it) sets `user` to an account that is there already.
        account = sociallogin.user if sociallogin.is_existing else None
        if account is not None and (account.demo or not account.is_active):
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if account is not None:
            self._roles(account, sociallogin)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        user = super().populate_user(request, sociallogin, data)
        parts = [data.get("first_name") or "", data.get("last_name") or ""]
        user.name = (data.get("name") or " ".join(part for part in parts if part))[:200]
        return user

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never for an address that is taken, and never without one."""
        addresses = sociallogin.email_addresses
        if not addresses or EmailAddress.objects.filter(email__iexact=addresses[0].email).exists():
            return False
        return bool(super().is_auto_signup_allowed(request, sociallogin))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Whoever the town's identity provider lets in gets an account; an address already taken is refused.

        Its holder signs in with their password and connects the provider in their settings.
        """
        addresses = sociallogin.email_addresses
        if not addresses or not addresses[0].email:
            raise ImmediateHttpResponse(redirect("socialaccount_login_error"))
        taken = Account.objects.filter(email__iexact=addresses[0].email).exists()
        if taken or EmailAddress.objects.filter(email__iexact=addresses[0].email).exists():
            raise ImmediateHttpResponse(redirect("people:address_taken"))
        return True

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        account = super().save_user(request, sociallogin, form)
        signed_up(account, how="oidc", resident=False)
        self._roles(account, sociallogin)
        return account

    def _roles(self, account: Account, sociallogin: Any) -> None:
        data = sociallogin.account.extra_data
        claims = (data.get("id_token") or {}) | (data.get("userinfo") or {})
        groups = claims.get(settings.OIDC["group_claim"]) or []
        if isinstance(groups, str):
            groups = [groups]
        names = [str(group) for group in groups] if isinstance(groups, list) else []
        directory.update_roles(account, names, source="oidc")


def _fernet() -> MultiFernet:
    """Keys derived (HKDF, RFC 5869) from the instance's secret, the older ones for reading."""
    keys = []
    for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"allmende.people.mfa").derive(
            str(secret).encode()
        )
        keys.append(Fernet(base64.urlsafe_b64encode(derived)))
    return MultiFernet(keys)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors lie encrypted in the database: a stolen dump does not open accounts."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right."),
        "unverified_email": _("Confirm your e-mail address first."),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        try:
            return _fernet().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            # An empty secret would make codes that anybody can compute: refuse instead.
            log.error("second factor unreadable: was the instance's secret key changed?")
            raise PermissionDenied("second factor unreadable") from None

    def get_totp_issuer(self) -> str:
        return current().name

    def build_totp_svg(self, url: str) -> str:
        """Black on white also on a dark page, with the quiet zone that scanners need (ISO/IEC 18004)."""
        picture = BytesIO()
        segno.make(url, micro=False).save(picture, kind="svg", scale=4, border=4, light="#fff", dark="#000")
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return current().name
