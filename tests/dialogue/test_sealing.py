"""The election key in parts: Shamir's formula, typing by hand, joining."""

from __future__ import annotations

import pickle
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.sealing import groups, parts, shamir
from allmende.dialogue.core.sealing.ballots import Election
from allmende.dialogue.core.sealing.keys import PrivateKey
from allmende.dialogue.core.sealing.parts import Board, Part
from allmende.dialogue.core.sealing.refusal import TEXTS, Refused

BUDGET = Election("buergerhaushalt-2026", "ab" * 32, "approval", ("bank", "licht", "wlan"))
OTHER = Election("buergerhaushalt-2027", "ab" * 32, "approval", ("bank", "licht", "wlan"))


def refused(code: str, do: object, *arguments: object) -> Refused:
    with pytest.raises(Refused) as caught:
        do(*arguments)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_the_field_is_that_of_aes() -> None:
    assert shamir.multiply(0x57, 0x83) == 0xC1  # FIPS 197, section 4.2
    assert shamir.inverse(0x53) == 0xCA
    # Independently: powers of the generator 3, doubling with reduction.
    powers = [1]
    while len(powers) < 255:
        last = powers[-1]
        double = (last << 1) ^ (0x11B if last & 0x80 else 0)
        powers.append(double ^ last)
    logs = {value: exponent for exponent, value in enumerate(powers)}
    assert len(logs) == 255
    for a in range(256):
        assert a == 0 or shamir.multiply(a, shamir.inverse(a)) == 1
        for b in range(0, 256, 7):
            expected = powers[(logs[a] + logs[b]) % 255] if a and b else 0
            assert shamir.multiply(a, b) == shamir.multiply(b, a) == expected
    with pytest.raises(ZeroDivisionError):
        shamir.inverse(0)


def test_parts_by_hand() -> None:
    """f(x) = 2A + 01·x + 80·x²: f(1) = 2A ^ 01 ^ 80, f(2) = 2A ^ 02 ^ (80·4 = 36), f(3) = 2A ^ 03 ^ (80·5 = B6)."""
    rows = iter([b"\x01", b"\x80"])
    found = shamir.split(b"\x2a", 3, 3, lambda size: next(rows))
    assert found == {1: b"\xab", 2: b"\x1e", 3: b"\x9f"}
    assert shamir.join(found) == b"\x2a"


@given(st.binary(min_size=1, max_size=32), st.integers(2, 6), st.integers(0, 3), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_any_parts_that_suffice_give_the_secret_back(secret: bytes, needed: int, more: int, random: object) -> None:
    found = shamir.split(secret, needed, needed + more)
    for size in range(needed, needed + more + 1):
        numbers = random.sample(sorted(found), size)  # type: ignore[attr-defined]
        assert shamir.join({number: found[number] for number in numbers}) == secret


@given(st.integers(0, 255), st.integers(2, 5), st.integers(0, 2), st.data())
@settings(max_examples=30, deadline=None)
def test_one_part_too_few_says_nothing(secret: int, needed: int, more: int, data: st.DataObject) -> None:
    """Whatever the parts of needed - 1 people are, each secret fits with exactly one value of one more part."""
    found = shamir.split(bytes([secret]), needed, needed + more)
    known = data.draw(st.permutations(sorted(found)))[:needed]
    missing = known.pop()
    fitting = [shamir.join({n: found[n] for n in known} | {missing: bytes([value])}) for value in range(256)]
    assert sorted(fitting) == [bytes([value]) for value in range(256)]


def test_a_single_part_is_uniform_for_every_secret() -> None:
    """Two needed: over all 256 coefficients each part takes each value once, so its distribution is exactly uniform
    and the same for all secrets (0 as a coefficient must not be left out)."""
    all_values = bytes(range(256))
    for secret in (0, 1, 0x2A, 255):
        found = shamir.split(bytes([secret]) * 256, 2, 4, lambda size: all_values)
        for part in found.values():
            assert sorted(part) == list(all_values)


def test_bad_numbers_of_parts() -> None:
    for needed, seats in ((1, 3), (0, 0), (4, 3), (2, 256)):
        with pytest.raises(ValueError):
            shamir.split(b"x", needed, seats)
    given_parts: list[dict[int, bytes]] = [{}, {0: b"x", 1: b"y"}, {1: b"x", 2: b"xy"}]
    for wrong in given_parts:
        with pytest.raises(ValueError):
            shamir.join(wrong)
    for needed, seats in ((1, 3), (4, 3), (2, 17)):
        refused("board", Board, needed, seats)


def test_a_board_that_loses_parts() -> None:
    board = Board(2, 3)
    assert [board.can_open(gone) for gone in ((), [1], [1, 1], [1, 3], [1, 2, 3])] == [True, True, True, False, False]


@given(st.integers(1, 16).flatmap(lambda n: st.binary(min_size=5 * n, max_size=5 * n)))
def test_groups_come_back_however_they_are_typed(data: bytes) -> None:
    text = groups.encode(data)
    typed = [text, text.lower(), text.replace("-", ""), text.replace("-", "\n "), text.replace("0", "O")]
    typed += [text.replace("1", "I"), text.replace("1", "l"), f"  {text} ", text.replace("-", "–")]
    assert [groups.decode(one, len(data)) for one in typed] == [data] * len(typed)


def test_a_group_by_hand() -> None:
    """Values 0 0 0 1 at place 0: α⁴·1 = 16 = G. At place 1: 16 ^ α⁵ = 16 ^ 5 = 21 = N, for the same values."""
    assert groups.encode(b"\x00\x00\x10\x00\x01").split("-") == ["0001G", "0001N"]


def test_every_typing_error_of_one_character_is_found_in_its_group() -> None:
    text = groups.encode(bytes(range(100, 120)))
    for place, letter in enumerate(text):
        if letter == "-":
            continue
        for other in groups.ALPHABET:
            if other != letter:
                wrong = text[:place] + other + text[place + 1 :]
                assert refused("group", groups.decode, wrong, 20).values == {"groups": str(place // 6 + 1)}


def test_exchanged_characters_and_groups_are_found() -> None:
    text = groups.encode(bytes(range(100, 120)))
    found = text.split("-")
    for number, group in enumerate(found):
        for a, b in combinations(range(5), 2):
            letters = list(group)
            letters[a], letters[b] = letters[b], letters[a]
            if letters != list(group):
                wrong = "-".join([*found[:number], "".join(letters), *found[number + 1 :]])
                assert refused("group", groups.decode, wrong, 20).values == {"groups": str(number + 1)}
    for a, b in combinations(range(len(found)), 2):
        wrong_order = list(found)
        wrong_order[a], wrong_order[b] = wrong_order[b], wrong_order[a]
        assert refused("group", groups.decode, "-".join(wrong_order), 20).values == {"groups": f"{a + 1}, {b + 1}"}


def test_other_typing_errors_say_where() -> None:
    text = groups.encode(bytes(20))
    first, *rest = text.split("-")
    assert refused("groups", groups.decode, "-".join(rest), 20).values == {"found": "7", "wanted": "8"}
    assert refused("groups", groups.decode, "", 20).values == {"found": "0", "wanted": "8"}
    assert refused("groups", groups.decode, f"{text}-{first}", 20).values == {"found": "9", "wanted": "8"}
    wrong = "-".join([first, rest[0][:-1], *rest[1:]])
    error = refused("length", groups.decode, wrong, 20)
    assert (error.text("de"), error.text("en")) == (
        "Gruppe 2 hat 4 statt 5 Zeichen.",
        "Group 2 has 4 characters, not 5.",
    )
    for letter in "UÄ€<":
        assert refused("letter", groups.decode, f"{letter}{text[1:]}", 20).values == {"group": "1"}
    for size in (0, 4, 85):
        with pytest.raises(ValueError):
            groups.encode(bytes(size))


def test_a_part_is_written_and_typed() -> None:
    with PrivateKey.generate() as key:
        public = key.public
        written = [part.text() for part in key.split(BUDGET, Board(2, 3))]
    assert [len(text.split("-")) for text in written] == [18] * 3
    typed = [Part.read(text.lower().replace("-", " ")) for text in written]
    assert [(part.number, part.needed) for part in typed] == [(1, 2), (2, 2), (3, 2)]
    for some in (*combinations(typed, 2), typed, reversed(typed)):
        assert PrivateKey.join(list(some), BUDGET, public).public == public
    assert typed[0].value.hex() not in repr(typed[0])


def test_a_part_with_two_errors_in_a_group_does_not_pass() -> None:
    """Two wrong characters can fit the group's check (1 in 31); the checksum over all of it finds them."""
    part = PrivateKey.generate().split(BUDGET, Board(2, 2))[0]
    data = groups.decode(part.text(), parts.SIZE)
    refused("checksum", Part.read, groups.encode(data[:20] + bytes([data[20] ^ 0xFF]) + data[21:]))
    refused("version", Part.read, groups.encode(b"\x02" + data[1:]))
    for needed, number in ((1, 1), (2, 0)):
        refused("checksum", Part.read, Part(needed, number, part.mark, part.value).text())


def test_parts_that_do_not_fit() -> None:
    key = PrivateKey.generate()
    public = key.public
    one, two, three = key.split(BUDGET, Board(2, 3))
    again = key.split(BUDGET, Board(2, 3))
    wider = key.split(BUDGET, Board(3, 3))
    false = Part(2, 3, one.mark, bytes(32))

    def join(*given_parts: Part) -> PrivateKey:
        return PrivateKey.join(given_parts, BUDGET, public)

    assert refused("too_few", join, one).values == {"found": "1", "needed": "2"}
    assert refused("too_few", join).values == {"found": "0", "needed": "2"}
    assert refused("twice", join, two, two).text("de") == "Teil 2 wurde zweimal eingegeben."
    refused("conflict", join, one, again[0])
    refused("mixed", join, one, wider[1])
    refused("wrong_key", join, one, again[1])
    refused("wrong_key", join, one, false)
    refused("wrong_key", join, one, two, false)
    elsewhere = key.split(OTHER, Board(2, 3))
    assert refused("other_election", join, one, elsewhere[1]).text("en") == "Part 2 is of another election."
    refused("other_election", join, *PrivateKey.generate().split(BUDGET, Board(2, 2)))
    assert join(three, one).public == public


def test_a_destroyed_key() -> None:
    key = PrivateKey.generate()
    memory = key._secret
    with key:
        assert key.public.hex() in repr(key)
    assert (bytes(memory), repr(key)) == (b"", "PrivateKey(destroyed)")
    refused("destroyed", key.exchange_key)
    refused("destroyed", key.split, BUDGET, Board(2, 2))
    with pytest.raises(TypeError):
        pickle.dumps(PrivateKey.generate())


def test_sentences_in_both_languages() -> None:
    names = {"most", "group", "found", "wanted", "groups", "number", "needed", "project"}
    for code in TEXTS:
        error = Refused(code, **dict.fromkeys(names, "<b>\n" + "x" * 200))
        for language in ("de", "en"):
            assert "{" not in error.text(language)
            assert "\n" not in error.text(language)
