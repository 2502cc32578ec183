"""Processes whose worker is killed in the middle, again and again: nothing is lost, nothing is done twice."""

import os
import random
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections

from allmende.process.core.engine.clock import SetClock
from allmende.process.domain import history, instances, items, timers, versions
from allmende.process.domain.doing import act
from allmende.process.enums import Happening, InstanceState, ItemKind, ItemState
from allmende.process.models import Event, Instance, Timer, WorkItem
from allmende.programme.models import Measure
from allmende.spine.actions.models import Run as ActionRun
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.support.full import FULL

pytestmark = pytest.mark.django_db(transaction=True)
# The whole number of kills is left to `make check-full`.
KILLS, CASES = (200, 40) if FULL else (60, 12)
LATER = datetime.now(UTC) + timedelta(days=30)
MODEL = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:allmende="urn:allmende:process:1"
 id="d" targetNamespace="x"><process id="p" isExecutable="true"><startEvent id="s"/><userTask id="a"/>
<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>
</intermediateCatchEvent><serviceTask id="x" allmende:action="programme.add_milestone"><extensionElements>
<allmende:input name="measure" value="subject"/><allmende:input name="title" value="case"/>
<allmende:input name="plan" value="&quot;2027-01-04&quot;"/></extensionElements></serviceTask><userTask id="b"/>
<endEvent id="e"/>{}</process></definitions>""".format(
    "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate([("s", "a"), ("a", "t"), ("t", "x"), ("x", "b"), ("b", "e")])
    )
)


def one_thing(person, dice):
    """Whatever can be done next, picked at random; False if nothing is left."""
    open_ = list(WorkItem.objects.filter(state=ItemState.OPEN).values_list("pk", "kind"))
    if Timer.objects.exists() and (not open_ or dice.random() < 0.3):
        timers.ring(SetClock(LATER), most=2)
        return True
    if not open_:
        return False
    pk, kind = dice.choice(open_)
    item = WorkItem.objects.select_related("instance__version_of").get(pk=pk)
    if kind == ItemKind.ACTION:
        act(item, actor=person)
    else:
        items.complete(item, {}, actor=person)
    return True


def work(person, pipe, seed):
    """The child: does one thing after the other and says so, until it is killed."""
    dice = random.Random(seed)
    while one_thing(person, dice):
        os.write(pipe, b".")
    os.write(pipe, b"!")


def killed_once(person, seed):
    """Let a child work and kill it after a few things, somewhere in the next one; True when all was done."""
    dice = random.Random(-seed)
    reading, writing = os.pipe()
    connections.close_all()
    child = os.fork()
    if not child:
        os.close(reading)
        try:
            work(person, writing, seed)
        finally:
            os._exit(0)
    os.close(writing)
    done = b""
    for _ in range(dice.randrange(0, 3)):
        done += os.read(reading, 1)
    for _ in range(dice.randrange(0, 200_000)):  # as good as any moment
        pass
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    return b"!" in done


def test_killed_at_random_moments_nothing_is_lost_and_nothing_done_twice():
    person = make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure()
    row = versions.import_model(MODEL.encode(), title="Ablauf", actor="test")
    row = versions.release(versions.submit(versions.accept(row, actor="test"), actor="test"), actor="test")
    for number in range(CASES):
        instances.start(row, title=f"Vorgang {number}", subject=measure.urn, actor="test")
    kills = 0
    for seed in range(1, KILLS + 1):
        kills += 1
        if killed_once(person, seed):
            break
        for case in Instance.objects.filter(state=InstanceState.RUNNING):
            waits = case.items.filter(state=ItemState.OPEN).count() + case.timers.count()
            assert waits == 1, case
    while one_thing(person, random.Random(0)):
        pass

    assert set(Instance.objects.values_list("state", flat=True)) == {InstanceState.DONE}
    for case in Instance.objects.all():
        assert history.broken(case) is None
    passed = Counter(Event.objects.filter(kind=Happening.PASSED).values_list("instance", "element"))
    assert set(passed.values()) == {1}
    assert len(passed) == CASES * 6
    assert set(Counter(WorkItem.objects.values_list("instance", "element")).values()) == {1}
    assert not Timer.objects.exists()
    titles = Measure.objects.get().milestones.values_list("title", flat=True)
    assert sorted(titles) == sorted(str(case) for case in Instance.objects.values_list("public_id", flat=True))
    assert ActionRun.objects.filter(name="programme.add_milestone", state="done").count() == CASES
    assert kills > 1
