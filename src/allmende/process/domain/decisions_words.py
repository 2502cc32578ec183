"""Decisions in words: hit policies, faults, notes of a trace, values."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from ..core.dmn import DmnError, Note, spelling
from ..core.dmn.check import Fault
from ..core.dmn.sheets import Sheet
from ..core.dmn.types import SPELT
from ..core.feel import FeelError

POLICIES = {
    "UNIQUE": gettext_lazy("Exactly one rule may fit; two are an error."),
    "ANY": gettext_lazy("Several rules may fit, but they have to say the same; else it is an error."),
    "FIRST": gettext_lazy("The first rule that fits counts."),
    "PRIORITY": gettext_lazy("Of the rules that fit, the one whose result stands first in the list of results counts."),
    "RULE ORDER": gettext_lazy("All rules that fit count, in the order of the table."),
    "OUTPUT ORDER": gettext_lazy("All rules that fit count, in the order of the list of results."),
    "COLLECT": gettext_lazy("All rules that fit are collected."),
}
AGGREGATIONS = {
    "SUM": gettext_lazy("Their results are added up."),
    "COUNT": gettext_lazy("Their number counts."),
    "MIN": gettext_lazy("The smallest of their results counts."),
    "MAX": gettext_lazy("The largest of their results counts."),
}
TYPES = {
    "string": pgettext_lazy("type of a value", "Text"),
    "number": pgettext_lazy("type of a value", "Number"),
    "boolean": pgettext_lazy("type of a value", "Yes or no"),
    "date": pgettext_lazy("type of a value", "Date"),
    "time": pgettext_lazy("type of a value", "Time"),
    "date and time": pgettext_lazy("type of a value", "Date and time"),
    "days and time duration": pgettext_lazy("type of a value", "Duration in days and hours"),
    "years and months duration": pgettext_lazy("type of a value", "Duration in years and months"),
}
ANSWERS = {
    "yes": pgettext_lazy("cell of a table", "yes"),
    "no": pgettext_lazy("cell of a table", "no"),
    "unknown": pgettext_lazy("cell of a table", "cannot be said"),
}


def policy(sheet: Sheet) -> str:
    """The hit policy in a sentence or two."""
    text = str(POLICIES[sheet.policy])
    return f"{text} {AGGREGATIONS[sheet.aggregation]}" if sheet.aggregation else text


def type_name(name: str) -> str:
    """The name of a type; one of the model's own as it is written there."""
    known = TYPES.get(SPELT.get(name, name))
    return str(known) if known else name or pgettext("type of a value", "Any")


def value(found: Any) -> str:
    """A value as people write it; what is no plain value, as FEEL."""
    if found is None:
        return pgettext("value of a decision", "nothing")
    if isinstance(found, bool):
        return pgettext("answer", "Yes") if found else pgettext("answer", "No")
    if isinstance(found, str):
        return found
    if isinstance(found, Decimal):
        whole, _dot, part = f"{found:f}".partition(".")
        return number_format(found, decimal_pos=len(part.rstrip("0")), force_grouping=len(whole) > 4)
    if isinstance(found, dt.date) and not isinstance(found, dt.datetime):
        return date_format(found, "DATE_FORMAT")
    if isinstance(found, list) and found and all(isinstance(each, str | Decimal | bool) for each in found):
        return "; ".join(value(each) for each in found)
    if isinstance(found, dict) and found and not any(isinstance(each, dict | list) for each in found.values()):
        return "; ".join(f"{name}: {value(each)}" for name, each in found.items())
    return spelling.spell(found)


def fault(found: Fault) -> str:
    """What is wrong, without where."""
    if found.code == "syntax":
        if found.detail:
            return _("This cannot be read as FEEL (from character %(place)s on).") % {"place": found.detail}
        return _("This cannot be read as FEEL.")
    if found.code == "unknown":
        return _('“%(name)s” is not known here. Texts stand in quotation marks: "%(name)s".') % {"name": found.detail}
    if found.code == "type":
        return _("The result has to be of the type “%(type)s”.") % {"type": type_name(found.detail)}
    known = {
        "long": _("This is too long: at most 2,000 characters."),
        "nested": _("This is nested too deeply."),
        "time": _("It takes too long to read this."),
        "no_output": _("The table has no column for the result."),
        "no_name": _("With several results each needs a name."),
        "twice": _("There are two results of this name."),
        "no_text": _("Say what this column asks for."),
        "aggregation": _("With several results they cannot be added up or compared."),
    }
    return known[found.code]


def fault_with_place(found: Fault, sheets: list[Sheet]) -> str:
    """What is wrong and where, down to the line of the file."""
    parts = []
    if found.holder:
        parts.append(_("Decision “%(name)s”") % {"name": found.holder})
    elif found.place < len(sheets):
        sheet = sheets[found.place]
        parts.append(_("Table “%(name)s”") % {"name": sheet.name})
        if found.row is not None:
            parts.append(_("rule %(number)d") % {"number": found.row + 1})
        if found.column is not None:
            parts.append(_("column “%(name)s”") % {"name": sheet.columns[found.column].title or found.column + 1})
    if found.line:
        parts.append(_("line %(line)d") % {"line": found.line})
    return f"{', '.join(parts)}: {fault(found)}"


def note(found: Note) -> str:
    """A note of a trace: why a value is missing."""
    rules = ", ".join(map(str, found.rules))
    if found.code == "conflict":
        counted = ngettext("Rule %(rules)s", "Rules %(rules)s", len(found.rules)) % {"rules": rules}
        if found.message.startswith("ANY"):
            return _("%(rules)s fit and say different things.") % {"rules": counted}
        return _("%(rules)s fit, but only one may.") % {"rules": counted}
    detail = f"{found.text}: {found.message}" if found.text else found.message
    if found.code == "type" and found.rules:
        told = {"table": found.element, "rules": rules, "detail": found.message}
        return _("Table “%(table)s”, rule %(rules)s, a result is not of the type of its column: %(detail)s") % told
    known = {
        "syntax": _("A text cannot be read as FEEL: %(detail)s"),
        "type": _("A value is not of its type: %(detail)s"),
        "input": _("An input has a value that the table does not allow: %(detail)s"),
        "priority": _("The table does not say in which order its results rank."),
        "policy": _("With several results they cannot be added up or compared."),
        "missing": _("Something is missing in the model: %(detail)s"),
        "language": _("A part is in another language and is not computed: %(detail)s"),
    }
    return known.get(found.code, _("Not computed: %(detail)s")) % {"detail": detail}


def trouble(error: FeelError | DmnError) -> str:
    """Why a decision could not be made at all."""
    known = {
        "time": _("The decision takes too long: it was stopped."),
        "memory": _("The decision needs too much memory: it was stopped."),
        "depth": _("The decision is nested too deeply."),
        "size": _("The result is too large."),
        "cycle": _("Decisions need each other in a circle: %(detail)s"),
        "import": _("The model uses another model, which is not read here: %(detail)s"),
        "reference": _("The model refers to something that it does not have: %(detail)s"),
        "duplicate": _("Two parts have the same id: %(detail)s"),
        "missing": _("There is no decision of this name: %(detail)s"),
        "not_dmn": _("This is not a decision model in DMN 1.1 to 1.5."),
    }
    return known.get(error.code, _("Not computed: %(detail)s")) % {"detail": error.message}
