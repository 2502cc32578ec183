"""Steps of the system: an action of the registry, done once, in the name of who brought the case there."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine import actions
from allmende.spine.actions import ActionError
from allmende.spine.facts import emit
from allmende.spine.people.models import Account

from ..core.engine.script import ScriptError
from ..enums import Happening, InstanceState, ItemKind, ItemState
from ..facts import InstanceStuck
from ..models import Instance, WorkItem
from . import forms, history, known, steps


def act(item: WorkItem, *, actor: Account | None) -> WorkItem:
    """Do a step of the system and let its process go on. Where it fails, the case says so and the step waits for
    somebody who may do it; nothing is done twice, since the action runs under the step's own key."""
    if item.state != ItemState.OPEN or item.kind != ItemKind.ACTION or item.instance is None:
        return item
    step = forms.step_of(item)
    try:
        params = _params(item.instance, item, step.inputs)
        result = actions.run(step.action, params, actor=actor, key=f"process:{item.instance.public_id}:{item.task}")
    except (ActionError, ScriptError) as error:
        return _failed(item, str(getattr(error, "text", error)))
    return _done(item, result, actor=actor)


def _params(instance: Instance, item: WorkItem, inputs: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """The action's parameters by FEEL over what the case knows; `subject` is what it is about, as a public id."""
    run = known.run_of(instance)
    assert item.task is not None
    values = run.data_of(item.task) | {"subject": instance.subject.partition(":")[2], "case": str(instance.public_id)}
    found = {name: run.evaluate(expression, values) for name, expression in inputs}
    return {name: value for name, value in found.items() if value is not None}


@transaction.atomic
def _failed(item: WorkItem, why: str) -> WorkItem:
    assert item.instance is not None
    instance = Instance.objects.select_for_update().get(pk=item.instance.pk)
    row = WorkItem.objects.select_for_update().get(pk=item.pk)
    if row.state != ItemState.OPEN:
        return row
    row.trouble = why
    row.save(update_fields=["trouble", "changed"])
    history.write(instance, Happening.FAILED, element=row.element, name=row.title, payload={"why": why})
    instance.state = InstanceState.STUCK
    instance.trouble = _("The step “%(title)s” failed: %(why)s") % {"title": row.title, "why": why}
    instance.save()
    emit(InstanceStuck(title=instance.title), subject=instance, actor=None)
    return row


def _about(instance: Instance, kind: str, result: Any) -> None:
    """What an action has made may be what the case is about from now on."""
    if kind and isinstance(result, dict) and result.get(kind):
        instance.subject = f"{kind}:{result[kind]}"
        instance.items.filter(state=ItemState.OPEN).update(subject=instance.subject)


@transaction.atomic
def _done(item: WorkItem, result: Any, *, actor: Account | None) -> WorkItem:
    assert item.instance is not None
    with steps.step(item.instance, actor=actor) as (instance, run):
        row = WorkItem.objects.select_for_update().get(pk=item.pk)
        if row.state != ItemState.OPEN:
            return row
        row.state, row.closed, row.trouble = ItemState.DONE, timezone.now(), ""
        row.version += 1
        row.save()
        history.write(instance, Happening.ACTED, element=row.element, name=row.title, actor=actor)
        _about(instance, forms.step_of(row).becomes_subject, result)
        assert row.task is not None
        run.answer(row.task, {f"{row.element}_result": result} if result is not None else {})
    return row
