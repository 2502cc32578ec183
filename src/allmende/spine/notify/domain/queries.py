"""Reading notices, subscriptions and settings."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from allmende.spine.people.access import can
from allmende.spine.people.models import Account

from ..enums import Cadence
from ..models import MailSettings, Notice, Subscription
from ..topics import TOPICS, Subject, Topic


def notices_of(account: Account) -> QuerySet[Notice]:
    """Newest first."""
    return Notice.objects.filter(account=account).order_by("-id")


def notice_of(account: Account, public_id: uuid.UUID) -> Notice | None:
    return Notice.objects.filter(account=account, public_id=public_id).first()


def unread_count(person: Any) -> int:
    """How many notices somebody has not read; 0 for nobody signed in. Asked once per request and kept on the person."""
    if not getattr(person, "is_authenticated", False):
        return 0
    kept: int | None = getattr(person, "_unread_notices", None)
    if kept is None:
        kept = Notice.objects.filter(account=person, read__isnull=True).count()
        person._unread_notices = kept
    return kept


def topics_for(person: Any) -> list[Topic]:
    """The topics that concern somebody, in the order of registration."""
    return [topic for topic in TOPICS.values() if can(person, topic.audience)]


def cadences(account_ids: Iterable[int], topic: Topic) -> dict[int, Cadence]:
    """For each account how often it wants e-mail about a topic."""
    chosen = Subscription.objects.filter(account__in=list(account_ids), topic=topic.key, subject="")
    found = dict.fromkeys(account_ids, topic.default)
    found.update((pk, Cadence(value)) for pk, value in chosen.values_list("account_id", "cadence"))
    return found


def choices_of(account: Account) -> dict[str, Cadence]:
    """What the account chose, by topic; topics not chosen are absent."""
    rows = Subscription.objects.filter(account=account, subject="")
    return {topic: Cadence(value) for topic, value in rows.values_list("topic", "cadence")}


def settings_of(account: Account) -> MailSettings:
    """The account's row, unsaved where it never chose anything."""
    return MailSettings.objects.filter(account=account).first() or MailSettings(account=account)


def follows(person: Any, topic: str, subject: str) -> bool:
    if not getattr(person, "is_authenticated", False):
        return False
    return Subscription.objects.filter(account=person, topic=topic, subject=subject).exists()


def followed_by(account: Account) -> list[tuple[Subscription, Topic, Subject | None]]:
    """What the account follows; the thing is None where it may not see it any more."""
    rows = Subscription.objects.filter(account=account).exclude(subject="").order_by("topic", "-id")
    known = [(row, TOPICS[row.topic]) for row in rows if row.topic in TOPICS and TOPICS[row.topic].resolve is not None]
    things = {
        topic.key: topic.things([row.subject for row, its in known if its is topic], account)
        for topic in dict.fromkeys(topic for _, topic in known)
    }
    return [(row, topic, things[topic.key].get(row.subject)) for row, topic in known]


def followers(topic: str, subject: str, since: datetime | None = None) -> QuerySet[Account]:
    """Active accounts that follow a thing (since before `since`)."""
    rows = Subscription.objects.filter(topic=topic, subject=subject)
    if since is not None:
        rows = rows.filter(created__lte=since)
    return Account.objects.filter(is_active=True, pk__in=rows.values("account"))


def followed(topic: str, subjects: set[str]) -> set[str]:
    """Those of `subjects` that somebody follows."""
    if not subjects:
        return set()
    rows = Subscription.objects.filter(topic=topic, subject__in=subjects)
    return set(rows.values_list("subject", flat=True))


def subscribers(topic: str, since: datetime | None = None) -> QuerySet[Account]:
    """Active accounts that asked for a topic as a whole."""
    rows = Subscription.objects.filter(~Q(cadence=Cadence.NEVER), topic=topic, subject="")
    if since is not None:
        rows = rows.filter(created__lte=since)
    return Account.objects.filter(is_active=True, pk__in=rows.values("account"))
