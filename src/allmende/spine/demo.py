"""What apps of the spine put into the demo town: `register("places", load)`, with `load(folder, office_account)`."""

from collections.abc import Callable
from typing import Any

LOADERS: dict[str, Callable[..., Any]] = {}


def register(name: str, loader: Callable[..., Any]) -> None:
    LOADERS[name] = loader
