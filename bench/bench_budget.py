"""Participatory budgets: each published file by each rule in a fresh process, with its time and its peak of memory.

Asked for: Equal Shares with add1 on France_Toulouse_2024.pb within 6 s and 300 MB (pabutools: 104 s, 2.1 GB); greedy
and plain Equal Shares on any file within 1 s. Seconds of the whole command, CPU seconds of it in brackets. Where
../shared/data is absent, a made-up town of 5,000 voters is counted.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FILES = Path(__file__).resolve().parents[2] / "shared" / "data" / "dialogue" / "pabulib"
RULES = ("greedy", "mes", "phragmen", "mes-add1", "mes-add1u")
# The command in a process of its own, which says at its end what it took.
_ONE = """
import resource, sys
from allmende.spine.cli.main import main
code = main(sys.argv[1:])
sys.stdout.flush()
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss}", file=sys.stderr)
sys.exit(code)
"""


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(FILES.glob("*.pb.gz")) or [_made_up(Path(folder))]
        for file in files:
            print(file.name)
            for rule in RULES:
                print(f"  {rule:10} {_measure(file, rule)}", flush=True)


def _measure(file: Path, rule: str) -> str:
    began = time.perf_counter()
    arguments = [sys.executable, "-c", _ONE, "budget", "count", str(file), "--rule", rule, "--json"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    wall = time.perf_counter() - began
    seconds, kilobytes = done.stderr.split()
    # Linux counts in kilobytes, macOS in bytes.
    size = int(kilobytes) / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return f"{wall:6.2f} s  ({float(seconds):5.2f} s CPU)  {size:4.0f} MB"


def _made_up(folder: Path) -> Path:
    chance = random.Random(1)
    costs = [chance.randrange(1_000, 100_000, 500) for _ in range(100)]
    lines = ["META", "key;value", "budget;2000000", "vote_type;approval", "PROJECTS", "project_id;cost"]
    lines += [f"{number};{cost}" for number, cost in enumerate(costs)]
    lines += ["VOTES", "voter_id;vote"]
    for voter in range(5_000):
        chosen = {int(chance.paretovariate(0.7)) % len(costs) for _ in range(4)}
        lines.append(f"{voter};{','.join(map(str, sorted(chosen)))}")
    path = folder / "made-up.pb"
    path.write_text("\n".join(lines) + "\n")
    return path
