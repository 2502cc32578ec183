"""Facts become notices: `on("programme.measure.*", topic="programme.measures")` in a room's `notices.py`."""

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import override

from allmende.spine.facts import FactRow

from .domain import queries
from .domain.composing import language_of
from .domain.notices import notify
from .topics import get

# A new rule, like every new handler, gets the log from its beginning; what is older than this is no news to anybody.
NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Message:
    """What a notice says. `url` is an address of this site."""

    title: str
    text: str = ""
    url: str = ""


Recipients = Callable[[FactRow], Iterable[Any]]
Render = Callable[[FactRow], Message | None]


@dataclass(frozen=True)
class Reaction:
    kind: str
    topic: str
    recipients: Recipients
    render: Render


REACTIONS: list[Reaction] = []


@dataclass(frozen=True)
class Followers:
    """Those who follow the fact's subject. Only public facts: a draft has no followers to be told."""

    topic: str

    def __call__(self, fact: FactRow) -> Iterable[Any]:
        return queries.followers(self.topic, fact.subject, fact.time)

    def wanted(self, facts: list[FactRow]) -> list[FactRow]:
        public = [fact for fact in facts if fact.public and fact.subject]
        followed = queries.followed(self.topic, {fact.subject for fact in public})
        return [fact for fact in public if fact.subject in followed]


@dataclass(frozen=True)
class Subscribers:
    """Those who asked for everything public of this topic."""

    topic: str

    def __call__(self, fact: FactRow) -> Iterable[Any]:
        return queries.subscribers(self.topic, fact.time)

    def wanted(self, facts: list[FactRow]) -> list[FactRow]:
        public = [fact for fact in facts if fact.public]
        return public if public and queries.subscribers(self.topic).exists() else []


def sentence(fact: FactRow) -> Message:
    """The fact's own sentence, leading to its address."""
    return Message(fact.sentence, url=fact.url)


def on(kind: str, *, topic: str, recipients: Recipients | None = None, render: Render | None = None) -> None:
    """Tell people about facts whose kind matches `kind`.

    `recipients(fact)` gives accounts (default: who follows the subject), `render(fact)` the message in the active
    language, or None for nothing to tell (default: the fact's sentence). Who did it is not told about it. Raises
    LookupError for an unknown topic.
    """
    declared = get(topic)
    if recipients is None:
        recipients = Subscribers(topic) if declared.opt_in else Followers(topic)
    reaction = Reaction(kind, topic, recipients, render or sentence)
    REACTIONS.append(reaction)


def react(batch: list[FactRow]) -> int:
    """Make the notices that facts give rise to. Repeatable. Returns how many were made.

    One question for each reaction says which facts of the batch anybody wants to hear of: mostly none.
    """
    oldest = timezone.now() - NEWS
    made = 0
    for reaction in REACTIONS:
        facts = [fact for fact in batch if fact.time >= oldest and fnmatch.fnmatchcase(fact.kind, reaction.kind)]
        wanted = getattr(reaction.recipients, "wanted", None)
        if facts and wanted is not None:
            facts = wanted(facts)
        made += sum(_tell(reaction, fact) for fact in facts)
    return made


def _tell(reaction: Reaction, fact: FactRow) -> int:
    made = 0
    by_language: dict[str, list[Any]] = {}
    for account in reaction.recipients(fact):
        if fact.actor != f"account:{account.pk}":
            by_language.setdefault(language_of(account), []).append(account)
    for language, accounts in by_language.items():
        with override(language):
            message = reaction.render(fact)
            if message is not None:
                made += notify(
                    accounts,
                    reaction.topic,
                    message.title,
                    text=message.text,
                    url=message.url,
                    key=f"{reaction.topic}:{fact.epoch}:{fact.id}",
                )
    return made
