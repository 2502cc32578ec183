"""What is closed along with a room."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allmende.config import targets
from allmende.spine.instance.domain.queries import closed_rooms_in_words, forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.rooms import closed_of, rooms

NAMES = ["a", "b", "c", "d", "e"]


def test_what_a_closed_room_stands_on_is_named() -> None:
    requires = {"programme": (), "funding": ("programme",), "impact": ("funding", "things"), "things": ()}
    assert closed_of(requires, []) == {}
    assert closed_of(requires, ["things", "nowhere"]) == {"impact": ("things",), "things": ()}
    assert closed_of(requires, ["programme"]) == {"programme": (), "funding": ("programme",), "impact": ("funding",)}


@given(
    st.dictionaries(st.sampled_from(NAMES), st.lists(st.sampled_from(NAMES), unique=True)),
    st.sets(st.sampled_from(NAMES)),
)
def test_a_room_is_closed_if_and_only_if_a_way_down_leads_to_one_that_the_town_closed(
    requires: dict[str, list[str]], off: set[str]
) -> None:
    def below(room: str, seen: frozenset[str] = frozenset()) -> bool:
        if room not in requires or room in seen:
            return False
        return room in off or any(below(one, seen | {room}) for one in requires[room])

    found = closed_of(requires, off)
    assert set(found) == {room for room in requires if below(room)}
    for room, because in found.items():
        assert set(because) == set(requires[room]) & set(found)


def test_rooms_stand_on_rooms_that_there_are_and_come_after_them() -> None:
    seen: set[str] = set()
    for config in rooms():
        assert set(config.requires) <= seen, config.room
        seen.add(config.room)


@pytest.mark.django_db
def test_the_check_of_the_town_and_its_words_name_closed_rooms() -> None:
    assert (targets._closed_rooms(), closed_rooms_in_words()) == (None, "")
    change({"rooms_off": ["programme"]}, actor="test")
    forget()
    above = ("funding", "process", "dialogue")
    assert targets._closed_rooms() == ", ".join(["programme", *(f"{room} (stands on programme)" for room in above)])
    named = ("Förderung", "Vorgänge", "Beteiligung")
    assert closed_rooms_in_words() == ", ".join(["Programm", *(f"{room} (steht auf: Programm)" for room in named)])
