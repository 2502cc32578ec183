"""The demo town's participations, through the verbs that people use."""

from pathlib import Path
from typing import Any


def load(folder: Path, office: Any) -> None:
    """From `participations.toml`; without the file nothing happens."""
    if not (folder / "participations.toml").exists():
        return
