"""The decisions that come along with Allmende, in `shipped/*.dmn`, each with its test cases."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

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


def open_() -> list[tuple[str, str]]:
    """Names and titles of those that are not here yet, by their title."""
    found = [(path.name, label(xml.read(path.read_bytes()))) for path in files()]
    there = set(Model.objects.filter(title__in=[title for _name, title in found]).values_list("title", flat=True))
    return [(name, title) for name, title in found if title not in there]


@transaction.atomic
def take_over(name: str, *, actor: Any) -> Version:
    """Import one of them by its file's name, with its cases; it waits for its release as every import does. Raises
    PermissionDenied, ValidationError where it is here already or there is none."""
    path = next((each for each in files() if each.name == name), None)
    if path is None or name not in dict(open_()):
        raise ValidationError(_("This decision is here already."))
    data = path.read_bytes()
    root = xml.read(data)
    row = decisions.import_file(data, title=label(root), filename=path.name, actor=actor)
    row.model.title_en = root.get(own("nameEn"), "")
    row.model.save(update_fields=["title_en", "changed"])
    for title, decision, inputs, expected in CASES.get(path.name, ()):
        cases.keep(row.model, title=title, decision=decision, inputs=inputs, expected=expected, actor=actor)
    return row


@transaction.atomic
def install(*, actor: str) -> list[Version]:
    """Import and release what is not there yet, for the demo town and a new instance."""
    made = [take_over(name, actor=actor) for name, _title in open_()]
    return [versions.release(versions.submit(row, actor=actor), actor=actor) for row in made]
