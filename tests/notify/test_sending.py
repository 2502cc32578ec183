"""The e-mail itself, at a real SMTP server that takes it, refuses it, or is not there."""

import logging
import re
from datetime import time
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.notify.domain import choices, mailing, sending
from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.models import Delivery, MailSettings, Notice
from tests.factories import make_account

from .conftest import Post, jobs

pytestmark = pytest.mark.django_db


def delivery(person: Any, topic: str, *titles: str, text: str = "", url: str = "") -> Delivery:
    for title in titles or ("News",):
        notify(person, topic, title, text=text, url=url, key=f"{title}{Notice.objects.count()}")
    mailing.collect_all(Cadence.IMMEDIATELY)
    return Delivery.objects.filter(account=person).latest("id")


def body(mail: Any, kind: str) -> str:
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def test_a_mail_in_text_and_html_in_the_towns_brand(post: Post, topic: str) -> None:
    person = make_account(email="resident@example.org")
    row = delivery(
        person, topic, "Licht <b>am</b> Fauthweg & mehr", text="Zeile 1\n<script>x</script>", url="/massnahmen/licht/"
    )
    assert sending.send(row.pk)
    (mail,) = post.taken
    assert post.to == ["resident@example.org"]
    assert (mail["Subject"], mail["From"], mail["To"]) == (
        "Licht <b>am</b> Fauthweg & mehr", 'Herz & digital <post@stadt.example>', "resident@example.org",
    )  # fmt: skip
    assert (mail["Message-ID"], mail["Auto-Submitted"], mail["Precedence"]) == (
        row.message_id,
        "auto-generated",
        "bulk",
    )
    plain, rich = (body(mail, kind) for kind in ("plain", "html"))
    assert (
        "– Licht <b>am</b> Fauthweg & mehr\n  Zeile 1\n<script>x</script>\n  https://stadt.example/massnahmen/licht/"
        in plain
    )
    assert "Herz & digital – Für alle" in plain
    assert "Licht &lt;b&gt;am&lt;/b&gt; Fauthweg &amp; mehr</a><br>Zeile 1<br>&lt;script&gt;x&lt;/script&gt;" in rich
    assert 'href="https://stadt.example/massnahmen/licht/"' in rich
    # ui.md's forest green; nothing is loaded from anywhere.
    assert "color:#1d4f3c" in rich
    assert re.findall(r"src=|url\(|<link|<img", rich) == []


def test_several_notices_in_one_mail(post: Post, topic: str) -> None:
    person = make_account()
    titles = [f"Nachricht {number:02}" for number in range(53)]
    row = delivery(person, topic, *titles)
    sending.send(row.pk)
    (mail,) = post.taken
    assert mail["Subject"] == "Herz & digital: 53 Mitteilungen"
    plain = body(mail, "plain")
    assert re.findall(r"^– (Nachricht \d+)$", plain, re.M) == titles[:50]
    assert "3 weitere Mitteilungen stehen auf der Website: https://stadt.example/konto/mitteilungen/" in plain


def test_in_the_persons_language(post: Post, topic: str) -> None:
    person = make_account()
    type(person).objects.update(language="en")
    sending.send(delivery(person, topic, "a", "b").pk)
    assert post.taken[0]["Subject"] == "Herz & digital: 2 notices"
    assert post.taken[0]["Content-Language"] == "en"


def test_one_click_ends_the_mail_without_cookie_or_log_in(post: Post, topic: str) -> None:
    person = make_account()
    sending.send(delivery(person, topic).pk)
    mail = post.taken[0]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = mail["List-Unsubscribe"].strip(" <>")
    assert address.startswith("https://stadt.example/konto/mitteilungen/abbestellen/")
    path = address.removeprefix("https://stadt.example")
    machine = Client(enforce_csrf_checks=True)
    # Link checkers look, and change nothing by it.
    looked = machine.get(path)
    assert (looked.status_code, looked["Referrer-Policy"]) == (200, "no-referrer")
    assert not person.subscriptions.exists()
    answer = machine.post(path, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, list(answer.cookies)) == (200, [])
    assert person.subscriptions.get().cadence == "never"
    assert machine.post(path[:-2] + "xx/").status_code == 404


def test_sent_once_however_often_asked(post: Post, topic: str) -> None:
    row = delivery(make_account(), topic)
    assert [sending.send(row.pk) for _ in range(3)] == [True, False, False]
    assert len(post.taken) == 1
    assert sending.send(999_999_999) is False


def test_a_server_that_is_busy_is_tried_again_with_the_same_message_id(post: Post, topic: str) -> None:
    row = delivery(make_account(), topic)
    post.data_answer = "451 later"
    for attempt in (1, 2):
        with pytest.raises(sending.MailDelayed, match=r"^451$"):
            sending.send(row.pk)
        row.refresh_from_db()
        assert (row.attempts, row.error, row.sent, row.failed) == (attempt, "451", None, None)
    post.data_answer = "250 OK"
    assert sending.send(row.pk)
    row.refresh_from_db()
    assert (row.attempts, row.error) == (3, "")
    assert [mail["Message-ID"] for mail in post.taken] == [row.message_id]


def test_after_a_day_of_tries_the_mail_is_given_up_and_the_notice_stays(post: Post, topic: str) -> None:
    row = delivery(make_account(), topic)
    post.data_answer = "451 later"
    Delivery.objects.update(attempts=sending.TRIES - 1)
    assert sending.send(row.pk) is False
    row.refresh_from_db()
    assert (row.failed is not None, row.error, Notice.objects.count()) == (True, "451", 1)


def test_no_server_there_is_a_delay(post: Post, topic: str) -> None:
    from allmende.spine.instance.domain import queries
    from allmende.spine.instance.domain.settings import change

    row = delivery(make_account(), topic)
    change({"mail": {"host": "127.0.0.1", "port": 1, "security": "none", "sender": "post@stadt.example"}}, actor=None)
    queries.forget()
    with pytest.raises(sending.MailDelayed, match=r"^ConnectionRefusedError$"):
        sending.send(row.pk)


def test_an_address_that_refuses_is_paused_told_and_resumed(
    post: Post, topic: str, caplog: pytest.LogCaptureFixture, client: Client
) -> None:
    person, other = make_account(email="gone@example.org"), make_account()
    post.rcpt_answer = "550 5.1.1 <ADDRESS> unknown"
    with caplog.at_level(logging.DEBUG, logger="allmende.notify"):
        for number in range(3):
            row = delivery(person, topic, f"News {number}")
            assert sending.send(row.pk) is False
            row.refresh_from_db()
            assert (row.error, row.failed is not None) == ("550", True)
    assert [record.message for record in caplog.records if record.name == "allmende.notify"] == [
        "mail was not taken"
    ] * 3
    # The mail server of this test logs, too; that is none of ours.
    ours = [record for record in caplog.records if record.name != "mail.log"]
    assert [record for record in ours if "gone@example.org" in str(record.__dict__)] == []
    assert Notice.objects.get(topic="notify.mail").title == "E-Mails an Sie sind ausgesetzt"
    assert FactRow.objects.filter(kind="notify.mail.paused", subject=person.urn).count() == 1
    post.rcpt_answer = "250 OK"
    assert sending.send(delivery(person, topic, "While paused").pk) is False
    assert sending.send(delivery(other, topic, "For another").pk) is True
    client.force_login(person)
    assert (
        "E-Mails wieder zulassen"
        in client.get("/konto/mitteilungen/einstellungen/", headers={"accept-language": "de"}).content.decode()
    )
    assert client.post("/konto/mitteilungen/wieder/").status_code == 302
    assert sending.send(delivery(person, topic, "Afterwards").pk) is True
    assert post.to == [other.email, "gone@example.org"]


def test_a_success_in_between_forgives_refusals(post: Post, topic: str) -> None:
    person = make_account()
    MailSettings.objects.create(account=person, bounces=2)
    sending.send(delivery(person, topic).pk)
    assert MailSettings.objects.get().bounces == 0


def test_a_message_refused_for_good_does_not_count_against_the_address(post: Post, topic: str) -> None:
    row = delivery(make_account(), topic)
    post.data_answer = "554 looks like spam"
    assert sending.send(row.pk) is False
    row.refresh_from_db()
    assert (row.error, row.failed is not None, MailSettings.objects.count()) == ("554", True, 0)


def test_what_the_server_said_does_not_travel_with_the_error(post: Post, topic: str) -> None:
    import traceback

    person = make_account(email="secret@example.org")
    row = delivery(person, topic)
    post.rcpt_answer = "450 <ADDRESS> greylisted"
    with pytest.raises(sending.MailDelayed) as caught:
        sending.send(row.pk)
    assert (str(caught.value), caught.value.__context__, caught.value.__cause__) == ("450", None, None)
    assert "secret@example.org" not in "".join(traceback.format_exception(caught.value))


def test_quiet_hours_hold_at_the_moment_of_sending(post: Post, topic: str) -> None:
    person = make_account()
    row = delivery(person, topic)
    now = timezone.now()
    choices.set_quiet_hours(person, time(0), time(23, 59))
    noon = timezone.localtime(now).replace(hour=12)
    assert sending.send(row.pk, noon) is False
    assert post.taken == []
    assert len(jobs("send_delivery")) == 1
    choices.set_quiet_hours(person, None, None)
    assert sending.send(row.pk, noon) is True


def test_an_inactive_account_gets_no_mail(post: Post, topic: str) -> None:
    person = make_account()
    row = delivery(person, topic)
    type(person).objects.update(is_active=False)
    assert sending.send(row.pk) is False
    assert Delivery.objects.get().error == "inactive"


def test_only_one_process_sends_a_mail(post: Post, topic: str) -> None:
    """Another connection holds the lock, as another worker would."""
    import psycopg
    from django.db import connection

    row = delivery(make_account(), topic)
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [sending._LOCK_SPACE, row.pk])
        with pytest.raises(sending.MailDelayed, match="another process"):
            sending.send(row.pk)
        other.execute("SELECT pg_advisory_unlock_all()")
    assert sending.send(row.pk)
    assert len(post.taken) == 1
