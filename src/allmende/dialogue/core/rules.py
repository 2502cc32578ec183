"""What a phase allows, to whom, where and when; its canonical form and hash. Pure.

The hash is SHA-256 over canonical JSON (RFC 8785 for the values that occur here: sorted names, no blanks, UTF-8), so
that anybody can compute it from the published rules.
"""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

LONGEST_ANSWER_DAYS = 365
MOST_CRITERIA = 10


@dataclass(frozen=True)
class Rules:
    """Everything about a phase that must not change once somebody has contributed.

    `place`: no, optional, required. `area`: URN of the area within which places must lie; empty: the whole town.
    `topics`: slugs to choose from; empty: none is asked for. `reviews`: independent reviews by experts that every
    contribution gets; `criteria`: what they judge by, in words. `answer_days`: days after the end of the phase within
    which the office owes its answer.
    """

    kind: str
    opens: dt.datetime
    closes: dt.datetime
    audience: str
    comments: bool = True
    support: bool = True
    place: str = "optional"
    area: str = ""
    topics: list[str] = field(default_factory=list)
    pictures: int = 3
    reviews: int = 0
    criteria: list[str] = field(default_factory=list)
    answer_days: int = 60

    def canonical(self) -> bytes:
        """UTF-8 JSON, the same bytes for the same rules."""
        told = asdict(self)
        for name in ("opens", "closes"):
            told[name] = told[name].astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()

    @property
    def digest(self) -> str:
        """SHA-256 of `canonical()`, hexadecimal."""
        return hashlib.sha256(self.canonical()).hexdigest()

    def open_at(self, now: dt.datetime) -> bool:
        """Whether contributions are taken; the moment of the end no longer belongs to the phase."""
        return self.opens <= now < self.closes

    def answer_by(self, received: dt.datetime, zone: dt.tzinfo) -> dt.date:
        """The day by which a contribution is owed its answer: counted from the end of the phase, or from the day on
        which it was received where that is later (paper that is typed in afterwards)."""
        last = max(self.closes, received).astimezone(zone).date()
        return last + dt.timedelta(days=self.answer_days)


def problems(rules: Rules) -> dict[str, str]:
    """What makes no sense, as codes by field: empty where the rules can be announced."""
    found: dict[str, str] = {}
    if rules.closes <= rules.opens:
        found["closes"] = "before_opening"
    if not 1 <= rules.answer_days <= LONGEST_ANSWER_DAYS:
        found["answer_days"] = "days"
    if rules.reviews and not rules.criteria:
        found["criteria"] = "missing"
    if len(rules.criteria) > MOST_CRITERIA or any(not each.strip() for each in rules.criteria):
        found["criteria"] = "number"
    if not 0 <= rules.reviews <= 5:
        found["reviews"] = "number"
    if not 0 <= rules.pictures <= 10:
        found["pictures"] = "number"
    return found


def changed(old: Rules, new: Rules) -> list[str]:
    """Names of the rules that differ."""
    before, after = _plain(old), _plain(new)
    return [name for name in before if before[name] != after[name]]


def _plain(rules: Rules) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(rules.canonical())
    return loaded
