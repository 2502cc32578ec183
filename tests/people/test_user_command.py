"""`allmende user`: the real command against the real database; what it prints fits its schema."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from django.db import connection
from django.utils import timezone

from allmende.spine import cli
from allmende.spine.cli import frame
from allmende.spine.cli.main import main
from allmende.spine.people.access import roles_of
from allmende.spine.people.domain.tokens import account_of_key
from allmende.spine.people.enums import INSTANCE, Role
from allmende.spine.people.models import Account
from tests.factories import make_account

SCHEMAS = Path(cli.__file__).parent / "schemas"


@pytest.fixture
def here(monkeypatch):
    """The test's own connection is the town's: nothing is started and Django is set up already."""
    monkeypatch.setenv("ALLMENDE_LANG", "de")
    monkeypatch.setattr(frame, "database", lambda args: __import__("contextlib").nullcontext("dsn"))
    monkeypatch.setattr(frame, "django", lambda *args: None)


here_and_now = pytest.mark.usefixtures("db", "here")


def run(capsys, *words: str, code: int = 0) -> dict:
    assert main(["user", *words, "--json"]) == code
    answer = json.loads(capsys.readouterr().out)
    schema = "user" if code == 0 else "error"
    jsonschema.validate(
        answer,
        json.loads((SCHEMAS / f"{schema}.json").read_text()),
        format_checker=jsonschema.FormatChecker(),
    )
    return answer


@here_and_now
def test_add_list_and_disable(capsys):
    make_account(Role.ADMINISTRATOR, email="chef@example.org")
    added = run(capsys, "add", "A@example.org", "--role", "auditor", "--until", "2099-12-31", "--name", "Prüfung")
    assert added["created"] is True
    assert added["account"]["roles"] == [
        {"role": "auditor", "scope": INSTANCE, "from": timezone.localdate().isoformat(), "until": "2099-12-31"}
    ]
    again = run(capsys, "add", "a@example.org", "--role", "editor")
    assert (again["created"], [r["role"] for r in again["account"]["roles"]]) == (False, ["auditor", "editor"])
    listed = run(capsys, "list")["accounts"]
    assert [(row["email"], row["active"]) for row in listed] == [("a@example.org", True), ("chef@example.org", True)]
    assert run(capsys, "disable", "a@example.org")["account"]["active"] is False
    assert run(capsys, "disable", "chef@example.org", code=1)["error"]["code"] == "invalid"


@here_and_now
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add", "a@example.org", "--role", "king"], "unknown_role"),
        (["add", "a@example.org", "--role", "auditor"], "invalid"),
        (["add", "not an address", "--role", "editor"], "invalid"),
        (["add", "a@example.org", "--role", "editor", "--scope", "measure:x"], "unknown_scope"),
        (["disable", "nobody@example.org"], "unknown_account"),
        (["token", "--role", "editor", "--days", "999"], "days"),
        (["token", "--role", "editor", "--email", "da@example.org"], "role_not_held"),
    ],
)
def test_refused_and_nothing_saved(capsys, words, code):
    make_account(email="da@example.org")
    assert run(capsys, *words, code=1)["error"]["code"] == code
    assert [account.email for account in Account.objects.all()] == ["da@example.org"]


@here_and_now
def test_password_from_standard_input(capsys, monkeypatch):
    account = make_account(email="da@example.org")
    monkeypatch.setattr("sys.stdin", io.StringIO("ein langes neues Wort\n"))
    run(capsys, "password", "da@example.org")
    account.refresh_from_db()
    assert account.check_password("ein langes neues Wort")
    monkeypatch.setattr("sys.stdin", io.StringIO("kurz\n"))
    answer = run(capsys, "password", "da@example.org", code=1)
    assert "zu kurz" in answer["error"]["message"]


@here_and_now
@pytest.mark.parametrize("role", ["treasurer", "auditor"])
def test_a_token_for_a_role(capsys, role):
    first = run(capsys, "token", "--role", role, "--days", "30")
    second = run(capsys, "token", "--role", role, "--days", "60")
    assert Account.objects.count() == 1
    for answer in (first, second):
        account = account_of_key(answer["token"])
        assert roles_of(account) == {(Role(role), INSTANCE)}
        assert not account.has_usable_password()


@here_and_now
def test_a_token_for_a_role_where_staff_need_a_second_factor(capsys, settings):
    settings.STAFF_MFA = True
    answer = run(capsys, "token", "--role", "treasurer")
    assert roles_of(account_of_key(answer["token"])) == {(Role.TREASURER, INSTANCE)}


@here_and_now
def test_a_token_of_somebody_is_narrowed_to_the_role(capsys):
    make_account(Role.EDITOR, Role.TREASURER, email="da@example.org")
    answer = run(capsys, "token", "--role", "editor", "--email", "da@example.org")
    assert answer["email"] == "da@example.org"
    assert roles_of(account_of_key(answer["token"])) == {(Role.EDITOR, INSTANCE)}


@pytest.mark.django_db(transaction=True)
def test_as_a_program_of_its_own(tmp_path):
    """The whole way: a fresh process, Django's own start, a transaction that is really committed."""
    base = os.environ["DATABASE_URL"].rpartition("/")[0]
    name = connection.settings_dict["NAME"]
    environment = os.environ | {"DATABASE_URL": f"{base}/{name}", "ALLMENDE_DATA": str(tmp_path)}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    words = ["user", "token", "--role", "treasurer", "--data", str(tmp_path), "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "allmende.spine.cli.main", *words],
        env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert (answer["role"], answer["email"]) == ("treasurer", "dienst-treasurer@dienst.invalid")
    assert roles_of(account_of_key(answer["token"])) == {(Role.TREASURER, INSTANCE)}
