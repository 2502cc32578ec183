"""The supervisor's few sentences in German and English: what happened and what to do.

Not gettext, because they must be sayable before Django and its catalogues are loaded, and when they cannot
be.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from allmende.spine.supervisor.catalogue import MESSAGES, SAYINGS
from allmende.spine.supervisor.errors import SupervisorError


@dataclass(frozen=True)
class Message:
    text: str
    hint: str


class _Blank(dict[str, object]):
    """A missing parameter must not turn a clear message into a KeyError."""

    def __missing__(self, key: str) -> str:
        return "?"


def language() -> str:
    """`de` or `en`, by ALLMENDE_LANG, else the terminal's LC_ALL, LC_MESSAGES, LANG."""
    for name in ("ALLMENDE_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "de" if value.lower().startswith("de") else "en"
    return "en"


def message(error: SupervisorError, lang: str | None = None) -> Message:
    """The text and hint of `error`; an unknown code is shown as itself rather than lost."""
    entry = MESSAGES.get(error.code)
    if entry is None:
        return Message(error.code, "")
    text, hint = entry[0 if (lang or language()) == "de" else 1]
    params = _Blank(error.params)
    return Message(text.format_map(params), hint.format_map(params))


def say(key: str, **params: object) -> str:
    """A progress line by its key."""
    german, english = SAYINGS[key]
    return (german if language() == "de" else english).format_map(_Blank(params))
