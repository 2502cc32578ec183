"""What process steps may do with measures."""

import datetime as dt
import uuid
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from allmende.spine.actions import Params, action
from allmende.spine.ids import uuid7

from .domain import amending, measures
from .models import Measure, Programme


class MeasureParams(Params):
    measure: uuid.UUID = Field(description="Public id of the measure")


class PublicationResult(Params):
    measure: uuid.UUID = Field(description="Public id of the measure")
    published: dt.datetime | None = Field(description="Since when it is public; null: it is not")
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


class NewMeasureParams(Params):
    title: str = Field(max_length=200, description="Title of the measure")
    summary: str = Field(default="", max_length=2000, description="What it is, in a sentence or two")
    reason: str = Field(default="", max_length=20_000, description="Why the town does it")
    topic: str = Field(description="Slug of the topic")
    origin: str = Field(default="", max_length=300, description="Where the idea came from, in words")


class MeasureResult(Params):
    measure: uuid.UUID = Field(description="Public id of the measure")


@action(
    "programme.draft_measure",
    title=_("Begin a measure"),
    right="programme.add_measure",
    params=NewMeasureParams,
    result=MeasureResult,
    idempotent=False,
)
def draft_measure(params: NewMeasureParams, *, actor: Any) -> MeasureResult:
    """A new measure that nobody outside sees yet."""
    programme = Programme.objects.order_by("pk")[:1].get()
    values = params.model_dump(exclude={"origin"}) | {"origin_text": params.origin}
    return MeasureResult(measure=measures.draft_measure(programme, values, actor=actor).public_id)


@action(
    "programme.take_up_measure",
    title=_("Take up a measure"),
    right="programme.publish_measure",
    params=MeasureParams,
    result=MeasureResult,
    idempotent=True,
)
def take_up_measure(params: MeasureParams, *, actor: Any) -> MeasureResult:
    """A measure that is there already, as what a process is about. Nothing is written."""
    return MeasureResult(measure=Measure.objects.get(public_id=params.measure).public_id)


class DecisionParams(MeasureParams):
    date: dt.date = Field(description="The day of the decision")
    body: str = Field(max_length=160, description="Who decided, for example the council")
    kind: Literal["approve", "change", "pause", "resume", "stop", "drop", "note"] = Field(
        default="approve", description="What it does to the measure"
    )
    text: str = Field(default="", max_length=5000, description="The wording")
    url: str = Field(default="", max_length=500, description="Where it can be read")


@action(
    "programme.record_decision",
    title=_("Record a decision about a measure"),
    right="programme.publish_measure",
    params=DecisionParams,
    result=MeasureResult,
    idempotent=False,
)
def record_decision(params: DecisionParams, *, actor: Any) -> MeasureResult:
    """A dated decision. The measure's state follows it."""
    # One id, wherever it is written: in what is public and in a draft that somebody has open.
    row = {"id": str(uuid7()), **params.model_dump(mode="json", exclude={"measure"})}

    def change(doc: dict[str, Any]) -> None:
        doc["decisions"].append(row)

    return _amended(params.measure, change, gettext("Decision of %(body)s") % {"body": params.body}, actor)


class MilestoneParams(MeasureParams):
    title: str = Field(max_length=200, description="Title of the milestone")
    plan: dt.date = Field(description="Planned for; the first plan stays as the baseline")


@action(
    "programme.add_milestone",
    title=_("Add a milestone to a measure"),
    right="programme.publish_measure",
    params=MilestoneParams,
    result=MeasureResult,
    idempotent=False,
)
def add_milestone(params: MilestoneParams, *, actor: Any) -> MeasureResult:
    """A milestone with its first plan. One of the same title is planned anew instead."""
    plan, new = params.plan.isoformat(), str(uuid7())

    def change(doc: dict[str, Any]) -> None:
        for row in doc["milestones"]:
            if row["title"] == params.title:
                row["plan"] = plan
                return
        doc["milestones"].append(
            {"id": new, "title": params.title, "baseline": plan, "plan": plan, "done": None, "note": ""}
        )

    return _amended(params.measure, change, gettext("Milestone: %(title)s") % {"title": params.title}, actor)


class ReachedParams(MeasureParams):
    title: str = Field(max_length=200, description="Title of the milestone")
    done: dt.date = Field(description="The day it was reached")


@action(
    "programme.reach_milestone",
    title=_("Mark a milestone as reached"),
    right="programme.publish_measure",
    params=ReachedParams,
    result=MeasureResult,
    idempotent=True,
)
def reach_milestone(params: ReachedParams, *, actor: Any) -> MeasureResult:
    """The day that a milestone was reached. It must be there."""

    def change(doc: dict[str, Any]) -> None:
        found = [row for row in doc["milestones"] if row["title"] == params.title]
        if not found:
            raise ValidationError(gettext("There is no milestone “%(title)s”.") % {"title": params.title})
        found[0]["done"] = params.done.isoformat()

    return _amended(params.measure, change, gettext("Milestone reached: %(title)s") % {"title": params.title}, actor)


class StageParams(MeasureParams):
    stage: Literal["idea", "pilot", "operation", "scaled", "ended"] = Field(description="How far it has come")


@action(
    "programme.set_stage",
    title=_("Set the stage of a measure"),
    right="programme.publish_measure",
    params=StageParams,
    result=MeasureResult,
    idempotent=True,
)
def set_stage(params: StageParams, *, actor: Any) -> MeasureResult:
    """Idea, pilot, operation, rolled out, ended."""

    def change(doc: dict[str, Any]) -> None:
        doc["maturity"] = params.stage

    return _amended(params.measure, change, gettext("Stage by the process"), actor)


def _amended(public_id: uuid.UUID, change: Any, note: str, actor: Any) -> MeasureResult:
    row = amending.amend(Measure.objects.get(public_id=public_id), change, note=note, actor=actor)
    return MeasureResult(measure=row.public_id)
