"""Steps of the system, done once, in the name of who brought the case there: an action of the registry, or a decision
by rules. What failed is tried again by somebody, and a decision can be entered by hand."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine import actions
from allmende.spine.actions import ActionError
from allmende.spine.actions.errors import NotAllowed
from allmende.spine.facts import emit
from allmende.spine.people.access import require
from allmende.spine.people.models import Account

from ..core.dmn import DmnError
from ..core.engine.run import Refused
from ..core.engine.script import ScriptError, plain
from ..core.feel import FeelError
from ..enums import Happening, InstanceState, ItemKind, ItemState
from ..facts import InstanceStuck
from ..models import Instance, WorkItem
from . import decisions_steps, forms, history, known, steps


def act(item: WorkItem, *, actor: Account | None) -> WorkItem:
    """Do a step of the system and let its process go on. Where it fails, the case says so and the step waits for
    somebody who may do it; nothing is done twice, since the action runs under the step's own key."""
    if item.state != ItemState.OPEN or item.kind != ItemKind.ACTION or item.instance is None:
        return item
    step = forms.step_of(item)
    try:
        values, params = _params(item.instance, item, step.inputs)
        if step.decision:
            decided = decisions_steps.decide(step, params if step.inputs else values)
            return _done(item, decided.value, told=decided.told, actor=actor)
        result = actions.run(step.action, params, actor=actor, key=f"process:{item.instance.public_id}:{item.task}")
    except NotAllowed:
        return _waits(item)
    except (ActionError, ScriptError, decisions_steps.NotDecided, FeelError, DmnError) as error:
        return _failed(item, str(getattr(error, "text", error)))
    except Refused:  # somebody else did it meanwhile
        item.refresh_from_db()
        return item
    return _done(item, result, actor=actor)


def again(item: WorkItem, *, actor: Account) -> WorkItem:
    """Try a step that failed once more, in the name of who asks for it. Raises PermissionDenied."""
    require(actor, "process.work", item)
    return act(item, actor=actor)


def enter(item: WorkItem, value: Any, *, reason: str, actor: Account) -> WorkItem:
    """Enter by hand what a decision failed to say. Raises PermissionDenied, ValidationError ("reason")."""
    require(actor, "process.work", item)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you decide it so.")})
    if item.state != ItemState.OPEN or not item.trouble or not forms.step_of(item).decision:
        raise ValidationError(_("This step does not wait for a decision by hand."))
    return _done(item, plain(value), told={"by_hand": True, "reason": reason.strip()}, actor=actor)


def _params(
    instance: Instance, item: WorkItem, inputs: tuple[tuple[str, str], ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the case knows, and the parameters of the step by FEEL over it; `subject` is what it is about, as a public
    id."""
    run = known.run_of(instance)
    assert item.task is not None
    values = run.data_of(item.task) | {"subject": instance.subject.partition(":")[2], "case": str(instance.public_id)}
    found = {name: run.evaluate(expression, values) for name, expression in inputs}
    return values, {name: value for name, value in found.items() if value is not None}


@transaction.atomic
def _waits(item: WorkItem) -> WorkItem:
    """Who brought the case here may not do this step: it waits in the list of the lane's role, and nothing is wrong."""
    row = WorkItem.objects.select_for_update().get(pk=item.pk)
    if row.state == ItemState.OPEN:
        row.trouble = _("Who did the step before may not do this one. It waits for somebody who may set it going.")
        row.save(update_fields=["trouble", "changed"])
    return row


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
def _done(item: WorkItem, result: Any, *, told: dict[str, Any] | None = None, actor: Account | None) -> WorkItem:
    assert item.instance is not None
    with steps.step(item.instance, actor=actor) as (instance, run):
        row = WorkItem.objects.select_for_update().get(pk=item.pk)
        if row.state != ItemState.OPEN:
            return row
        row.state, row.closed, row.trouble = ItemState.DONE, timezone.now(), ""
        row.version += 1
        row.save()
        history.write(instance, Happening.ACTED, element=row.element, name=row.title, payload=told, actor=actor)
        step, instance.trouble = forms.step_of(row), ""
        _about(instance, step.becomes_subject, result)
        assert row.task is not None
        run.answer(row.task, {step.result or f"{row.element}_result": result} if result is not None else {})
    return row
