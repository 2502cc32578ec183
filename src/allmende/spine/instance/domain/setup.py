"""Setting up a real town: drafts step by step, then everything in one transaction."""

from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.people.domain.accounts import create_account
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.secrets import save_secrets, secrets

from ..core.code import ensure_code, fits, forget_code
from ..models import Instance, SetupDraft
from . import checks, queries
from . import mail as mail_verbs
from . import settings as settings_verbs

# The steps in their order; each holds values of `Instance` besides "account" (email, name, password_hash).
STEPS = ("town", "brand", "account", "mail", "address", "backup", "rooms")
NEEDED = frozenset({"town", "account"})
DRAFT_PASSWORD = "setup_mail_password"  # noqa: S105 - the name of the secret


class AlreadySetUp(Exception):
    """The town is in service: its settings are changed in the browser, by its administrators."""


def is_set_up() -> bool:
    """Asks the database: unlike `queries.current()` this is never two seconds old."""
    return Instance.objects.filter(pk=1, set_up__isnull=False).exists()


def setup_code() -> str | None:
    """The one-time code for the browser, to be printed in the terminal; None once the town is set up."""
    return None if is_set_up() else ensure_code(settings.DATA)


def code_fits(typed: str) -> bool:
    return fits(settings.DATA, typed)


def drafts() -> dict[str, dict[str, Any]]:
    """What has been filled in so far, by step."""
    return {row.step: row.values for row in SetupDraft.objects.all()}


def mail_password() -> str:
    """The mail password typed in the wizard, kept apart until the set-up is finished."""
    return secrets(settings.DATA).get(DRAFT_PASSWORD, "")


@transaction.atomic
def save_step(step: str, values: dict[str, Any], *, secret: str | None = None) -> None:
    """Keep a step as a draft. `secret` is the mail password (None: as before).

    Raises AlreadySetUp, ValueError for an unknown step, ValidationError.
    """
    if step not in STEPS:
        raise ValueError(f"no such step: {step}")
    if is_set_up():
        raise AlreadySetUp
    check_step(step, values)
    SetupDraft.objects.update_or_create(step=step, defaults={"values": values})
    if secret is not None:
        transaction.on_commit(lambda: save_secrets(settings.DATA, **{DRAFT_PASSWORD: secret or None}))


def check_step(step: str, values: dict[str, Any]) -> None:
    """Raise ValidationError, field by field."""
    if step == "account":
        errors = _account_errors(values)
    else:
        errors = checks.everything(values)
        if step == "town":
            for name in ("town", "ags", "state"):
                if not values.get(name):
                    errors.setdefault(name, []).append(_("This is needed."))
    if errors:
        raise ValidationError(errors)  # type: ignore[arg-type]


def _account_errors(values: dict[str, Any]) -> checks.Errors:
    errors: checks.Errors = {}
    try:
        validate_email(values.get("email", ""))
    except ValidationError as error:
        errors["email"] = list(error.messages)
    if not values.get("password_hash"):
        errors["password"] = [_("This is needed.")]
    return errors


def hash_password(password: str, email: str) -> str:
    """The password as it may be kept. Raises ValidationError where it is too weak."""
    validate_password(password, Account(email=email))
    return make_password(password)


def missing(found: dict[str, dict[str, Any]]) -> list[str]:
    """Steps that are needed and not there yet."""
    return [step for step in STEPS if step in NEEDED and step not in found]


@transaction.atomic
def finish(steps: dict[str, dict[str, Any]], *, secret: str | None = None, actor: str = "setup") -> Account:
    """Put the town into service from the values of all steps, whole or not at all, and return its administrator.

    Raises AlreadySetUp, ValidationError (a needed step is missing, or what was right then is wrong now).
    """
    # Two people who finish at once: the second waits here, then finds the town set up.
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('instance.setup'))")
    if is_set_up():
        raise AlreadySetUp
    if missing(steps):
        raise ValidationError({step: [_("This step is still missing.")] for step in missing(steps)})
    values: dict[str, Any] = {}
    for step in STEPS:
        if step not in steps:
            continue
        check_step(step, steps[step])
        if step != "account":
            values |= steps[step]
    settings_verbs.change(values, actor=actor)
    account = _administrator(steps["account"], actor)
    settings_verbs.finish_setup(actor=actor)
    SetupDraft.objects.all().delete()
    password = mail_password() if secret is None else secret

    def keep() -> None:
        save_secrets(settings.DATA, **{mail_verbs.PASSWORD: password or None, DRAFT_PASSWORD: None})
        forget_code(settings.DATA)
        queries.forget()

    transaction.on_commit(keep)
    return account


def _administrator(values: dict[str, Any], actor: str) -> Account:
    account = create_account(values["email"], name=values.get("name", ""), actor=actor, how="setup")
    account.password = values["password_hash"]
    account.save(update_fields=["password"])
    assign(account, Role.ADMINISTRATOR, reason=_("Set-up of the town"), actor=actor)
    return account
