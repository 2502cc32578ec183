"""Conditions and numbers that do not say their language: what reads as FEEL is FEEL."""

from __future__ import annotations

from allmende.process.core.feel import FeelError, names

from .. import reading
from ..desk import Desk
from ..names import own


def apply(desk: Desk) -> None:
    for element in reading.by_kind(desk.root, reading.EXPRESSIONS):
        text = reading.text_of(element)
        if text and not reading.feel(element) and reading.reads_as_feel(text, _parse):
            element.set(own("feel"), text)
            owner = element.getparent()
            desk.say("read-as-feel", owner if owner is not None else element, before=text, after=text)
    desk.changed()


def _parse(text: str) -> object:
    """Read, not evaluated: a file must not cost the time of what is written in it."""
    try:
        return names(text)
    except FeelError as exc:
        raise ValueError(str(exc)) from exc
