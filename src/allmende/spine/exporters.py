"""Exporters of `allmende export WORD FILE`: every room registers its own in its `exporters.py`, by a word.

Such a module imports no Django at its top: the command line reads all of them to print its help.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Exporter:
    """`write(target, format)` writes the file and returns the rows of each kind. Raises ExportRefused, OSError."""

    word: str
    help: str
    formats: tuple[str, ...]
    write: Callable[[Path, str], dict[str, int]]


class ExportRefused(Exception):
    """Nothing was written. The text says why, in the person's language."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


EXPORTERS: dict[str, Exporter] = {}


def register(word: str, help: str, formats: tuple[str, ...], write: Callable[[Path, str], dict[str, int]]) -> None:
    """Add an exporter. Raises ValueError where the word is taken."""
    if word in EXPORTERS and EXPORTERS[word].write is not write:
        raise ValueError(f"exporter {word} is registered twice")
    EXPORTERS[word] = Exporter(word, help, formats, write)


def discover() -> dict[str, Exporter]:
    """Read every `exporters.py` of the rooms and return the exporters by their words."""
    package = Path(__file__).resolve().parents[1]
    for path in sorted([*package.glob("*/exporters.py"), *package.glob("spine/*/exporters.py")]):
        if path != Path(__file__).resolve():
            importlib.import_module(".".join(("allmende", *path.relative_to(package).with_suffix("").parts)))
    return dict(sorted(EXPORTERS.items()))
