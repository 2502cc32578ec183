"""`allmende opinions map DIR`: the same bytes in fresh processes, by its schema, without Django; wrong folders."""

from __future__ import annotations

import csv
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.support import allmende, answer, environment

from .opinions import SHARED, export, given, planted


def mapped(folder: Path, *more: str, **variables: str) -> str:
    done = allmende("opinions", "map", str(folder), "--json", *more, **variables)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("export"), planted(3))


def shuffled(folder: Path, target: Path) -> Path:
    """The same export with its rows, and the columns of the people's file, in another order."""
    chance = random.Random(3)
    for path in folder.iterdir():
        with path.open(newline="") as stream:
            header, *rows = list(csv.reader(stream))
        if path.name != "summary.csv":
            chance.shuffle(rows)
        order = list(range(len(header)))
        if path.name == "participants-votes.csv":
            chance.shuffle(order)
        with (target / path.name).open("w", newline="") as stream:
            csv.writer(stream).writerows([[row[place] for place in order] for row in [header, *rows]])
    return target


def test_the_same_bytes_in_fresh_processes(town: Path, tmp_path: Path) -> None:
    """Other hash seeds, other numbers of threads, other orders of rows and columns."""
    first = mapped(town, "--seed", "7", PYTHONHASHSEED="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    assert mapped(town, "--seed", "7", PYTHONHASHSEED="2", OMP_NUM_THREADS="4", OPENBLAS_NUM_THREADS="4") == first
    assert mapped(shuffled(town, tmp_path), "--seed", "7", PYTHONHASHSEED="3") == first
    assert json.loads(mapped(town, "--seed", "8"))["run"]["seed"] == 8


@given
def test_the_same_bytes_of_a_real_conversation(tmp_path: Path) -> None:
    folder = SHARED / "austria-climate.5twd2jsnkf.2022-08-08"
    options = ("--seed", "42", "--resamples", "10")
    first = mapped(folder, *options, PYTHONHASHSEED="1", OMP_NUM_THREADS="1")
    assert mapped(folder, *options, PYTHONHASHSEED="77", OMP_NUM_THREADS="3") == first
    found = json.loads(first)
    assert found["conversation"]["topic"] == "Produktion und Konsum"
    assert [one["size"] for one in found["groups"]] == sorted((one["size"] for one in found["groups"]), reverse=True)
    hidden = [one for one in found["statements"] if one["moderated"] == -1]
    assert (len(hidden), {one["text"] for one in hidden}) == (245, {None})


def test_the_answer_follows_its_schema(town: Path) -> None:
    done = allmende("opinions", "map", str(town), "--json", "--seed", "7")
    found = answer(done, "opinions")
    assert found["ok"] is True
    assert found["run"]["counts"] == {
        "people": 90, "people_in_groups": 90, "statements": 60, "statements_in_map": 60,
        "votes": len(planted(3)),
    }  # fmt: skip
    assert [(one["id"], one["size"]) for one in found["groups"]] == [(1, 30), (2, 30), (3, 30)]
    assert [one["members"][0] for one in found["groups"]] == ["0", "1", "2"]
    assert [one["group"] for one in found["people"]] == [number % 3 + 1 for number in range(90)]
    assert found["conversation"]["official"] is None
    without = answer(allmende("opinions", "map", str(town), "--json", "--resamples", "0", "--groups", "2"), "opinions")
    assert [one["stability"] for one in without["groups"] + without["scores"]] == [None, None, None]


def test_words_for_people(town: Path) -> None:
    german = allmende("opinions", "map", str(town), ALLMENDE_LANG="de").stdout.splitlines()
    assert german[0] == "Der Fauthweg"
    assert german[1].endswith("Stimmen von 90 Personen zu 60 Aussagen; 90 Personen in 3 Gruppen")
    assert german[2].startswith("Gruppe 1: 30 Personen, Stabilität 1.00")
    english = allmende("opinions", "map", str(town), ALLMENDE_LANG="en").stdout
    assert "Group 3: 30 people, stability 1.00" in english


def test_wrong_folders_and_numbers(town: Path, tmp_path: Path) -> None:
    def said(*arguments: str) -> tuple[int, str, str]:
        done = allmende("opinions", "map", *arguments, "--json", ALLMENDE_LANG="de")
        assert "Traceback" not in done.stderr + done.stdout
        error = answer(done, "error")["error"]
        return done.returncode, error["code"], error["message"]

    assert said(str(tmp_path / "nowhere"))[:2] == (2, "no_folder")
    assert said(str(tmp_path)) == (2, "no_file", "comments.csv: Diese Datei fehlt im Ordner (auch als .gz).")
    assert said(str(town), "--groups", "40") == (1, "too_many_groups", "So viele Gruppen gibt es nicht, höchstens 22.")
    for wrong in (("--seed", "-1"), ("--seed", "x"), ("--dimensions", "10"), ("--most-groups", "1")):
        assert said(str(town), *wrong)[:2] == (2, "usage")
    broken = export(tmp_path / "broken", {("1", "1"): 1})
    (broken / "votes.csv").write_text("timestamp,comment-id,voter-id,vote\n1,1,1,5\n")
    assert said(str(broken)) == (2, "vote", "votes.csv, Zeile 2: Eine Stimme ist -1, 0 oder 1, nicht: 5")


def test_no_start_pays_for_numbers() -> None:
    """Neither other commands nor the web server load numpy's friends, and the map needs no Django."""
    text = """
import sys
from allmende.spine.cli import main
main.build()
assert not {"sklearn", "scipy", "numpy"} & set(sys.modules), "commands"
from allmende.dialogue.core.opinions import placing, routing
assert not {"sklearn", "scipy", "numpy"} & set(sys.modules), "what pages use"
from allmende.dialogue.core.opinions import exports, mapping, result
assert not {"django", "psycopg"} & set(sys.modules), "the map"
"""
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=environment())
    assert done.stderr == ""


def test_the_web_server_does_not_load_scikit_learn() -> None:
    text = """
import sys
from allmende.config import wsgi, urls
print([name for name in ("sklearn", "scipy") if name in sys.modules])
"""
    variables = {"DJANGO_SETTINGS_MODULE": "allmende.config.settings", "DATABASE_URL": "postgresql:///nobody"}
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=environment(**variables))
    assert done.stdout == "[]\n", done.stderr
