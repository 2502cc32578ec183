"""Topics: which facts somebody wants to hear of. Pure."""

import re

MOST = 20
_KIND = re.compile(r"[a-z_]+(\.[a-z_]+)*(\.\*)?|\*")
_URN = re.compile(r"[a-z_]+:[0-9A-Za-z-]{1,64}")


class TopicRefused(ValueError):
    """Not a topic, or too many."""


def parse(text: str) -> tuple[str, ...]:
    """Topics of a comma-separated list, sorted, each once. Raises TopicRefused."""
    found = sorted({part.strip() for part in text.split(",") if part.strip()})
    return check(found)


def check(topics: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    """The topics as they are, where each is one and there are at most MOST. Raises TopicRefused."""
    if not topics or len(topics) > MOST:
        raise TopicRefused(f"1 to {MOST} topics are needed")
    for topic in topics:
        if not isinstance(topic, str) or len(topic) > 100 or not (_KIND.fullmatch(topic) or _URN.fullmatch(topic)):
            raise TopicRefused("not a topic")
    return tuple(topics)


def matches(topic: str, kind: str, subject: str) -> bool:
    """Whether a fact of `kind` about `subject` belongs to `topic`."""
    if ":" in topic:
        return topic == subject
    if topic.endswith("*"):
        return kind.startswith(topic[:-1])
    return topic == kind


def within(wanted: str, granted: str) -> bool:
    """Whether every fact of `wanted` also belongs to `granted`. One thing's name lies in itself and in `*` only."""
    if wanted == granted or granted == "*":
        return True
    return granted.endswith(".*") and ":" not in wanted and wanted.startswith(granted[:-1])
