"""What a step sets going beyond its instance: messages and signals to others, and actions of the house."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.people.models import Account

from ..core.engine.run import Run
from ..enums import Happening, InstanceState, ItemKind, ItemState
from ..models import Instance, Subscription
from . import history

# So many messages may follow from each other without anybody's doing; beyond, cases that begin each other go round.
MOST_HOPS = 50
_hops: ContextVar[int] = ContextVar("hops", default=0)


def after(row: Instance, run: Run, *, actor: Any) -> None:
    """Put what an instance threw, and its actions, into the queue of jobs, in the transaction of the step."""
    from .. import tasks

    for thrown in run.thrown():
        tasks.pass_on.defer(
            instance=row.pk,
            kind=thrown.kind,
            name=thrown.name,
            payload=thrown.payload,
            targets=list(thrown.targets),
            hops=_hops.get(),
        )
    if row.state != InstanceState.RUNNING:
        return
    person = actor.pk if isinstance(actor, Account) else None
    waiting = row.items.filter(state=ItemState.OPEN, kind=ItemKind.ACTION, trouble="").values_list("pk", flat=True)
    for item in waiting:
        tasks.act.defer(item=item, actor=person)


@contextmanager
def _counted(hops: int) -> Iterator[None]:
    token = _hops.set(hops)
    try:
        yield
    finally:
        _hops.reset(token)


def pass_on(
    source: int, kind: str, name: str, payload: dict[str, Any], targets: Sequence[str] = (), hops: int = 0
) -> int:
    """Give a message to one waiting instance, the longest waiting first, else to the process that it begins; a signal
    to all of both. `targets`: ids of the steps that message flows of the drawing lead to; `hops`: how many messages
    led to this one without anybody's doing. How many got it."""
    from . import steps

    if hops > MOST_HOPS:
        why = _("Messages begin cases that send messages again, without end (“%(name)s”).") % {"name": name}
        steps.stick(Instance.objects.get(pk=source), why)
        return 0
    with transaction.atomic(), _counted(hops + 1):
        reached = _deliver(source, kind, name, payload) if name else 0
        if kind == "signal" or not reached:
            reached += _begin(source, kind, name, payload, targets)
    return reached


def _deliver(source: int, kind: str, name: str, payload: dict[str, Any]) -> int:
    from . import steps

    reached = 0
    rows = Subscription.objects.filter(kind=kind, name=name).exclude(instance=source).order_by("pk")
    for waiting in rows.select_related("instance"):
        try:
            with transaction.atomic(), steps.step(waiting.instance, actor=None) as (row, run):
                if run.deliver(kind, name, payload):
                    reached += 1
                    history.write(row, Happening.RECEIVED, element=waiting.element, name=name)
        except ValidationError as error:
            steps.stick(waiting.instance, " ".join(error.messages))
        if kind == "message" and reached:
            break
    return reached


def _begin(source: int, kind: str, name: str, payload: dict[str, Any], targets: Sequence[str]) -> int:
    """Begin the processes whose start event takes it: those that the drawing names, else by name."""
    from . import openings, steps

    sender = Instance.objects.select_related("version_of__model").get(pk=source)
    own = [(sender.version_of, one) for one in openings.of(sender.version_of) if kind and one.element in targets]
    begun = 0
    for version, one in own or openings.begun_by(kind, name):
        try:
            openings.begin(
                version, one, payload, title=sender.title, subject=sender.subject, strict=False, actor="message"
            )
            begun += 1
        except ValidationError as error:
            told = {"name": name or one.label, "model": version.model, "why": " ".join(error.messages)}
            steps.stick(sender, _("The message “%(name)s” could not begin “%(model)s”: %(why)s") % told)
    return begun
