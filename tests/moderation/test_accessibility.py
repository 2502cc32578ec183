"""The accessibility statement, and feedback without account."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from allmende.spine.instance.domain.settings import change as change_instance
from allmende.spine.moderation.domain import accessibility, throttle
from allmende.spine.moderation.models import Case, Feedback, Hit, Hour, Statement
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from tests.factories import make_account
from tests.moderation.makers import make_moderator

pytestmark = pytest.mark.django_db


def client_of(account: Account | None) -> Client:
    client = Client()
    if account is not None:
        client.force_login(account)
    return client


def text(response) -> str:
    return response.content.decode()


def test_the_statement_is_made_of_data():
    change_instance({"town": "Kaiserslautern", "state": "RP", "contact_email": "stadt@example.org"}, actor="test")
    accessibility.change_statement(
        {
            "made_on": timezone.localdate(),
            "limitations": [
                {"what": "Karten", "why": "Vektorkarten haben keinen Text.", "instead": "Die Liste daneben."}
            ],
        },
        version=0,
        actor="test",
    )
    page = text(Client().get("/barrierefreiheit/"))
    for part in (
        "Erklärung zur Barrierefreiheit",
        "teilweise vereinbar",
        "Karten",
        "Vektorkarten haben keinen Text.",
        "Die Liste daneben.",
        "mailto:stadt@example.org",
        "durchsetzungsstelle@mastd.rlp.de",
        "Landesinklusionsgesetz und BITV RP",
        "Selbstbewertung",
    ):
        assert part in page, part


def test_a_state_without_a_known_body_shows_what_the_town_entered():
    change_instance({"state": "SL"}, actor="test")
    assert "Saarland" in text(Client().get("/barrierefreiheit/"))
    accessibility.change_statement(
        {"enforcement_name": "Stelle X", "enforcement_url": "https://x.example"}, version=0, actor="test"
    )
    page = text(Client().get("/barrierefreiheit/"))
    assert "Stelle X" in page
    assert 'href="https://x.example"' in page


def test_feedback_needs_no_account_and_no_address():
    answer = Client().post("/barrierefreiheit/", {"text": "Der Knopf hat keinen Namen.", "page": "/karte/"})
    assert (answer.status_code, answer["Location"]) == (302, "/barrierefreiheit/danke/")
    assert Client().get("/barrierefreiheit/danke/").status_code == 200
    row = Feedback.objects.get()
    assert (row.text, row.page, row.email) == ("Der Knopf hat keinen Namen.", "/karte/", "")
    case = Case.objects.get()
    assert (case.kind, case.feedback) == ("feedback", row)
    assert case.due - case.created > timedelta(days=27)


def test_feedback_errors_keep_the_text():
    page = Client().post("/barrierefreiheit/", {"text": "Zu klein", "email": "keine Adresse"})
    assert page.status_code == 422
    assert "Zu klein" in text(page)
    assert Feedback.objects.count() == 0


def test_the_trap_and_the_limit_an_hour():
    trapped = Client().post("/barrierefreiheit/", {"text": "Kauf mich", "website": "http://spam"})
    assert (trapped.status_code, Feedback.objects.count()) == (302, 0)
    codes = [Client().post("/barrierefreiheit/", {"text": f"Nr {n}"}).status_code for n in range(6)]
    assert codes == [302] * 5 + [429]
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.post("/barrierefreiheit/", {"text": "von woanders"}).status_code == 302
    stored = str(list(Hit.objects.values_list("digest", flat=True)))
    assert "127.0.0.1" not in stored
    assert "203.0.113.9" not in stored
    assert Hit.objects.count() == 2


def test_behind_a_proxy_the_last_hop_counts(settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    def send(forwarded):
        return (
            Client(HTTP_X_FORWARDED_FOR=forwarded, HTTP_X_FORWARDED_PROTO="https")
            .post("/barrierefreiheit/", {"text": "Eine Barriere"})
            .status_code
        )

    assert [send(f"10.0.0.{n}, 198.51.100.7") for n in range(6)] == [302] * 5 + [429]
    assert send("198.51.100.7, 198.51.100.8") == 302


def test_an_hour_later_nobody_can_tell_who_it_was():
    now = timezone.now().replace(minute=30)
    assert [throttle.allowed("192.0.2.1", 2, what="x", now=now) for _ in range(3)] == [True, True, False]
    first = Hit.objects.get().digest
    assert throttle.allowed("192.0.2.1", 2, what="x", now=now + timedelta(hours=1))
    assert (Hour.objects.count(), Hit.objects.count()) == (1, 1)
    assert Hit.objects.get().digest != first


def test_the_statement_is_changed_by_editors_and_two_notice_each_other():
    assert client_of(make_moderator()).get("/intern/barrierefreiheit/").status_code == 403
    client = client_of(make_account(Role.EDITOR))
    assert client.get("/intern/barrierefreiheit/").status_code == 200
    data = {
        "version": "0", "conformance": "full", "method": "external", "made_on": "2026-01-02",
        "limitation-TOTAL_FORMS": "2", "limitation-INITIAL_FORMS": "0",
        "limitation-0-what": "Videos", "limitation-0-why": "Noch ohne Untertitel.",
    }  # fmt: skip
    assert client.post("/intern/barrierefreiheit/", data).status_code == 302
    row = Statement.objects.get()
    assert (row.conformance, row.version, row.limitations) == (
        "full", 1, [{"what": "Videos", "why": "Noch ohne Untertitel.", "instead": ""}],
    )  # fmt: skip
    page = client.post("/intern/barrierefreiheit/", data | {"conformance": "none"})
    assert page.status_code == 409
    assert re.findall(r'al-verbatim">([^<]+)', text(page)) == ["nicht vereinbar", "vollständig vereinbar"]
    missing = client.post("/intern/barrierefreiheit/", data | {"version": "1", "limitation-0-why": ""})
    assert missing.status_code == 422
    assert Statement.objects.get().version == 1
