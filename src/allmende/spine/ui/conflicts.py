"""Two editors at once: what the second one typed beside what the first one saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.utils.translation import gettext


@dataclass(frozen=True)
class Difference:
    name: str
    label: str
    yours: str
    saved: str


def _text(value: Any, choices: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, (list, tuple, set)):
        return ", ".join(_text(part, choices) for part in value)
    if choices:
        flat = dict(pair for entry in choices for pair in (entry[1] if _group(entry) else [entry]))
        for key, label in flat.items():
            if str(key) == str(value):
                return str(label)
    return str(value)


def _group(entry: Any) -> bool:
    return isinstance(entry[1], (list, tuple))


def differences(form: BaseForm, saved: Mapping[str, Any]) -> list[Difference]:
    """Fields of a bound form whose typed value is not the value now saved, in the form's order.

    `saved` maps field names to the values of the row as it is now. Line ends do not count as a difference
    (browsers send CRLF). For `{% include "ui/conflict.html" with differences=… %}`.
    """
    found = []
    for bound in form:
        if bound.name not in saved or bound.is_hidden:
            continue
        choices = getattr(bound.field, "choices", None)
        cleaned = getattr(form, "cleaned_data", {}).get(bound.name, bound.data)
        yours, now = _text(cleaned, choices), _text(saved[bound.name], choices)
        if yours.replace("\r\n", "\n").strip() != now.replace("\r\n", "\n").strip():
            found.append(Difference(bound.name, str(bound.label), yours, now))
    return found
