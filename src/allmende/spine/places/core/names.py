"""German street names and house numbers: one spelling for what people write in many. Pure."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "œ": "oe", "ł": "l"})
_SHORT = {"st": "sankt", "pl": "platz", "pfr": "pfarrer", "bgm": "buergermeister", "bm": "buergermeister"}
_NUMBER = re.compile(r"^(\d{1,4})\s*([a-z])?(?:\s*[-–/]\s*(\d{1,4})?\s*([a-z])?)?$", re.IGNORECASE)
_POSTCODE = re.compile(r"\b(?:D[-\s]?)?(\d{5})\b", re.IGNORECASE)
MAX_QUERY = 200  # characters


def fold(text: str) -> str:
    """Lower case, ä → ae, ß → ss, other accents dropped, everything but letters and digits a single space."""
    text = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    # Once more: signs such as ℠ come apart into capitals.
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def street_key(name: str) -> str:
    """The key under which a street is found: "Eisenbahn-Straße", "Eisenbahnstr." and "EISENBAHN STRASSE" are one."""
    words = []
    for word in fold(name).split():
        word = _SHORT.get(word, word)
        words.append(re.sub(r"(strasse|strase|str)$", "str", word))
    return "".join(words)


class HouseNumber(NamedTuple):
    """One house number: 12, 12a, 12–14. Sorts as people expect: 2, 12, 12a, 12b, 100."""

    number: int
    suffix: str
    to: int | None = None

    def __str__(self) -> str:
        text = f"{self.number}{self.suffix}"
        return f"{text}–{self.to}" if self.to else text


def house_number(text: str) -> HouseNumber | None:
    """Read one house number; None where there is no number in it."""
    found = _NUMBER.match(" ".join(text.split()).strip(" ."))
    if not found or int(found[1]) == 0:
        return None
    number, to = int(found[1]), int(found[3]) if found[3] else None
    return HouseNumber(number, (found[2] or "").lower(), to if to and to > number else None)


def house_numbers(text: str) -> list[HouseNumber]:
    """All numbers of a tag such as `12;14` or `3a, 3b`."""
    found = (house_number(part) for part in re.split(r"[;,]", text))
    return [number for number in found if number]


@dataclass(frozen=True)
class Asked:
    """One way to read what somebody typed."""

    street: str
    number: HouseNumber | None = None
    postcode: str = ""
    hint: str = ""  # folded name of a town or district, or whatever else followed the number

    @property
    def key(self) -> str:
        return street_key(self.street)


def readings(text: str, towns: Collection[str] = ()) -> list[Asked]:
    """The ways in which a typed address may be meant, most literal first, at most four.

    `towns` are folded names of towns and districts; they are taken off the front or the end where a street is
    left.
    """
    text = re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", "-", " ".join(text[:MAX_QUERY].split()))
    postcode = ""
    if found := _POSTCODE.search(text):
        postcode = found[1]
        text = text[: found.start()] + "," + text[found.end() :]
    parts = [part.split() for part in text.split(",") if part.strip(" .-")]
    if not parts:
        return []
    for at, words in enumerate(parts):
        if number := _number_in(words):
            start, end, value = number
            rest = [*words[end:], *(w for i, part in enumerate(parts) if i != at for w in part)]
            return _without_towns(words[:start], value, postcode, " ".join(rest), towns)
    # "Fauthweg, 3": the number is a part of its own.
    for at, words in enumerate(parts[1:], 1):
        if alone := house_number(" ".join(words)):
            rest = [w for i, part in enumerate(parts[1:], 1) if i != at for w in part]
            return _without_towns(parts[0], alone, postcode, " ".join(rest), towns)
    found_readings = []
    for at, words in enumerate(parts):
        rest = [w for i, part in enumerate(parts) if i != at for w in part]
        found_readings += _without_towns(words, None, postcode, " ".join(rest), towns)
    return found_readings[:4]


def _number_in(words: list[str]) -> tuple[int, int, HouseNumber] | None:
    """Where the house number stands: (first word, word after, value). "17." is an ordinal, not a number."""
    for start in range(len(words) - 1, 0, -1):
        if words[start].endswith("."):
            continue
        # "3 a" before "3": the longest reading first.
        for width in (2, 1):
            chosen = words[start : start + width]
            if len(chosen) == width and words[start][0].isdigit() and (value := house_number(" ".join(chosen))):
                return start, start + width, value
    return None


def _without_towns(
    words: list[str], number: HouseNumber | None, postcode: str, hint: str, towns: Collection[str]
) -> list[Asked]:
    found = [Asked(" ".join(words), number, postcode, fold(hint))]
    for width in (3, 2, 1):
        if len(words) <= width:
            continue
        for town, street in ((words[:width], words[width:]), (words[-width:], words[:-width])):
            if (name := fold(" ".join(town))) in towns:
                found.append(Asked(" ".join(street), number, postcode, name))
    return found[:4]
