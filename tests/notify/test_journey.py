"""A person follows a measure, staff change it, the notice appears, the digest arrives."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from allmende.spine.notify.domain import mailing, sending
from allmende.spine.notify.enums import Cadence
from allmende.spine.notify.models import Delivery, Notice
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account, make_measure

from .conftest import Post, jobs, pump


@pytest.mark.django_db(transaction=True)
def test_from_follow_to_digest(post: Post, clean_jobs: None, client: Client) -> None:
    office, person, stranger = make_account(Role.PROGRAMME_OFFICE), make_account(), make_account()
    measure: Any = make_measure(title="Laufendes Licht")
    draft = make_measure(title="Geheimer Entwurf", published=None)
    client.force_login(person)
    client.post(reverse("notify:follow"), {"topic": "programme.measures", "subject": measure.urn, "action": "follow"})

    change_measure(draft, {"summary": "Noch geheimer."}, version=draft.version, actor=office)
    measure = change_measure(measure, {"summary": "Jetzt mit Taster."}, version=measure.version, actor=office)
    change_measure(measure, {"course": "Seit 2019."}, version=measure.version, actor=office)
    pump()
    assert (
        list(Notice.objects.values_list("account", "title"))
        == [(person.pk, "Die Maßnahme „Laufendes Licht“ wurde geändert")] * 2
    )
    page = client.get(reverse("notify:notices"), headers={"accept-language": "de"}).content.decode()
    assert "2 Mitteilungen sind ungelesen." in page

    # Nothing goes out before the next morning at seven.
    assert jobs() == []
    created: datetime = Notice.objects.latest("created").created
    due = mailing.latest_due(created + timedelta(days=1), False, mailing.zone())
    assert due > created
    assert mailing.collect_all(Cadence.DAILY, due - timedelta(minutes=1)) == 0
    assert mailing.collect_all(Cadence.DAILY, due) == 1
    ((name, arguments, _),) = jobs()
    assert (name, arguments) == ("notify.send_delivery", {"delivery_id": Delivery.objects.get().pk})
    assert sending.send(arguments["delivery_id"]) is True
    (mail,) = post.taken
    assert (post.to, mail["Subject"]) == ([person.email], "Herz & digital: 2 Mitteilungen")
    body = mail.get_body(("plain",)).get_content()
    assert body.count("https://stadt.example" + measure.get_absolute_url()) == 2
    assert "Geheim" not in body
    assert stranger.email not in post.to
