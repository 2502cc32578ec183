"""What people settle about themselves: name, language, appearance, public name; a log-in that expires in between."""

import pytest
from django.test import Client
from django.urls import reverse

from allmende.programme.models import Measure, Revision
from allmende.spine.facts.models import FactRow
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Pseudonym
from tests.factories import make_account, make_measure

from .support import GERMAN, log_in

pytestmark = pytest.mark.django_db


def test_name_language_and_appearance(client):
    account = make_account()
    client.force_login(account)
    values = {"name": "Neu", "phone": "0631 1", "language": "en", "theme": "dark"}
    answer = client.post(reverse("people:my_settings"), values)
    account.refresh_from_db()
    assert (account.name, account.phone, account.language, account.theme) == ("Neu", "0631 1", "en", "dark")
    assert (answer.cookies["allmende_language"].value, answer.cookies["theme"].value) == ("en", "dark")
    page = client.get(reverse("people:my_settings")).content.decode()
    assert 'data-kern-theme="dark"' in page
    assert "<h1>My settings</h1>" in page
    fact = FactRow.objects.get(kind="people.account.changed")
    assert fact.payload == {"fields": ["name", "phone", "language", "theme"]}


def test_anybody_chooses_the_appearance(client):
    answer = client.post(reverse("people:set_theme"), {"theme": "dark", "next": "/aktuelles/"})
    assert (answer.url, answer.cookies["theme"].value) == ("/aktuelles/", "dark")
    answer = client.post(reverse("people:set_theme"), {"theme": "auto", "next": "//evil.example/"})
    assert (answer.url, answer.cookies["theme"].value) == ("/", "")
    assert "theme" not in client.post(reverse("people:set_theme"), {"theme": "pink"}).cookies
    account = make_account()
    client.force_login(account)
    client.post(reverse("people:set_theme"), {"theme": "light"})
    account.refresh_from_db()
    assert account.theme == "light"
    assert client.get(reverse("people:set_theme")).status_code == 405


class TestPublicName:
    def test_changing_it_keeps_what_was_written_under_it(self, client):
        account = make_account()
        client.force_login(account)
        client.post(reverse("people:choose_pseudonym"), {"pseudonym": "Waldkauz"})
        first = Pseudonym.objects.get()
        client.post(reverse("people:choose_pseudonym"), {"pseudonym": " Nacht  eule "})
        second = Pseudonym.objects.get()
        assert (second.pk, second.public_id, second.name) == (first.pk, first.public_id, "Nacht eule")
        facts = FactRow.objects.filter(kind="people.pseudonym.chosen")
        assert [row.payload for row in facts] == [{}, {}]

    @pytest.mark.parametrize(
        "name",
        ["waldkauz", "WALDKAUZ", "Stadtverwaltung", "R-a-t-h-a-u-s", "x", "a@b.example", "http://x", " ", "y" * 61],
    )
    def test_refused(self, client, name):
        other = make_account()
        choose_pseudonym(other, "Waldkauz", actor=other)
        client.force_login(make_account())
        answer = client.post(reverse("people:choose_pseudonym"), {"pseudonym": name}, headers=GERMAN)
        assert answer.status_code == 422
        assert Pseudonym.objects.count() == 1

    def test_a_name_of_somebody_who_left_is_free_again(self):
        gone, new = make_account(), make_account()
        choose_pseudonym(gone, "Waldkauz", actor=gone)
        Account.objects.filter(pk=gone.pk).delete()
        choose_pseudonym(new, "Waldkauz", actor=new)
        assert sorted(Pseudonym.objects.values_list("account", flat=True), key=str) == [new.pk, None]


class TestExpiredInMidForm:
    """Nothing typed is lost."""

    def _typed(self, measure):
        return {
            "title": measure.title,
            "topic": measure.topic.slug,
            "summary": "Ein Satz.",
            "reason": "Lang <b>getippt</b> & wichtig",
            "course": "",
            "easy": "",
            "maturity": measure.maturity,
            "place_name": "67655 Ort",
            # Nobody had begun a draft: the version of what is published, made negative.
            "version": str(-measure.version),
        }

    def test_shown_again_and_saved_with_one_button(self, client):
        account, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
        url = reverse("programme:change_measure", args=[measure.public_id])
        answer = client.post(url, self._typed(measure))
        assert answer.url == f"{reverse('account_login')}?next={url}"
        assert Measure.objects.get().reason == measure.reason
        answer = client.post(answer.url, {"login": account.email, "password": "a long enough password", "next": url})
        assert answer.url == url
        page = client.get(url, headers=GERMAN)
        text = page.content.decode()
        assert "Ihre Anmeldung war abgelaufen" in text
        assert "Lang &lt;b&gt;getippt&lt;/b&gt; &amp; wichtig" in text
        kept = dict(page.context["fields"])
        assert kept == self._typed(measure)
        client.post(url, kept)
        assert Revision.objects.get().document["reason"] == "Lang <b>getippt</b> & wichtig"
        # Once shown, it is gone from the session.
        assert "parked_form" not in client.session
        assert "Ihre Anmeldung war abgelaufen" not in client.get(url, headers=GERMAN).content.decode()

    def test_secrets_are_not_kept_and_lookalikes_are(self, client):
        values = {"password": "x1", "new_password1": "x2", "code": "x3", "token": "x4", "postal_code": "67655"}
        client.post(reverse("people:my_settings"), values)
        assert client.session["parked_form"]["fields"] == [["postal_code", "67655"]]

    def test_old_and_oversized_forms_are_not_kept(self, client, monkeypatch):
        client.post(reverse("people:my_settings"), {"name": "x" * 250_000})
        assert "parked_form" not in client.session
        client.post(reverse("people:my_settings"), {"name": "Zwischenruf"})
        session = client.session
        session["parked_form"]["until"] = 0
        session.save()
        log_in(client, make_account())
        assert "Zwischenruf" not in client.get(reverse("people:my_settings")).content.decode()

    def test_it_is_not_shown_to_another_browser(self, client):
        account, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
        url = reverse("programme:change_measure", args=[measure.public_id])
        client.post(url, self._typed(measure))
        log_in(other := Client(), account)
        assert "Lang &lt;b&gt;" not in other.get(url).content.decode()
