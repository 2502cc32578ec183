"""Which base map is in use, and its style."""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allmende.spine.places.core import style as look
from allmende.spine.places.domain import queries
from allmende.spine.places.domain.mapfile import credited, map_folder


@dataclass(frozen=True, slots=True)
class BaseMap:
    """The file of the base map; `tiles` says PMTiles (else GeoJSON), `key` changes whenever the map does."""

    path: Path
    key: str
    tiles: bool
    credit: str
    data_date: datetime.date | None


def current() -> BaseMap | None:
    """The base map in use; None before the first import, or where its file is missing."""
    run = queries.active_import()
    if run is None or not run.map_file:
        return None
    path = map_folder() / run.map_file
    if not path.is_file():
        return None
    return BaseMap(
        path, run.public_id.hex, path.suffix == ".pmtiles", credited(run.credit, run.data_date), run.data_date
    )


def bounds() -> tuple[float, float, float, float] | None:
    """West, south, east, north in degrees of the town: of its places and streets; None where nothing is known."""
    from django.db import connection

    from allmende.spine.geo.core import to_lonlat

    run = queries.active_import()
    if run is None:
        return None
    with connection.cursor() as cursor:
        # Two per cent at each edge are left out: one stray road must not make the town small on the screen.
        cursor.execute(
            "SELECT percentile_disc(ARRAY[0.02, 0.98]) WITHIN GROUP (ORDER BY centre[0]), "
            "percentile_disc(ARRAY[0.02, 0.98]) WITHIN GROUP (ORDER BY centre[1]) "
            "FROM places_street WHERE generation_id = %s",
            [run.pk],
        )
        easts, norths = cursor.fetchone()
    if not easts:
        return None
    return (*to_lonlat(easts[0], norths[0]), *to_lonlat(easts[1], norths[1]))


def style(*, dark: bool, tiles_url: str, drawn_url: str, colours: dict[str, str], name: str) -> dict[str, Any]:
    """The MapLibre style of the map in use, in the town's colours."""
    from allmende.spine.ui.brand import palette

    found = current()
    try:
        shades = palette(colours)
    except ValueError:  # a stored text that is no colour, as in an old backup: the page shows the defaults too
        shades = palette()
    return look.style(
        shades,
        dark=dark,
        name=name,
        credit=found.credit if found else "",
        tiles_url=f"{tiles_url}?v={found.key}" if found and found.tiles else "",
        drawn_url=f"{drawn_url}?v={found.key}" if found and not found.tiles else "",
    )
