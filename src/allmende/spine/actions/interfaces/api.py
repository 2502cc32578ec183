"""Actions for programs: what there is and what it takes. They are run by processes, not through this door."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Schema
from ninja.errors import HttpError

from allmende.spine.api import Router
from allmende.spine.people.access import access

from ..registry import ACTIONS, actions

router = Router()


class ActionOut(Schema):
    name: str
    title: str
    description: str
    right: str
    idempotent: bool
    timeout: float = Field(description="Seconds")
    params: dict[str, Any] = Field(description="JSON Schema of the params")
    result: dict[str, Any] = Field(description="JSON Schema of the result")


@router.get("/", response=list[ActionOut])
@access("actions.view")
def list_actions(request: HttpRequest) -> list[dict[str, Any]]:
    """Every action of this instance, by name."""
    return [one.schema() for one in actions()]


@router.get("/{str:name}", response=ActionOut)
@access("actions.view")
def get_action(request: HttpRequest, name: str) -> dict[str, Any]:
    """One action."""
    if name not in ACTIONS:
        raise HttpError(404, "no such action")
    return ACTIONS[name].schema()
