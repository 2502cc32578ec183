"""The look of the base map: a MapLibre style from the town's colours. Pure.

One set of layers serves both maps: tiles built from an import (a source layer each) and the map the project
drew for the demo (one GeoJSON, told apart by its property `layer`). No glyphs are named: MapLibre then draws
text with the page's own font.
"""

from typing import Any

from allmende.spine.ui.colour import mix

FONT = ["Fira Sans"]
_MAJOR = ["motorway", "trunk", "primary", "secondary"]
_PATHS = ["path", "track", "steps"]


def _colours(shades: dict[str, str], dark: bool) -> dict[str, str]:
    """Map colours from a palette of the brand: the brand's ground and stone carry it, green and blue are nature's."""
    ground = shades["ground"]
    green, blue = ("#3f6b4a", "#3f6f86") if dark else ("#7fa66f", "#8fbacb")
    if dark:
        return {
            "ground": shades["page"],
            "use": mix(shades["line"], shades["page"], 0.34),
            "work": mix(shades["line"], shades["page"], 0.55),
            "public": mix(shades["stone"], shades["page"], 0.32),
            "wood": mix(green, shades["page"], 0.42),
            "park": mix(green, shades["page"], 0.6),
            "grass": mix(green, shades["page"], 0.3),
            "water": mix(blue, shades["page"], 0.55),
            "building": mix(shades["line"], shades["page"], 0.75),
            "building_edge": mix(shades["stone"], shades["page"], 0.45),
            "road": mix(shades["text"], shades["page"], 0.2),
            "major": mix(shades["stone"], shades["page"], 0.62),
            "casing": mix("#000000", shades["page"], 0.35),
            "path": mix(shades["stone"], shades["page"], 0.75),
            "rail": mix(shades["text"], shades["page"], 0.38),
            "text": shades["text"],
            "quiet": shades["muted"],
            "halo": shades["page"],
            "accent": shades["accent"],
            "border": mix(shades["accent"], shades["page"], 0.6),
            "water_text": mix(blue, "#ffffff", 0.5),
            "green_text": mix(green, "#ffffff", 0.4),
        }
    return {
        "ground": ground,
        "use": mix(shades["stone"], ground, 0.16),
        "work": mix(shades["stone"], ground, 0.32),
        "public": mix(shades["stone"], ground, 0.44),
        "wood": mix(green, ground, 0.44),
        "park": mix(green, ground, 0.58),
        "grass": mix(green, ground, 0.26),
        "water": mix(blue, ground, 0.9),
        "building": mix(shades["stone"], ground, 0.62),
        "building_edge": mix(shades["stone"], shades["text"], 0.86),
        "road": "#ffffff",
        "major": mix(shades["stone"], "#ffffff", 0.5),
        "casing": mix(shades["stone"], shades["text"], 0.82),
        "path": mix(shades["stone"], shades["text"], 0.66),
        "rail": mix(shades["text"], ground, 0.5),
        "text": shades["text"],
        "quiet": shades["muted"],
        "halo": ground,
        "accent": shades["accent"],
        "border": mix(shades["accent"], ground, 0.6),
        "water_text": "#2f5d70",
        "green_text": "#38562f",
    }


def _widths(*stops: float) -> list[Any]:
    return ["interpolate", ["exponential", 1.5], ["zoom"], *stops]


def _kinds(*kinds: str) -> list[Any]:
    return ["match", ["get", "kind"], list(kinds), True, False]


def layers(shades: dict[str, str], *, dark: bool, tiles: bool) -> list[dict[str, Any]]:
    """The style's layers, lowest first, for a source named `base`."""
    c = _colours(shades, dark)
    made: list[dict[str, Any]] = [{"id": "ground", "type": "background", "paint": {"background-color": c["ground"]}}]

    def add(ident: str, kind: str, layer: str, when: Any = None, zoom: float = 0, **parts: Any) -> None:
        conditions = [] if tiles else [["==", ["get", "layer"], layer]]
        if when is not None:
            conditions.append(when)
        entry: dict[str, Any] = {"id": ident, "type": kind, "source": "base", **parts}
        if tiles:
            entry["source-layer"] = layer
        if conditions:
            entry["filter"] = ["all", *conditions] if len(conditions) > 1 else conditions[0]
        if zoom:
            entry["minzoom"] = zoom
        made.append(entry)

    def fill(ident: str, layer: str, colour: str, when: Any = None, zoom: float = 0, **paint: Any) -> None:
        add(ident, "fill", layer, when, zoom, paint={"fill-color": colour, **paint})

    def line(ident: str, layer: str, colour: str, width: Any, when: Any = None, zoom: float = 0, **paint: Any) -> None:
        shape: dict[str, Any] = {"line-cap": "butt" if "line-dasharray" in paint else "round", "line-join": "round"}
        add(ident, "line", layer, when, zoom, layout=shape, paint={"line-color": colour, "line-width": width, **paint})

    fill("use", "landuse", c["use"], _kinds("residential"))
    fill("use-work", "landuse", c["work"], _kinds("commercial", "industrial", "railway", "military", "construction"))
    fill("use-public", "landuse", c["public"], _kinds("education", "health"), **{"fill-opacity": 0.7})
    fill("grass", "green", c["grass"], _kinds("grass", "farmland", "scrub", "garden", "reserve"))
    fill("wood", "green", c["wood"], _kinds("wood"))
    fill("park", "green", c["park"], _kinds("park", "cemetery", "playground", "pitch"))
    fill("water", "water", c["water"])
    line("waterway", "waterway", c["water"], _widths(10, 0.8, 14, 2.2, 17, 6))
    fill("square", "landuse", c["road"], _kinds("square", "parking"), 13, **{"fill-opacity": 0.75})
    _roads(line, c)
    fill("buildings", "buildings", c["building"], None, 13.5, **{"fill-outline-color": c["building_edge"]})
    line(
        "boundary",
        "boundaries",
        c["border"],
        _widths(8, 0.8, 14, 2),
        None,
        0,
        **{"line-dasharray": [4, 3], "line-opacity": 0.8},
    )
    line("district-edge", "districts", c["border"], 1.2, None, 10.5, **{"line-dasharray": [2, 3], "line-opacity": 0.55})
    add(
        "trees",
        "circle",
        "trees",
        None,
        16,
        paint={"circle-radius": _widths(16, 1.5, 19, 6), "circle-color": c["park"]},
    )
    made.extend(_texts(c, tiles))
    return made


def _roads(line: Any, c: dict[str, str]) -> None:
    # Tunnels and bridges keep their place among the roads: a town's map is read by its names, not by its levels.
    line("path", "roads", c["path"], _widths(13, 0.6, 17, 2), _kinds(*_PATHS), 13, **{"line-dasharray": [2.5, 1.6]})
    line("pedestrian-edge", "roads", c["casing"], _widths(13, 1.5, 17, 9), _kinds("pedestrian", "service"), 14)
    line("minor-edge", "roads", c["casing"], _widths(12, 0.8, 14, 4, 17, 14), _kinds("minor"), 12.5)
    line("tertiary-edge", "roads", c["casing"], _widths(11, 1.2, 14, 6, 17, 18), _kinds("tertiary"), 11)
    line("major-edge", "roads", c["casing"], _widths(8, 1, 12, 4, 14, 8.5, 17, 24), _kinds(*_MAJOR), 9)
    line("pedestrian", "roads", c["road"], _widths(13, 0.8, 17, 7.4), _kinds("pedestrian", "service"), 13)
    line("minor", "roads", c["road"], _widths(12, 0.6, 14, 2.8, 17, 12), _kinds("minor"), 12)
    line("tertiary", "roads", c["road"], _widths(11, 0.8, 14, 4.6, 17, 16), _kinds("tertiary"), 10)
    line("major", "roads", c["major"], _widths(7, 0.8, 12, 2.8, 14, 6.8, 17, 21), _kinds(*_MAJOR))
    line("rail", "rail", c["rail"], _widths(9, 0.6, 14, 1.6, 17, 3), _kinds("rail", "tram"))
    line("rail-ties", "rail", c["rail"], _widths(14, 3.5, 17, 7), _kinds("rail"), 14, **{"line-dasharray": [0.25, 2.5]})


def _texts(c: dict[str, str], tiles: bool) -> list[dict[str, Any]]:
    def text(ident: str, layer: str, when: Any, zoom: float, size: Any, colour: str, **layout: Any) -> dict[str, Any]:
        conditions = [["has", "name"] if layer != "numbers" else ["has", "number"], *([when] if when else [])]
        if not tiles:
            conditions.append(["==", ["get", "layer"], layer])
        entry: dict[str, Any] = {
            "id": ident,
            "type": "symbol",
            "source": "base",
            "minzoom": zoom,
            "filter": ["all", *conditions],
            "layout": {
                "text-field": ["get", "number" if layer == "numbers" else "name"],
                "text-font": FONT,
                "text-size": size,
                "text-max-width": 8,
                "text-padding": 4,
                **layout,
            },
            "paint": {
                "text-color": colour,
                "text-halo-color": c["halo"],
                "text-halo-width": 1.6,
                "text-halo-blur": 0.4,
            },
        }
        if tiles:
            entry["source-layer"] = layer
        return entry

    along = {"symbol-placement": "line", "text-max-angle": 35, "symbol-spacing": 320}
    rank_of = ["coalesce", ["get", "rank"], 9]
    rank = {"symbol-sort-key": rank_of}
    # Below its point, since that is where a room's own mark stands.
    below = {"text-anchor": "top", "text-offset": [0, 0.7]}
    towns = _kinds("municipality")
    parts = _kinds("district", "village")
    return [
        text("number", "numbers", None, 17, 11, c["quiet"]),
        text("waterway-name", "waterway", None, 13, 12, c["water_text"], **along),
        text(
            "street-name",
            "roads",
            _kinds("minor", "pedestrian", "path", "service", "steps"),
            14.5,
            12,
            c["quiet"],
            **along,
        ),
        text("road-name", "roads", _kinds("tertiary", *_MAJOR), 13, 13, c["text"], **along),
        text("minor-mark", "labels", [">=", rank_of, 3], 15.5, 12, c["quiet"], **rank),
        text(
            "green-mark",
            "labels",
            ["all", _kinds("park", "cemetery", "wood"), ["<", rank_of, 3]],
            13,
            12.5,
            c["green_text"],
            **rank,
            **below,
        ),
        text(
            "mark",
            "labels",
            [
                "all",
                ["!", _kinds("park", "cemetery", "wood", "municipality", "district", "village", "quarter")],
                ["<", rank_of, 3],
            ],
            13,
            13,
            c["text"],
            **rank,
            **below,
        ),
        text("quarter", "labels", _kinds("quarter"), 12.5, 12, c["quiet"], **below),
        text(
            "part", "labels", parts, 10.5, _widths(10, 12, 14, 15), c["quiet"], **{"text-letter-spacing": 0.04}, **below
        ),
        text("town", "labels", towns, 6, _widths(6, 12, 12, 20), c["text"]) | {"maxzoom": 14},
    ]


def style(
    palette: dict[str, dict[str, str]], *, dark: bool, name: str, credit: str, tiles_url: str = "", drawn_url: str = ""
) -> dict[str, Any]:
    """A whole style (MapLibre style specification 8). `tiles_url` (PMTiles) goes before `drawn_url` (GeoJSON)."""
    shades = palette["dark" if dark else "light"]
    source: dict[str, Any] | None = None
    if tiles_url:
        source = {"type": "vector", "url": f"pmtiles://{tiles_url}", "attribution": credit}
    elif drawn_url:
        source = {"type": "geojson", "data": drawn_url, "attribution": credit}
    made = layers(shades, dark=dark, tiles=bool(tiles_url))
    return {
        "version": 8,
        "name": name,
        "metadata": {"allmende:colours": {key: shades[key] for key in ("accent", "action", "page", "text", "focus")}},
        "sources": {"base": source} if source else {},
        "layers": made if source else made[:1],
    }
