"""Jobs of processes. The engine is imported by the job that needs it, not by every process of the house."""

from collections.abc import Sequence
from typing import Any

from allmende.spine.jobs import app


@app.task(queue="process", name="process.act", retry=3)
def act(item: int, actor: int | None) -> None:
    """Do a step of the system. Done twice it changes nothing more."""
    from allmende.spine.people.models import Account

    from .domain import doing
    from .models import WorkItem

    row = WorkItem.objects.select_related("instance__version_of").filter(pk=item).first()
    if row is not None:
        doing.act(row, actor=Account.objects.filter(pk=actor).first() if actor else None)


@app.task(queue="process", name="process.pass_on", retry=3)
def pass_on(
    instance: int, kind: str, name: str, payload: dict[str, Any], targets: Sequence[str] = (), hops: int = 0
) -> int:
    """Give a message or signal to other instances that wait for it, and to processes that it begins."""
    from .domain import routing

    return routing.pass_on(instance, kind, name, payload, targets, hops)


@app.periodic(cron="* * * * *")
@app.task(queue="process", name="process.ring", queueing_lock="process.ring")
def ring(timestamp: int) -> int:
    """Every minute: the timers that are due."""
    from .domain import timers

    return timers.ring()


@app.periodic(cron="17 5 * * *")
@app.task(queue="process", name="process.remind", queueing_lock="process.remind")
def remind(timestamp: int) -> int:
    """Daily: tasks that come due or are long overdue. A second run tells nobody twice."""
    from .domain import deadlines

    return deadlines.remind()


@app.task(queue="process", name="process.migrate", retry=3)
def migrate(migration: int) -> None:
    """Do a part of a migration, then make room for other jobs."""
    from .domain import migrating

    if migrating.work(migration):
        migrate.defer(migration=migration)


@app.periodic(cron="41 4 * * *")
@app.task(queue="process", name="process.forget_moves", queueing_lock="process.forget_moves")
def forget_moves(timestamp: int) -> int:
    """Daily: what was kept for moving instances back that cannot be moved back any more."""
    from .domain import migrating

    return migrating.forget()


@app.periodic(cron="* * * * *")
@app.task(queue="process", name="process.start_due", queueing_lock="process.start_due")
def start_due(timestamp: int) -> int:
    """Every minute: cases that begin by the calendar."""
    from .domain import starting

    return starting.run_due()


@app.task(queue="process", name="process.trigger", retry=3)
def trigger(trigger: int, fact: int) -> None:
    """Begin a case because of a fact, once."""
    from .domain import starting

    starting.run_trigger(trigger, fact)
