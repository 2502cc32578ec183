"""`allmende budget count|compare`: by its schema, the same bytes again, errors with their line."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from allmende.dialogue.core.budget.count import RULES, count
from allmende.dialogue.core.budget.pabulib import read
from allmende.dialogue.core.budget.profile import SATISFACTIONS
from allmende.dialogue.core.budget.texts import ERRORS, FINDINGS
from tests.cli.support import ROOT, allmende, answer, schema

from .budgets import TOWN


@pytest.fixture
def town(tmp_path: Path) -> str:
    path = tmp_path / "town.pb"
    path.write_bytes(TOWN)
    return str(path)


def test_the_answer_follows_its_schema_and_is_the_same_again(town: str) -> None:
    arguments = ("budget", "count", town, "--rule", "mes-add1", "--json", "--explain", "wlan")
    done = allmende(*arguments, PYTHONHASHSEED="1")
    assert (done.returncode, done.stderr) == (0, "")
    found = answer(done, "budget")
    assert found["winners"] == ["licht", "bank"]
    assert (found["cost"], found["left"], found["budget"]) == ("90", "10", "100")
    assert found["reasons"]["licht"]["rho"] == {"exact": "1/6", "decimal": "0.166666666667"}
    assert found["file"] == {"rule": "greedy", "selected": ["licht", "bank"], "same": True}
    assert list(found["explained"]) == ["wlan"]
    assert allmende(*arguments, PYTHONHASHSEED="2").stdout == done.stdout


def test_all_that_is_not_selected_is_explained_on_wish(town: str) -> None:
    found = answer(allmende("budget", "count", town, "--rule", "greedy", "--json", "--explain"), "budget")
    assert list(found["explained"]) == ["wlan", "baum"]
    assert found["explained"]["wlan"]["cost"]["enough"] == 10


def test_lines_for_people(town: str) -> None:
    done = allmende("budget", "count", town, "--rule", "greedy", "--explain", "wlan", ALLMENDE_LANG="de")
    assert done.stdout.splitlines() == [
        "2 von 4 Vorhaben für 90 EUR von 100 EUR; 10 Stimmen",
        "+ licht  Licht am Fauthweg  (60 EUR): Rang 1 mit 6 Stimmen (Punkte: 6).",
        "+ bank  Bank  (30 EUR): Rang 3 mit 4 Stimmen (Punkte: 4).",
        '- wlan  WLAN "Nord"; Schule  (50 EUR): 5 Stimmen; übrig waren 40 EUR, es fehlen 10 EUR.'
        " 2 weitere Unterstützer hätten genügt; 10 EUR weniger Kosten hätten genügt.",
        "- baum  Baum  (20 EUR): 3 Stimmen; übrig waren 10 EUR, es fehlen 10 EUR.",
    ]


def test_rules_side_by_side(town: str) -> None:
    found = answer(allmende("budget", "compare", town, "--json"), "budget")
    assert list(found["rules"]) == list(RULES)
    assert found["rules"]["phragmen"]["winners"] == ["baum", "licht"]
    lines = allmende("budget", "compare", town, ALLMENDE_LANG="de").stdout.splitlines()
    assert lines[1].split() == ["licht", *"xxxxxxx", "Licht", "am", "Fauthweg"]


def test_the_order_that_was_committed_decides_ties(town: str, tmp_path: Path) -> None:
    order = tmp_path / "order.txt"
    order.write_text("\ufeffbaum\r\n\r\nbank\r\nwlan\r\nlicht\r\n")
    found = answer(allmende("budget", "count", town, "--rule", "mes", "--order", str(order), "--json"), "budget")
    assert found["winners"] == ["licht", "baum"]
    assert list(found["reasons"]) == ["baum", "bank", "wlan", "licht"]
    order.write_text("baum\n")
    done = allmende("budget", "count", town, "--rule", "mes", "--order", str(order), "--json")
    assert (done.returncode, answer(done, "error")["error"]["code"]) == (2, "order_incomplete")


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("budget;100", "budget;x", "not_a_number", 9),
        ("10;baum", "10;turm", "unknown_project", 32),
        ("baum;20", "bank;20", "project_twice", 20),
    ],
)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    path = tmp_path / "broken.pb"
    path.write_text(TOWN.decode().replace(old, new))
    done = allmende("budget", "count", str(path), "--rule", "greedy", "--json", ALLMENDE_LANG="de")
    assert (done.returncode, done.stderr) == (2, "")
    error = answer(done, "error")["error"]
    assert error["code"] == code
    assert error["message"].startswith(f"Zeile {line}: ")
    done = allmende("budget", "count", str(path), "--rule", "greedy", ALLMENDE_LANG="en")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: Line {line}: ")


def test_strict_refuses_what_else_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "long.pb"
    path.write_bytes(TOWN.replace(b"max_length;3", b"max_length;2"))
    found = answer(allmende("budget", "count", str(path), "--rule", "greedy", "--json"), "budget")
    assert [(one["code"], one["line"]) for one in found["findings"]] == [("above", 27)]
    done = allmende("budget", "count", str(path), "--rule", "greedy", "--json", "--strict")
    assert (done.returncode, answer(done, "error")["error"]["code"]) == (2, "strict")


def test_wrong_wishes(town: str, tmp_path: Path) -> None:
    done = allmende("budget", "count", str(tmp_path / "no.pb"), "--rule", "greedy", "--json")
    assert (done.returncode, answer(done, "error")["error"]["code"]) == (2, "missing")
    done = allmende("budget", "count", town, "--rule", "lottery", "--json")
    assert (done.returncode, answer(done, "error")["error"]["code"]) == (2, "usage")
    for more, code in (
        (["--explain", "turm"], "no_project"),
        (["--satisfaction", "points"], "no_points"),
        (["--threshold", "viel"], "not_a_number"),
    ):
        done = allmende("budget", "count", town, "--rule", "greedy", "--json", *more)
        assert (done.returncode, answer(done, "error")["error"]["code"]) == (2, code)


def test_the_words_of_the_command_and_its_schema_are_those_of_the_core() -> None:
    command = import_module("allmende.spine.cli.commands.budget")
    assert (command.RULES, command.SATISFACTIONS) == (RULES, SATISFACTIONS)
    found = schema("budget").schema["oneOf"][0]["properties"]
    assert (tuple(found["rule"]["enum"]), tuple(found["satisfaction"]["enum"])) == (RULES, SATISFACTIONS)
    for rule in RULES:
        payload = {"ok": True} | count(read(TOWN), rule).as_json()
        payload |= {"file": {"rule": "", "selected": [], "same": None}, "findings": []}
        schema("budget").validate(json.loads(json.dumps(payload)))


def test_every_code_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "budgets.md").read_text()
    assert [code for code in (*ERRORS, *FINDINGS) if f"`{code}`" not in text] == []
