"""Personal data in tables of libraries, and the fields of our own that only look personal."""

import json
from typing import Any

from django.apps import apps
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.translation import gettext_lazy as _

from . import register
from .register import Personal

SIGN_IN = "Art. 6(1)(e), Art. 32 GDPR"


def sessions_of(account: Any) -> Any:
    """Log-ins of an account that are still open. The table has no column for it: every row is opened."""
    Session = apps.get_model("sessions", "Session")
    store = SessionStore()
    keys = []
    for row in Session.objects.all().iterator(chunk_size=500):
        data = store.decode(row.session_data)
        # A sign-up or log-in under way names the address before it names the account.
        if data.get("_auth_user_id") == str(account.pk) or account.email.lower() in json.dumps(data).lower():
            keys.append(row.session_key)
    return Session.objects.filter(session_key__in=keys)


def jobs_of(account: Any) -> Any:
    """Jobs whose arguments name the account's address. (Ours carry numbers of rows only.)"""
    Job = apps.get_model("procrastinate", "ProcrastinateJob")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM procrastinate_jobs WHERE strpos(lower(args::text), %s) > 0", [account.email.lower()]
        )
        ids = [row[0] for row in cursor.fetchall()]
    return Job.objects.filter(pk__in=ids)


def delete_job(row: Any) -> None:
    """The library's model only reads."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s AND status <> 'doing'", [row.pk])


def declare_all() -> None:
    """Add the lines of every library that is installed."""
    for label, values in LINES.items():
        try:
            model = apps.get_model(label)
        except LookupError:
            continue
        register.declare(Personal(**({"model": model} | DEFAULTS | values)))
    for (label, name), reason in REASONS.items():
        register.NOT_PERSONAL[(label, name)] = reason


WITH_ACCOUNT = _("as long as the account")
DEFAULTS: dict[str, Any] = {
    "legal_basis": SIGN_IN,
    "retention_days": None,
    "counts_from": "created",
    "on_deletion": "delete",
    "until": WITH_ACCOUNT,
}
SECOND = _("Prove with a second factor who signs in")

LINES: dict[str, dict[str, Any]] = {
    "account.EmailAddress": {
        "title": _("Confirmed e-mail addresses"),
        "purpose": _("Confirm that an e-mail address belongs to the person"),
        "data": _("E-mail address, whether it is confirmed"),
        "subject": "user",
        "fields": ("user", "email", "verified", "primary"),
    },
    "account.EmailConfirmation": {
        "title": _("Confirmation links for e-mail addresses"),
        "purpose": _("Confirm that an e-mail address belongs to the person"),
        "data": _("Time at which a link was sent"),
        "subject": "email_address__user",
        "fields": ("email_address", "created", "sent"),
        "until": _("three days"),
    },
    "mfa.Authenticator": {
        "title": _("Second factors and passkeys"),
        "purpose": SECOND,
        "data": _("Kind of second factor, its secret, times of making and last use"),
        "subject": "user",
        # `data` holds the secret itself: part of the line, never of an export.
        "fields": ("user", "type", "created_at", "last_used_at", "data"),
        "counts_from": "created_at",
    },
    "socialaccount.SocialAccount": {
        "title": _("Log-ins through an identity provider"),
        "purpose": _("Sign in through the town's own identity provider"),
        "data": _("Name of the provider, your number there, what the provider says about you, time of the last log-in"),
        "subject": "user",
        "fields": ("user", "provider", "uid", "last_login", "date_joined", "extra_data"),
        "counts_from": "date_joined",
    },
    "socialaccount.SocialToken": {
        "title": _("Tokens of an identity provider"),
        "purpose": _("Sign in through the town's own identity provider"),
        "data": _("Token of the provider, its end"),
        "subject": "account__user",
        "fields": ("account", "token", "token_secret", "expires_at"),
        "counts_from": "expires_at",
    },
    "usersessions.UserSession": {
        "title": _("Open log-ins"),
        "purpose": _("See and end one's own open log-ins"),
        "data": _("Network address, name of the browser, times"),
        "subject": "user",
        "fields": ("user", "created_at", "ip", "last_seen_at", "session_key", "user_agent", "data"),
        "counts_from": "last_seen_at",
        "until": _("until you sign out, at most twelve hours"),
    },
    "sessions.Session": {
        "title": _("Log-ins on devices"),
        "purpose": _("Stay signed in from one page to the next"),
        "data": _("Number of the account, language, forms not yet sent"),
        "subject": "",
        "fields": ("session_key", "session_data", "expire_date"),
        "counts_from": "expire_date",
        "until": _("until you sign out, at most twelve hours"),
        "rows": sessions_of,
    },
    "procrastinate.ProcrastinateJob": {
        "title": _("Jobs of the server"),
        "purpose": _("Do slow work later, such as sending a message"),
        "data": _("Name of the job, numbers of the rows it works on"),
        "subject": "",
        "fields": ("task_name", "args"),
        "counts_from": "scheduled_at",
        "until": _("until the job is done; a failed one for 30 days"),
        "rows": jobs_of,
        "erase": delete_job,
    },
}

# What people's models do not say of themselves.
TITLES: dict[str, object] = {
    "people.Account": _("Account"),
    "people.Pseudonym": _("Public name"),
    "people.Assignment": _("Roles"),
    "people.Token": _("Access tokens for programs"),
    "people.DirectoryIdentity": _("Entries in the town's directory"),
    "instance.BrandPermission": _("Permissions to use the brand"),
    "notify.Delivery": _("E-mails sent"),
    "notify.MailSettings": _("Settings for e-mails"),
    "notify.Notice": _("Notices"),
    "notify.Subscription": _("What one follows"),
    "actions.Run": _("Actions carried out"),
}
DETACHED: dict[str, dict[str, object]] = {"people.Pseudonym": {"name": _("Deleted account")}}
# Labels of fields that have none of their own, in whatever model.
LABELS: dict[str, object] = {
    "account": _("Account"),
    "user": _("Account"),
    "owner": _("Account"),
    "created": _("Created"),
    "last_login": _("Last log-in"),
    "last_seen": _("Last used"),
    "scope": _("Scope"),
    "uid": _("Number in the directory"),
    "provider": _("Provider"),
    "type": _("Type"),
    "created_at": _("Created"),
    "last_used_at": _("Last used"),
    "verified": _("Confirmed"),
    "primary": _("Main address"),
    "email_address": _("E-mail address"),
    "date_joined": _("Created"),
    "expires_at": _("Valid until"),
    "expire_date": _("Valid until"),
    "extra_data": _("What the provider says"),
    "task_name": _("Job"),
    "args": _("Details"),
    "sent": _("Sent"),
    "failed": _("Could not be sent"),
    "error": _("Error"),
    "read": _("Read"),
    "topic": _("What it is about"),
    "subject": _("Subject"),
    "title": _("Title"),
    "text": _("Text"),
    "url": _("Address of the page"),
    "cadence": _("How often"),
    "quiet_from": _("Quiet from"),
    "quiet_to": _("Quiet until"),
    "bounces": _("Mails that came back"),
    "paused": _("Paused"),
    "actor": _("Who did it"),
    "granted_by": _("Granted by"),
    "claimed_by": _("Taken on by"),
    "decided_by": _("Decided by"),
    "author": _("Author"),
    "reporter": _("Who reported it"),
    "file_name": _("File name"),
}
# Never handed out, not even to the person: whoever has the copy could sign in.
SECRET = frozenset(
    {
        "mfa.Authenticator.data",
        "socialaccount.SocialToken.token",
        "socialaccount.SocialToken.token_secret",
        "sessions.Session.session_key",
        "sessions.Session.session_data",
        "usersessions.UserSession.session_key",
        "usersessions.UserSession.data",
        "people.Token.digest",
        "people.Account.password",
    }
)
REASONS: dict[tuple[str, str], str] = {
    ("instance.Instance", "contact_email"): "the town's own address, published on purpose",
    ("instance.Instance", "mail"): "host and user of the town's mail server",
    ("instance.Instance", "name"): "the name of the programme",
    ("instance.BrandPermission", "contact_role"): "an office, not a person",
    ("socialaccount.SocialApp", "name"): "the name of the town's identity provider",
    ("socialaccount.SocialApp", "secret"): "the town's own key at its identity provider",
    ("people.Assignment", "granted_by"): "the other party of the line's own subject; emptied when that account goes",
    ("places.Place", "name"): "the name of a public place",
    ("places.Place", "address"): "the address of a public place",
    ("places.Address", "street"): "house addresses of the open street map; no residents",
}
