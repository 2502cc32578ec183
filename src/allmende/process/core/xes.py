"""Event logs as XES (IEEE 1849-2016), for tools of process mining."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

TYPE = "application/xml"
_EXTENSIONS = (
    ("Concept", "concept"),
    ("Time", "time"),
    ("Lifecycle", "lifecycle"),
    ("Organizational", "org"),
)
# Characters that XML 1.0 has no way to write.
_UNWRITABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)])


class Entry(NamedTuple):
    """One event. `transition`: of the standard life cycle; `time`: ISO 8601 with offset; `element` and `role` may be
    empty. Persons are not part of it."""

    name: str
    transition: str
    time: str
    element: str = ""
    role: str = ""


class Trace(NamedTuple):
    """One case. `version`: number of the version by which it runs."""

    name: str
    version: int
    state: str
    entries: Iterable[Entry]


def _attribute(kind: str, key: str, value: object) -> str:
    return f"<{kind} key={quoteattr(key)} value={quoteattr(str(value).translate(_UNWRITABLE))}/>"


def write(name: str, traces: Iterable[Trace]) -> Iterator[str]:
    """The log, piece by piece. `name`: of the process."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n'
    for title, prefix in _EXTENSIONS:
        yield f'<extension name="{title}" prefix="{prefix}" uri="http://www.xes-standard.org/{prefix}.xesext"/>\n'
    unknown = _attribute("string", "concept:name", "__INVALID__")
    yield f'<global scope="trace">{unknown}</global>\n'
    yield f'<global scope="event">{unknown}{_attribute("date", "time:timestamp", "1970-01-01T00:00:00.000+00:00")}'
    yield f"{_attribute('string', 'lifecycle:transition', 'complete')}</global>\n"
    yield '<classifier name="Activity" scope="event" keys="concept:name lifecycle:transition"/>\n'
    yield _attribute("string", "concept:name", name) + _attribute("string", "lifecycle:model", "standard") + "\n"
    for trace in traces:
        yield "<trace>" + _attribute("string", "concept:name", trace.name)
        yield _attribute("int", "version", trace.version) + _attribute("string", "state", trace.state) + "\n"
        for entry in trace.entries:
            yield _event(entry)
        yield "</trace>\n"
    yield "</log>\n"


def _event(entry: Entry) -> str:
    parts = [
        _attribute("string", "concept:name", entry.name),
        _attribute("string", "lifecycle:transition", entry.transition),
        _attribute("date", "time:timestamp", entry.time),
    ]
    if entry.element:
        parts.append(_attribute("string", "element", entry.element))
    if entry.role:
        parts.append(_attribute("string", "org:role", entry.role))
    return f"<event>{''.join(parts)}</event>\n"
