"""What process steps may do with measures."""

import uuid
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from allmende.spine.actions import Params, action

from .domain import measures
from .models import Measure


class MeasureParams(Params):
    measure: uuid.UUID = Field(description="Public id of the measure")


class PublicationResult(Params):
    measure: uuid.UUID = Field(description="Public id of the measure")
    published: datetime | None = Field(description="Since when it is public; null: it is not")
    version: int = Field(description="The measure's version afterwards")


def _result(row: Measure) -> PublicationResult:
    return PublicationResult(measure=row.public_id, published=row.published, version=row.version)


@action(
    "programme.publish_measure",
    title=_("Publish a measure"),
    right="programme.publish_measure",
    params=MeasureParams,
    result=PublicationResult,
    idempotent=True,
)
def publish_measure(params: MeasureParams, *, actor: Any) -> PublicationResult:
    """Show a measure to everybody. One that is public stays as it is."""
    return _result(measures.publish_measure(Measure.objects.get(public_id=params.measure), actor=actor))


@action(
    "programme.withdraw_measure",
    title=_("Withdraw a measure"),
    right="programme.publish_measure",
    params=MeasureParams,
    result=PublicationResult,
    idempotent=True,
)
def withdraw_measure(params: MeasureParams, *, actor: Any) -> PublicationResult:
    """Take a measure off the public pages. It stays as a draft."""
    return _result(measures.withdraw_measure(Measure.objects.get(public_id=params.measure), actor=actor))
