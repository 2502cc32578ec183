"""An election as a `.pb` file. `pabulib.read(write(election)) == election`."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from .amounts import plain
from .model import Election


def write(election: Election) -> bytes:
    """UTF-8, `\\n` line ends, columns in the order of their first use."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(["META"])
    writer.writerow(["key", "value"])
    writer.writerows(election.meta.items())
    _table(
        writer,
        "PROJECTS",
        ["project_id", "cost", "name"],
        [
            {"project_id": one.id, "cost": plain(one.cost), "name": one.name} | dict(one.fields)
            for one in election.projects
        ],
    )
    points = any(one.points is not None for one in election.ballots)
    _table(
        writer,
        "VOTES",
        ["voter_id", "vote", "points"] if points else ["voter_id", "vote"],
        [
            {"voter_id": one.voter, "vote": ",".join(one.projects)}
            | ({} if one.points is None else {"points": ",".join(plain(point) for point in one.points)})
            | dict(one.fields)
            for one in election.ballots
        ],
    )
    return out.getvalue().encode()


def _table(writer: Any, title: str, first: list[str], rows: Sequence[Mapping[str, str]]) -> None:
    columns = list(dict.fromkeys([*first, *(key for row in rows for key in row)]))
    writer.writerow([title])
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in rows)
