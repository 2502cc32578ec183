"""Every address of the site: each installed app's `interfaces/urls.py`, the API, and libraries' views with their
rules."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from allmende.config.api import api
from allmende.portal.interfaces.views import brand_css
from allmende.spine.people.access import PUBLIC, SIGNED_IN, access, foreign_rules

handler400 = "allmende.config.errors.bad_request"
handler403 = "allmende.config.errors.forbidden"
handler404 = "allmende.config.errors.not_found"
handler500 = "allmende.config.errors.server_error"


def _of_apps() -> list[URLPattern | URLResolver]:
    """Our own apps' addresses, in the order of INSTALLED_APPS."""
    found: list[URLPattern | URLResolver] = []
    for config in apps.get_app_configs():
        name = f"{config.name}.interfaces.urls"
        if config.name.startswith("allmende.") and find_spec(f"{config.name}.interfaces") and find_spec(name):
            found.append(path("", include(import_module(name))))
    return found


urlpatterns = [
    *_of_apps(),
    path("design.css", brand_css, name="brand_css"),
    # No token: it changes nothing but a cookie of whoever asks, and readers get no cookie for it.
    path("sprache/", csrf_exempt(access(PUBLIC)(set_language)), name="set_language"),
    path("konto/", include("allmende.spine.people.interfaces.account_urls")),
    path("api/", api.urls),
]

# allauth guards its own pages; the rule says who may reach them at all.
foreign_rules().update(
    dict.fromkeys(
        (
            "account_login",
            "account_logout",
            "account_signup",
            "account_inactive",
            "account_email_verification_sent",
            "account_reset_password",
            "account_reset_password_done",
            "account_reset_password_from_key",
            "account_reset_password_from_key_done",
            "account_request_login_code",
            "account_confirm_login_code",
            "mfa_authenticate",
            "mfa_login_webauthn",
            "mfa_trust",
            "openid_connect_login",
            "openid_connect_callback",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
        PUBLIC,
    )
    | dict.fromkeys(
        (
            "account_email",
            "account_change_password",
            "account_set_password",
            "account_reauthenticate",
            "mfa_index",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_activate_totp",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_view_recovery_codes",
            "mfa_download_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_edit_webauthn",
            "mfa_remove_webauthn",
            "mfa_signup_webauthn",
            "socialaccount_connections",
        ),
        SIGNED_IN,
    )
    # Each operation of the API carries its own rule, checked by `spine.api.Router`.
    | {"api:*": PUBLIC}
)
