"""Steps of a process that rules decide: by the released version of a model, with what the case knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..core.dmn import spelling
from ..core.engine.script import plain
from ..core.outline import Step
from ..enums import ModelKind, VersionState
from ..models import Version
from . import decisions_reading as reading
from . import decisions_trial as trial


class NotDecided(Exception):
    """Why there is no decision, in words."""


@dataclass(frozen=True)
class Decided:
    """`value` as JSON; `told` for the history: which version by its SHA-256, which decision, which rules by table. What
    it decided about stays out of the history, where nothing can be deleted."""

    value: Any
    told: dict[str, Any]


def released(slug: str) -> Version | None:
    """The version of a decision by which is decided now."""
    return (
        Version.objects.filter(model__slug=slug, model__kind=ModelKind.DECISION, state=VersionState.RELEASED)
        .select_related("model")
        .first()
    )


def decide(step: Step, known: Mapping[str, Any]) -> Decided:
    """What the rules say of what a case knows. A value goes to the input of that name or id. Raises NotDecided,
    FeelError for values that have no counterpart in FEEL."""
    version = released(step.decision)
    if version is None:
        raise NotDecided(_("There is no released decision “%(slug)s”.") % {"slug": step.decision})
    try:
        name = trial.chosen(version, step.decision_name)
    except LookupError as error:
        raise NotDecided(
            _("“%(title)s” has no decision “%(name)s”.") % {"title": version.model, "name": step.decision_name}
        ) from error
    except ValidationError as error:  # what it imports is no longer released
        raise NotDecided(f"{version.model}: {' '.join(error.messages)}") from error
    outcome = trial.decide(version, name, _inputs(version, name, known))
    if outcome.error:
        raise NotDecided(f"{version.model}: {outcome.error}")
    rules = [[way.name, list(way.hits)] for way in outcome.ways]
    told = {
        "decision": step.decision,
        "name": name,
        "version": version.number,
        "sha256": version.sha256,
        "rules": rules,
    }
    if others := reading.imported(bytes(version.xml)):
        told["imports"] = [[row.model.slug, row.number, row.sha256] for row in others]
    return Decided(plain(outcome.value), told)


def _inputs(version: Version, name: str, known: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for each in trial.questions(version, name):
        value = known.get(each.name, known.get(each.id))
        if value is not None:
            found[each.name] = spelling.typed(value, each.type)
    return found
