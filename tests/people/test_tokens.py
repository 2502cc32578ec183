"""Tokens for programs: narrowed, expiring, revocable, shown once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from allmende.spine.people.access import can, roles_of
from allmende.spine.people.domain import accounts, tokens
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Token
from tests.factories import make_account, make_measure

from .support import log_in

pytestmark = pytest.mark.django_db


def _ask(key: str, path: str = "/api/programme/measures") -> int:
    return Client().get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def _change(key: str, measure) -> int:
    return (
        Client()
        .patch(
            f"/api/programme/measures/{measure.public_id}",
            {"version": measure.version, "title": "Neu"},
            "application/json",
            headers={"Authorization": f"Bearer {key}"},
        )
        .status_code
    )


def test_a_token_acts_with_one_role_only():
    account = make_account(Role.PROGRAMME_OFFICE, Role.TREASURER)
    measure = make_measure()
    _token, narrow = tokens.create_token(account, "Export", role=Role.TREASURER)
    _token, wide = tokens.create_token(account, "Pflege")
    assert roles_of(tokens.account_of_key(narrow)) == {(Role.TREASURER, INSTANCE)}
    assert (_change(narrow, measure), _change(wide, measure)) == (403, 200)


def test_unknown_expired_revoked_and_disabled_are_refused():
    account = make_account(Role.TREASURER)
    token, key = tokens.create_token(account, "a")
    late, old = tokens.create_token(account, "b")
    Token.objects.filter(pk=late.pk).update(expires=timezone.now() - timedelta(seconds=1))
    assert [_ask(k) for k in (key, old, "alm_nonsense", "nonsense", "")] == [200, 401, 401, 401, 401]
    # A key is for the interfaces, not for pages.
    assert _ask(key, reverse("people:my_settings")) == 401
    tokens.revoke_token(token)
    assert _ask(key) == 401
    _token, key = tokens.create_token(account, "c")
    accounts.disable_account(account)
    assert _ask(key) == 401


def test_a_role_that_ended_takes_its_tokens_along():
    account = make_account(Role.PROGRAMME_OFFICE)
    measure = make_measure()
    _token, key = tokens.create_token(account, "x", role=Role.PROGRAMME_OFFICE)
    account.assignments.all().delete()
    assert _change(key, measure) == 403


@pytest.mark.parametrize("days", [0, 366, -1])
def test_a_token_lives_1_to_365_days(days):
    with pytest.raises(ValueError, match="1 to 365"):
        tokens.create_token(make_account(), "x", days=days)


def test_nobody_makes_or_revokes_tokens_of_others():
    owner, other = make_account(), make_account(Role.EDITOR)
    token, _key = tokens.create_token(owner, "x", actor=owner)
    with pytest.raises(PermissionDenied):
        tokens.create_token(owner, "y", actor=other)
    with pytest.raises(PermissionDenied):
        tokens.revoke_token(token, actor=other)


def test_on_the_page_it_is_shown_once_and_kept_as_a_digest(client):
    account = make_account(Role.TREASURER)
    log_in(client, account)
    answer = client.post(reverse("people:create_token"), {"name": "Bericht", "role": "treasurer", "days": "30"})
    key = answer.context["new_key"]
    token = Token.objects.get()
    assert (token.account, token.role, token.digest) == (account, "treasurer", Token.digest_of(key))
    assert key in answer.content.decode()
    assert key not in client.get(reverse("people:my_settings")).content.decode()
    assert key not in str(dict(client.session))
    # A role that one does not hold is not on offer.
    assert (
        client.post(reverse("people:create_token"), {"name": "x", "role": "administrator", "days": "30"}).status_code
        == 422
    )
    # Somebody else's token is not there.
    log_in(stranger := Client(), make_account())
    assert stranger.post(reverse("people:revoke_token", args=[token.pk])).status_code == 404
    client.post(reverse("people:revoke_token", args=[token.pk]))
    assert Token.objects.count() == 0


@override_settings(STAFF_MFA=True)
def test_a_token_needs_no_second_factor():
    account = make_account(Role.PROGRAMME_OFFICE)
    _token, key = tokens.create_token(account, "x")
    assert can(tokens.account_of_key(key), "programme.add_measure")
    assert not can(account.__class__.objects.get(pk=account.pk), "programme.add_measure")
