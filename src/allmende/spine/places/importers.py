"""`allmende import osm` and `allmende import areas`.

No Django at the top: the command line reads this for its help.
"""

import argparse
import datetime
from pathlib import Path
from typing import Any

from allmende.spine.imports import Say, register

KINDS = ("state", "county", "association", "municipality", "district", "village", "quarter", "postcode", "other")


def _common(parser: argparse.ArgumentParser, credit: str) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--credit", default=credit, help=f"who made the data, shown on every map (default: {credit or 'none'})"
    )
    parser.add_argument(
        "--date", type=datetime.date.fromisoformat, metavar="YYYY-MM-DD", help="the day the data is from"
    )


def _osm_options(parser: argparse.ArgumentParser) -> None:
    _common(parser, "© OpenStreetMap contributors")


def _osm(args: argparse.Namespace, say: Say) -> dict[str, Any]:
    from allmende.spine.places.domain.importing import import_osm

    run = import_osm(args.file, say, credit=args.credit, data_date=args.date)
    return {
        "importer": "osm",
        "file": run.file_name,
        "sha256": run.sha256,
        "credit": run.credit,
        "data_date": run.data_date.isoformat() if run.data_date else None,
        "counts": run.counts,
    }


def _area_options(parser: argparse.ArgumentParser) -> None:
    _common(parser, "")
    parser.add_argument("--kind", choices=KINDS, default="district", help="what the areas are (default: district)")
    parser.add_argument(
        "--name", default="name", metavar="PROPERTY", help="the property that holds the name (default: name)"
    )
    parser.add_argument("--key", default="", metavar="PROPERTY", help="the property that holds the official key")


def _areas(args: argparse.Namespace, say: Say) -> dict[str, Any]:
    from allmende.spine.places.domain.areafile import import_areas

    counts = import_areas(
        args.file, say, kind=args.kind, name=args.name, key=args.key, credit=args.credit, data_date=args.date
    )
    return {"importer": "areas", "file": args.file.name, "credit": args.credit, "counts": counts}


register(
    "osm", "the map of the town from an OpenStreetMap extract (.osm, .osm.gz, .osm.bz2, .osm.pbf)", _osm_options, _osm
)
register("areas", "districts, villages or postcode areas from a GeoJSON file", _area_options, _areas)
