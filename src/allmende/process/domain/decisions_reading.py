"""Decision models read: parsed once a version, with what is wrong in them."""

import functools
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..core import xml as safe
from ..core.dmn import DmnError, Library, parse
from ..core.dmn import Model as Decisions
from ..core.dmn.check import Fault, expression_faults, faults
from ..core.dmn.markup import child
from ..core.dmn.model import Type
from ..core.dmn.sheets import Sheet, sheets
from ..models import Version
from . import decisions_words as words

MOST_ROWS, MOST_COLUMNS = 2_000, 40


@dataclass(frozen=True)
class Read:
    """A model ready to decide, its tables, what is wrong with them; `helps`: id of an element -> what is said about
    it."""

    library: Library
    sheets: tuple[Sheet, ...]
    faults: tuple[Fault, ...]
    helps: dict[str, str]

    @property
    def model(self) -> Decisions:
        return self.library.main

    def texts(self) -> list[str]:
        return [words.fault_with_place(each, list(self.sheets)) for each in self.faults]

    def faults_of(self, place: int) -> list[Fault]:
        return [each for each in self.faults if each.place == place and not each.holder]


def of(version: Version) -> Read:
    """What a version says. Raises ValidationError where it is no decision model."""
    return _read(version.sha256, bytes(version.xml))


@functools.lru_cache(maxsize=64)
def _read(sha256: str, data: bytes) -> Read:
    return read(data)


def read(data: bytes) -> Read:
    """A decision model. Raises ValidationError ("file") with the line for what cannot be used."""
    try:
        library = Library(parse(data))
        tables = sheets(data)
    except safe.Unreadable as error:
        raise ValidationError({"file": _unreadable(error)}) from error
    except DmnError as error:
        where = _line(data, error.element)
        raise ValidationError({"file": words.trouble(error) + where}) from error
    except RecursionError as error:
        raise ValidationError({"file": _("The file is nested too deeply.")}) from error
    if not library.main.decisions:
        raise ValidationError({"file": _("The model has no decision.")})
    if any(len(each.rows) > MOST_ROWS or len(each.columns) > MOST_COLUMNS for each in tables):
        raise ValidationError(
            {
                "file": _("A table has at most %(rows)d rules and %(columns)d columns.")
                % {"rows": MOST_ROWS, "columns": MOST_COLUMNS}
            }
        )
    found = [fault for each in tables for fault in faults(each)]
    return Read(library, tuple(tables), (*found, *expression_faults(data)), _helps(data))


def _helps(data: bytes) -> dict[str, str]:
    found = {}
    for each in safe.read(data):
        told = child(each, "description")
        if told is None:
            told = child(each, "question")
        if told is not None and each.get("id"):
            found[each.get("id")] = " ".join("".join(told.itertext()).split())
    return found


def _unreadable(error: safe.Unreadable) -> str:
    from . import versions  # versions asks this module what a decision lacks

    if error.code in ("not_xml", "html"):
        text = _("This is not a decision model in DMN: %(detail)s") % {"detail": error.message}
    else:
        text = versions.unreadable(error)
    return text + (_(" (line %(line)d)") % {"line": error.line} if error.line else "")


def _line(data: bytes, name: str) -> str:
    """Where the element of that name stands."""
    if not name:
        return ""
    line = next((each.sourceline or 0 for each in safe.read(data).iter("{*}*") if each.get("name") == name), 0)
    return _(" (line %(line)d)") % {"line": line} if line else ""


def items(type_: Type | None, types: dict[str, Type]) -> tuple[Type | None, bool]:
    """The type of what is in a list and True, where the type is a list; else the type itself and False."""
    found = type_
    for _step in range(20):
        if not found:
            break
        if "list" in found:
            return found["list"], True
        found = types.get(found.get("name", "")) or found.get("of")
    return type_, False


def base(type_: Type | None, types: dict[str, Type]) -> tuple[str, str]:
    """Name of the built-in type behind a type, and the unary tests that its values pass; "" for none of either."""
    allowed: Any = ""
    for _step in range(20):
        if not type_ or "list" in type_ or "context" in type_ or "function" in type_ or "range" in type_:
            return "", str(allowed)
        allowed = allowed or type_.get("allowed") or type_.get("constraint") or ""
        name = type_.get("name")
        if name is None:
            type_ = type_.get("of")
        elif name in types:
            type_ = types[name]
        else:
            return words.SPELT.get(name, name), str(allowed)
    return "", ""
