"""The models that come along with Allmende, in `shipped/`."""

from pathlib import Path
from typing import Any

from django.db import transaction

from ..core import xml
from ..core.bpmn.names import label, own, tag
from ..models import Model, Version
from . import versions

FOLDER = Path(__file__).parents[1] / "shipped"


def files() -> list[Path]:
    """The shipped models, by name."""
    return sorted(FOLDER.glob("*.bpmn"))


@transaction.atomic
def install(*, actor: Any) -> list[Version]:
    """Import what is not there yet (by its title). The system (`actor` a word) releases it too; a person's import waits
    for a second person as every other does. Raises PermissionDenied."""
    made = []
    for path in files():
        data = path.read_bytes()
        process = next(xml.read(data).iter(tag("process")))
        title = label(process)
        if Model.objects.filter(title=title).exists():
            continue
        row = versions.import_model(data, title=title, filename=path.name, actor=actor)
        row.model.title_en = process.get(own("nameEn"), "")
        row.model.save(update_fields=["title_en", "changed"])
        if isinstance(actor, str):
            versions.submit(versions.accept(row, actor=actor), actor=actor)
            row = versions.release(row, actor=actor)
        made.append(row)
    return made
