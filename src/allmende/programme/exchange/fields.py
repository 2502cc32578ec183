"""One value for one model field, checked; and values of cells as JSON has them."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.table_values import parse_day, parse_number
from ..domain.form import EARLIEST, LATEST
from .cells import restore
from .sheets import Column
from .workbook import Cell


class Wrong(ValueError):
    """The text says to people what is wrong with a value."""


def clean(model: type[models.Model], name: str, value: Any) -> Any:
    """`value` as the field `name` of `model` takes it. Raises Wrong."""
    field: Any = model._meta.get_field(name)
    if value is None and isinstance(field, models.CharField | models.TextField):
        value = ""
    if isinstance(value, list | dict | bool):
        raise Wrong(_("A single value belongs here."))
    if value == "" and field.null:
        value = None
    try:
        value = field.clean(value, None)
    except ValidationError as error:
        raise Wrong(" ".join(error.messages)) from None
    except (TypeError, ValueError, ArithmeticError):
        raise Wrong(_("This cannot be read.")) from None
    return _checked(value)


def _checked(value: Any) -> Any:
    """Days and numbers within what can be meant."""
    if isinstance(value, datetime):
        if timezone.is_naive(value):
            raise Wrong(_("The offset from universal time is missing, as in 2026-01-31T12:00:00+01:00."))
        if not EARLIEST <= value.date() <= LATEST:
            raise Wrong(_("The year lies outside of 1900 to 2100."))
    elif isinstance(value, date) and not EARLIEST <= value <= LATEST:
        raise Wrong(_("The year lies outside of 1900 to 2100."))
    elif (isinstance(value, Decimal) and not value.is_finite()) or (isinstance(value, str) and "\0" in value):
        raise Wrong(_("This cannot be read."))
    return value


def from_cell(column: Column, cell: Cell) -> Any:
    """The value of a cell of our own format as JSON has it; None for an empty one. Raises Wrong."""
    value = cell.value
    if cell.kind == "e":
        raise Wrong(_("There is an error value in this cell: %(value)s") % {"value": str(value)[:40]})
    if isinstance(value, str):
        value = restore(value).replace("\r\n", "\n")
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise Wrong(_("A single value belongs here."))
    try:
        return _READERS[column.kind](column, value)
    except Wrong:
        raise
    except (ValueError, TypeError, OverflowError, ArithmeticError):
        message = _("“%(text)s” cannot be read here.") % {"text": str(value)[:40]}
        raise Wrong(f"{message} {_expected(column)}".strip()) from None


def _expected(column: Column) -> str:
    return {
        "date": _("A day is written 2019-08-12 or 12.08.2019."),
        "number": _("A number is written 1234,5."),
        "int": _("A whole number belongs here."),
    }.get(column.kind, "")


def _text(column: Column, value: Any) -> str:
    if isinstance(value, datetime | date):
        raise Wrong(_("The cell holds a date, but a text belongs here. Format it as text."))
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def _choice(column: Column, value: Any) -> Any:
    """A value by itself or by the word that people read for it."""
    text = _text(column, value)
    words = {str(label).casefold(): key for key, label in column.choices}
    return words.get(text.strip().casefold(), text)


def _int(column: Column, value: Any) -> Any:
    if isinstance(value, str) and column.choices:
        value = _choice(column, value)
    number = parse_number(value)
    if number is None or number != number.to_integral_value():
        raise ValueError(value)
    return int(number)


def _number(column: Column, value: Any) -> str:
    number = parse_number(value)
    assert number is not None
    text = format(number.normalize(), "f")
    return "0" if text == "-0" else text


def _day(column: Column, value: Any) -> str:
    day = parse_day(value)
    assert day is not None
    return day.isoformat()


def _instant(column: Column, value: Any) -> str:
    if isinstance(value, datetime):
        # A spreadsheet knows no offset: the town's own time is meant.
        return timezone.make_aware(value).isoformat()
    return _text(column, value)


def _geometry(column: Column, value: Any) -> Mapping[str, Any]:
    found = json.loads(_text(column, value))
    if not isinstance(found, dict):
        raise ValueError(value)
    return found


_READERS: dict[str, Any] = {
    "text": _text,
    "choice": _choice,
    "int": _int,
    "number": _number,
    "date": _day,
    "instant": _instant,
    "geometry": _geometry,
}
