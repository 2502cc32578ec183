import base64
import json

import pytest

from allmende.spine.live.tickets import TicketRefused, mint, verify
from allmende.spine.live.topics import MOST, TopicRefused, matches, parse, within

NOW = 1_800_000_000.0


def refused(ticket: str, now: float = NOW) -> str:
    with pytest.raises(TicketRefused) as caught:
        verify("key", ticket, now)
    return caught.value.code


def test_a_ticket_says_what_was_put_into_it():
    ticket = verify("key", mint("key", "account:7", ["programme.*", "measure:0190"], NOW, staff=True), NOW + 59.9)
    assert (ticket.subject, ticket.topics, ticket.staff) == ("account:7", ("programme.*", "measure:0190"), True)
    assert ticket.expires == NOW + 60


def test_a_ticket_ends_after_its_minute():
    assert refused(mint("key", "", ["*"], NOW), NOW + 60) == "expired"


def test_a_ticket_of_another_secret_is_forged():
    assert refused(mint("other key", "", ["*"], NOW)) == "forged"


def test_a_changed_ticket_is_forged():
    body, _, signature = mint("key", "", ["programme.*"], NOW).partition(".")
    values = json.loads(base64.urlsafe_b64decode(body + "=="))
    values["f"] = True
    widened = base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")
    assert refused(f"{widened}.{signature}") == "forged"


@pytest.mark.parametrize("text", ["", "abc", "ä.ö", "x" * 5000 + ".y"])
def test_what_is_no_ticket_is_malformed(text):
    assert refused(text) == "malformed"


@pytest.mark.parametrize("topics", [[], ["Programme"], ["programme.*.x"], ["a" * 200], ["x.y"] * (MOST + 1), ["a b:c"]])
def test_what_is_no_topic_is_refused(topics):
    with pytest.raises(TopicRefused):
        mint("key", "", topics, NOW)


def test_topics_are_read_from_an_address():
    assert parse("b.c, a.*,b.c") == ("a.*", "b.c")


def test_which_facts_belong_to_a_topic():
    fact = ("programme.measure.changed", "measure:1")
    asked = [
        "*",
        "programme.*",
        "programme.measure.changed",
        "measure:1",
        "programme",
        "programme.measure",
        "measure:2",
        "pro.*",
    ]
    assert [topic for topic in asked if matches(topic, *fact)] == asked[:4]


@pytest.mark.parametrize(
    ("wanted", "granted", "answer"),
    [
        ("programme.measure.changed", "programme.*", True),
        ("programme.measure.*", "programme.*", True),
        ("measure:1", "*", True),
        ("measure:1", "measure:1", True),
        ("programme.*", "programme.measure.*", False),
        ("programmes.x", "programme.*", False),
        ("*", "programme.*", False),
        ("measure:1", "programme.*", False),
        ("measure:2", "measure:1", False),
    ],
)
def test_a_ticket_never_widens(wanted, granted, answer):
    assert within(wanted, granted) is answer
