"""allauth's views under German addresses and allauth's own route names."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.urls import path, re_path

from . import oidc

urlpatterns = [
    path("anmelden/", account.login, name="account_login"),
    path("abmelden/", account.logout, name="account_logout"),
    path("gesperrt/", account.account_inactive, name="account_inactive"),
    path("registrieren/", account.signup, name="account_signup"),
    path("bestaetigen/", account.reauthenticate, name="account_reauthenticate"),
    path("e-mail/", account.email, name="account_email"),
    path("e-mail/code/", account.email_verification_sent, name="account_email_verification_sent"),
    path("passwort/", account.password_change, name="account_change_password"),
    path("passwort/neu/", account.password_set, name="account_set_password"),
    path("passwort/vergessen/", account.password_reset, name="account_reset_password"),
    path("passwort/vergessen/gesendet/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^passwort/link/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("passwort/gesetzt/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("zweiter-faktor/", mfa.index, name="mfa_index"),
    path("zweiter-faktor/anmelden/", mfa.authenticate, name="mfa_authenticate"),
    path("zweiter-faktor/bestaetigen/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("zweiter-faktor/app/", totp.activate_totp, name="mfa_activate_totp"),
    path("zweiter-faktor/app/abschalten/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("zweiter-faktor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("zweiter-faktor/codes/neu/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("zweiter-faktor/codes/datei/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("schluessel/", webauthn.list_webauthn, name="mfa_list_webauthn"),
    path("schluessel/neu/", webauthn.add_webauthn, name="mfa_add_webauthn"),
    path("schluessel/bestaetigen/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("schluessel/anmelden/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("schluessel/<int:pk>/entfernen/", webauthn.remove_webauthn, name="mfa_remove_webauthn"),
    path("schluessel/<int:pk>/", webauthn.edit_webauthn, name="mfa_edit_webauthn"),
    path("verbunden/", social.connections, name="socialaccount_connections"),
    path("verbunden/abgebrochen/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("verbunden/fehler/", social.login_error, name="socialaccount_login_error"),
    path("verbunden/registrieren/", social.signup, name="socialaccount_signup"),
    path("oidc/<slug:provider_id>/", oidc.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/callback/", oidc.callback, name="openid_connect_callback"),
]
