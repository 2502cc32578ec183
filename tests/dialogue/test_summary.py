"""Sentences are found in German and English; a summary cites, counts what is said twice and never merges opposites."""

from __future__ import annotations

import random

import pytest

from allmende.dialogue.core.sentences import sentences
from allmende.dialogue.core.summary import summarise

SPLIT = {
    "Am 3. Mai, z. B. abends, war es dunkel. Danach nie!": ["Am 3. Mai, z. B. abends, war es dunkel.", "Danach nie!"],
    "Seit 2024. Im 2. Stock lebt Dr. Ott bzw. J. Bach.": ["Seit 2024.", "Im 2. Stock lebt Dr. Ott bzw. J. Bach."],
    "Ca. 1.200 Leute, d. h. viele. Wirklich?! Ja …": ["Ca. 1.200 Leute, d. h. viele.", "Wirklich?!", "Ja …"],
    "„Das ist gut.“ Sagt wer? (Nr. 5 usw.)": ["„Das ist gut.“", "Sagt wer?", "(Nr. 5 usw.)"],
    "Mehr Licht:\n- am Fauthweg\n- im Park\n\nDanke": ["Mehr Licht:", "am Fauthweg", "im Park", "Danke"],
    "e.g. Mr. Smith came at 5 p.m. and left. He won.": ["e.g. Mr. Smith came at 5 p.m. and left.", "He won."],
    "Siehe www.example.org/a.b und § 3 Abs. 2 GemO. Ende": ["Siehe www.example.org/a.b und § 3 Abs. 2 GemO.", "Ende"],
    "Diese Art. Und Art. 5 GG. I said no. See no. 7.": ["Diese Art.", "Und Art. 5 GG.", "I said no.", "See no. 7."],
    " \n … \n\n": [],
}  # fmt: skip


@pytest.mark.parametrize("text", SPLIT)
def test_sentences(text: str) -> None:
    assert sentences(text) == SPLIT[text]


IDEAS = {
    "1": "Der Fauthweg ist abends zu dunkel. Ich mag Katzen auf dem Balkon.",
    "2": "Am Fauthweg fehlt abends Licht, der Weg ist dunkel. Bitte mehr Lampen am Fauthweg!",
    "3": "Bitte mehr Lampen am Fauthweg. Das Altstadtfest war schön laut.",
    "4": "Bitte weniger Lampen am Fauthweg. Im Winter wird der Fauthweg nicht geräumt.",
    "5": "Winterdienst: Im Winter ist der Fauthweg nie geräumt.",
}


def test_what_most_are_about_is_cited_and_counted() -> None:
    found = summarise(IDEAS, most=3)
    assert found[0].text == "Bitte mehr Lampen am Fauthweg!"
    assert found[0].contributions == ("2", "3"), "said twice, shown once"
    assert all(one.text in IDEAS[one.contributions[0]] for one in found), "word for word"
    assert not {one.text for one in found} & {"Ich mag Katzen auf dem Balkon.", "Das Altstadtfest war schön laut."}


def test_opposites_are_never_one() -> None:
    texts = {"a": "The lane needs more street lamps.", "b": "The lane needs fewer street lamps.",
             "c": "We are for the new tram line.", "d": "We are not for the new tram line."}  # fmt: skip
    found = summarise(texts, most=10)
    assert sorted(one.contributions for one in found) == [("a",), ("b",), ("c",), ("d",)], "both sides are heard"
    on = summarise({"a": "Lampen im Park nachts bitte an.", "b": "Lampen im Park nachts bitte aus."})
    assert [one.contributions for one in on] == [("a",)], "too alike to take both, never counted together"


def test_english() -> None:
    texts = {
        "1": "The library should open on Sundays. My dog is brown and old.",
        "2": "Please open the library on Sundays, e.g. from 10 to 4.",
        "3": "A library that opens Sundays helps families.",
    }
    (first,) = summarise(texts, most=1)
    assert "library" in first.text
    assert "Sundays" in first.text


def test_the_order_of_contributions_means_nothing() -> None:
    expected = summarise(IDEAS)
    for seed in range(5):
        mixed = list(IDEAS.items())
        random.Random(seed).shuffle(mixed)
        assert summarise(dict(mixed)) == expected


def test_limits() -> None:
    assert summarise({}) == summarise({"1": "", "2": "Ja. Nein!"}) == []
    assert len(summarise(IDEAS, most=2)) == 2
    short = summarise(IDEAS, most=9, characters=70)
    assert sum(len(one.text) for one in short) <= 70
    assert len(short) >= 1
