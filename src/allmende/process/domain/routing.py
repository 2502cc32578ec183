"""What a step sets going beyond its instance: messages and signals to others, and actions of the house."""

from typing import Any

from django.db import transaction

from allmende.spine.people.models import Account

from ..core.engine.run import Run
from ..enums import Happening, InstanceState, ItemKind, ItemState
from ..models import Instance
from . import history


def after(row: Instance, run: Run, *, actor: Any) -> None:
    """Put what an instance threw, and its actions, into the queue of jobs, in the transaction of the step."""
    from .. import tasks

    for thrown in run.thrown():
        tasks.pass_on.defer(instance=row.pk, kind=thrown.kind, name=thrown.name, payload=thrown.payload)
    if row.state != InstanceState.RUNNING:
        return
    person = actor.pk if isinstance(actor, Account) else None
    waiting = row.items.filter(state=ItemState.OPEN, kind=ItemKind.ACTION, trouble="").values_list("pk", flat=True)
    for item in waiting:
        tasks.act.defer(item=item, actor=person)


@transaction.atomic
def pass_on(source: int, kind: str, name: str, payload: dict[str, Any]) -> int:
    """Give a message to one waiting instance, the longest waiting first, a signal to all; how many got it."""
    from ..models import Subscription
    from .steps import step

    rows = Subscription.objects.filter(kind=kind, name=name).exclude(instance=source).order_by("pk")
    reached = 0
    for waiting in rows.select_related("instance"):
        with step(waiting.instance, actor=None) as (row, run):
            if run.deliver(kind, name, payload):
                reached += 1
                history.write(row, Happening.RECEIVED, element=waiting.element, name=name)
        if kind == "message" and reached:
            break
    return reached
