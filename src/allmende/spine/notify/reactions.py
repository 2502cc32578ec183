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


def followers_of(topic: str) -> Recipients:
    """Those who follow the fact's subject. Only public facts: a draft has no followers to be told."""

    def recipients(fact: FactRow) -> Iterable[Any]:
        return queries.followers(topic, fact.subject, fact.time) if fact.public and fact.subject else ()

    return recipients


def subscribers_to(topic: str) -> Recipients:
    """Those who asked for everything public of this topic."""

    def recipients(fact: FactRow) -> Iterable[Any]:
        return queries.subscribers(topic, fact.time) if fact.public else ()

    return recipients


def sentence(fact: FactRow) -> Message:
    """The fact's own sentence, leading to its address."""
    return Message(fact.sentence, url=fact.url)


def on(kind: str, *, topic: str, recipients: Recipients | None = None, render: Render | None = None) -> None:
    """Tell people about facts whose kind matches `kind`.

    `recipients(fact)` gives accounts (default: who follows the subject), `render(fact)` the message in the active language, or None for
    nothing to tell (default: the fact's sentence). Who did it is not told about it. Raises LookupError for an unknown topic.
    """
    declared = get(topic)
    if recipients is None:
        recipients = subscribers_to(topic) if declared.opt_in else followers_of(topic)
    reaction = Reaction(kind, topic, recipients, render or sentence)
    REACTIONS.append(reaction)


def react(fact: FactRow) -> int:
    """Make the notices that a fact gives rise to. Repeatable. Returns how many were made."""
    if timezone.now() - fact.time > NEWS:
        return 0
    made = 0
    for reaction in REACTIONS:
        if not fnmatch.fnmatchcase(fact.kind, reaction.kind):
            continue
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
