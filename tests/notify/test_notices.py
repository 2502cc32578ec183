"""Notices: once, to the right people, and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from allmende.spine.facts import FactRow
from allmende.spine.notify import reactions, topics
from allmende.spine.notify.domain.choices import choose, follow
from allmende.spine.notify.domain.notices import mark_read, notify
from allmende.spine.notify.domain.queries import notices_of, topics_for, unread_count
from allmende.spine.notify.models import Notice, Subscription
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .conftest import jobs

pytestmark = pytest.mark.django_db


def test_once_for_each_key(topic: str) -> None:
    one, other = make_account(), make_account()
    assert notify(one, topic, "First", key="k") == 1
    assert notify([one, other], topic, "Second", key="k") == 1
    assert list(Notice.objects.order_by("id").values_list("account", "title")) == [
        (one.pk, "First"),
        (other.pk, "Second"),
    ]
    assert notify([], topic, "Nobody", key="x") == 0


def test_many_at_once_make_one_job(topic: str) -> None:
    people = [make_account() for _ in range(3)]
    for key in ("a", "b"):
        notify(people, topic, "News", key=key)
    assert [(name, args) for name, args, _ in jobs()] == [("notify.collect_immediate", {})]


def test_no_job_for_what_waits_for_a_digest(topic: str) -> None:
    person = make_account()
    choose(person, {topic: "daily"})
    notify(person, topic, "News", key="a")
    assert jobs() == []
    assert Notice.objects.get().cadence == "daily"


def test_inactive_accounts_are_not_told(topic: str) -> None:
    gone = make_account()
    gone.is_active = False
    assert notify(gone, topic, "News", key="a") == 0


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(topic: str, url: str) -> None:
    with pytest.raises(ValueError, match="this site"):
        notify(make_account(), topic, "News", url=url, key="a")


def test_an_unknown_topic_is_a_mistake() -> None:
    with pytest.raises(LookupError, match="no topic"):
        notify(make_account(), "no.such", "News", key="a")


def test_a_title_is_one_line(topic: str) -> None:
    notify(make_account(), topic, "One\r\nBcc: all@example.org", key="a")
    assert Notice.objects.get().title == "One Bcc: all@example.org"


def test_reading_is_ones_own_affair(topic: str) -> None:
    one, other = make_account(), make_account()
    notify([one, other], topic, "News", key="a")
    notify(one, topic, "More", key="b")
    foreign = Notice.objects.get(account=other)
    assert mark_read(one, foreign.public_id) == 0
    assert mark_read(one) == 2
    assert (unread_count(one), unread_count(other)) == (0, 1)
    assert [row.title for row in notices_of(other)] == ["News"]


def test_unread_count_is_asked_once(topic: str, django_assert_num_queries: Any) -> None:
    from django.contrib.auth.models import AnonymousUser

    person = make_account()
    notify(person, topic, "News", key="a")
    with django_assert_num_queries(1):
        assert (unread_count(person), unread_count(person)) == (1, 1)
    with django_assert_num_queries(0):
        assert unread_count(AnonymousUser()) == 0


def test_as_many_queries_for_one_account_as_for_three(topic: str, django_assert_num_queries: Any) -> None:
    people = [make_account() for _ in range(3)]
    choose(people[0], {topic: "weekly"})
    with django_assert_num_queries(4):
        notify([people[0]], topic, "News", key="a")
    for person in people:
        choose(person, {topic: "never"})
    with django_assert_num_queries(4):
        notify(people, topic, "News", key="b")


def test_topics_concern_their_audience() -> None:
    topics.register("tests.staff", "Staff", audience="people.staff_home")
    try:
        assert "tests.staff" in [topic.key for topic in topics_for(make_account(Role.EDITOR))]
        assert "tests.staff" not in [topic.key for topic in topics_for(make_account())]
    finally:
        del topics.TOPICS["tests.staff"]


def test_a_topic_is_registered_once(topic: str) -> None:
    with pytest.raises(ValueError, match="twice"):
        topics.register(topic, "Other")
    with pytest.raises(ValueError, match="resolve"):
        topics.register("tests.other", "Other", follows="measure")


def fact(
    number: int, subject: str, *, actor: str = "system", public: bool = True, age: timedelta = timedelta()
) -> FactRow:
    return FactRow(
        1, 1, number, timezone.now() - age, actor, "programme.measure.changed", subject, "/massnahmen/x/", "",
        {"title": "Laufendes Licht", "fields": ["summary"], "version": 2}, public,
    )  # fmt: skip


def test_followers_are_told_in_their_language_once() -> None:
    measure = make_measure()
    german, english, stranger = make_account(), make_account(), make_account()
    type(english).objects.filter(pk=english.pk).update(language="en")
    for person in (german, english):
        follow(person, "programme.measures", measure.urn)
    row = fact(1, measure.urn)
    assert reactions.react([row]) == 2
    assert reactions.react([row]) == 0
    assert dict(Notice.objects.values_list("account", "title")) == {
        german.pk: "Die Maßnahme „Laufendes Licht“ wurde geändert",
        english.pk: "The measure “Laufendes Licht” was changed",
    }
    assert not Notice.objects.filter(account=stranger).exists()


def test_nobody_is_told_of_drafts_of_old_news_of_what_came_before_or_of_ones_own_doing() -> None:
    measure, person = make_measure(), make_account()
    follow(person, "programme.measures", measure.urn)
    Subscription.objects.update(created=timezone.now() - timedelta(days=30))
    assert reactions.react([fact(1, measure.urn, public=False)]) == 0
    assert reactions.react([fact(2, measure.urn, age=timedelta(days=8))]) == 0
    assert reactions.react([fact(3, measure.urn, actor=f"account:{person.pk}")]) == 0
    assert reactions.react([fact(4, "measure:other")]) == 0
    assert reactions.react([fact(5, measure.urn, age=timedelta(days=6))]) == 1
    Subscription.objects.update(created=timezone.now() + timedelta(minutes=1))
    assert reactions.react([fact(6, measure.urn)]) == 0


def test_who_asked_for_a_topic_hears_of_everything_new() -> None:
    asked, other = make_account(), make_account()
    choose(asked, {"programme.new": "weekly"})
    choose(other, {"programme.measures": "weekly"})
    row = fact(1, "measure:new")
    published = FactRow(*[getattr(row, name) for name in FactRow.__slots__[:5]], "programme.measure.published", *[
        getattr(row, name) for name in FactRow.__slots__[6:]
    ])  # fmt: skip
    assert reactions.react([published]) == 1
    assert Notice.objects.get().account == asked


def test_the_database_keeps_choices_and_follows_apart() -> None:
    from django.db import IntegrityError, transaction

    person = make_account()
    for subject, cadence in (("", ""), ("measure:x", "daily")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subscription.objects.create(account=person, topic="t", subject=subject, cadence=cadence)
    assert connection.vendor == "postgresql"
