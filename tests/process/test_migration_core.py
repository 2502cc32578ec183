"""Rows of an instance as another version reads them."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from allmende.process.core import migrate
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.run import Run

from .moving import CHOSEN, NEW, OLD, START, Kept, flow, model, specs, standing, walk

HERE = {"check": "examine", "hear": "listen", "drop": "file"}


def mapping():
    return migrate.suggest(specs(OLD), specs(NEW)) | CHOSEN


def test_counterparts_are_found_by_id_then_by_name_and_the_rest_is_asked():
    found = migrate.suggest(specs(OLD), specs(NEW))
    assert (found["intake"], found["check"], found["hear"], found["late"]) == ("intake", "examine", "listen", "late")
    (asked,) = migrate.questions(specs(OLD), specs(NEW))
    assert asked.place.element == "drop"
    assert {place.element for place in asked.choices} >= {"file", "second", "close"}
    assert "wait" not in {place.element for place in asked.choices}


def test_two_steps_of_one_name_are_not_guessed():
    twice = model(
        '<startEvent id="s"/><userTask id="x" name="Prüfen"/><userTask id="y" name="Prüfen"/><endEvent id="e"/>'
        + flow("s", "x") + flow("x", "y") + flow("y", "e")
    )  # fmt: skip
    assert "check" not in migrate.suggest(specs(OLD), specs(twice))


@pytest.mark.parametrize("seed", range(60))
def test_whatever_point_it_is_at_it_goes_on_to_its_end(seed):
    luck, clock = random.Random(seed), SetClock(START)
    old, new = specs(OLD), specs(NEW)
    run = Run.begin(old, {"n": 1}, clock)
    walk(run, clock, luck.randint(0, 12), luck)
    if run.ended:
        return
    before, kept = standing(run), Kept(run)
    data = {task: run.data_of(task) for task in before}
    rows = migrate.rewrite(kept.ordered(), old, new, mapping(), 0.0)
    moved = Run.resume(new, kept.head, rows, clock)
    moved.settle()
    after = {task: (HERE.get(element, element), *rest) for task, (element, *rest) in before.items()}
    assert {task: tuple(told) for task, told in standing(moved).items()} == after
    assert {task: moved.data_of(task) for task in before} == data
    known = Kept(moved, kept.head, rows)
    again = Run.resume(new, known.head, known.ordered(), clock)
    assert again.delta().rows == []
    walk(again, clock, 100, luck)
    assert again.ended


def test_what_the_new_version_adds_begins_to_wait():
    clock, old, new = SetClock(START), specs(OLD), specs(NEW)
    run = Run.begin(old, {}, clock)
    run.answer(run.waiting()[0].task, {})
    kept = Kept(run)
    clock.set(START + timedelta(hours=1))
    moved = Run.resume(new, kept.head, migrate.rewrite(kept.ordered(), old, new, mapping(), 0.0), clock)
    moved.settle()
    assert {alarm.element: alarm.due - START for alarm in moved.alarms()} == {
        "late": timedelta(hours=6),
        "slow": timedelta(days=5, hours=1),
    }
    assert [(each.kind, each.name) for each in moved.listening()] == [("message", "back")]
    assert moved.deliver("message", "back", {})
    assert [each.element for each in moved.waiting()] == ["close"]


def test_and_back_its_additions_are_called_off():
    clock, old, new = SetClock(START), specs(OLD), specs(NEW)
    run = Run.begin(new, {}, clock)
    run.answer(run.waiting()[0].task, {})
    kept = Kept(run)
    back = migrate.suggest(new, old)
    moved = Run.resume(old, kept.head, migrate.rewrite(kept.ordered(), new, old, back, 0.0), clock)
    moved.settle()
    assert Counter(each.element for each in moved.waiting()) == Counter(["check", "draft"])
    assert [alarm.element for alarm in moved.alarms()] == ["late"]
    assert moved.listening() == []
    walk(moved, clock, 100, random.Random(1))
    assert moved.ended


@pytest.mark.parametrize(
    ("body", "chosen", "code"),
    [
        ('<userTask id="other" name="Anders"/>', {}, "gone"),
        ('<subProcess id="intake"><userTask id="inner"/></subProcess>', {}, "kind"),
        ('<userTask id="other"/>', {"intake": "nowhere"}, "gone"),
    ],
)
def test_why_one_stays(body, chosen, code):
    identifier = body.partition('id="')[2].partition('"')[0]
    new = specs(model(f'<startEvent id="s"/>{body}<endEvent id="e"/>{flow("s", identifier)}{flow(identifier, "e")}'))
    kept = Kept(Run.begin(specs(OLD), {}, SetClock(START)))
    with pytest.raises(migrate.Stays) as stays:
        migrate.rewrite(kept.ordered(), specs(OLD), new, migrate.suggest(specs(OLD), new) | chosen, 0.0)
    assert (stays.value.code, stays.value.element, stays.value.name) == (code, "intake", "Aufnehmen")


def test_a_choice_needs_ways_to_choose_from():
    old = specs(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g" allmende:by="person"/><userTask id="a"/><userTask id="b"/>'
            + flow("s", "g") + flow("g", "a") + flow("g", "b")
        )
    )  # fmt: skip
    new = specs(
        model('<startEvent id="s"/><exclusiveGateway id="g"/><endEvent id="e"/>' + flow("s", "g") + flow("g", "e"))
    )
    run = Run.begin(old, {}, SetClock(START))
    assert [each.kind for each in run.waiting()] == ["choice"]
    kept = Kept(run)
    moved = Run.resume(new, kept.head, migrate.rewrite(kept.ordered(), old, new, {}, 0.0), SetClock(START))
    assert [each.element for each in moved.waiting()] == ["g"]


def test_the_process_is_found_by_its_id_else_it_is_the_only_one():
    new = {"q": specs(NEW)}
    assert migrate.process_in({"p": specs(NEW), "q": specs(NEW)}, "p") == "p"
    assert migrate.process_in(new, "p") == "q"
    with pytest.raises(migrate.Stays):
        migrate.process_in({"q": specs(NEW), "r": specs(NEW)}, "p")
