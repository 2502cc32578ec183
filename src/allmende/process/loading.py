"""The processes that come along, in the demo town: released, with one case that has begun."""

from pathlib import Path
from typing import Any

from .domain import instances, shipped


def load(folder: Path, office: Any) -> None:
    """Release what is shipped and begin a case. `folder` is the demo town's; nothing of it is read."""
    versions = shipped.install(actor="demo")
    for version in versions:
        if version.model.slug == "von-der-idee-zur-massnahme":
            instances.start(version, title="Bänke am Radweg", actor="demo")
