"""The frame of the command line: help, languages, exit codes, errors for people and for machines."""

from __future__ import annotations

import argparse
import socket
from importlib import resources
from pathlib import Path

import pytest

from allmende.spine.cli import main
from allmende.spine.supervisor import catalogue, errors, paths, words

from .support import ROOT, allmende, answer, schema

COMMANDS = ["backup", "check", "db", "live", "migrate", "pump", "restore", "up", "web", "worker"]


def test_every_command_says_what_it_does_in_both_languages() -> None:
    assert set(COMMANDS) <= set(main.names())
    for name in main.names():
        module = main.load(name)
        assert set(module.HELP) == {"de", "en"} and all(module.HELP.values()), name
        assert module.HELP["de"] != module.HELP["en"], name
        module.configure(argparse.ArgumentParser())


@pytest.mark.parametrize(("lang", "word"), [("de_DE.UTF-8", "Aufruf:"), ("en_GB.UTF-8", "usage:"), ("C", "usage:")])
def test_help_speaks_the_terminals_language(lang: str, word: str) -> None:
    done = allmende("--help", LANG=lang)
    assert done.returncode == 0
    assert done.stdout.startswith(word)
    assert all(f"    {name}" in done.stdout for name in COMMANDS)


def test_allmende_lang_wins_over_the_terminal() -> None:
    assert allmende("up", "--help", ALLMENDE_LANG="de", LANG="en_GB.UTF-8").stdout.startswith("Aufruf:")


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["up", "--port", "many"], ["restore"], ["check", "--no"]])
def test_wrong_use_is_exit_code_two(arguments: list[str]) -> None:
    done = allmende(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage:" in done.stderr and "Traceback" not in done.stderr


def test_wrong_use_for_machines() -> None:
    done = allmende("restore", "--json", ALLMENDE_LANG="de")
    assert done.returncode == 2
    found = answer(done, "error")
    assert found["error"]["code"] == "usage"
    assert "es fehlt: archive" in found["error"]["message"]


def test_an_error_for_people_has_a_hint_and_no_trace(tmp_path: Path) -> None:
    done = allmende("db", "--print", "--data", str(tmp_path), ALLMENDE_LANG="de")
    assert done.returncode == 5
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"Fehler: Für {tmp_path} läuft keine Datenbank.",
        "  Zuerst „allmende up“ oder „allmende db“ starten oder DATABASE_URL setzen.",
    ]


def test_the_same_error_for_machines(tmp_path: Path) -> None:
    done = allmende("db", "--print", "--json", "--data", str(tmp_path))
    assert done.returncode == 5
    assert answer(done, "error")["error"]["code"] == "no_database"


def test_a_bad_database_url_is_wrong_use(tmp_path: Path) -> None:
    done = allmende("check", "--json", "--data", str(tmp_path), DATABASE_URL="postgresql://u:secret@[")
    assert done.returncode == 1
    assert answer(done, "check")["database"]["ok"] is False
    assert "secret" not in done.stdout + done.stderr
    done = allmende("backup", "--json", "--data", str(tmp_path), DATABASE_URL="nonsense")
    assert done.returncode == 2
    assert answer(done, "error")["error"]["code"] == "database_url_invalid"


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = allmende("up", "--json", "--data", str(tmp_path / "file"))
    assert done.returncode == 1
    assert answer(done, "error")["error"]["code"] == "os_problem"


def test_a_taken_port_is_exit_code_four(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = allmende("up", "--json", "--data", str(tmp_path), "--port", str(listener.getsockname()[1]))
    assert done.returncode == 4
    assert answer(done, "error")["error"]["code"] == "port_taken"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--port", "70000"], "port_invalid"),
        (["--host", "192.0.2.1"], "host_unknown"),
        (["--host", "a..b"], "host_unknown"),
    ],
)
def test_addresses_that_cannot_be(tmp_path: Path, arguments: list[str], code: str) -> None:
    done = allmende("up", "--json", "--data", str(tmp_path), *arguments)
    assert done.returncode == 2
    assert answer(done, "error")["error"]["code"] == code


def test_check_of_nothing_is_a_problem(tmp_path: Path) -> None:
    done = allmende("check", "--json", "--data", str(tmp_path / "absent"))
    assert done.returncode == 1
    found = answer(done, "check")
    assert (found["ok"], found["running"], found["processes"]) == (False, False, [])
    assert not (tmp_path / "absent").exists(), "asking makes nothing"


def test_the_data_folder_nobody_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATA", raising=False)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(paths.os, "geteuid", lambda: 1000)
    assert paths.default_data() == tmp_path / ".local" / "share" / "allmende"
    monkeypatch.setattr(paths.os, "geteuid", lambda: 0)
    assert paths.default_data() == Path("/var/lib/allmende")
    monkeypatch.chdir(ROOT)
    assert paths.default_data() == Path("var")
    monkeypatch.setenv("DATA", "/somewhere")
    assert paths.default_data() == Path("/somewhere")


def test_every_problem_has_words_in_both_languages() -> None:
    """Every code raised anywhere in supervisor and command line is in the catalogue, and nothing else is."""
    import re

    raised: set[str] = set()
    for folder in ("supervisor", "cli"):
        for path in (ROOT / "src" / "allmende" / "spine" / folder).rglob("*.py"):
            pattern = r"(?:Error|Failed|Mismatch|Unreachable|Full|Problem|Running|Taken)\(\s*\"([a-z0-9_]+)\""
            raised |= set(re.findall(pattern, path.read_text()))
    assert raised == set(catalogue.MESSAGES)
    for code, (german, english) in catalogue.MESSAGES.items():
        assert all(german) and all(english), code
        fields = [set(re.findall(r"{(\w+)}", " ".join(pair))) for pair in (german, english)]
        assert fields[0] == fields[1], code
    for key, (one, two) in catalogue.SAYINGS.items():
        assert one and two and one != two, key


def test_an_unknown_problem_is_shown_as_itself() -> None:
    assert words.message(errors.SupervisorError("new_code")).text == "new_code"
    assert "?" in words.message(errors.DiskFull("disk_full"), "en").text, "a missing parameter is no KeyError"


def test_every_schema_is_one() -> None:
    folder = resources.files("allmende.spine.cli") / "schemas"
    found = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".json"))
    assert {"error.json", "up.json", "check.json", "db.json", "migrate.json", "backup.json", "restore.json"} <= set(
        found
    )
    for name in found:
        schema(name.removesuffix(".json"))


def test_every_json_door_has_a_schema() -> None:
    folder = resources.files("allmende.spine.cli") / "schemas"
    for name in main.names():
        if getattr(main.load(name), "JSON", True):
            assert (folder / f"{name}.json").is_file(), name
