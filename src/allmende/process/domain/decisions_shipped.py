"""The decisions that come along with Allmende, in `shipped/*.dmn`, each with its test cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from ..core import xml
from ..core.bpmn.names import label, own
from ..models import Model, Version
from . import decisions, versions
from . import decisions_cases as cases

FOLDER = Path(__file__).parents[1] / "shipped"
_DPIA = "Schwellwertprüfung"
_REASONS = {
    "none": "Kein Merkmal eines hohen Risikos trifft zu.",
    "one": "Ein Merkmal trifft zu: Es kommt auf den Einzelfall an.",
    "two": "Mindestens zwei Merkmale eines hohen Risikos treffen zu.",
    "list": "Die Verarbeitung steht auf der Muss-Liste der Aufsicht.",
    "law": "Das Gesetz nennt diesen Fall.",
    "free": "Es werden keine personenbezogenen Daten verarbeitet.",
}
# File -> (title of the case, decision, inputs, expected).
CASES: Mapping[str, tuple[tuple[str, str, dict[str, Any], Any], ...]] = {
    "threshold-check.dmn": tuple(
        (title, _DPIA, {"Personenbezug": True, **inputs}, {"dpia": verdict, "reason": _REASONS[reason]})
        for title, inputs, verdict, reason in (
            ("Feuchte im Boden, ohne Personenbezug", {"Personenbezug": False}, "not_needed", "free"),
            ("Kein Merkmal", {"Zutreffende Merkmale": []}, "not_needed", "none"),
            ("Neue Technik allein", {"Zutreffende Merkmale": ["new"]}, "judge", "one"),
            ("Kameras auf dem Platz", {"Zutreffende Merkmale": ["monitoring", "scale"]}, "needed", "two"),
            ("Muss-Liste, ein Merkmal", {"Auf der Muss-Liste": True, "Zutreffende Merkmale": ["scale"]}, "needed",
             "list"),
            ("Fall des Art. 35 Abs. 3", {"Regelfall des Gesetzes": True, "Zutreffende Merkmale": []}, "needed", "law"),
        )
    )
}  # fmt: skip


def files() -> list[Path]:
    """The shipped decisions, by name."""
    return sorted(FOLDER.glob("*.dmn"))


@transaction.atomic
def install(*, actor: Any) -> list[Version]:
    """Import what is not there yet (by its title), with its cases. The system (`actor` a word) releases it too; a
    person's import waits for a second person as every other does. Raises PermissionDenied."""
    made = []
    for path in files():
        data = path.read_bytes()
        root = xml.read(data)
        title = label(root)
        if Model.objects.filter(title=title).exists():
            continue
        row = decisions.import_file(data, title=title, filename=path.name, actor=actor)
        row.model.title_en = root.get(own("nameEn"), "")
        row.model.save(update_fields=["title_en", "changed"])
        for name, decision, inputs, expected in CASES.get(path.name, ()):
            cases.keep(row.model, title=name, decision=decision, inputs=inputs, expected=expected, actor=actor)
        if isinstance(actor, str):
            row = versions.release(versions.submit(row, actor=actor), actor=actor)
        made.append(row)
    return made
