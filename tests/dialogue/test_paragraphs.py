"""Paragraphs keep their ids over versions, differences add up to both texts, comments are never lost."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.dialogue.core.paragraphs import Fate, Gone, Kept, TooLong, begin, difference, fates, revise, split

FIRST = """Der Fauthweg wird für den Autoverkehr gesperrt.

Fahrräder dürfen den Weg weiter benutzen, auch nachts.

Die Beleuchtung wird erneuert.

Über Ausnahmen entscheidet das Ordnungsamt."""


def test_split() -> None:
    assert split("") == split(" \n\n \r\n") == []
    assert split("a\r\nb\r\n \r\n\n c \n") == ["a\nb", "c"]
    assert split("u\u0308ber") == ["über"], "composed"
    with pytest.raises(TooLong):
        split("a\n\n" * 501)
    with pytest.raises(TooLong):
        split("a" * 400_001)


def test_ids_stay_with_unchanged_and_slightly_changed_paragraphs() -> None:
    first = begin(FIRST)
    assert [one.id for one in first.paragraphs] == ["p1", "p2", "p3", "p4"]
    text = """Ziel ist mehr Ruhe.

Der Fauthweg wird für den gesamten Autoverkehr gesperrt.

Fahrräder dürfen den Weg weiter benutzen, auch nachts.

Über Ausnahmen entscheidet der Gemeinderat."""
    revision = revise(first, text)
    assert [one.id for one in revision.version.paragraphs] == ["p5", "p1", "p2", "p4"]
    assert revision.kept == (Kept("p1", 9411, True), Kept("p2", 10_000, False), Kept("p4", 6666, True))
    assert (revision.gone, revision.new) == ((Gone("p3", "p2"),), ("p5",))
    assert fates(revision) == {
        "p1": Fate("changed", "p1"),
        "p2": Fate("stays", "p2"),
        "p3": Fate("gone", "p2"),
        "p4": Fate("changed", "p4"),
    }
    back = revise(revision.version, FIRST)
    assert [one.id for one in back.version.paragraphs] == ["p1", "p2", "p6", "p4"], "an id is never given twice"
    assert back.version.number == 3


def test_a_paragraph_that_moved_is_suggested_not_decided() -> None:
    revision = revise(
        begin("Eins steht hier.\n\nZwei steht dort.\n\nDrei fehlt nie."),
        "Zwei steht dort.\n\nDrei fehlt nie.\n\nEins steht hier.",
    )
    assert revision.gone == (Gone("p1", None, moved_to="p4"),)
    assert fates(revision)["p1"] == Fate("moved", "p4")
    assert fates(revise(begin("Eins.\n\nZwei."), "")) == {"p1": Fate("gone", None), "p2": Fate("gone", None)}


def test_ties_are_named() -> None:
    revision = revise(begin("Ja.\n\nJa."), "Ja.")
    assert revision.kept == (Kept("p1", 10_000, False, as_like_old=("p2",)),)
    revision = revise(begin("Mehr Licht am Weg"), "Mehr Licht am Park\n\nMehr Licht am Platz")
    assert revision.kept == (Kept("p1", 7500, True, as_like_new=("p2",)),)
    with pytest.raises(ValueError, match="likeness"):
        revise(begin("a"), "a", like=0)


def test_difference_by_words() -> None:
    assert difference("Der rote Bus fährt.", "Der grüne Zug fährt.") == [
        ("same", "Der "),
        ("removed", "rote Bus"),
        ("added", "grüne Zug"),
        ("same", " fährt."),
    ]
    assert difference("", "") == []
    assert difference("", "<b>") == [("added", "<b>")]


texts = st.lists(st.sampled_from(["Weg", "Straße", "grün", "<b>", "nicht", ".", " ", "\n\n", "\u0301"]), max_size=25)


@settings(max_examples=150, deadline=None)
@given(texts, texts)
def test_differences_add_up_to_both_texts(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    parts = difference(before, after)
    assert "".join(text for kind, text in parts if kind != "added") == before
    assert "".join(text for kind, text in parts if kind != "removed") == after
    assert all(text for _, text in parts)


@settings(max_examples=150, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4))
def test_ids_are_unique_stay_in_order_and_every_comment_has_a_fate(versions: list[list[str]]) -> None:
    version = begin("".join(versions[0]))
    ever = {one.id for one in version.paragraphs}
    for words in versions[1:]:
        before = [one.id for one in version.paragraphs]
        revision = revise(version, "".join(words))
        after = [one.id for one in revision.version.paragraphs]
        kept = [one.id for one in revision.kept]
        assert len(set(after)) == len(after)
        assert kept == [id for id in before if id in after] == [id for id in after if id in before]
        assert not set(revision.new) & ever
        assert [one.text for one in revision.version.paragraphs] == split("".join(words))
        assert set(fates(revision)) == set(before)
        assert {fate.at for fate in fates(revision).values()} <= {*after, None}
        assert revise(revision.version, "".join(words)).gone == ()
        version, ever = revision.version, ever | set(after)


def test_a_long_text_that_is_rewritten_is_compared_quickly() -> None:
    old = "\n\n".join(f"Absatz {at} über {' '.join(f'w{at * k % 97}' for k in range(60))}" for at in range(100))
    new = "\n\n".join(f"Abschnitt {at} über {' '.join(f'w{at * k % 89}' for k in range(60))}" for at in range(100))
    begun = time.process_time()
    revise(begin(old), new)
    assert time.process_time() - begun < 4
