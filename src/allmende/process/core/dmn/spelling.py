"""Values of FEEL as texts: as FEEL that gives the value again, and as JSON to be kept."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allmende.process.core.feel import Months, Range, Value, evaluate
from allmende.process.core.feel.values import decode, encode

# Types whose values come in as texts, with the function of FEEL that reads them.
_READERS = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "dateTime": "date and time",
    "days and time duration": "duration",
    "dayTimeDuration": "duration",
    "years and months duration": "duration",
    "yearMonthDuration": "duration",
    "duration": "duration",
}


def spell(value: Value) -> str:
    """A FEEL expression of the value; what FEEL cannot spell, a function, is named."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float | Decimal):
        return f"{Decimal(str(value)):f}"
    if isinstance(value, list):
        return f"[{', '.join(map(spell, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key, ensure_ascii=False)}: {spell(one)}' for key, one in value.items())}}}"
    if isinstance(value, Range):
        start, end = "[" if value.start_included else "(", "]" if value.end_included else ")"
        return f"{start}{spell(value.start)}..{spell(value.end)}{end}"
    coded = encode(value) if isinstance(value, date | datetime | time | timedelta) else None
    if coded is not None:
        return f'@"{next(iter(coded.values()))}"'
    return f'@"{value}"' if isinstance(value, Months) else "function"


def to_json(value: Value) -> Any:
    """The value as JSON to be kept; `from_json` gives it again. Raises FeelError for functions."""
    return encode(value)


def from_json(kept: Any) -> Value:
    return decode(kept)


def same(one: Value, other: Value) -> bool:
    """Whether two values are the same in FEEL: 1.0 is 1, true is not 1."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return type(one) is type(other) and bool(one == other)


def typed(value: Value, type_name: str) -> Value:
    """A text as the date, time or duration that the type asks for, else the value as it is. Raises FeelError."""
    reader = _READERS.get(type_name)
    if reader is None or not isinstance(value, str):
        return value
    return evaluate(f"{reader}(x)", {"x": value.strip()})
