"""What other rooms, and steps of processes, may do with cases."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field, JsonValue

from allmende.spine.actions import Params, action


class MessageParams(Params):
    name: str = Field(min_length=1, max_length=200, description="Name of the message, as in the models")
    payload: dict[str, JsonValue] = Field(default={}, description="What it brings")
    subject: str = Field(default="", max_length=120, description="URN of what it is about; only its cases get it")


class MessageResult(Params):
    case: uuid.UUID | None = Field(description="Public id of the case that got it; null: nothing waits for it")
    begun: bool = Field(description="Whether it began that case")


@action(
    "process.send_message",
    title=_("Send a message to cases"),
    right="process.send_message",
    params=MessageParams,
    result=MessageResult,
)
def send_message(params: MessageParams, *, actor: Any) -> MessageResult:
    """Give a message to the case that waits for it longest, else begin the case that it begins."""
    # Models are loaded by then.
    from .domain import api_verbs

    row, begun = api_verbs.send(params.name, dict(params.payload), subject=params.subject, actor=actor)
    return MessageResult(case=row.public_id if row else None, begun=begun)
