"""`allmende setup`: from a file, from options, asked one by one; refused whole where anything is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import jsonschema
import psycopg
import pytest

from allmende.spine.cli import commands
from allmende.spine.instance.domain import mail, setup
from allmende.spine.instance.domain.settings import change, finish_setup
from allmende.spine.instance.interfaces import terminal
from allmende.spine.instance.models import Instance
from allmende.spine.people.models import Account
from allmende.spine.secrets import secrets

from .conftest import SMTP, free_port

ROOT = Path(__file__).resolve().parents[2]
ANSWERS: dict[str, dict[str, Any]] = {
    "town": {"town": "Musterstadt", "ags": "07312000", "state": "RP"},
    "account": {"email": "admin@example.org", "password": "Ein langer Satz 7"},
}
EXAMPLE = ROOT / "docs" / "adopt" / "answers.toml"


@pytest.mark.django_db
def test_the_least_answers_are_enough(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        done = terminal.run(ANSWERS)
    assert done == terminal.Done("Musterstadt", "admin@example.org", False, [])
    row = Instance.objects.get()
    assert (row.name, row.mail, row.rooms_off, row.languages) == ("Allmende", {}, [], ["de", "en"])
    assert Account.objects.get().check_password("Ein langer Satz 7")
    with pytest.raises(setup.AlreadySetUp):
        terminal.run(ANSWERS)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"town": {"town": "X", "ags": "1", "state": "RP"}},
         {"town.ags", "account.email", "account.password", "account.again"}),
        (ANSWERS | {"rooms": {"closed": ["keller"]}}, {"rooms.rooms"}),
        (ANSWERS | {"keller": {}}, {"keller"}),
        (ANSWERS | {"brand": {"name": "X", "farbe": "rot"}}, {"brand.farbe"}),
        (ANSWERS | {"brand": {"name": "X", "action": "#9fd8c2"}}, {"brand.action"}),
        (ANSWERS | {"backup": {"backup_target": "/gibt/es/nicht"}}, {"backup.backup_target"}),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_saved(answers: dict, where: set[str]) -> None:
    with pytest.raises(terminal.AnswersRefused) as caught:
        terminal.run(answers)
    assert {name for name, _ in caught.value.errors} == where
    assert Instance.objects.count() == 0 and Account.objects.count() == 0


@pytest.mark.django_db
def test_asked_one_by_one_until_it_is_right() -> None:
    script = {
        "Gemeinde": ["Musterstadt", "Musterstadt"], "Gemeindeschlüssel (AGS)": ["1234", "07312000"],
        "Land": ["RP", "RP"],
        "Name des Programms": ["Muster digital"], "E-Mail-Adresse": ["admin@example.org"],
        "Passwort": ["Ein langer Satz 7"],
        "Vor der Website steht ein Reverse-Proxy": ["ja"], "Räume, die geschlossen bleiben": ["programme"],
    }  # fmt: skip
    told: list[str] = []
    asked: list[str] = []

    def ask(label: str, default: str, secret: bool) -> str:
        assert secret == (label == "Passwort")
        asked.append(label)
        assert len(asked) < 60, "it asks without end"
        for start, answers in sorted(script.items(), reverse=True):
            if label.startswith(start) and answers:
                return answers.pop(0)
        return default

    done = terminal.run({}, ask=ask, tell=told.append)
    assert (done.town, done.rooms_off) == ("Musterstadt", ["programme"])
    row = Instance.objects.get()
    assert (row.ags, row.state, row.name, row.behind_proxy) == ("07312000", "RP", "Muster digital", True)
    assert [text for text in told if "acht Ziffern" in text] == [
        "  Gemeindeschlüssel (AGS): Ein Gemeindeschlüssel hat acht Ziffern "
        "und beginnt mit der Nummer eines Landes, 01 bis 16."
    ]


@pytest.mark.django_db(transaction=True)
def test_a_test_mail_decides(smtp: SMTP, data: Path) -> None:
    values = smtp.mail | {"password": smtp.letters.password, "test": "amt@example.org"}
    with pytest.raises(mail.MailProblem):
        terminal.run(ANSWERS | {"mail": values | {"port": free_port()}})
    assert Instance.objects.count() == 0 and "mail_password" not in secrets(data)
    assert terminal.run(ANSWERS | {"mail": values}).mail_tested is True
    assert [letter.rcpt_tos for letter in smtp.letters.taken] == [["amt@example.org"]]
    assert secrets(data)["mail_password"] == smtp.letters.password
    assert smtp.letters.password not in str(Instance.objects.get().mail)


@pytest.mark.django_db
def test_a_town_in_service_is_refused() -> None:
    change({"town": "Schon da"}, actor="test")
    finish_setup(actor="test")
    with pytest.raises(setup.AlreadySetUp):
        terminal.run(ANSWERS)


def test_the_command(tmp_path: Path) -> None:
    """The example file of the docs, a real database, `--json`; then a second time."""
    url = urlsplit(os.environ["DATABASE_URL"])
    name = f"setup_{os.getpid()}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    target = urlunsplit(url._replace(path=f"/{name}"))
    (tmp_path / "passwort").write_text("Ein langer Satz 7\n")
    (tmp_path / "sicherung").mkdir()
    env = os.environ | {"DATABASE_URL": target, "ALLMENDE_LANG": "de", "PYTHONPATH": str(ROOT / "src")}
    env.pop("ALLMENDE_DATA", None)

    def call(*options: str) -> tuple[int, dict[str, Any]]:
        made = subprocess.run(
            [sys.executable, "-m", "allmende.spine.cli.main", "setup", "--json",
             "--data", str(tmp_path / "data"), *options],
            env=env, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        return made.returncode, json.loads(made.stdout.splitlines()[-1])

    try:
        code, said = call("--town", "Musterstadt")
        assert (code, said["ok"], said["error"]["code"]) == (2, False, "refused")
        everything = [
            "--answers", str(EXAMPLE), "--admin-password-file", str(tmp_path / "passwort"),
            "--backup-target", str(tmp_path / "sicherung"), "--mail-host", "",
        ]  # fmt: skip
        code, said = call(*everything)
        schema = json.loads((Path(commands.__path__[0]).parent / "schemas" / "setup.json").read_text())
        jsonschema.validate(said, schema)
        assert (code, said) == (
            0,
            {
                "ok": True, "town": "Musterstadt", "administrator": "admin@musterstadt.example", "mail_tested": False,
                "rooms_off": [],
            },
        )  # fmt: skip
        assert json.loads((tmp_path / "data" / "address.json").read_text())["behind_proxy"] is True
        code, said = call(*everything)
        assert (code, said["error"]["code"]) == (1, "already_set_up")
    finally:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
