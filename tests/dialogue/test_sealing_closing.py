"""The close and the public file: nothing links, everything adds up, and separate code counts the same."""

from __future__ import annotations

import hashlib
import json
import secrets
import subprocess
import sys
from collections import Counter
from itertools import permutations
from pathlib import Path

import pytest

from allmende.dialogue.core.sealing import recount as recount_module
from allmende.dialogue.core.sealing.ballots import Ballot, Election, approval, pointed, ranking
from allmende.dialogue.core.sealing.closing import Opened, open_all
from allmende.dialogue.core.sealing.envelopes import LENGTH, last_of_each, seal
from allmende.dialogue.core.sealing.keys import PrivateKey
from allmende.dialogue.core.sealing.parts import Board
from allmende.dialogue.core.sealing.publishing import digest, public_file
from allmende.dialogue.core.sealing.receipts import commitment, new_code
from allmende.dialogue.core.sealing.recount import Unreadable, main, recount
from allmende.dialogue.core.sealing.refusal import Refused

PROJECTS = ("wlan", "bank", "bäume", "<b>licht</b>")
BUDGET = Election("buergerhaushalt-2026", "ab" * 32, "approval", PROJECTS)
POINTS = Election("buergerhaushalt-2026", "ab" * 32, "points", PROJECTS)
KEY = PrivateKey.generate()


def envelope(ballot: Ballot, code: str = "", election: Election = BUDGET) -> bytes:
    return seal(election, KEY.public, ballot, code or new_code())


def small() -> tuple[bytes, list[str]]:
    """A public file of four ballots and the voters' codes."""
    codes = [new_code() for _ in range(4)]
    chosen = [["bank"], ["bank", "wlan"], [], ["bäume", "<b>licht</b>", "bank"]]
    given = [envelope(approval(one), code) for one, code in zip(chosen, codes, strict=True)]
    return public_file(BUDGET, open_all(BUDGET, given, KEY)), codes


def test_all_orders_occur() -> None:
    """Of 6 orders, each misses all of n closes with probability (5/6)^n, so one of them does with at most
    6·(5/6)^n: for n = 300 less than 1.1·10^-23."""
    given = [envelope(approval([project])) for project in PROJECTS[:3]]
    in_memory, in_file = set(), set()
    for _ in range(300):
        opened = open_all(BUDGET, given, KEY)
        in_memory.add(tuple(ballot.choices[0] for ballot in opened.ballots.values()))
        in_file.add(tuple(ballot.choices[0] for _, ballot in sorted(opened.ballots.items())))
    assert in_memory == in_file == set(permutations(PROJECTS[:3]))


def test_the_given_shuffle_is_used_once_on_all() -> None:
    seen: list[int] = []
    open_all(BUDGET, [envelope(approval([])) for _ in range(3)], KEY, lambda found: seen.append(len(found)))
    assert seen == [3]


def test_what_does_not_open_is_counted_and_the_rest_opens() -> None:
    good = [envelope(approval(["bank"])), envelope(approval(["bank", "wlan", "bäume"]))]
    broken = [b"", bytes(LENGTH), good[0][:-1] + bytes([good[0][-1] ^ 1]), envelope(pointed({}), election=POINTS)]
    opened = open_all(BUDGET, [*good, *broken, good[0]], KEY, allowed=lambda ballot: len(ballot.choices) <= 2)
    assert [ballot.choices for ballot in opened.ballots.values()] == [("bank",)]
    assert (opened.opened, opened.broken, opened.refused, opened.copies) == (1, 4, 1, 1)
    assert open_all(BUDGET, [], KEY) == Opened({}, (), 0, 0, 0)


def test_a_destroyed_key_opens_nothing() -> None:
    key = PrivateKey.generate()
    key.destroy()
    with pytest.raises(Refused) as caught:
        open_all(BUDGET, [envelope(approval([]))], key)
    assert caught.value.code == "destroyed"


def test_a_receipt_does_not_tell_the_choice() -> None:
    """Whoever knows all codes sees the same file whether a and b voted so or the other way round."""
    a, b = new_code(), new_code()
    files = []
    for first, second in ((["bank"], ["wlan"]), (["wlan"], ["bank"])):
        opened = open_all(BUDGET, [envelope(approval(first), a), envelope(approval(second), b)], KEY)
        rows = [json.loads(line) for line in public_file(BUDGET, opened).splitlines()]
        files.append((rows[0], Counter(str(row["choices"]) for row in rows[1:3]), rows[3:]))
    assert files[0] == files[1]
    assert files[0][2] == [{"receipt": one} for one in sorted(commitment(BUDGET.id, code) for code in (a, b))]


def test_the_public_file_by_hand() -> None:
    opened = Opened({"b" * 32: pointed({"wlan": 2, "bank": 1}), "a" * 32: pointed({})}, ("2" * 64, "1" * 64), 1, 2, 3)
    data = public_file(POINTS, opened)
    assert data.decode().split("\n") == [
        '{"ballots":2,"broken":1,"copies":3,"election":"buergerhaushalt-2026","format":"allmende-ballots-1",'
        '"kind":"points","projects":["wlan","bank","bäume","<b>licht</b>"],"refused":2,"rules":"' + "ab" * 32 + '"}',
        '{"choices":{},"id":"' + "a" * 32 + '"}',
        '{"choices":{"bank":1,"wlan":2},"id":"' + "b" * 32 + '"}',
        '{"receipt":"' + "1" * 64 + '"}',
        '{"receipt":"' + "2" * 64 + '"}',
        "",
    ]
    result = recount(data)
    assert result.votes == {"wlan": 1, "bank": 1, "bäume": 0, "<b>licht</b>": 0}
    assert result.points == {"wlan": 2, "bank": 1, "bäume": 0, "<b>licht</b>": 0}
    assert (result.ballots, result.blank, result.broken, result.refused, result.copies) == (2, 1, 1, 2, 3)
    assert list(result.votes) == list(PROJECTS)


def test_500_voters_are_recounted_by_separate_code() -> None:
    """Of 500 voters, 60 vote again, half of them with the same code; the board's second and third member open."""
    parts = KEY.split(BUDGET, Board(2, 3))
    random = secrets.SystemRandom()
    arrivals, last = [], {}
    for voter in [*range(500), *random.sample(range(500), 60)]:
        code = last[voter][1] if voter in last and voter % 2 else new_code()
        chosen = random.sample(PROJECTS, random.randint(0, 4))
        last[voter] = (chosen, code)
        arrivals.append((voter, envelope(approval(chosen), code)))
    assert {len(one) for _, one in arrivals} == {LENGTH}
    with PrivateKey.join(parts[1:], BUDGET, KEY.public) as key:
        opened = open_all(BUDGET, last_of_each(arrivals).values(), key)
    data = public_file(BUDGET, opened)
    result = recount(data)
    votes = Counter(project for chosen, _ in last.values() for project in chosen)
    assert result.votes == {project: votes[project] for project in PROJECTS}
    assert (result.ballots, result.blank, result.repeated) == (500, sum(not c for c, _ in last.values()), 0)
    assert all(result.includes(code) for _, code in last.values())
    assert result.digest == digest(data) == hashlib.sha256(data).hexdigest()
    assert not any(code.encode() in data or code.replace("-", "").encode() in data for _, code in last.values())


def test_a_code_given_to_two_voters_is_noticed() -> None:
    code = new_code()
    opened = open_all(BUDGET, [envelope(approval([]), code), envelope(approval(["bank"]), code)], KEY)
    assert (opened.opened, recount(public_file(BUDGET, opened)).repeated) == (2, 1)


def test_rankings_are_read_too() -> None:
    election = Election("rang", "ab" * 32, "ranking", PROJECTS)
    given = [envelope(ranking(["wlan", "bank"]), election=election), envelope(ranking(["bank"]), election=election)]
    result = recount(public_file(election, open_all(election, given, KEY)))
    assert (result.votes["bank"], result.votes["wlan"], result.points) == (2, 1, {})


def test_the_recount_runs_alone(tmp_path: Path) -> None:
    """With Python and this one file, isolated from everything installed."""
    data, codes = small()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(data)
    program = [sys.executable, "-I", "-S", str(recount_module.__file__), str(file), codes[1].lower()]
    done = subprocess.run(program, capture_output=True, check=True, text=True, encoding="utf-8")
    told = json.loads(done.stdout)
    assert told["votes"] == {"wlan": 1, "bank": 3, "bäume": 1, "<b>licht</b>": 1}
    assert (told["included"], told["digest"], "receipts" in told) == (True, digest(data), False)


def test_the_recounts_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, codes = small()
    file = tmp_path / "ballots.jsonl"
    file.write_bytes(data)
    assert [main([str(file)]), main([str(file), codes[0]]), main([str(file), new_code()])] == [0, 0, 1]
    assert [main([]), main([str(file), "X"]), main([str(tmp_path / "none")])] == [2, 2, 2]
    file.write_bytes(data[:-1])
    capsys.readouterr()
    assert main([str(file)]) == 2
    assert capsys.readouterr().err == "Line 9: The file is cut off.\n"


def test_a_changed_public_file_is_not_counted() -> None:
    data, _ = small()
    lines = data.decode().splitlines()
    head, rows, receipts = lines[0], lines[1:5], lines[5:]
    first = json.loads(rows[0])["id"]
    assert recount("".join(f"{line}\n" for line in lines).encode()).ballots == 4

    def ballot(choices: str) -> str:
        return f'{{"choices":{choices},"id":"{first}"}}'

    cases: list[tuple[str, int, list[str]]] = [
        ("head", 1, []),
        ("json", 1, ["", *rows]),
        ("json", 2, [head, "[" * 3000]),
        ("json", 2, [head, "7"]),
        ("json", 2, [head, "", *rows, *receipts]),
        ("json", 2, [head, '{"id":"1","id":"2"}']),
        ("head", 1, [head.replace('"approval"', '"plurality"'), *rows]),
        ("head", 1, [head.replace('"broken":0', '"broken":-1'), *rows]),
        ("head", 1, [head.replace('"broken":0', '"broken":0.0'), *rows]),
        ("head", 1, [head.replace('"bank"', '"wlan"'), *rows]),
        ("head", 1, [head.replace("buergerhaushalt-2026", "\\ud800"), *rows]),
        ("line", 2, [head, rows[0].replace('"id"', '"name"'), *rows[1:], *receipts]),
        ("line", 2, [head, rows[0].replace(first, first.upper() + "G"), *rows[1:], *receipts]),
        ("id_twice", 3, [head, rows[0], rows[0], *rows[2:], *receipts]),
        ("order", 3, [head, rows[1], rows[0], *rows[2:], *receipts]),
        ("order", 8, [head, *rows, receipts[0], receipts[2], receipts[1], receipts[3]]),
        ("order", 7, [head, *rows[1:], *receipts[:2], rows[0], *receipts[2:]]),
        ("number", 0, [head, *rows[1:], *receipts]),
        ("number", 0, [head, *rows, *receipts[1:]]),
        ("number", 0, [head, *rows[1:], *receipts[1:]]),
    ]
    for choices in ('["haus"]', '["bank","bank"]', '{"bank":1}', "[1]", '"bank"', "null", "[[]]"):
        cases.append(("choices", 2, [head, ballot(choices), *rows[1:], *receipts]))
    points = head.replace('"approval"', '"points"')
    for choices in ('{"bank":0}', '{"bank":-1}', '{"bank":true}', '{"bank":1.5}', '{"haus":1}', '["bank"]'):
        cases.append(("choices", 2, [points, ballot(choices), *receipts]))
    for code, line, changed in cases:
        with pytest.raises(Unreadable) as caught:
            recount("".join(f"{one}\n" for one in changed).encode())
        assert (caught.value.code, caught.value.line) == (code, line), changed[:2]
    for raw, code, line in ((b"", "head", 1), (data[:-1], "no_end", 9), (data + b"\xff\n", "not_text", 10)):
        with pytest.raises(Unreadable) as caught:
            recount(raw)
        assert (caught.value.code, caught.value.line) == (code, line)
    assert Unreadable("choices", 2).text("de") == "Zeile 2: Der Stimmzettel ist nicht gültig."
