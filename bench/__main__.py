"""`python -m bench [name …]`: every `bench_*.py` beside this file, or the named ones. A module has `run() -> None` and
prints what it measured.

Numbers are for people: nothing here is asserted. Each module has a process and a town of its own (`bench/town.py`).
"""

import importlib
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def main(asked: list[str]) -> int:
    unknown = set(asked) - set(names())
    if unknown:
        print(f"no such bench: {', '.join(sorted(unknown))}; there are: {', '.join(names())}", file=sys.stderr)
        return 2
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
    os.environ.setdefault("ALLMENDE_LOG_LEVEL", "ERROR")
    if len(asked) == 1:
        print(f"== {asked[0]}", flush=True)
        importlib.import_module(f"bench.bench_{asked[0]}").run()
        return 0
    done = [subprocess.run([sys.executable, "-m", "bench", name], check=False) for name in asked or names()]
    return max(process.returncode for process in done)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
