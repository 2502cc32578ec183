"""What authors and staff are told about moderation."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from allmende.spine.facts import FactRow
from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.reactions import Message, on
from allmende.spine.notify.topics import register

from .domain.queries import account_of_comment

register(
    "moderation.mine",
    gettext_lazy("Decisions on your comments"),
    description=gettext_lazy("When a comment of yours is held, shown or hidden, with the reasons."),
    default=Cadence.IMMEDIATELY,
)


def _author(public_id: str) -> Iterable[Any]:
    account = account_of_comment(public_id)
    return [account] if account else []


def _held(fact: FactRow) -> Message:
    return Message(
        _("Your comment waits for a look"),
        _("It will be shown once somebody of the town has read it, usually within a day."),
        reverse("moderation:my_comment", args=[fact.subject.partition(":")[2]]),
    )


def _decided(fact: FactRow) -> Message:
    url = reverse("moderation:my_comment", args=[fact.payload["comment"]])
    if fact.payload["outcome"] == "upheld":
        return Message(_("Your appeal was turned down"), _("The page names the reasons."), url)
    if fact.payload["shown"]:
        return Message(_("Your comment is shown"), "", url)
    return Message(_("Your comment was hidden"), _("The page names the reasons and how to appeal."), url)


on(
    "moderation.comment.held",
    topic="moderation.mine",
    recipients=lambda fact: _author(fact.subject.partition(":")[2]),
    render=_held,
)
on(
    "moderation.comment.decided",
    topic="moderation.mine",
    recipients=lambda fact: _author(fact.payload["comment"]),
    render=_decided,
)
