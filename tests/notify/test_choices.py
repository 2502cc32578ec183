"""Following, choosing, quiet hours, unsubscribing."""

from datetime import time

import pytest
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError

from allmende.programme.domain.measures import withdraw_measure
from allmende.spine.facts.models import FactRow
from allmende.spine.notify.domain import choices, queries
from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.models import Notice, Subscription
from allmende.spine.people.enums import Role
from allmende.spine.privacy.register import REGISTER
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db
TOPIC = "programme.measures"


def told() -> list[list[str]]:
    return [row.payload["fields"] for row in FactRow.objects.filter(kind="notify.settings.changed").order_by("id")]


def test_follow_and_unfollow_leave_facts_that_name_no_thing() -> None:
    person, measure = make_account(), make_measure()
    before = len(told())
    choices.follow(person, TOPIC, measure.urn)
    choices.follow(person, TOPIC, measure.urn)
    assert queries.follows(person, TOPIC, measure.urn)
    assert choices.unfollow(person, TOPIC, measure.urn)
    assert not choices.unfollow(person, TOPIC, measure.urn)
    assert not queries.follows(person, TOPIC, measure.urn)
    assert told()[before:] == [["follows"], ["follows"]]
    row = FactRow.objects.filter(kind="notify.settings.changed").latest("id")
    assert (row.subject, row.actor, row.public, measure.urn in str(row.payload)) == (
        person.urn,
        f"account:{person.pk}",
        False,
        False,
    )


def test_what_one_may_not_see_cannot_be_followed() -> None:
    person, draft = make_account(), make_measure(published=None)
    for urn in (draft.urn, "measure:nonsense", "account:1", "measure:0190a000-0000-7000-8000-000000000000", ""):
        with pytest.raises(PermissionDenied):
            choices.follow(person, TOPIC, urn)
    with pytest.raises(LookupError):
        choices.follow(person, "no.such", draft.urn)
    with pytest.raises(PermissionDenied):
        choices.follow(person, "programme.new", make_measure().urn)
    assert Subscription.objects.count() == 0
    assert choices.follow(make_account(Role.EDITOR), TOPIC, draft.urn).title == draft.title


def test_what_was_withdrawn_stays_in_the_list_without_its_title() -> None:
    person, measure = make_account(), make_measure(title="Verborgen")
    choices.follow(person, TOPIC, measure.urn)
    withdraw_measure(measure, actor=make_account(Role.PROGRAMME_OFFICE))
    ((row, topic, thing),) = queries.followed_by(person)
    assert (row.subject, topic.key, thing) == (measure.urn, TOPIC, None)


def test_a_choice_holds_for_what_waits_already(topic: str) -> None:
    person = make_account()
    notify(person, topic, "News", key="a")
    assert choices.choose(person, {topic: "never"}) == [topic]
    assert choices.choose(person, {topic: "never"}) == []
    assert Notice.objects.get().cadence == "never"
    with pytest.raises(ValueError, match="hourly"):
        choices.choose(person, {topic: "hourly"})
    with pytest.raises(LookupError):
        choices.choose(person, {"no.such": "never"})


def test_the_default_needs_no_row(topic: str) -> None:
    person = make_account()
    assert choices.choose(person, {topic: "immediately"}) == []
    assert Subscription.objects.count() == 0


def test_quiet_hours_need_both_ends() -> None:
    person = make_account()
    for quiet, field in (
        ((time(22), None), "quiet_to"),
        ((None, time(7)), "quiet_from"),
        ((time(7), time(7)), "quiet_to"),
    ):
        with pytest.raises(ValidationError) as caught:
            choices.set_quiet_hours(person, *quiet)
        assert list(caught.value.message_dict) == [field]
    choices.set_quiet_hours(person, time(22), time(7))
    row = queries.settings_of(person)
    assert (row.quiet_from, row.quiet_to) == (time(22), time(7))
    choices.set_quiet_hours(person, None, None)
    assert queries.settings_of(person).quiet_from is None


def test_a_key_stops_its_topics_of_its_account_and_no_others(topic: str) -> None:
    person, other = make_account(), make_account()
    token = choices.unsubscribe_token(person, [topic])
    assert person.email not in token
    assert choices.read_token(token) == (person, [topic])
    choices.unsubscribe(*choices.read_token(token))
    choices.unsubscribe(*choices.read_token(token))
    assert queries.choices_of(person) == {topic: "never"}
    assert queries.choices_of(other) == {}


def test_a_forged_key_is_none(topic: str) -> None:
    person = make_account()
    token = choices.unsubscribe_token(person, [topic])
    foreign = signing.Signer(salt="another purpose").sign_object([str(person.public_id), [topic]], compress=True)
    assert [choices.read_token(bad) for bad in (token[:-1], token + "x", foreign, "", "a:b:c")] == [None] * 5
    person.delete()
    assert choices.read_token(token) is None


def test_everything_personal_is_declared_and_goes_with_the_account(topic: str) -> None:
    from allmende.spine.notify.models import Delivery, MailSettings

    models = (Subscription, MailSettings, Delivery, Notice)
    assert [(model, REGISTER[model].retention_days, REGISTER[model].on_deletion) for model in models] == [
        (Subscription, None, "delete"), (MailSettings, None, "delete"),
        (Delivery, 365, "delete"), (Notice, 365, "delete"),
    ]  # fmt: skip
    person, stays = make_account(), make_account()
    for one in (person, stays):
        notify(one, topic, "News", key="a")
        choices.set_quiet_hours(one, time(22), time(7))
        choices.choose(one, {topic: "daily"})
        Delivery.objects.create(account=one, key=f"k{one.pk}", message_id=f"<{one.pk}@x>")
    person.delete()
    assert [list(model.objects.values_list("account", flat=True)) for model in models] == [[stays.pk]] * 4
