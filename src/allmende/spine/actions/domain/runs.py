"""Running an action: once under its key, with rights, types and time checked."""

import time
from datetime import datetime
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg import errors as pg
from pydantic import BaseModel
from pydantic import ValidationError as ParamsError

from allmende.spine.models import VersionConflict
from allmende.spine.people.access import can

from ..enums import RunState
from ..errors import ActionError, BadParams, Failed, KeyTaken, NotAllowed, TimedOut, UnknownAction
from ..models import Run
from ..registry import ACTIONS, Action


def run(name: str, params: dict[str, Any], *, actor: Any, key: str) -> Any:
    """Do the action `name` for `actor`, once under `key`; returns its result as JSON values (None where it has none).

    A key that is done gives its stored result again. Raises UnknownAction, BadParams, NotAllowed, KeyTaken, TimedOut,
    Failed; of the last two, and of NotAllowed by the verb itself, a record stays and the effect is undone. Must not be
    called inside another transaction (RuntimeError): what failed could not be recorded there.
    """
    found, values = _checked(name, params, actor, key)
    if connection.in_atomic_block:
        raise RuntimeError("an action runs in a transaction of its own")
    started = timezone.now()
    try:
        with transaction.atomic():
            return _execute(found, values, actor, key, started)
    except KeyTaken:
        raise
    except ActionError as error:
        _record_failure(found, values, actor, key, started, error)
        raise


def _checked(name: str, params: dict[str, Any], actor: Any, key: str) -> tuple[Action, BaseModel]:
    found = ACTIONS.get(name)
    if found is None:
        raise UnknownAction(name)
    if not key or len(key) > 200:
        raise ValueError("a key has 1 to 200 characters")
    try:
        values = found.params.model_validate(params)
    except ParamsError as error:
        problems = [
            {"param": ".".join(str(part) for part in one["loc"]) or "params", "problem": one["msg"]}
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise BadParams(problems) from None
    if not can(actor, found.right):
        raise NotAllowed
    return found, values


def _execute(found: Action, values: BaseModel, actor: Any, key: str, started: datetime) -> Any:
    stored = values.model_dump(mode="json")
    known, new = _take(found, stored, actor, key, started)
    if known.name != found.name or known.params != stored:
        raise KeyTaken
    if not new and known.state == RunState.DONE:
        return known.result
    result = _within_time(found, values, actor)
    known.state, known.result, known.error, known.finished = RunState.DONE, result, None, timezone.now()
    known.save(update_fields=["state", "result", "error", "finished"])
    return result


def _take(found: Action, stored: dict[str, Any], actor: Any, key: str, started: datetime) -> tuple[Run, bool]:
    """The run of this key, locked, and whether it is new. A second caller waits here until the first has committed."""
    row, new = Run.objects.select_for_update().get_or_create(
        key=key,
        defaults={
            "name": found.name, "params": stored, "state": RunState.DONE, "actor": actor, "started": started,
            "finished": started,
        },
    )  # fmt: skip
    if not new and row.state == RunState.FAILED and row.name == found.name and row.params == stored:
        row.tries += 1
        row.actor, row.started = actor, started
        row.save(update_fields=["tries", "actor", "started"])
    return row, new


def _within_time(found: Action, values: BaseModel, actor: Any) -> Any:
    end = time.monotonic() + found.timeout
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                # The server breaks off a statement or a wait for a lock; what Python spends is looked at afterwards.
                cursor.execute("SELECT set_config('statement_timeout', %s, true)", [f"{int(found.timeout * 1000)}ms"])
            result = found.run(values, actor=actor)
            if time.monotonic() > end:
                raise TimedOut(found.timeout)
            return _as_json(found, result)
    except OperationalError as error:
        if isinstance(error.__cause__, pg.QueryCanceled | pg.LockNotAvailable):
            raise TimedOut(found.timeout) from error
        raise
    except PermissionDenied as error:
        raise NotAllowed from error
    except ValidationError as error:
        raise Failed("; ".join(error.messages)) from error
    except ObjectDoesNotExist as error:
        raise Failed(_("What the details name does not exist.")) from error
    except VersionConflict as error:
        raise Failed(_("Somebody else changed it at the same time.")) from error


def _as_json(found: Action, result: BaseModel | None) -> Any:
    if found.result is None:
        return None
    if not isinstance(result, found.result):
        raise TypeError(f"action {found.name} returned {type(result).__name__}, declared {found.result.__name__}")
    return result.model_dump(mode="json")


def _record_failure(
    found: Action, values: BaseModel, actor: Any, key: str, started: datetime, error: ActionError
) -> None:
    stored = values.model_dump(mode="json")
    with transaction.atomic():
        row, new = Run.objects.select_for_update().get_or_create(
            key=key,
            defaults={
                "name": found.name, "params": stored, "state": RunState.FAILED, "error": error.told(), "actor": actor,
                "started": started, "finished": timezone.now(),
            },
        )  # fmt: skip
        if not new and row.state == RunState.FAILED and row.name == found.name and row.params == stored:
            row.tries, row.actor, row.started, row.finished = row.tries + 1, actor, started, timezone.now()
            row.error = error.told()
            row.save()
