"""Outlines of districts, villages or postcodes from a GeoJSON file, such as a town's open data portal gives them."""

import datetime
import json
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from allmende.spine.geo.shape import GeometryError, clean
from allmende.spine.imports import ImportRefused, Say
from allmende.spine.places.core.names import fold
from allmende.spine.places.domain.areas import Outline, merge

MAX_BYTES, MAX_AREAS = 100_000_000, 5_000


def import_areas(
    path: Path, say: Say, *, kind: str, name: str, key: str, credit: str, data_date: datetime.date | None
) -> dict[str, int]:
    """Bring the areas of one kind up to date with a file; parts of one name become one area.

    Raises ImportRefused; nothing is half-saved then. A later file of the same kind replaces this one's areas.
    """
    say(_("Reading %(file)s") % {"file": path.name})
    outlines = [
        Outline(fold(title) or title, kind, title, code, geometry)
        for title, code, geometry in _named(_features(path), name, key)
    ]
    say(_("Saving areas: %(count)d") % {"count": len(outlines)}, 0.7)
    with transaction.atomic():
        counts = merge(outlines, source=f"file-{kind}", credit=credit, source_date=data_date)
    say(_("Done"), 1.0)
    return counts


def _features(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        raise ImportRefused("missing", _("The file does not exist. Check its name.") + f" ({path})")
    if path.stat().st_size > MAX_BYTES:
        raise ImportRefused("too_large", _("The file is too large for a list of areas."))
    try:
        found = json.loads(path.read_bytes())
        features = found["features"]
        if found.get("type") != "FeatureCollection" or not isinstance(features, list):
            raise ValueError
    except (ValueError, TypeError, KeyError, AttributeError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefused("not_geojson", _("This is not a GeoJSON file with features.")) from error
    if not 0 < len(features) <= MAX_AREAS:
        raise ImportRefused("nothing", _("There is nothing in this file. Nothing was changed."))
    return features


def _named(features: list[dict[str, Any]], name: str, key: str) -> list[tuple[str, str, Any]]:
    import shapely

    parts: dict[tuple[str, str], list[Any]] = {}
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") if isinstance(feature, dict) else None
        title = str((properties or {}).get(name) or "").strip()[:200]
        if not title:
            known = ", ".join(sorted(properties or {})[:12])
            text = _("Feature %(number)d has no property “%(name)s”. There are: %(known)s")
            raise ImportRefused("no_name", text % {"number": number, "name": name, "known": known or "–"})
        try:
            wkb = clean(feature, kinds=("area",)).wkb
        except GeometryError as error:
            raise ImportRefused(error.code, f"{title}: {error}") from error
        parts.setdefault((title, str((properties or {}).get(key) or "")[:12] if key else ""), []).append(
            shapely.from_wkb(wkb)
        )
    return [(title, code, shapely.union_all(shapes)) for (title, code), shapes in parts.items()]
