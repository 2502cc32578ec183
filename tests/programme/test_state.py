"""State and slip: computed, from every order of the same records, and against an independent reading of the rules."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from allmende.programme.core.state import Due, slip_of, slip_of_all, standing

TODAY = date(2026, 6, 15)
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))
dues = st.lists(st.builds(Due, days, days, st.none() | days), max_size=5)
kinds = st.sampled_from(["note", "approve", "change", "pause", "resume", "stop", "drop"])
decisions = st.lists(st.tuples(days, kinds), max_size=5, unique_by=lambda row: row[0])


def told(dues: list[Due], decisions: list[tuple[date, str]], today: date) -> str:
    """The rules once more, read from the docstring one after the other."""
    past = {day: kind for day, kind in decisions if day <= today and kind not in ("note", "change")}
    last = past[max(past)] if past else ""
    if last == "stop":
        return "stopped"
    if last == "drop":
        return "dropped"
    if last == "pause":
        return "paused"
    reached = [due for due in dues if due.done and due.done <= today]
    if dues and len(reached) == len(dues):
        return "done"
    if any(due.plan < today for due in dues if due not in reached):
        return "late"
    if reached or "approve" in past.values() or "resume" in past.values():
        return "running"
    return "planned" if dues else "unknown"


@given(dues, decisions)
def test_state_follows_the_rules(found: list[Due], taken: list[tuple[date, str]]) -> None:
    assert standing(found, taken, TODAY).state == told(found, taken, TODAY)


@given(dues, decisions, st.randoms())
def test_the_order_of_records_does_not_matter(found: list[Due], taken: list[tuple[date, str]], chance: object) -> None:
    first = standing(found, taken, TODAY)
    chance.shuffle(found)  # type: ignore[attr-defined]
    chance.shuffle(taken)  # type: ignore[attr-defined]
    assert standing(found, taken, TODAY) == first


@given(dues, decisions)
def test_what_lies_ahead_does_not_count_yet(found: list[Due], taken: list[tuple[date, str]]) -> None:
    known = [(day, kind) for day, kind in taken if day <= TODAY]
    past = [due._replace(done=due.done if due.done and due.done <= TODAY else None) for due in found]
    assert standing(found, taken, TODAY) == standing(past, known, TODAY)


@given(days, days, st.none() | days)
def test_slip(baseline: date, plan: date, done: date | None) -> None:
    slip = slip_of(baseline, plan, done, TODAY)
    end = done or (plan if plan > TODAY else TODAY)
    assert baseline + slip == end
    if done is None:
        # An open one slips with every day once its plan is past, and not before.
        later = slip_of(baseline, plan, done, TODAY + timedelta(days=1))
        assert later - slip == (timedelta(days=1) if plan <= TODAY else timedelta(0))


@given(dues)
def test_the_whole_slips_as_the_last_milestone_does(found: list[Due]) -> None:
    if not found:
        assert slip_of_all(found, TODAY) == timedelta(0)
        return
    last = sorted(found, key=lambda due: (due.plan, due.baseline))[-1]
    tied = [due for due in found if (due.plan, due.baseline) == (last.plan, last.baseline)]
    assert slip_of_all(found, TODAY) in [slip_of(*due, TODAY) for due in tied]


def test_a_pause_holds_until_it_is_resumed() -> None:
    due = [Due(date(2026, 1, 1), date(2026, 3, 1), None)]
    pause, resume = (date(2026, 2, 1), "pause"), (date(2026, 5, 1), "resume")
    assert standing(due, [pause], TODAY).state == "paused"
    assert standing(due, [pause, resume], TODAY).state == "late"
    assert standing(due, [pause, resume], date(2026, 4, 1)).state == "paused"
    assert standing(due, [pause], TODAY).since == date(2026, 2, 1)


def test_dropped_is_an_end_whatever_was_reached() -> None:
    due = [Due(date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 1))]
    assert standing(due, [(date(2026, 2, 1), "drop")], TODAY).state == "dropped"
