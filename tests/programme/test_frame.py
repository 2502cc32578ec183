"""Topics, phases and parties."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from allmende.programme.domain import frame
from allmende.programme.models import Party, Phase, Topic
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE)


def test_added_changed_and_removed_while_unused(office: Any) -> None:
    made = frame.put("party", {"name": "Verein für Öffentliches", "kind": "club", "url": "", "note": ""}, actor=office)
    assert made.slug == "verein-fuer-oeffentliches"
    same = frame.put("party", {"name": "Verein für Öffentliches"}, actor=office)
    assert same.slug == "verein-fuer-oeffentliches-2"
    assert frame.put("party", {"name": "Neuer Name"}, row=made, actor=office).slug == made.slug
    frame.remove("party", same, actor=office)
    assert [row.name for row in Party.objects.all()] == ["Neuer Name"]


def test_what_is_used_stays(office: Any) -> None:
    topic = make_measure().topic
    with pytest.raises(ValidationError, match="wird gebraucht"):
        frame.remove("topic", topic, actor=office)
    assert Topic.objects.filter(pk=topic.pk).exists()


def test_two_phases_have_no_number_in_common_and_end_after_they_begin(office: Any) -> None:
    make_measure()
    frame.put("phase", {"number": 1, "title": "Eins"}, actor=office)
    for values in (
        {"number": 1, "title": "Zwei"},
        {"number": 2, "title": "X", "starts": "2020-01-02", "ends": "2020-01-01"},
    ):
        with pytest.raises(ValidationError):
            frame.put("phase", values, actor=office)
    assert Phase.objects.count() == 1


def test_only_the_office_changes_the_frame() -> None:
    with pytest.raises(PermissionDenied):
        frame.put("topic", {"title": "X"}, actor=make_account(Role.EDITOR))


def test_by_hand(office: Any, client: Client) -> None:
    make_measure()
    client.force_login(office)
    assert client.get("/intern/rahmen/").status_code == 200
    assert client.get("/intern/rahmen/unfug/neu/").status_code == 404
    bad = client.post("/intern/rahmen/phase/neu/", {"number": "x", "title": ""})
    assert (bad.status_code, set(bad.context["form"].errors)) == (422, {"number", "title"})
    assert client.post("/intern/rahmen/topic/neu/", {"title": "<b>Wege</b>", "order": "5"}).status_code == 302
    assert "&lt;b&gt;Wege" in client.get("/intern/rahmen/").content.decode()
    topic = Topic.objects.get(title="<b>Wege</b>")
    assert client.post(f"/intern/rahmen/topic/{topic.pk}/", {"action": "remove"}).status_code == 302
    assert not Topic.objects.filter(pk=topic.pk).exists()
