"""Test cases of decisions: kept with the model, run before every release."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from ..core.dmn import spelling
from ..core.feel import FeelError
from ..facts import DecisionCaseKept, DecisionCaseRemoved
from ..models import DecisionCase, Model, Version
from . import decisions_trial as trial

MOST = 200
# All cases of a model together; what is not run by then counts as failed.
MOST_SECONDS = 15.0


@dataclass(frozen=True)
class Run:
    """A case and what came of it. `why`: empty where it passed."""

    case: DecisionCase
    passed: bool
    why: str
    expected: Any
    found: Any


@transaction.atomic
def keep(
    model: Model, *, title: str, decision: str, inputs: Mapping[str, Any], expected: Any, actor: Any
) -> DecisionCase:
    """A further case; `inputs` and `expected` are FEEL values. Raises PermissionDenied, ValidationError ("title")."""
    require_actor(actor, "process.change_model")
    row = Model.locked(model.pk)
    if row.cases.count() >= MOST:
        raise ValidationError({"title": _("A model has at most %(most)d test cases.") % {"most": MOST}})
    case = DecisionCase(
        model=row,
        title=title.strip(),
        decision=decision,
        inputs={name: spelling.to_json(value) for name, value in inputs.items()},
    )
    try:
        case.expected = spelling.to_json(expected)
    except FeelError as error:
        raise ValidationError({"title": _("Such a result cannot be kept.")}) from error
    if row.cases.filter(title=case.title).exists():
        raise ValidationError({"title": _("There is a case of this name already.")})
    case.full_clean(exclude=["inputs", "expected"])
    case.save()
    emit(DecisionCaseKept(title=row.title, case=case.title), subject=row, actor=actor)
    return case


@transaction.atomic
def remove(case: DecisionCase, *, actor: Any) -> None:
    """Take a case away. Raises PermissionDenied."""
    require_actor(actor, "process.change_model")
    emit(DecisionCaseRemoved(title=case.model.title, case=case.title), subject=case.model, actor=actor)
    case.delete()


def run(version: Version) -> list[Run]:
    """All cases of the model against a version."""
    deadline = time.monotonic() + MOST_SECONDS
    return [_run(version, case, deadline) for case in version.model.cases.all()]


def _run(version: Version, case: DecisionCase, deadline: float) -> Run:
    expected = spelling.from_json(case.expected)
    if time.monotonic() > deadline:
        return Run(case, False, _("The cases before it took too long."), expected, None)
    inputs = {name: spelling.from_json(value) for name, value in case.inputs.items()}
    found = trial.decide(version, case.decision, inputs)
    if found.error:
        return Run(case, False, found.error, expected, None)
    passed = spelling.same(expected, found.value)
    return Run(case, passed, "" if passed else _("The result is another one."), expected, found.value)


def inputs_of(case: DecisionCase) -> dict[str, Any]:
    """The values that a case decides about, by name."""
    return {name: spelling.from_json(value) for name, value in case.inputs.items()}
