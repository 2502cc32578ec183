"""Trial runs: the same seed gives the same bytes in a fresh process, every choice is in the log, all ways are found."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from allmende.process.core.bpmn import importer
from allmende.process.core.engine.simulate import simulate
from allmende.spine.cli import main
from tests.cli.support import allmende, environment, schema

from .drawn import bpmn, drawn, process, steps, timer

TOWN = drawn(
    "start:s user:a xor:x or:o user:b user:c user:d or:j race:r catch:m catch:t sub:u boundary:w user:f end:e",
    "s>a a>x x>a x>o o>b o>c o>d b>j c>j d>j j>r r>m r>t m>u t>u u>e w>f",
    m="<messageEventDefinition/>",
    t=timer("P14D"),
    u="<multiInstanceLoopCharacteristics/>" + steps("start:is user:iu", "is>iu"),
    w=timer("P1M"),
    a_w='attachedToRef="u" cancelActivity="false"',
)


def log(data: bytes, seed: int) -> Any:
    return simulate(importer.make_runnable(data).xml, seed).as_json()


def test_every_choice_is_logged() -> None:
    kinds: dict[str, set[str]] = {}
    for seed in range(30):
        (one,) = log(TOWN, seed)["processes"]
        assert one["outcome"] == "ended"
        for entry in one["log"]:
            kinds.setdefault(entry["kind"], set()).add(entry["element"])
            if entry["kind"] == "choice":
                assert set(entry["chosen"]) <= set(entry["options"])
    assert set(kinds) == {"task", "choice", "timer", "event", "count"}
    assert kinds["choice"] == {"x", "o"}
    assert kinds["timer"] | kinds["event"] == {"m", "t", "w"}
    assert kinds["task"] == {"a", "b", "c", "d", "iu", "f"}, "every step is reached by some seed"


def test_the_clock_jumps_to_the_timer() -> None:
    data = drawn("start:s catch:c catch:d user:a", "s>c c>d d>a", c=timer("P1D"), d=timer("PT6H"))
    runs = [log(data, seed)["processes"][0]["log"] for seed in range(20)]
    entries = next(one for one in runs if [entry["kind"] for entry in one] == ["timer", "timer", "task"])
    assert [entry["time"] for entry in entries] == [
        "2026-01-06T07:00:00+00:00",
        "2026-01-06T13:00:00+00:00",
        "2026-01-06T13:00:00+00:00",
    ]


def test_loops_are_left() -> None:
    data = drawn("start:s user:a xor:x xor:y end:e", "s>a a>x x>a x>y y>a y>x y>e")
    for seed in range(20):
        (one,) = log(data, seed)["processes"]
        assert one["outcome"] == "ended"
        assert len(one["log"]) < 60


def test_a_model_that_nobody_mended_gets_stuck_or_goes_round() -> None:
    """Without the importer: what its rules keep from happening is named."""
    round_and_round = drawn("start:s user:a user:b", "s>a a>a a>b")
    (one,) = simulate(round_and_round, 1).as_json()["processes"]
    assert (one["outcome"], set(one["where"]) <= {"a", "b"}) == ("endless", True)
    alone = drawn("start:s xor:x xor:y", "s>x x>y y>x")
    (one,) = simulate(alone, 1).as_json()["processes"]
    assert (one["outcome"], set(one["where"][:2])) == ("endless", {"x", "y"})


def test_incomplete_joins_are_named() -> None:
    data = drawn("start:s xor:x user:a user:b and:j end:e", "s>x x>a x>b a>j b>j j>e")
    (one,) = log(data, 1)["processes"]
    assert one["missing"] in ({"j": ["b_j"]}, {"j": ["a_j"]})


def test_all_processes_are_run() -> None:
    data = bpmn(process("start:s user:a", "s>a"), process("user:b", id="Q"), '<process id="R"/>')
    assert [(one["process"], one["outcome"]) for one in log(data, 0)["processes"]] == [("P", "ended"), ("Q", "ended")]
    assert log(bpmn('<process id="R"/>'), 0) == {"seed": 0, "ended": False, "processes": []}


def test_the_same_seed_gives_the_same_bytes_in_a_fresh_process(tmp_path: Path) -> None:
    file = tmp_path / "stadt.bpmn"
    file.write_bytes(TOWN)
    answers = [
        allmende("process", "simulate", str(file), "--seed", "7", "--json", PYTHONHASHSEED=number) for number in "12"
    ]
    assert answers[0].stdout == answers[1].stdout
    assert (answers[0].returncode, answers[0].stderr) == (0, "")
    payload = json.loads(answers[0].stdout)
    assert payload == {"ok": True} | log(TOWN, 7)
    schema("process").validate(payload)
    assert log(TOWN, 7) != log(TOWN, 8)


# The command line


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main.main(["process", *arguments])
    return code, capsys.readouterr().out


def test_check_says_what_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.bpmn"
    file.write_bytes(drawn("start:s user:a", "s>a", attributes="").replace(b"Prozess P", "Größe &lt;b>".encode()))
    code, out = run(capsys, "check", str(file), "--json")
    payload = json.loads(out)
    schema("process").validate(payload)
    assert code == 0
    assert payload["runnable"] is True
    assert payload["processes"] == [{"id": "P", "name": "Größe <b>", "steps": 2, "runnable": True}]
    assert [one["code"] for one in payload["findings"]] == ["not-executable", "no-end"]


@pytest.mark.parametrize(("language", "said"), [("de", "lässt sich ausführen"), ("en", "can be run")])
def test_people_read_their_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.setenv("ALLMENDE_LANG", language)
    file = tmp_path / "a.bpmn"
    file.write_bytes(TOWN)
    code, out = run(capsys, "check", str(file))
    assert code == 0
    assert out.splitlines()[0] == said
    code, out = run(capsys, "simulate", str(file))
    assert code == 0
    assert out.splitlines()[0] == f"Prozess P: {'zu Ende gekommen' if language == 'de' else 'ended'}"


def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.bpmn"
    file.write_bytes(bpmn('<choreography id="c"/>'))
    for action in ("check", "simulate"):
        code, out = run(capsys, action, str(file), "--json")
        schema("process").validate(json.loads(out))
        assert (code, json.loads(out)["ok"]) == (1, False)
        assert run(capsys, action, str(file))[0] == 1
        file.write_bytes(b"<html/>")
        code, out = run(capsys, action, str(file), "--json")
        schema("error").validate(json.loads(out))
        assert (code, json.loads(out)["error"]["code"]) == (2, "html")
        code, out = run(capsys, action, str(tmp_path / "nichts.bpmn"), "--json")
        assert (code, json.loads(out)["error"]["code"]) == (2, "missing")
        file.write_bytes(bpmn('<choreography id="c"/>'))


def test_no_django_and_no_database(tmp_path: Path) -> None:
    file = tmp_path / "a.bpmn"
    file.write_bytes(TOWN)
    program = (
        "import sys; from allmende.spine.cli import main; "
        f"code = main.main(['process', 'check', {str(file)!r}]); "
        "print([name for name in sys.modules if name.split('.')[0] in ('django', 'psycopg')], code)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment(), timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[] 0", done.stderr


def test_many_branches_at_once_each_once_and_the_same_each_time() -> None:
    """Of so many open tasks several are answered together: else each answer looks through all of them."""
    tasks = [f"t{number}" for number in range(400)]
    listed = "start:s and:f and:j end:e " + " ".join(f"user:{name}" for name in tasks)
    flows = "s>f j>e " + " ".join(f"f>{name} {name}>j" for name in tasks)
    xml = importer.make_runnable(drawn(listed, flows)).xml
    first, second = simulate(xml, 7), simulate(xml, 7)
    assert first.ended
    assert first.as_json() == second.as_json() != simulate(xml, 8).as_json()
    (process,) = first.processes
    assert sorted(entry.element for entry in process.entries) == sorted(tasks)


def test_many_tasks_of_which_some_are_called_off_meanwhile() -> None:
    """The end of one branch ends all of them, also those that were to be answered together with it."""
    tasks = [f"t{number}" for number in range(100)]
    listed = "start:s and:f end:e " + " ".join(f"user:{name}" for name in tasks)
    flows = "s>f t0>e " + " ".join(f"f>{name}" for name in tasks)
    xml = importer.make_runnable(drawn(listed, flows, e="<terminateEventDefinition/>")).xml
    for seed in range(5):
        (process,) = simulate(xml, seed).processes
        done = [entry.element for entry in process.entries]
        assert (process.outcome, len(done)) == ("ended", len(set(done)))
        assert "t0" in done
