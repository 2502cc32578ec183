"""What had to be said or changed so that a drawn model runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .texts import TEXTS


class Level(StrEnum):
    """`note`: nothing changes, but one should know. `change`: runs otherwise than drawn. `problem`: does not run."""

    NOTE = "note"
    CHANGE = "change"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Finding:
    """One finding. `element` and `name` are those of the element meant; `before` and `after` are short texts."""

    code: str
    level: Level
    element: str = ""
    name: str = ""
    before: str = ""
    after: str = ""

    def text(self, language: str) -> str:
        """The sentence for a person; `language` is `de` or `en`."""
        german, english = TEXTS[self.code][1:]
        sentence = german if language == "de" else english
        values = {"name": self.name or self.element, "before": self.before, "after": self.after}
        return sentence.format(**{key: value or "—" for key, value in values.items()})

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "level": self.level.value,
            "element": self.element,
            "name": self.name,
            "text": {"de": self.text("de"), "en": self.text("en")},
            "before": self.before,
            "after": self.after,
        }


def finding(code: str, element: str = "", name: str = "", before: str = "", after: str = "") -> Finding:
    """A finding of the table; texts out of files are cut so that they can be shown."""
    return Finding(code, Level(TEXTS[code][0]), element, _short(name), _short(before), _short(after))


def _short(text: str, length: int = 200) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
