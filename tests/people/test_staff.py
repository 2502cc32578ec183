"""Staff pages: finding accounts, inviting, giving and ending roles, organisations."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.people.access import roles_of
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.domain.organisations import add_organisation
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account, Assignment, Organisation
from tests.factories import PASSWORD, make_account, make_measure

from .support import GERMAN, link_in, log_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(client):
    account = make_account(Role.ADMINISTRATOR, email="chef@example.org", name="Zentrale")
    client.force_login(account)
    return account


def _names(client, **query):
    return [row.name for row in client.get(reverse("people:accounts"), query).context["page"]]


def test_sorted_as_germans_sort_and_found_by_words_role_and_state(client, chief):
    for name in ("Zoll", "Ärger", "Arbeit", "Öl", "Straße", "Strasse 2"):
        make_account(name=name)
    editor = make_account(Role.EDITOR, name="Redakteur")
    over = make_account(name="Früher")
    assign(
        over,
        Role.EDITOR,
        valid_from=timezone.localdate() - timedelta(days=9),
        valid_to=timezone.localdate() - timedelta(days=1),
    )
    Account.objects.filter(name="Zoll").update(is_active=False)
    assert _names(client) == [
        "Arbeit", "Ärger", "Früher", "Öl", "Redakteur", "Straße", "Strasse 2", "Zentrale", "Zoll",
    ]  # fmt: skip
    assert _names(client, q="str") == ["Straße", "Strasse 2"]
    assert _names(client, role="editor") == [editor.name]
    assert _names(client, state="disabled") == ["Zoll"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(client, chief, count, django_assert_num_queries):
    for _number in range(count):
        make_account(Role.EDITOR, Role.MODERATOR)
    client.get(reverse("people:accounts"))
    # session, account, roles, count, rows, their roles
    with django_assert_num_queries(7):
        client.get(reverse("people:accounts"), {"role": "editor"})


@pytest.mark.parametrize("count", [1, 3])
def test_an_account_costs_the_same_for_one_and_three_roles(client, chief, count, django_assert_num_queries):
    person = make_account()
    house = add_organisation("Haus", "club", actor=None)
    for role in (Role.EDITOR, Role.MODERATOR, Role.PILOT)[:count]:
        assign(person, role, scope=house.urn, actor=chief)
    client.get(reverse("people:accounts"))
    # session, account, roles, the account, its roles, names of their scopes
    with django_assert_num_queries(7):
        client.get(reverse("people:account", args=[person.pk]))


def test_inviting_somebody(client, chief, django_capture_on_commit_callbacks):
    values = {"email": "Neu@example.org", "name": "Neue Kraft", "language": "de"}
    with django_capture_on_commit_callbacks() as callbacks:
        answer = client.post(reverse("people:invite"), values)
    account = Account.objects.get(email="neu@example.org")
    assert answer.url == reverse("people:account", args=[account.pk])
    assert not account.has_usable_password()
    assert len(callbacks) >= 1
    facts = FactRow.objects.filter(subject=account.urn).order_by("id")
    assert [(row.kind, row.actor) for row in facts] == [
        ("people.account.created", f"account:{chief.pk}"),
        ("people.account.invited", f"account:{chief.pk}"),
    ]
    # A taken address is said at the field, and nothing is lost.
    again = client.post(reverse("people:invite"), values, headers=GERMAN)
    assert again.status_code == 422
    assert "Es gibt schon ein Konto mit dieser Adresse." in again.content.decode()
    assert "Neue Kraft" in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_the_invitation_opens_the_account(client):
    client.force_login(make_account(Role.ADMINISTRATOR))
    client.post(reverse("people:invite"), {"email": "neu@example.org", "name": "", "language": "de"})
    [message] = mail.outbox
    assert (message.to, message.subject) == (["neu@example.org"], "Ihr Konto bei Allmende")
    guest = Client()
    form = guest.get(link_in(message))
    guest.post(form.url, {"password1": PASSWORD, "password2": PASSWORD})
    log_in(guest, Account.objects.get(email="neu@example.org"))
    assert signed_in(guest)


class TestGivingRoles:
    def _give(self, client, person, **values):
        today = timezone.localdate().isoformat()
        data = {"role": "editor", "where": INSTANCE, "valid_from": today, "reason": "Vertretung"} | values
        return client.post(reverse("people:assign_role", args=[person.pk]), data, headers=GERMAN)

    def test_for_the_town_an_organisation_a_thing(self, client, chief):
        person, house, measure = make_account(), add_organisation("Haus", "club", actor=None), make_measure()
        assert self._give(client, person).status_code == 302
        assert (
            self._give(client, person, role="moderator", where="organisation", organisation=house.urn).status_code
            == 302
        )
        assert self._give(client, person, role="project_lead", where="object", urn=measure.urn).status_code == 302
        assert roles_of(Account.objects.get(pk=person.pk)) == {
            (Role.EDITOR, INSTANCE),
            (Role.MODERATOR, house.urn),
            (Role.PROJECT_LEAD, measure.urn),
        }
        page = client.get(reverse("people:account", args=[person.pk]), headers=GERMAN).content.decode()
        for shown in ("Haus", str(measure), "Die ganze Stadt", "Zentrale", "Vertretung"):
            assert shown in page

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"role": "auditor"}, "valid_to"),
            ({"valid_to": "2020-01-01"}, "valid_to"),
            ({"where": "organisation"}, "organisation"),
            ({"where": "object", "urn": ""}, "urn"),
            ({"where": "object", "urn": "measure:0190f5e0-0000-7000-8000-000000000000"}, "urn"),
            ({"role": "king"}, "role"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, client, chief, values, field):
        person = make_account()
        answer = self._give(client, person, **values)
        assert answer.status_code == 422
        assert list(answer.context["form"].errors) == [field]
        assert Assignment.objects.filter(account=person).count() == 0

    def test_not_to_oneself(self, client, chief):
        assert self._give(client, chief, role="treasurer").status_code == 403
        assert (
            reverse("people:assign_role", args=[chief.pk])
            not in client.get(reverse("people:account", args=[chief.pk])).content.decode()
        )

    def test_ending_and_the_last_administrator(self, client, chief):
        person = make_account(Role.EDITOR)
        row = Assignment.objects.get(account=person)
        assert client.get(reverse("people:end_role", args=[row.pk])).status_code == 200
        client.post(reverse("people:end_role", args=[row.pk]))
        assert roles_of(Account.objects.get(pk=person.pk)) == set()
        own = Assignment.objects.get(account=chief)
        page = client.post(reverse("people:end_role", args=[own.pk]), follow=True, headers=GERMAN)
        assert "Das ist die letzte Administration" in page.content.decode()
        assert roles_of(Account.objects.get(pk=chief.pk)) == {(Role.ADMINISTRATOR, INSTANCE)}


def test_disabling_enabling_and_signing_out(client, chief):
    person = make_account(Role.EDITOR)
    log_in(other := Client(), person)
    client.post(reverse("people:sign_out", args=[person.pk]))
    assert not signed_in(other)
    client.post(reverse("people:disable", args=[person.pk]))
    assert not Account.objects.get(pk=person.pk).is_active
    client.post(reverse("people:disable", args=[person.pk]))
    assert Account.objects.get(pk=person.pk).is_active
    client.post(reverse("people:disable", args=[chief.pk]))
    assert Account.objects.get(pk=chief.pk).is_active


def test_looking_is_not_changing(client):
    person = make_account(Role.EDITOR)
    client.force_login(make_account(Role.DATA_PROTECTION_OFFICER))
    page = reverse("people:account", args=[person.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"name": "X"}).status_code == 403
    for name in ("assign_role", "disable", "send_invitation", "sign_out"):
        assert client.post(reverse(f"people:{name}", args=[person.pk])).status_code == 403
    assert client.post(reverse("people:end_role", args=[person.assignments.get().pk])).status_code == 403
    assert client.get(reverse("people:organisations")).status_code == 403


def test_accounts_of_other_scopes_are_not_there(client):
    house = add_organisation("Haus", "club", actor=None)
    client.force_login(make_account(Role.ADMINISTRATOR, scope=house.urn))
    stranger = make_account(Role.EDITOR, email="fremd@example.org")
    assert "fremd@example.org" not in client.get(reverse("people:accounts")).content.decode()
    assert client.get(reverse("people:account", args=[stranger.pk])).status_code == 404
    assert client.post(reverse("people:end_role", args=[stranger.assignments.get().pk])).status_code == 404


def test_organisations_are_added_changed_and_removed(client, chief):
    client.post(reverse("people:add_organisation"), {"name": "Ärzte", "kind": "club"})
    client.post(reverse("people:add_organisation"), {"name": "Zoo", "kind": "company"})
    listed = client.get(reverse("people:organisations")).context["page"]
    assert [row.name for row in listed] == ["Ärzte", "Zoo"]
    row = Organisation.objects.get(name="Zoo")
    client.post(reverse("people:change_organisation", args=[row.public_id]), {"name": "Tierpark", "kind": "company"})
    assert client.post(reverse("people:add_organisation"), {"name": "", "kind": "club"}).status_code == 422
    client.post(reverse("people:remove_organisation", args=[row.public_id]))
    assert [row.name for row in Organisation.objects.all()] == ["Ärzte"]
    kinds = FactRow.objects.filter(kind__startswith="people.organisation").order_by("id")
    assert [(fact.kind.rpartition(".")[2], fact.payload["name"]) for fact in kinds] == [
        ("added", "Ärzte"),
        ("added", "Zoo"),
        ("changed", "Tierpark"),
        ("removed", "Tierpark"),
    ]
