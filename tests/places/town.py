"""A made-up town as an OpenStreetMap file: small, and with every awkward thing that real ones have."""

from pathlib import Path
from xml.sax.saxutils import quoteattr

LON, LAT = 8.0, 49.0


class Town:
    """Collects nodes, ways and relations; positions in thousandths of a degree from LON, LAT."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.ids = 0

    def node(self, x: float, y: float, **tags: str) -> int:
        self.ids += 1
        where = f'id="{self.ids}" version="1" timestamp="2024-05-04T10:00:00Z"'
        self.parts.append(f'<node {where} lon="{LON + x / 1000:.7f}" lat="{LAT + y / 1000:.7f}">{_tags(tags)}</node>')
        return self.ids

    def way(self, points: list[tuple[float, float]] | list[int], closed: bool = False, **tags: str) -> int:
        nodes = [p if isinstance(p, int) else self.node(*p) for p in points]
        if closed:
            nodes.append(nodes[0])
        self.ids += 1
        refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
        head = f'<way id="{self.ids}" version="1" timestamp="2024-05-04T10:00:00Z">'
        self.parts.append(f"{head}{refs}{_tags(tags)}</way>")
        return self.ids

    def relation(self, members: list[tuple[int, str]], **tags: str) -> int:
        self.ids += 1
        inner = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members)
        head = f'<relation id="{self.ids}" version="1" timestamp="2024-05-04T10:00:00Z">'
        self.parts.append(f"{head}{inner}{_tags(tags)}</relation>")
        return self.ids

    def house(self, x: float, y: float, **tags: str) -> int:
        ring = [(x, y), (x + 0.2, y), (x + 0.2, y + 0.1), (x, y + 0.1)]
        return self.way(ring, closed=True, building="yes", **tags)

    def text(self) -> str:
        # Readers of OpenStreetMap files expect nodes, then ways, then relations.
        ordered = sorted(self.parts, key=lambda part: ("<node", "<way ", "<rela").index(part[:5]))
        return '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n' + "\n".join(ordered) + "\n</osm>\n"


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(_key(k))} v={quoteattr(v)}/>" for k, v in tags.items())


def _key(name: str) -> str:
    return name.replace("__", ":")


def address(street: str, number: str, **more: str) -> dict[str, str]:
    return {
        "addr__street": street,
        "addr__housenumber": number,
        "addr__postcode": "12345",
        "addr__city": "Musterstadt",
    } | more


def made_up() -> Town:
    """The town that most tests import: two Hauptstraßen, a lake with an island, damaged and odd objects."""
    town = Town()
    town.node(0, 0, place="town", name="Musterstadt")
    town.node(-20, 20, place="village", name="Oberdorf")
    west = town.way([(-8, -8), (-8, 8), (8, 8), (8, -8)], closed=True)
    town.relation([(west, "outer")], type="boundary", boundary="administrative", admin_level="9", name="Mitte")
    for a, b in (((-2, 0), (0, 0)), ((0, 0), (2, 0))):
        town.way([a, b], highway="residential", name="Hauptstraße", postal_code="12345")
    town.way([(-22, 20), (-18, 20)], highway="tertiary", name="Hauptstraße")
    town.way([(0, 2), (0, -2)], highway="footway", name="Müllerweg")
    town.way([(3, 3), (4, 3), (4, 4)], closed=True, highway="residential", name="Ring & Söhne")
    for number in ("1", "3", "3a", "12", "14-16", "20;22"):
        town.house(-1.5 + town.ids % 7 / 3, 0.2, **address("Hauptstraße", number))
    town.node(-1.4, 0.25, shop="bakery", name="Bäckerei", **address("Hauptstr.", "1"))
    town.house(
        -20, 20.2, addr__street="Hauptstraße", addr__housenumber="1", addr__city="Oberdorf", addr__suburb="Oberdorf"
    )
    town.house(5, 5, addr__place="Waldhof", addr__housenumber="7", addr__city="Musterstadt")
    town.house(6, 5, addr__housenumber="9")
    town.house(6, 6, addr__street="Hauptstraße", addr__housenumber="ohne")
    outer = town.way([(10, 10), (10, 14), (14, 14), (14, 10)], closed=True)
    inner = town.way([(11, 11), (11, 12), (12, 12), (12, 11)], closed=True)
    town.relation([(outer, "outer"), (inner, "inner")], type="multipolygon", natural="water", name="Inselsee")
    town.way([(-5, -5), (-5, -3), (-3, -3), (-3, -5)], closed=True, leisure="park", name="Stadtpark")
    town.node(0.5, 0.5, amenity="townhall", name="Rathaus")
    town.node(0.6, 0.5, highway="bus_stop", name="Rathaus")
    town.way([(-3, 1), (3, 1)], railway="rail")
    town.way([town.node(1, 1), 999_999_999], highway="residential", name="Abgeschnitten")
    return town


def write_town(path: Path, town: Town | None = None) -> Path:
    path.write_text((town or made_up()).text(), encoding="utf-8")
    return path
