"""Processes for programs: models with their forms, cases, one's own tasks, messages."""

import json
import uuid
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Schema, Status
from ninja.errors import HttpError
from ninja.pagination import paginate
from pydantic import Field

from allmende.spine import subjects
from allmende.spine.api import Pages, Router
from allmende.spine.people.access import access, require, visible_to
from allmende.spine.people.models import Account

from ..core.xes import TYPE
from ..domain import api_verbs, fields, forms, instances, items, queries, steps, xes
from ..enums import InstanceState, ItemKind, ItemState, ModelKind, VersionState
from ..models import Instance, Model, Version, WorkItem

router = Router()


class ModelOut(Schema):
    """A process that can be started. `version`: number of the released one."""

    slug: str
    title: str
    version: int
    url: str

    @staticmethod
    def resolve_slug(row: Version) -> str:
        return row.model.slug

    @staticmethod
    def resolve_title(row: Version) -> str:
        return row.model.title

    @staticmethod
    def resolve_version(row: Version) -> int:
        return row.number

    @staticmethod
    def resolve_url(row: Version) -> str:
        return row.model.get_absolute_url()


class StepOut(Schema):
    """A step with a form, as JSON Schema (2020-12)."""

    element: str
    name: str
    form: dict[str, Any]


class ModelDetail(ModelOut):
    """`sha256`: of the runnable XML; `processes`: ids of those that can be started."""

    sha256: str
    released: datetime
    processes: list[str]
    steps: list[StepOut]

    @staticmethod
    def resolve_processes(row: Version) -> list[str]:
        return steps.processes_of(row)

    @staticmethod
    def resolve_steps(row: Version) -> list[dict[str, Any]]:
        return [
            {"element": each.element, "name": each.name, "form": api_verbs.schema_of(each)}
            for each in forms.outline_of(row).values()
            if each.form.fields
        ]


class ItemOut(Schema):
    """A task. `mine`: one has taken it on; `case`: of which it is a step."""

    id: uuid.UUID
    title: str
    kind: ItemKind
    element: str
    case: uuid.UUID | None
    subject: str
    role: str
    mine: bool
    due: date | None
    state: ItemState
    url: str
    version: int

    @staticmethod
    def resolve_id(row: WorkItem) -> uuid.UUID:
        return row.public_id

    @staticmethod
    def resolve_case(row: WorkItem) -> uuid.UUID | None:
        return row.instance.public_id if row.instance else None

    @staticmethod
    def resolve_mine(row: WorkItem, context: Any) -> bool:
        return bool(row.assignee_id == context["request"].user.pk)

    @staticmethod
    def resolve_url(row: WorkItem) -> str:
        return row.get_absolute_url()


class ItemDetail(ItemOut):
    """`form` as JSON Schema; `ways`: [id, label] of a choice, of which one or, with `many`, several are taken."""

    form: dict[str, Any]
    ways: list[tuple[str, str]]
    many: bool

    @staticmethod
    def resolve_form(row: WorkItem) -> dict[str, Any]:
        return api_verbs.schema_of(forms.step_of(row))

    @staticmethod
    def resolve_ways(row: WorkItem) -> list[Any]:
        return list(row.ways.get("ways", []))

    @staticmethod
    def resolve_many(row: WorkItem) -> bool:
        return bool(row.ways.get("many"))


class CaseOut(Schema):
    id: uuid.UUID
    title: str
    model: str
    version: int
    state: InstanceState
    subject: str
    begun: datetime
    ended: datetime | None
    url: str

    @staticmethod
    def resolve_id(row: Instance) -> uuid.UUID:
        return row.public_id

    @staticmethod
    def resolve_model(row: Instance) -> str:
        return row.version_of.model.slug

    @staticmethod
    def resolve_version(row: Instance) -> int:
        return row.version_of.number

    @staticmethod
    def resolve_begun(row: Instance) -> datetime:
        return row.created

    @staticmethod
    def resolve_url(row: Instance) -> str:
        return row.get_absolute_url()


class StartIn(Schema, extra="forbid"):
    """`subject`: URN of what it is about, for example `measure:…`; `values`: what the process knows from the start."""

    model: str
    title: str = Field(min_length=1, max_length=200)
    process: str = ""
    subject: str = ""
    values: dict[str, Any] = {}


class CompleteIn(Schema, extra="forbid"):
    """`values` by the task's form; `ways`: ids, for a choice."""

    values: dict[str, Any] = {}
    ways: list[str] = []


class MessageIn(Schema, extra="forbid"):
    """To one case, to one about a subject, or else to the one that waits longest for it; `title`: of a case that it
    begins."""

    name: str = Field(min_length=1, max_length=200)
    payload: dict[str, Any] = {}
    instance: uuid.UUID | None = None
    subject: str = ""
    title: str = Field(default="", max_length=200)


class MessageOut(Schema):
    """`instance`: which case got it; `begun`: whether it began that case."""

    instance: uuid.UUID
    begun: bool


def _person(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _small(values: dict[str, Any]) -> dict[str, Any]:
    """Values that may become a case's data. Raises HttpError."""
    text = json.dumps(values, ensure_ascii=False)
    if len(text) > api_verbs.LONGEST:
        raise HttpError(422, f"at most {api_verbs.LONGEST} characters of values")
    if "\\u0000" in text or fields.clean(text) != text:
        raise HttpError(422, "control characters and halves of characters are no text")
    return values


def _released() -> Any:
    rows = Version.objects.filter(state=VersionState.RELEASED, model__kind=ModelKind.PROCESS)
    return rows.select_related("model").order_by("model__title", "pk")


def _version(slug: str) -> Version:
    row: Version | None = _released().filter(model__slug=fields.clean(slug)).first()
    if row is None:
        raise HttpError(404, "no such model, or none of its versions is released")
    return row


@router.get("/models", response=list[ModelOut])
@paginate(Pages)
@access("process.view_model")
def list_models(request: HttpRequest) -> object:
    """Processes that can be started, by title."""
    return _released().defer("source", "xml", "findings")


@router.get("/models/{slug}", response=ModelDetail)
@access("process.view_model")
def get_model(request: HttpRequest, slug: str) -> Version:
    """The released version of a model, with the forms of its steps."""
    return _version(slug)


@router.get("/models/{slug}/log.xes", response=str, openapi_extra={"responses": {200: {"content": {TYPE: {}}}}})
@access("process.view_statistics")
def get_log(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """Event log of a model's cases without persons: XES, IEEE 1849-2016."""
    model = Model.objects.filter(slug=fields.clean(slug)).first()
    if model is None:
        raise HttpError(404, "no such model")
    return StreamingHttpResponse(
        xes.of_model(model, visible_to(request.user, Instance.objects.all())), content_type=TYPE
    )


@router.get("/instances", response=list[CaseOut])
@paginate(Pages)
@access("process.view_instance")
def list_instances(request: HttpRequest, state: InstanceState | None = None, subject: str = "") -> object:
    """Cases that the caller may see, newest first."""
    return queries.narrowed(queries.instances(request.user), state=state or "", subject=fields.clean(subject))


def _visible(request: HttpRequest, public_id: uuid.UUID) -> Instance:
    row = queries.instances(request.user).filter(public_id=public_id).first()
    if row is None:
        raise HttpError(404, "no such case")
    return row


@router.get("/instances/{uuid:public_id}", response=CaseOut)
@access("process.view_instance")
def get_instance(request: HttpRequest, public_id: uuid.UUID) -> Instance:
    """One case."""
    return _visible(request, public_id)


@router.post("/instances", response={201: CaseOut})
@access("process.start_instance")
def post_instance(request: HttpRequest, body: StartIn) -> Status[Instance]:
    """Begin a case by the released version of a model."""
    version = _version(body.model)
    if body.process and body.process not in steps.processes_of(version):
        raise HttpError(404, "the model has no such process")
    subject = fields.clean(body.subject)
    if subject and subjects.find(subject, request.user) is None:
        raise HttpError(404, "no such subject")
    row = instances.start(
        version,
        process=body.process,
        title=fields.clean(body.title),
        subject=subject,
        values=_small(body.values),
        actor=request.user,
    )
    return Status(201, row)


@router.get("/items", response=list[ItemOut])
@paginate(Pages)
@access("process.work")
def list_items(request: HttpRequest, team: bool = False) -> object:
    """One's own open tasks, the first due first; with `team` those that nobody of one's roles has taken on."""
    return queries.queue(request.user) if team else queries.mine(_person(request))


def _item(request: HttpRequest, public_id: uuid.UUID) -> WorkItem:
    rows = WorkItem.objects.select_related("instance__version_of", "assignee")
    row = visible_to(request.user, rows).filter(public_id=public_id).first()
    if row is None:
        raise HttpError(404, "no such task")
    require(request.user, "process.work", row)
    return row


@router.get("/items/{uuid:public_id}", response=ItemDetail)
@access("process.work")
def get_item(request: HttpRequest, public_id: uuid.UUID) -> WorkItem:
    """One task with its form."""
    return _item(request, public_id)


@router.post("/items/{uuid:public_id}/claim", response=ItemDetail)
@access("process.work")
def post_claim(request: HttpRequest, public_id: uuid.UUID) -> WorkItem:
    """Take a task on. 422: somebody else has it, or it is done."""
    items.claim(_item(request, public_id), actor=_person(request))
    return _item(request, public_id)


@router.post("/items/{uuid:public_id}/complete", response=ItemOut)
@access("process.work")
def post_complete(request: HttpRequest, public_id: uuid.UUID, body: CompleteIn) -> WorkItem:
    """Do a task, and let its process go on. 422 names the fields that are not as asked."""
    row = _item(request, public_id)
    return api_verbs.complete(row, _small(body.values), body.ways, actor=_person(request))


@router.post("/messages", response=MessageOut)
@access("process.send_message")
def post_message(request: HttpRequest, body: MessageIn) -> dict[str, Any]:
    """Give a message to a case that waits for it, else begin the process whose start event takes it; 422 names the
    fields of its form. 404: nothing waits for it."""
    target = _visible(request, body.instance) if body.instance else None
    name, subject, title = (fields.clean(each) for each in (body.name, body.subject, body.title))
    payload = _small(body.payload)
    row, begun = api_verbs.send(name, payload, instance=target, subject=subject, title=title, actor=_person(request))
    if row is None:
        raise HttpError(404, "nothing waits for that")
    return {"instance": row.public_id, "begun": begun}
