"""Where the rules of the importer work: the model as it is by now, marks, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lxml import etree

from . import names
from .findings import Finding, Level, finding
from .model import Model
from .names import own


class Desk:
    """One file on its way to being runnable."""

    def __init__(self, root: etree._Element, library: Mapping[str, Sequence[str]] | None = None) -> None:
        self.root = root
        self.library = library or {}
        self.findings: list[Finding] = []
        self._model: Model | None = None

    @property
    def model(self) -> Model:
        if self._model is None:
            self._model = Model(self.root)
        return self._model

    def changed(self) -> None:
        """The tree is another one now: the view on it is made anew when somebody asks."""
        self._model = None

    def mark(self, element: etree._Element, name: str, value: str) -> None:
        """Write down what the parser shall make of an element."""
        element.set(own(name), value)

    def say(self, code: str, element: etree._Element, before: str = "", after: str = "", name: str = "") -> None:
        """A finding about an element, once: its attribute `noted` keeps what was said. Problems are said each time."""
        made = finding(code, element.get("id") or "", name or names.label(element), before, after)
        noted = (element.get(own("noted")) or "").split()
        if code in noted:
            return
        if made.level is not Level.PROBLEM:
            element.set(own("noted"), " ".join([*noted, code]))
        self.findings.append(made)
