"""Deleting an account and what belongs to it (Art. 17 GDPR), in one transaction."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require
from allmende.spine.people.domain.assignments import guard_administrators
from allmende.spine.people.facts import AccountDeleted
from allmende.spine.people.models import Account

from .. import foreign, register
from ..facts import DeletionRequested
from ..register import Personal
from . import mails
from .queries import rows_of

log = logging.getLogger("allmende.privacy")


@transaction.atomic
def delete_account(account: Account, *, actor: Any = None, why: str = "wish") -> None:
    """Delete an account: rows go, are detached or kept as the register says, log-ins end, the public name becomes
    "deleted account".

    `why` is "wish" or "retention". The caller has asked for the password afresh. Facts keep the account's number,
    which then points nowhere. A mail confirms it, once all is committed. Raises PermissionDenied where somebody else
    without the right to change accounts asks, ValidationError where the town would be left without an administrator.
    """
    if isinstance(actor, Account) and actor.pk != account.pk:
        require(actor, "people.change_account", account)
    guard_administrators(without_account=account)
    row = Account.objects.select_for_update().get(pk=account.pk)
    address, language = row.email, mails.language_of(row)
    emit(DeletionRequested(why=why), subject=row, actor=actor)
    lines = [line for line in register.lines() if line.model is not Account]
    for line in lines:
        if line.on_deletion == "detach":
            for found in rows_of(line, row):
                detach(line, found)
    _delete([line for line in lines if line.on_deletion == "delete"], row)
    emit(AccountDeleted(), subject=row, actor=actor)
    row.delete()
    transaction.on_commit(lambda: _confirm(address, language))


def _delete(lines: list[Personal], account: Account) -> None:
    """Delete the rows of all lines. One that others still refer to waits for the next round."""
    while lines:
        waiting = []
        for line in lines:
            try:
                with transaction.atomic():
                    for row in rows_of(line, account):
                        erase(line, row)
            except (models.ProtectedError, models.RestrictedError):
                waiting.append(line)
        if len(waiting) == len(lines):
            raise RuntimeError(f"rows hold each other: {[line.label for line in waiting]}")
        lines = waiting


def erase(line: Personal, row: Any) -> None:
    """Delete one row, the way its line says."""
    if line.erase is not None:
        line.erase(row)
    else:
        row.delete()


def detach(line: Personal, row: Any) -> None:
    """Part one row from its person: the link is cut, personal texts are emptied or set as the line says."""
    if line.erase is not None:
        line.erase(row)
        return
    changed = []
    own = {path for path in line.subjects if "__" not in path}
    fixed = line.detached or foreign.DETACHED.get(line.label, {})
    for name in line.fields:
        field = row._meta.get_field(name)
        if name in fixed:
            with translation.override(settings.LANGUAGE_CODE):
                setattr(row, name, str(fixed[name]))
        elif field.is_relation:
            if name not in own:
                continue
            setattr(row, name, None)
        elif field.null:
            setattr(row, name, None)
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            setattr(row, name, "")
        elif isinstance(field, models.JSONField):
            setattr(row, name, field.get_default())
        else:
            continue
        changed.append(name)
    row.save(update_fields=changed)


def _confirm(address: str, language: str) -> None:
    """Tell the former address. Sent at once and not by a job, since a job would keep the address."""
    try:
        mails.send_to(
            address,
            language,
            lambda: (
                _("Your account is deleted"),
                _(
                    "Your account and the data that belonged to it are deleted. What you wrote in public stays without "
                    "your name. What the town must keep by law is kept for its time and nothing else.\n\n"
                    "If this was not your wish, please write to us at once."
                ),
            ),
        )
    except (OSError, SMTPException):
        log.exception("deletion could not be confirmed by mail")
