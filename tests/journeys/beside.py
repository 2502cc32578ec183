"""A program beside the running site, in its database: `python -m tests.journeys.beside DATA` prints what it made."""

import argparse
import json
import sys
from pathlib import Path

from allmende.spine.cli import frame


def main() -> None:
    data = Path(sys.argv[1])
    with frame.database(argparse.Namespace(data=data), start=False) as dsn:
        frame.django(data, dsn)
        from tests.journeys import objects

        made = {name: str(value) for name, value in objects.make().items()}
    print(json.dumps(made))


if __name__ == "__main__":
    main()
