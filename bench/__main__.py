"""`python -m bench [name …]`: every `bench_*.py` beside this file, or the named ones. A module has `run() -> None` and
prints what it measured.

Numbers are for people: nothing here is asserted. DATABASE_URL names the database; each module says what it makes in it
and clears it away.
"""

import importlib
import os
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
    for name in asked or names():
        print(f"== {name}", flush=True)
        importlib.import_module(f"bench.bench_{name}").run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
