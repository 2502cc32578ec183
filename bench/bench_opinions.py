"""The opinion map of 6,000 statements and 2,000 people who cast 200,000 votes (asked for: ≤ 5 s), each in a process of
its own: reading the files of a Polis export, computing, the answer as JSON, and the command whole.

Votes per person are log-normal (in the given conversations they cast 9 to 113 on 54 to 522 statements); statements come
up unevenly. Seconds are wall-clock and CPU; memory is the largest of the process.
"""

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

STATEMENTS, PEOPLE, VOTES, GROUPS = 6_000, 2_000, 200_000, 4

MEASURED = """
import json, sys, time, resource
clocks = lambda: (time.perf_counter(), time.process_time())
times = {}
def took(name, before):
    after = clocks()
    times[name] = [after[0] - before[0], after[1] - before[1]]
from pathlib import Path
began = clocks()
from allmende.dialogue.core.opinions import exports, mapping, result
took("loading libraries", began)
began = clocks(); conversation = exports.read(Path(sys.argv[1])); took("reading", began)
began = clocks(); made = mapping.compute(conversation.votes, mapping.Options(seed=1)); took("computing", began)
began = clocks(); text = json.dumps(result.as_json(made)); took("as JSON", began)
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"times": times, "memory": memory, "k": made.k, "used": made.points.shape[1], "bytes": len(text),
                  "groups": made.groups()}))
"""


def run() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        truth, cast = _export(folder)
        print(f"{STATEMENTS:,} statements × {PEOPLE:,} people, {cast:,} votes in {GROUPS} planted groups")
        _measure(folder, truth)
        began = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "allmende.spine.cli.main",
            "opinions",
            "map",
            str(folder),
            "--seed",
            "1",
            "--json",
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        print(f"the command whole:  {time.perf_counter() - began:5.2f} s, {used.ru_maxrss / 1024:.0f} MB")


def _measure(folder: Path, truth: list[int]) -> None:
    from sklearn.metrics import adjusted_rand_score

    done = subprocess.run([sys.executable, "-c", MEASURED, str(folder)], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    for part, (wall, cpu) in found["times"].items():
        print(f"{part + ':':<19} {wall:5.2f} s ({cpu:.2f} CPU-s)")
    people = sorted(found["groups"], key=int)
    agreement = adjusted_rand_score([truth[int(one)] for one in people], [found["groups"][one] for one in people])
    print(f"memory:             {found['memory']:5.0f} MB; {found['bytes'] / 1e6:.1f} MB of JSON")
    print(
        f"found {found['k']} groups in {found['used']} dimensions, adjusted Rand index with the planted {agreement:.3f}"
    )


def _export(folder: Path) -> tuple[list[int], int]:
    """The four files, the group of each person, and how many votes there are."""
    rng = np.random.default_rng(2)
    opinions = rng.choice([-1, 0, 1], size=(GROUPS, STATEMENTS), p=[0.3, 0.15, 0.55])
    truth = rng.choice(GROUPS, size=PEOPLE, p=[0.4, 0.3, 0.2, 0.1])
    often = rng.lognormal(0, 1, STATEMENTS)
    often /= often.sum()
    many = rng.lognormal(0, 0.9, PEOPLE)
    many = np.clip(many / many.sum() * VOTES, 1, STATEMENTS / 4).astype(int)
    table: list[dict[int, int]] = []
    for person in range(PEOPLE):
        seen = rng.choice(STATEMENTS, size=many[person], replace=False, p=often)
        said = np.where(rng.random(len(seen)) < 0.3, rng.choice([-1, 0, 1], len(seen)), opinions[truth[person], seen])
        table.append(dict(zip(seen.tolist(), said.tolist(), strict=True)))
    agrees, disagrees = np.zeros(STATEMENTS, dtype=int), np.zeros(STATEMENTS, dtype=int)
    for row in table:
        for statement, vote in row.items():
            agrees[statement] += vote > 0
            disagrees[statement] += vote < 0
    with (folder / "comments.csv").open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["timestamp", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"])
        out.writerows([1, id, 0, agrees[id], disagrees[id], 1, f"Aussage {id}"] for id in range(STATEMENTS))
    with (folder / "votes.csv").open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["timestamp", "datetime", "comment-id", "voter-id", "vote"])
        out.writerows(
            [1_700_000_000_000 + person, "Mon Nov 23 07:00:00 CET 2026", statement, person, vote]
            for person, row in enumerate(table)
            for statement, vote in row.items()
        )
    with (folder / "participants-votes.csv").open("w", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree", *range(STATEMENTS)])
        for person, row in enumerate(table):
            counts = [len(row), sum(vote > 0 for vote in row.values()), sum(vote < 0 for vote in row.values())]
            out.writerow([person, "", 0, *counts, *(row.get(id, "") for id in range(STATEMENTS))])
    return truth.tolist(), sum(map(len, table))
