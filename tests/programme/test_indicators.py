"""Indicators: defining, recording, what was known when, medians, targets."""

import datetime as dt
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.programme.domain.aims import aims, indicators_of, targets_of
from allmende.programme.domain.indicators import (
    Recorded,
    RowsRefused,
    add_break,
    define_indicator,
    publish_indicator,
    record_values,
    redefine,
    withdraw_indicator,
)
from allmende.programme.domain.series import Key, corrections, latest, median, newest_of, overviews, series, series_of
from allmende.programme.models import Indicator, Target, Value
from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .indicator_support import MEANT, at, make_indicator, our_town, row

pytestmark = pytest.mark.django_db


def known(indicator: Indicator, **asked: Any) -> list[tuple[int, Decimal | None]]:
    return [(point.starts.year, point.value) for point in series(indicator, "07312", **asked)]


def test_the_life_of_an_indicator_is_told_by_facts() -> None:
    office = make_account(Role.PROGRAMME_OFFICE)
    indicator = define_indicator(MEANT | {"title": "Pkw für Öde"}, actor=office)
    assert indicator.slug == "pkw-fuer-oede"
    record_values([row(indicator, "2020", 1)], vintage=at(1), actor=office)
    publish_indicator(indicator, actor=office)
    publish_indicator(indicator, actor=office)
    record_values([row(indicator, "2020", 2), row(indicator, "2021", 3)], vintage=at(2), actor=office)
    redefine(indicator, {"text": "Anders."}, valid_from=date(2022, 7, 1), reason="Neu gezählt.", actor=office)
    add_break(indicator, date=date(2021, 1, 1), reason="Zensus", actor=office)
    withdraw_indicator(indicator, actor=office)
    told = FactRow.objects.filter(subject=indicator.urn).order_by("id")
    assert [(each.kind.removeprefix("programme.indicator."), each.public) for each in told] == [
        ("defined", False), ("recorded", False), ("published", True), ("recorded", True), ("defined", True),
        ("broken", True), ("withdrawn", True),
    ]  # fmt: skip
    assert told[3].payload == {"title": "Pkw für Öde", "count": 2, "corrected": 1}


def test_who_may_do_what() -> None:
    indicator = make_indicator()
    editor, stranger = make_account(Role.EDITOR), make_account()
    lead = make_account(Role.PROJECT_LEAD, scope=make_measure().urn)
    record_values([row(indicator, "2020", 1)], actor=editor)
    for person in (stranger, lead):
        with pytest.raises(PermissionDenied):
            record_values([row(indicator, "2021", 1)], actor=person)
    for verb in (
        lambda: define_indicator(MEANT | {"title": "X"}, actor=editor),
        lambda: redefine(indicator, {}, valid_from=date(2022, 1, 1), actor=editor),
        lambda: add_break(indicator, date=date(2022, 1, 1), reason="x", actor=editor),
        lambda: publish_indicator(indicator, actor=editor),
        lambda: withdraw_indicator(indicator, actor=editor),
    ):
        with pytest.raises(PermissionDenied):
            verb()


def test_a_definition_that_says_too_little_names_each_field() -> None:
    with pytest.raises(ValidationError) as caught:
        define_indicator({"title": " ", "source_url": "keine", "decimals": 7}, actor="test")
    found = set(caught.value.message_dict)
    assert found == {"title", "text", "unit", "source", "source_url", "licence", "decimals"}
    assert not Indicator.objects.exists()


def test_the_same_value_again_makes_no_row_and_another_a_new_vintage() -> None:
    indicator = make_indicator()
    assert record_values([row(indicator, "2020", "1.5")], vintage=at(1), actor="test") == Recorded(new=1)
    assert record_values([row(indicator, "2020", "1.50")], vintage=at(2), actor="test") == Recorded(same=1)
    assert record_values(
        [row(indicator, "2020", "1.6"), row(indicator, "2021", None, quality="missing")], vintage=at(3), actor="test"
    ) == Recorded(new=1, corrected=1)
    assert (
        record_values([row(indicator, "2020", "1.6", quality="estimate")], vintage=at(4), actor="test").corrected == 1
    )
    assert known(indicator) == [(2020, Decimal("1.6")), (2021, None)]
    assert [(each.before.value, each.after.value) for each in corrections(Key(indicator.pk, "town", "07312"))] == [
        (Decimal("1.6"), Decimal("1.6")), (Decimal("1.5"), Decimal("1.6")),
    ]  # fmt: skip


def test_as_known_on_a_day_means_its_end_in_the_town() -> None:
    indicator = make_indicator()
    night = timezone.make_aware(dt.datetime(2024, 5, 3, 23, 59, 59))
    record_values([row(indicator, "2020", 1)], vintage=night, actor="test")
    record_values([row(indicator, "2020", 2)], vintage=night + dt.timedelta(seconds=1), actor="test")
    assert known(indicator, as_known_on=date(2024, 5, 2)) == []
    assert known(indicator, as_known_on=date(2024, 5, 3)) == [(2020, Decimal(1))]
    assert (
        known(indicator, as_known_on=date(2024, 5, 4)) == known(indicator, as_known_on=date.max) == [(2020, Decimal(2))]
    )
    assert known(indicator, as_known_on=night) == [(2020, Decimal(1))]


WRITES = st.lists(
    st.tuples(
        st.integers(2015, 2018),
        st.sampled_from(["07312", "07335"]),
        st.sampled_from(["1", "2", "3.5", "-4", None]),
        st.integers(0, 9),
    ),
    max_size=25,
)


@given(WRITES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_known_on_equals_a_replay_of_the_history(writes: list[tuple[int, str, str | None, int]]) -> None:
    """Every value that was told, in whatever order; the replay walks through them by the day they were known."""
    Value.objects.all().delete()
    indicator = Indicator.objects.first() or make_indicator()
    told: list[tuple[int, int, int, str, str | None]] = []
    for number, (year, area, value, day) in enumerate(writes):
        given_row = row(indicator, str(year), value, area=area)
        try:
            done = record_values([given_row], vintage=at(1 + day), actor="test")
        except RowsRefused as refused:
            assert [each.field for each in refused.problems] == ["vintage"]
            continue
        # What is confirmed leaves no trace: who later adds an earlier vintage overrules the confirmation too.
        if not done.same:
            told.append((day, number, year, area, value))
    for asked in range(10):
        memory: dict[str, dict[int, str | None]] = {"07312": {}, "07335": {}}
        for day, _number, year, area, value in sorted(told, key=lambda each: each[:2]):
            if day <= asked:
                memory[area][year] = value
        for area, years in memory.items():
            got = {point.starts.year: point.value for point in series(indicator, area, as_known_on=at(1 + asked))}
            assert got == {year: None if value is None else Decimal(value) for year, value in years.items()}
            newest = max((year for year, value in years.items() if value is not None), default=None)
            found = latest(indicator, area, as_known_on=at(1 + asked))
            assert (found.starts.year if found else None) == newest


def test_series_of_other_levels_areas_and_indicators_stay_apart() -> None:
    ours, other = make_indicator(), make_indicator(title="Andere")
    record_values(
        [
            row(ours, "2020", 1), row(ours, "2020", 2, area="07335", level="county"),
            row(ours, "2020", 3, area="DE", level="nation"), row(other, "2020", 4),
        ],
        actor="test",
    )  # fmt: skip
    keys = [
        Key(ours.pk, "town", "07312"), Key(ours.pk, "county", "07335"), Key(ours.pk, "town", "07335"),
        Key(other.pk, "town", "07312"),
    ]  # fmt: skip
    assert [[point.value for point in points] for points in series_of(keys).values()] == [[1], [2], [], [4]]
    assert {key: point.value for key, point in newest_of(keys).items()} == {keys[0]: 1, keys[1]: 2, keys[3]: 4}


def test_another_areas_value_is_never_shown_as_the_towns() -> None:
    indicator = make_indicator()
    record_values([row(indicator, "2020", 1, area=area) for area in ("07335", "07313")], actor="test")
    our_town()
    found = overviews([indicator.pk])[indicator.pk]
    assert (found.area, found.newest) == ("", None)
    record_values([row(indicator, "2020", 9)], actor="test")
    found = overviews([indicator.pk])[indicator.pk]
    assert (found.area, found.newest.value if found.newest else None) == ("07312", 9)


def test_the_median_is_exact_and_leaves_out_what_is_missing() -> None:
    indicator = make_indicator()
    record_values(
        [row(indicator, "2020", value, area=f"a{place}") for place, value in enumerate(["1.1", "9", "2.2", "4"])]
        + [row(indicator, "2021", value, area=f"a{place}") for place, value in enumerate(["5", None, "6"])]
        + [row(indicator, "2020", 1000, area="DE", level="nation")],
        vintage=at(1),
        actor="test",
    )
    record_values([row(indicator, "2020", "3", area="a3")], vintage=at(2), actor="test")
    assert [(each.starts.year, each.value, each.areas) for each in median(indicator, "town")] == [
        (2020, Decimal("2.6"), 4), (2021, Decimal("5.5"), 2),
    ]  # fmt: skip
    assert median(indicator, "town", date(2024, 1, 1))[0].value == Decimal("3.1")


def test_redefined_in_mid_year_the_series_breaks_there() -> None:
    indicator = make_indicator()
    record_values([row(indicator, str(year), year) for year in (2021, 2022, 2023)], vintage=at(1), actor="test")
    redefine(indicator, {"text": "Ohne stillgelegte."}, valid_from=date(2022, 7, 1), reason="Neu.", actor="test")
    broken = [point.starts.year for point in series(indicator, "07312") if point.broken_before]
    assert broken == [2023]
    record_values([row(indicator, "2022", 9, definition=2), row(indicator, "2024", 1)], actor="test")
    points = series(indicator, "07312")
    assert [(point.starts.year, point.definition, point.broken_before) for point in points] == [
        (2021, 1, False), (2022, 2, True), (2023, 1, False), (2024, 2, False),
    ]  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        redefine(indicator, {"text": "X"}, valid_from=date(2022, 7, 1), reason="x", actor="test")
    assert set(caught.value.message_dict) == {"valid_from"}


@pytest.mark.parametrize(
    ("values", "more", "field"),
    [
        ({"text": "Anders."}, {}, "reason"),
        ({"unit": "Prozent"}, {"reason": "x"}, "unit"),
        ({"level": "county"}, {"reason": "x"}, "level"),
        ({"text": ""}, {"reason": "x"}, "text"),
        ({}, {"valid_from": date(1800, 1, 1)}, "valid_from"),
    ],
)
def test_a_redefinition_is_refused_at_the_field(values: dict[str, Any], more: dict[str, Any], field: str) -> None:
    indicator = make_indicator()
    record_values([row(indicator, "2020", 1)], actor="test")
    with pytest.raises(ValidationError) as caught:
        redefine(indicator, values, **({"valid_from": date(2022, 1, 1), "actor": "test"} | more))
    assert set(caught.value.message_dict) == {field}
    assert indicator.definitions.count() == 1


def test_another_source_is_no_break_and_two_editors_notice_each_other() -> None:
    indicator = make_indicator()
    redefine(indicator, {"source": "Statistisches Amt"}, valid_from=date(2022, 1, 1), version=2, actor="test")
    assert not indicator.breaks.exists()
    with pytest.raises(VersionConflict):
        redefine(indicator, {"source": "Anderes"}, valid_from=date(2023, 1, 1), version=2, actor="test")
    with pytest.raises(ValidationError):
        add_break(indicator, date=date(1800, 1, 1), reason="x", actor="test")
    add_break(indicator, date=date(2008, 1, 1), reason="x", actor="test")
    with pytest.raises(ValidationError, match="schon"):
        add_break(indicator, date=date(2008, 1, 1), reason="y", actor="test")


def test_targets_stand_by_their_own_area_and_never_across_a_break() -> None:
    indicator, measure = make_indicator(), make_measure()
    hidden = make_indicator(published=False, title="Geheim")
    record_values(
        [row(indicator, "2007", 100), row(indicator, "2009", 80), row(indicator, "2009", 5, area="Platz")], actor="test"
    )
    common = {"measure": measure, "indicator": indicator, "value": 50, "baseline": 100}
    Target.objects.create(area="07312", baseline_date=date(2007, 12, 31), **common)
    Target.objects.create(area="Platz", **common)
    Target.objects.create(area="anderswo", **common)
    Target.objects.create(area="07312", level="county", **(common | {"measure": make_measure(published=None)}))
    Target.objects.create(measure=measure, indicator=hidden, area="07312")
    assert [(aim.verdict.word, aim.verdict.percent) for aim in indicators_of(measure)] == [
        ("under_way", 40), ("reached", 190), ("unmeasured", None),
    ]  # fmt: skip
    add_break(indicator, date=date(2008, 1, 1), reason="x", actor="test")
    assert [aim.verdict.word for aim in aims(targets_of(indicator))] == ["incomparable", "reached", "unmeasured"]


def test_a_measures_indicators_take_the_same_number_of_questions(django_assert_num_queries: Any) -> None:
    measure = make_measure()
    for count in (1, 3):
        while measure.targets.count() < count:
            indicator = make_indicator()
            record_values([row(indicator, "2020", 1)], actor="test")
            Target.objects.create(measure=measure, indicator=indicator, area="07312")
        with django_assert_num_queries(5):
            assert len(indicators_of(measure)) == count
