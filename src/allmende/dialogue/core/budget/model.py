"""What is counted: projects, ballots, a budget. Amounts are exact fractions of the currency's unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from .texts import ERRORS, FINDINGS

# Pabulib's vote types. `choose-1` is approval of one project; `cardinal` is an older name of `scoring`.
APPROVAL = frozenset({"approval", "choose-1"})
POINTS = frozenset({"cumulative", "scoring", "cardinal"})
ORDINAL = frozenset({"ordinal"})
VOTE_TYPES = APPROVAL | POINTS | ORDINAL


@dataclass(frozen=True, slots=True)
class Project:
    """`fields` are the other columns of the file, without the empty ones."""

    id: str
    cost: Fraction
    name: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one voter gave. `projects` in the voter's order (ordinal: best first); `points` one for each of them, or
    None where the ballot has none."""

    voter: str
    projects: tuple[str, ...]
    points: tuple[Fraction, ...] | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a town should know about a file that could be read. `line` is 0 where no line is meant.

    `ballot` is true where a ballot breaks a rule of the vote; such ballots are counted unless the reader is strict.
    """

    code: str
    line: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    ballot: bool = False

    def text(self, language: str) -> str:
        """The sentence for a person; `language` is `de` or `en`."""
        return sentence(FINDINGS[self.code], self.line, self.values, language)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "line": self.line, "text": {"de": self.text("de"), "en": self.text("en")}}


@dataclass(frozen=True, slots=True)
class Election:
    """`meta` holds the META section as it is written; `budget` and `vote_type` are read from it."""

    meta: Mapping[str, str]
    budget: Fraction
    vote_type: str
    projects: tuple[Project, ...]
    ballots: tuple[Ballot, ...]
    findings: tuple[Finding, ...] = field(default=(), compare=False)

    def threshold(self) -> Fraction | None:
        """META `min_project_score_threshold`, which the reader has checked."""
        text = self.meta.get("min_project_score_threshold", "")
        return Fraction(text.replace(",", ".")) if text else None


class Unreadable(ValueError):
    """A file or a wish that is not counted. `code` is stable (texts.ERRORS); `line` counts from 1, 0 means none."""

    def __init__(self, code: str, line: int = 0, **values: object) -> None:
        super().__init__(sentence(ERRORS[code], line, values, "en"))
        self.code = code
        self.line = line
        self.values = values

    def text(self, language: str) -> str:
        """The sentence for a person; `language` is `de` or `en`."""
        return sentence(ERRORS[self.code], self.line, self.values, language)


def sentence(texts: tuple[str, str], line: int, values: Mapping[str, object], language: str) -> str:
    german = language == "de"
    said = {key: _in(value, german) for key, value in values.items()}
    place = f"{'Zeile' if german else 'Line'} {line}: " if line else ""
    return place + texts[0 if german else 1].format(**said)


def _in(value: object, german: bool) -> str:
    """A pair is a German and an English text. What strangers wrote is cut so that it can be shown."""
    text = value[0 if german else 1] if isinstance(value, tuple) else str(value)
    flat = "".join(letter if letter.isprintable() else " " for letter in text)
    return flat if len(flat) <= 120 else flat[:119] + "…"
