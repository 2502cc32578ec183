"""The pages: one's own notices only, settings, the follow button, without JavaScript."""

import re
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.urls import reverse

from allmende.spine.instance.domain.settings import finish_setup
from allmende.spine.notify.domain import choices, queries
from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.models import Notice, Subscription
from tests.factories import PASSWORD, make_account, make_measure

pytestmark = pytest.mark.django_db
ENGLISH = {"accept-language": "en"}
FOLLOW = "programme.measures"


@pytest.fixture(autouse=True)
def _town(db: None) -> None:
    finish_setup()


@pytest.fixture
def person(client: Client) -> Any:
    account = make_account()
    client.force_login(account)
    return account


def text(client: Client, name: str) -> str:
    response = client.get(reverse(name), headers=ENGLISH)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return response.content.decode()


def test_the_list_shows_ones_own_and_marks_them_read(client: Client, person: Any, topic: str) -> None:
    notify(person, topic, "Mine <b>1</b>", text="Line 1\n<i>2</i>", url="/massnahmen/", key="a")
    notify(person, topic, "Mine 2", key="b")
    notify(make_account(), topic, "Foreign", key="a")
    page = text(client, "notify:notices")
    assert "2 notices are unread." in page
    assert "Mine &lt;b&gt;1&lt;/b&gt;" in page
    assert "Line 1<br>&lt;i&gt;2&lt;/i&gt;" in page
    assert page.index("Mine 2") < page.index("Mine &lt;b&gt;1")
    assert "Foreign" not in page
    first = Notice.objects.get(account=person, key="a")
    assert client.post(reverse("notify:read"), {"notice": first.public_id}).status_code == 302
    assert "One notice is unread." in text(client, "notify:notices")
    client.post(reverse("notify:read"))
    assert "You have read everything." in text(client, "notify:notices")
    assert queries.unread_count(Notice.objects.exclude(account=person).get().account) == 1


def test_opening_reads_and_leads_on(client: Client, person: Any, topic: str) -> None:
    notify(person, topic, "Mine", url="/massnahmen/", key="a")
    other = make_account()
    notify(other, topic, "Foreign", url="/massnahmen/", key="a")
    mine, foreign = Notice.objects.get(account=person), Notice.objects.get(account=other)
    answer = client.get(reverse("notify:notice", args=[mine.public_id]))
    assert (answer.status_code, answer["Location"]) == (302, "/massnahmen/")
    assert client.get(reverse("notify:notice", args=[foreign.public_id])).status_code == 404
    mine.refresh_from_db()
    foreign.refresh_from_db()
    assert (mine.read is not None, foreign.read) == (True, None)
    assert client.post(reverse("notify:read"), {"notice": "nonsense"}).status_code == 404


def test_empty_states(client: Client, person: Any) -> None:
    assert "There are no notices yet." in text(client, "notify:notices")
    assert "You follow nothing yet." in text(client, "notify:settings")


def test_as_many_queries_for_one_notice_as_for_three(
    client: Client, person: Any, topic: str, django_assert_num_queries: Any
) -> None:
    notify(person, topic, "First", key="a")
    text(client, "notify:notices")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        text(client, "notify:notices")
    for key in "bc":
        notify(person, topic, key, key=key)
    with django_assert_num_queries(len(one)):
        text(client, "notify:notices")


def test_settings_are_saved_and_shown(client: Client, person: Any) -> None:
    form = {"topic-programme.measures": "weekly", "topic-programme.new": "daily", "topic-notify.mail": "never"}
    page = reverse("notify:settings")
    extra = {f"topic-{topic.key}": topic.default for topic in queries.topics_for(person)}
    answer = client.post(page, extra | form | {"quiet_from": "22:00", "quiet_to": "07:00"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert queries.choices_of(person) == {"programme.measures": "weekly", "programme.new": "daily"}
    shown = text(client, "notify:settings")
    assert '<option value="weekly" selected>' in shown
    assert 'value="22:00"' in shown
    # Half of the quiet hours: said at the field, nothing saved.
    answer = client.post(page, extra | {"quiet_from": "23:00"}, headers=ENGLISH)
    assert answer.status_code == 422
    assert "Quiet hours need both times." in answer.content.decode()
    assert queries.settings_of(person).quiet_from.hour == 22
    assert queries.choices_of(person)["programme.measures"] == "weekly"
    assert client.post(page, extra | {"topic-programme.new": "hourly"}).status_code == 422


def button(person: Any, measure: Any) -> str:
    request = RequestFactory().get(measure.get_absolute_url())
    request.user = person
    template = Template('{% include "notify/follow.html" with topic="programme.measures" %}')
    return template.render(Context({"request": request, "subject": measure}))


def test_the_follow_button_follows_and_unfollows(client: Client, person: Any) -> None:
    measure = make_measure(title="Laufendes Licht")
    for label, action, then in (("Folgen", "follow", 1), ("Nicht mehr folgen", "unfollow", 0)):
        html = button(person, measure)
        assert (label in html, f'value="{action}"' in html) == (True, True)
        fields = dict(re.findall(r'name="(topic|subject|next)" value="([^"]*)"', html))
        assert fields == {"topic": FOLLOW, "subject": measure.urn, "next": measure.get_absolute_url()}
        answer = client.post(reverse("notify:follow"), fields | {"action": action})
        assert (answer.status_code, answer["Location"]) == (302, measure.get_absolute_url())
        assert Subscription.objects.filter(account=person).count() == then


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_the_follow_button_leads_nowhere_else(client: Client, person: Any, back: str) -> None:
    measure = make_measure()
    answer = client.post(
        reverse("notify:follow"), {"topic": FOLLOW, "subject": measure.urn, "action": "follow", "next": back}
    )
    assert answer["Location"] == reverse("notify:settings")


def test_drafts_cannot_be_told_from_what_does_not_exist(client: Client, person: Any) -> None:
    draft = make_measure(published=None)
    answers = [
        client.post(reverse("notify:follow"), {"topic": FOLLOW, "subject": urn, "action": "follow"}).status_code
        for urn in (draft.urn, "measure:0190a000-0000-7000-8000-000000000000", "account:1")
    ]
    answers.append(
        client.post(
            reverse("notify:follow"), {"topic": "no.such", "subject": draft.urn, "action": "follow"}
        ).status_code
    )
    assert answers == [404, 404, 404, 404]


def test_the_click_of_somebody_not_signed_in_is_not_lost(client: Client) -> None:
    account, measure = make_account(), make_measure()
    form = {"topic": FOLLOW, "subject": measure.urn, "action": "follow", "next": measure.get_absolute_url()}
    answer = client.post(reverse("notify:follow"), form)
    assert answer.status_code == 302
    back = client.post(answer["Location"], {"login": account.email, "password": PASSWORD}, follow=True)
    assert f'value="{measure.urn}"' in back.content.decode()


@pytest.mark.parametrize("name", ["notify:notices", "notify:settings"])
def test_pages_are_for_people_signed_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("account_login"))


def test_unsubscribe_page_for_people(client: Client, topic: str) -> None:
    account = make_account()
    path = reverse("notify:unsubscribe", args=[choices.unsubscribe_token(account, [topic, "gone.topic"])])
    page = client.get(path, headers=ENGLISH).content.decode()
    assert "Shall e-mail about this stop? You need not sign in." in page
    assert account.email not in page
    assert "Done. E-mail about this no longer comes" in client.post(path, headers=ENGLISH).content.decode()
    assert queries.choices_of(account)[topic] == "never"
    assert client.get(reverse("notify:unsubscribe", args=["forged"])).status_code == 404
