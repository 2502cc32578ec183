"""Who may see a file: whoever may see the record it belongs to. Rooms register the rule for their records.

files.rights.register("report", can_view=lambda person, file: can(person, "faults.view_report",
report_of(file.subject)))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Rule = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class SubjectRule:
    can_view: Rule
    can_change: Rule


_rules: dict[str, SubjectRule] = {}


def _nobody(person: Any, file: Any) -> bool:
    return False


def register(kind: str, can_view: Rule, can_change: Rule = _nobody) -> None:
    """Say who sees and who removes files of records whose URN begins with `kind:`. Both get (person, stored file).

    Raises ValueError where another room registered the kind.
    """
    rule = SubjectRule(can_view, can_change)
    known = _rules.setdefault(kind, rule)
    if known.can_view.__module__ != can_view.__module__:
        raise ValueError(f"files of {kind} have two rules")
    _rules[kind] = rule


def _own(person: Any, file: Any) -> bool:
    return bool(getattr(person, "is_authenticated", False)) and file.owner_id == person.pk


def can_view(person: Any, file: Any) -> bool:
    """Public files everybody; else the owner and whom the subject's rule admits. Without a rule nobody."""
    if file.public or _own(person, file):
        return True
    rule = _rules.get(file.subject.partition(":")[0])
    return rule is not None and rule.can_view(person, file)


def can_change(person: Any, file: Any) -> bool:
    """The owner, and whom the subject's rule admits."""
    if _own(person, file):
        return True
    rule = _rules.get(file.subject.partition(":")[0])
    return rule is not None and rule.can_change(person, file)
