"""Priority polls counted by hand; three rules over one matrix; ties are named."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.poll import BadBallot, from_pairs, from_picks

OPTIONS = ["bäume", "bus", "licht"]


def test_picks_by_hand() -> None:
    poll = from_picks(OPTIONS, [["licht", "bus"], ["licht"], ["bus", "licht"], []], k=2)
    assert (poll.ballots, poll.abstained) == (3, 1)
    # bäume before nobody; bus before bäume twice, before licht once; licht before bäume 3 times, before bus twice.
    assert poll.matrix == ((0, 0, 0), (2, 0, 1), (3, 2, 0))
    trees, bus, light = poll.standings
    # The second ballot leaves bäume and bus level: half a point each.
    assert (trees.borda, bus.borda, light.borda) == (Fraction(1, 2), Fraction(7, 2), 5)
    assert (trees.count, bus.count, light.count) == (0, 2, 3)
    assert (light.copeland, light.won, bus.copeland, trees.lost) == (2, 2, 1, 2)
    assert poll.condorcet == "licht"
    assert poll.orders["borda"] == (("licht",), ("bus",), ("bäume",))
    assert light.places == {"count": 1, "borda": 1, "copeland": 1}


def test_a_circle_is_a_tie_of_three() -> None:
    poll = from_picks(OPTIONS, [["bäume", "bus", "licht"], ["bus", "licht", "bäume"], ["licht", "bäume", "bus"]])
    assert poll.condorcet is None
    assert poll.ties("copeland") == poll.ties("borda") == (("bäume", "bus", "licht"),)
    assert [one.places["copeland"] for one in poll.standings] == [1, 1, 1]


def test_pairs_by_hand() -> None:
    poll = from_pairs(OPTIONS, [("bus", "bäume"), ("bus", "bäume"), ("bäume", "bus"), ("licht", "bus")])
    trees, bus, light = poll.standings
    assert poll.uncompared == (("bäume", "licht"),)
    assert (trees.borda, bus.borda, light.borda) == (Fraction(1, 3), Fraction(2, 3), 1)
    assert (bus.count, light.count, bus.won, bus.lost, bus.drawn) == (2, 1, 1, 1, 0)
    assert poll.ties("copeland") == (("bus", "licht"),)
    assert [one.places["copeland"] for one in poll.standings] == [3, 1, 1]
    assert poll.condorcet is None, "nobody compared licht with bäume"


def test_nobody_voted() -> None:
    for poll in (from_picks(OPTIONS, []), from_pairs(OPTIONS, [])):
        assert (poll.ballots, poll.condorcet, len(poll.uncompared)) == (0, None, 3)
        assert poll.ties("count") == (tuple(OPTIONS),)
        assert poll.as_json()["standings"][0]["borda"] == 0


@pytest.mark.parametrize(
    ("code", "options", "ballots"),
    [
        ("no_options", ["a"], []),
        ("two_options", ["a", "b", "a"], []),
        ("unknown_option", OPTIONS, [["bus"], ["Flugzeug"]]),
        ("picked_twice", OPTIONS, [["bus"], ["bus", "bus"]]),
        ("too_many", OPTIONS, [["bus"], OPTIONS]),
    ],
)
def test_bad_ballots(code: str, options: list[str], ballots: list[list[str]]) -> None:
    with pytest.raises(BadBallot) as caught:
        from_picks(options, ballots, k=2)
    assert (caught.value.code, caught.value.ballot) == (code, 2 if ballots else 0)
    assert caught.value.text("de") != caught.value.text("en")


def test_a_pair_against_itself() -> None:
    with pytest.raises(BadBallot, match="against itself"):
        from_pairs(OPTIONS, [("bus", "bus")])


ballots = st.lists(st.permutations("abcde").flatmap(lambda one: st.integers(0, 5).map(lambda k: one[:k])), max_size=12)


@settings(max_examples=80, deadline=None)
@given(ballots, st.randoms())
def test_points_add_up_and_order_means_nothing(cast: list[list[str]], random: object) -> None:
    poll = from_picks("abcde", cast)
    assert sum(one.borda for one in poll.standings) == 10 * poll.ballots, "10 pairs, a point each"
    assert sum(one.copeland for one in poll.standings) == 10 - len(poll.uncompared)
    assert sum(one.count for one in poll.standings) == sum(map(len, cast))
    assert from_picks("abcde", cast[::-1]).as_json() == poll.as_json()
    if poll.condorcet:
        assert poll.orders["copeland"][0] == (poll.condorcet,)


def test_ten_thousand_ballots_quickly() -> None:
    options = [f"o{at}" for at in range(20)]
    cast = [[options[(at * k + k) % 20] for k in (1, 3)] for at in range(10_000)]
    cast = [list(dict.fromkeys(one)) for one in cast]
    begun = time.process_time()
    assert from_picks(options, cast).ballots == 10_000
    assert time.process_time() - begun < 1
