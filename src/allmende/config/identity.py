"""Settings of signing in: allauth, second factors, the town's identity provider (OIDC) and directory (LDAP).

Part of `settings.py`, which imports every name from here.
"""

from pathlib import Path

from allmende.config import env

_secrets = env.secrets(Path(env.get("ALLMENDE_DATA", "var")).resolve())
_host = env.get("ALLMENDE_BASE_URL", "http://localhost").split("//", 1)[-1].split("/")[0].rsplit("@", 1)[-1]
_local = _host.startswith("[::1]") or _host.partition(":")[0] in {"localhost", "127.0.0.1"}

ACCOUNT_ADAPTER = "allmende.spine.people.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "allmende.spine.people.adapters.SocialAdapter"
MFA_ADAPTER = "allmende.spine.people.adapters.SecondFactorAdapter"
AUTHENTICATION_BACKENDS = [
    "allmende.spine.people.backends.Backend",
    "allmende.spine.people.backends.DirectoryBackend",
]
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if _local else "https"
# Whether people may register themselves.
SIGNUP_OPEN = env.get("ALLMENDE_SIGNUP", "open") != "closed"

# Staff need a second factor, except on one's own machine (demo, development).
STAFF_MFA = env.get("ALLMENDE_STAFF_MFA", "0" if _local else "1").lower() in {"1", "true", "yes", "on"}
# Whether a sign-in at the town's identity provider counts as a second factor, because it asks for one itself.
OIDC_MFA = env.flag("ALLMENDE_OIDC_MFA")

# Rate limits of the log-in count in the database, so that several web processes and machines count together.
# Beside it, the frame of a page (head, header, footer) as visitors see it is kept in each process: its key names all
# it depends on.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_rate_limit",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}
# How many proxies in front may be believed about the caller's address (rate limits count by it).
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.get("ALLMENDE_PROXY_COUNT", "1" if env.flag("ALLMENDE_BEHIND_PROXY") else "0"))

# An address alone opens no existing account, unless the town trusts what its directory says about addresses.
DIRECTORY_LINK = env.flag("ALLMENDE_DIRECTORY_LINK")
DIRECTORY_ROLE_DAYS = int(env.get("ALLMENDE_DIRECTORY_ROLE_DAYS", "1"))
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = DIRECTORY_LINK
SOCIALACCOUNT_STORE_TOKENS = False
# The sign-in at the identity provider begins with a link: after a form, browsers would hold its redirect to the page's
# `form-action`. What a forged link could do is refused by `people.interfaces.oidc`.
SOCIALACCOUNT_LOGIN_ON_GET = True

OIDC = {
    "issuer": env.get("ALLMENDE_OIDC_ISSUER", "").rstrip("/"),
    "name": env.get("ALLMENDE_OIDC_NAME", "") or "OpenID Connect",
    "group_claim": env.get("ALLMENDE_OIDC_GROUP_CLAIM", "groups"),
    "roles": env.get("ALLMENDE_OIDC_ROLES", ""),
}


def oidc_provider(issuer: str, name: str, client_id: str, secret: str) -> dict[str, object]:
    """allauth's setting for the one identity provider of a town. The issuer comes from here alone, never a request."""
    app = {
        "provider_id": "stadt",
        "name": name,
        "client_id": client_id,
        "secret": secret,
        "settings": {"server_url": issuer, "fetch_userinfo": True, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


SOCIALACCOUNT_PROVIDERS = (
    oidc_provider(
        OIDC["issuer"],
        OIDC["name"],
        env.get("ALLMENDE_OIDC_CLIENT_ID", ""),
        env.get("ALLMENDE_OIDC_CLIENT_SECRET", "") or _secrets.get("oidc_client_secret", ""),
    )
    if OIDC["issuer"]
    else {}
)

LDAP = {
    "url": env.get("ALLMENDE_LDAP_URL", ""),
    "starttls": env.get("ALLMENDE_LDAP_STARTTLS", "0" if env.get("ALLMENDE_LDAP_URL", "").startswith("ldaps:") else "1")
    == "1",
    "ca": env.get("ALLMENDE_LDAP_CA", ""),
    "bind_dn": env.get("ALLMENDE_LDAP_BIND_DN", ""),
    "bind_password": env.get("ALLMENDE_LDAP_BIND_PASSWORD", "") or _secrets.get("ldap_bind_password", ""),
    "base": env.get("ALLMENDE_LDAP_BASE", ""),
    "filter": env.get("ALLMENDE_LDAP_FILTER", "(&(objectClass=person)(mail={login}))"),
    "uid": env.get("ALLMENDE_LDAP_UID", "entryUUID"),
    "groups": env.get("ALLMENDE_LDAP_GROUPS", "memberOf"),
    "group_base": env.get("ALLMENDE_LDAP_GROUP_BASE", ""),
    "roles": env.get("ALLMENDE_LDAP_ROLES", ""),
}

_forms = "allmende.spine.people.interfaces.account_forms."
ACCOUNT_FORMS = {
    "login": _forms + "LoginForm",
    "signup": _forms + "SignupForm",
    "add_email": _forms + "AddEmailForm",
    "change_password": _forms + "ChangePasswordForm",
    "set_password": _forms + "SetPasswordForm",
    "reset_password": _forms + "ResetPasswordForm",
    "reset_password_from_key": _forms + "ResetPasswordKeyForm",
    "reauthenticate": _forms + "ReauthenticateForm",
    "confirm_email_verification_code": _forms + "ConfirmEmailVerificationCodeForm",
}
MFA_FORMS = {
    "authenticate": _forms + "AuthenticateForm",
    "reauthenticate": _forms + "ReauthenticateCodeForm",
    "activate_totp": _forms + "ActivateTOTPForm",
    "add_webauthn": _forms + "AddWebAuthnForm",
    "edit_webauthn": _forms + "EditWebAuthnForm",
}
