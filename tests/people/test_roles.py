"""Roles: when they hold, where they hold, who gives and takes them."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import close_old_connections, connections
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.people.access import can, require_actor, roles_of, visible_to
from allmende.spine.people.domain import accounts
from allmende.spine.people.domain.assignments import assign, end, follow_directory
from allmende.spine.people.domain.organisations import add_organisation, remove_organisation
from allmende.spine.people.enums import INSTANCE, TIME_LIMITED, Role
from allmende.spine.people.models import Account, Assignment
from tests.factories import make_account, make_measure

TODAY = timezone.localdate


def at(monkeypatch, moment: datetime) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment)


def fresh(account: Account) -> Account:
    """As a new request would load it."""
    return Account.objects.get(pk=account.pk)


@pytest.mark.django_db
class TestTime:
    # Midnight in Berlin is 23:00 UTC in winter and 22:00 UTC in summer; both nights the clock changes are among them.
    @pytest.mark.parametrize(
        ("first", "midnight"),
        [
            (date(2026, 1, 15), datetime(2026, 1, 14, 23, 0, tzinfo=UTC)),
            (date(2026, 7, 1), datetime(2026, 6, 30, 22, 0, tzinfo=UTC)),
            (date(2026, 3, 29), datetime(2026, 3, 28, 23, 0, tzinfo=UTC)),
            (date(2026, 3, 30), datetime(2026, 3, 29, 22, 0, tzinfo=UTC)),
            (date(2026, 10, 26), datetime(2026, 10, 25, 23, 0, tzinfo=UTC)),
        ],
    )
    def test_a_role_begins_and_ends_at_midnight_in_berlin(self, monkeypatch, first, midnight):
        account = make_account()
        assign(account, Role.AUDITOR, valid_from=first, valid_to=first)
        held = []
        day = timedelta(days=1) if first != date(2026, 3, 29) else timedelta(hours=23)
        for moment in (
            midnight - timedelta(seconds=1),
            midnight,
            midnight + day - timedelta(seconds=1),
            midnight + day,
        ):
            at(monkeypatch, moment)
            held.append(can(fresh(account), "facts.audit"))
        assert held == [False, True, True, False]

    @pytest.mark.parametrize("role", sorted(TIME_LIMITED))
    def test_some_roles_always_have_an_end(self, role):
        account = make_account()
        with pytest.raises(ValidationError) as caught:
            assign(account, role)
        assert list(caught.value.message_dict) == ["valid_to"]
        assert roles_of(fresh(account)) == set()

    def test_reversed_dates_are_refused(self):
        with pytest.raises(ValidationError):
            assign(make_account(), Role.EDITOR, valid_from=TODAY(), valid_to=TODAY() - timedelta(days=1))

    def test_ending_takes_effect_at_once_and_an_old_end_stays(self):
        account = make_account()
        running = assign(account, Role.EDITOR, valid_from=TODAY() - timedelta(days=9))
        over = assign(account, Role.PILOT, valid_from=TODAY() - timedelta(days=9), valid_to=TODAY() - timedelta(days=5))
        new = assign(account, Role.MODERATOR)
        for row in (running, over, new):
            end(row)
        assert roles_of(fresh(account)) == set()
        assert sorted(Assignment.objects.values_list("role", "valid_to")) == [
            ("editor", TODAY() - timedelta(days=1)),
            ("pilot", TODAY() - timedelta(days=5)),
        ]
        kinds = FactRow.objects.filter(kind="people.role.ended").order_by("id")
        assert [row.payload["role"] for row in kinds] == ["editor", "moderator"]


@pytest.mark.django_db
class TestScope:
    def test_a_role_holds_in_its_scope_only(self):
        mine, other = make_measure(), make_measure()
        lead = make_account(Role.PROJECT_LEAD, scope=mine.urn)
        assert [can(lead, "programme.change_measure", row) for row in (mine, other)] == [True, False]

    def test_who_administers_an_organisation_gives_roles_there_only(self):
        house, other = (add_organisation(name, "club", actor=None) for name in ("Haus", "Anderes"))
        head = make_account(Role.ADMINISTRATOR, scope=house.urn)
        person = make_account()
        assign(person, Role.EDITOR, scope=house.urn, actor=head)
        for scope in (INSTANCE, other.urn):
            with pytest.raises(PermissionDenied):
                assign(person, Role.EDITOR, scope=scope, actor=head)
        assert roles_of(fresh(person)) == {(Role.EDITOR, house.urn)}
        foreign = assign(person, Role.EDITOR, scope=other.urn)
        with pytest.raises(PermissionDenied):
            end(foreign, actor=head)
        # The head sees those of the house, not the town's other accounts.
        stranger = make_account(Role.TREASURER)
        seen = visible_to(head, Account.objects.all())
        assert set(seen) == {head, person}
        assert stranger not in seen
        with pytest.raises(PermissionDenied):
            accounts.create_account("neu@example.org", actor=head)

    def test_a_scope_must_exist(self):
        chief, person = make_account(Role.ADMINISTRATOR), make_account()
        for scope in ("organisation:0190f5e0-0000-7000-8000-000000000000", "account:1", "nonsense"):
            with pytest.raises(ValidationError) as caught:
                assign(person, Role.EDITOR, scope=scope, actor=chief)
            assert list(caught.value.message_dict) == ["scope"]

    def test_an_organisation_in_use_is_not_removed(self):
        house = add_organisation("Haus", "club", actor=None)
        held = assign(make_account(), Role.EDITOR, scope=house.urn)
        with pytest.raises(ValidationError):
            remove_organisation(house, actor=None)
        end(held)
        remove_organisation(house, actor=None)


@pytest.mark.django_db
class TestWhoMay:
    def test_nobody_gives_a_role_to_themselves(self):
        chief = make_account(Role.ADMINISTRATOR)
        with pytest.raises(PermissionDenied):
            assign(chief, Role.TREASURER, actor=chief)

    def test_nobody_without_the_right(self):
        person = make_account()
        for actor in (make_account(Role.EDITOR), make_account(Role.AUDITOR)):
            with pytest.raises(PermissionDenied):
                assign(person, Role.EDITOR, actor=actor)
            with pytest.raises(PermissionDenied):
                accounts.disable_account(person, actor=actor)
            with pytest.raises(PermissionDenied):
                accounts.change_account(person, actor=actor, name="X")

    def test_a_visitor_is_not_taken_for_the_system(self):
        from django.contrib.auth.models import AnonymousUser

        with pytest.raises(PermissionDenied):
            require_actor(AnonymousUser(), "people.change_account")
        with pytest.raises(PermissionDenied):
            accounts.create_account("neu@example.org", actor=AnonymousUser())

    def test_who_gave_it_is_recorded(self):
        chief, person = make_account(Role.ADMINISTRATOR), make_account()
        row = assign(person, Role.EDITOR, actor=chief, reason="Vertretung")
        assert (row.granted_by, row.reason) == (chief, "Vertretung")
        fact = FactRow.objects.filter(kind="people.role.assigned", subject=person.urn).get()
        assert (fact.actor, fact.public) == (f"account:{chief.pk}", False)


@pytest.mark.django_db
class TestLastAdministrator:
    def test_is_not_ended_nor_disabled(self):
        chief = make_account(Role.ADMINISTRATOR)
        # None of these administers the town now.
        make_account(Role.ADMINISTRATOR, scope=add_organisation("Haus", "club", actor=None).urn)
        assign(make_account(), Role.ADMINISTRATOR, valid_from=TODAY() + timedelta(days=3))
        sleeping = make_account(Role.ADMINISTRATOR)
        Account.objects.filter(pk=sleeping.pk).update(is_active=False)
        row = Assignment.objects.get(account=chief)
        with pytest.raises(ValidationError):
            end(row)
        with pytest.raises(ValidationError):
            accounts.disable_account(chief)
        assert can(fresh(chief), "people.assign_role")

    def test_one_of_two_may_go(self):
        first, second = make_account(Role.ADMINISTRATOR), make_account(Role.ADMINISTRATOR)
        end(Assignment.objects.get(account=first), actor=second)
        assert [can(fresh(a), "people.assign_role") for a in (first, second)] == [False, True]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["end", "disable"])
def test_two_administrators_taking_each_other_away_at_once(way):
    """Real transactions in two threads, begun together, several times over: one of them always stays."""
    for _round in range(5):
        Assignment.objects.all().delete()
        pair = [make_account(Role.ADMINISTRATOR), make_account(Role.ADMINISTRATOR)]
        together = threading.Barrier(2)
        outcomes: list[str] = []

        def take(actor: Account, victim: Account, together=together, outcomes=outcomes) -> None:
            try:
                together.wait(10)
                if way == "end":
                    end(Assignment.objects.get(account=victim), actor=fresh(actor))
                else:
                    accounts.disable_account(victim, actor=fresh(actor))
                outcomes.append("done")
            except (ValidationError, PermissionDenied):
                outcomes.append("refused")
            finally:
                connections.close_all()

        threads = [
            threading.Thread(target=take, args=(pair[0], pair[1])),
            threading.Thread(target=take, args=(pair[1], pair[0])),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        close_old_connections()
        assert sorted(outcomes) == ["done", "refused"]
        left = [a for a in pair if fresh(a).is_active and can(fresh(a), "people.assign_role")]
        assert len(left) == 1


@pytest.mark.django_db
def test_roles_follow_the_directory_and_leave_those_given_by_people():
    account = make_account(Role.TREASURER)
    follow_directory(account, {(Role.EDITOR, INSTANCE), (Role.AUDITOR, INSTANCE)}, source="oidc", days=1)
    assert {role for role, _ in roles_of(account)} == {Role.TREASURER, Role.EDITOR, Role.AUDITOR}
    ends = Assignment.objects.filter(account=account, source="oidc").values_list("valid_to", flat=True)
    assert set(ends) == {TODAY() + timedelta(days=1)}
    follow_directory(account, {(Role.EDITOR, INSTANCE)}, source="oidc", days=7)
    assert {role for role, _ in roles_of(account)} == {Role.TREASURER, Role.EDITOR}
    assert Assignment.objects.get(source="oidc", role="editor").valid_to == TODAY() + timedelta(days=7)
    assert [row.kind for row in FactRow.objects.filter(subject=account.urn, actor="oidc").order_by("id")] == [
        "people.role.assigned",
        "people.role.assigned",
        "people.role.ended",
        "people.role.renewed",
    ]
