"""Timers: instances whose time has come are looked at, each in a transaction of its own."""

from django.core.exceptions import ValidationError
from django.db import transaction

from ..core.engine.clock import Clock, SystemClock
from ..enums import Happening
from ..models import Timer
from . import history, steps

BATCH = 500


def ring(clock: Clock | None = None, most: int = BATCH) -> int:
    """Let the timers that are due ring, at `most` so many; how many instances moved. Killed in the middle, the rest
    rings at the next call."""
    clock = clock or SystemClock()
    due = Timer.objects.filter(due__lte=clock.now()).order_by("due").values_list("instance", flat=True)[:most]
    moved = 0
    for instance in dict.fromkeys(due):
        moved += _look(instance, clock)
    return moved


def _look(pk: int, clock: Clock) -> bool:
    timer = Timer.objects.filter(instance=pk, due__lte=clock.now()).select_related("instance").first()
    if timer is None:
        return False
    try:
        with transaction.atomic(), steps.step(timer.instance, actor=None, clock=clock) as (row, run):
            if not run.tick():
                return False
            history.write(row, Happening.RANG, element=timer.element)
    except ValidationError as error:
        steps.stick(timer.instance, " ".join(error.messages))
        return False
    return True
