"""Importers of `allmende import`: every room registers its own in its `importers.py`, by a word of the command.

Such a module imports no Django at its top: the command line reads all of them to print its help.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class Say(Protocol):
    """Progress for people: what is being done, and how much of it (0 to 1) where that is known."""

    def __call__(self, text: str, part: float | None = None) -> None: ...


@dataclass(frozen=True)
class Importer:
    """`options(parser)` adds arguments, `run(args, say)` imports and returns what `--json` prints.

    `run` raises ImportRefused where the input is at fault.
    """

    word: str
    help: str
    options: Callable[[Any], None]
    run: Callable[[Any, Say], dict[str, Any]]


class ImportRefused(Exception):
    """Nothing was imported, nothing half-saved.

    The text says what happened and what to do, in the person's language.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


IMPORTERS: dict[str, Importer] = {}


def register(word: str, help: str, options: Callable[[Any], None], run: Callable[[Any, Say], dict[str, Any]]) -> None:
    """Add an importer. Raises ValueError where the word is taken."""
    if word in IMPORTERS and IMPORTERS[word].run is not run:
        raise ValueError(f"importer {word} is registered twice")
    IMPORTERS[word] = Importer(word, help, options, run)


def discover() -> dict[str, Importer]:
    """Read every `importers.py` of the house and return the importers by their words."""
    package = Path(__file__).resolve().parents[1]
    for path in sorted([*package.glob("*/importers.py"), *package.glob("spine/*/importers.py")]):
        importlib.import_module(".".join(("allmende", *path.relative_to(package).with_suffix("").parts)))
    return dict(sorted(IMPORTERS.items()))
