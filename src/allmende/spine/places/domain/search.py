"""Finding an address from what somebody typed, in German: abbreviations, umlauts, typos, missing house numbers."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q

from allmende.spine.geo.core import LonLat
from allmende.spine.places.core.names import Asked, HouseNumber, fold, readings
from allmende.spine.places.domain import queries
from allmende.spine.places.enums import HitKind
from allmende.spine.places.models import Address, Landmark, Place, Street

_CANDIDATES = 40
_ENOUGH = 0.55  # similarity below which two names are different names


@dataclass(frozen=True, slots=True)
class AddressHit:
    """One answer: `label` to show, `kind` how exact it is, position in degrees, `score` 0 to 1 (1: as typed)."""

    label: str
    kind: HitKind
    street: str
    house_number: str
    postcode: str
    city: str
    district: str
    lon: float
    lat: float
    score: float


def search_address(text: str, limit: int = 10) -> list[AddressHit]:
    """The addresses, streets and landmarks that fit best, best first; empty for nothing typed or nothing alike.

    A house number that the map does not have gives the nearest one there is, named as such.
    """
    hits: dict[tuple[str, str], AddressHit] = {}
    for order, asked in enumerate(readings(text, queries.names_of_towns())):
        if not asked.key:
            continue
        for hit in _streets(asked, limit):
            # A later reading dropped part of what was typed.
            _keep(hits, replace(hit, score=hit.score - 0.01 * order))
    for hit in _landmarks(text, limit):
        _keep(hits, hit)
    return sorted(hits.values(), key=lambda h: (-h.score, fold(h.label)))[:limit]


def _keep(hits: dict[tuple[str, str], AddressHit], hit: AddressHit) -> None:
    key = (hit.label, hit.postcode + hit.district)
    if key not in hits or hits[key].score < hit.score:
        hits[key] = hit


def _similar(asked: str, name: str) -> float:
    """1 for the same key, 0.9 and more for a beginning, else how much of the letters agree in order."""
    if asked == name:
        return 1.0
    if name.startswith(asked) and len(asked) >= 3:
        return 0.9 + 0.09 * len(asked) / len(name)
    # Somebody who types "Schiller 5" means the Schillerstraße or the Schillerplatz.
    return SequenceMatcher(None, asked, name, autojunk=False).ratio()


def _alike(rows: Any, key: str) -> list[Any]:
    rows = rows.order_by().filter(Q(name_key__trigram_similar=key) | Q(name_key__startswith=key))
    return list(rows.annotate(alike=TrigramSimilarity("name_key", key)).order_by("-alike", "pk")[:_CANDIDATES])


def _streets(asked: Asked, limit: int) -> list[AddressHit]:
    scored = []
    for street in _alike(queries.streets(), asked.key):
        similar = _similar(asked.key, street.name_key)
        if similar >= _ENOUGH:
            scored.append((similar + _fit(asked, street), street))
    scored.sort(key=lambda pair: (-pair[0], pair[1].pk))
    numbers = _numbers(asked, [street for _, street in scored[:limit]]) if asked.number else {}
    hits = []
    for score, street in scored[:limit]:
        address = numbers.get(street.pk)
        hits.append(
            _street_hit(street, score, asked) if address is None else _address_hit(street, address, score, asked)
        )
    return hits


def _fit(asked: Asked, street: Street) -> float:
    """How well postcode and district agree: the one decides between streets of one name, never between names."""
    score = 0.0
    if asked.postcode and street.postcode:
        score += 0.0 if asked.postcode == street.postcode else -0.06
    if asked.hint:
        known = fold(f"{street.city} {street.district}").split()
        words = asked.hint.split()
        score += 0.0 if set(words) <= set(known) else -0.03 if set(words) & set(known) or not known else -0.08
        if street.district and fold(street.district) == asked.hint:
            score += 0.01
    return score


def _numbers(asked: Asked, streets: list[Street]) -> dict[int, Address]:
    """For each street the address that comes nearest to the number asked for."""
    best: dict[int, tuple[Any, Address]] = {}
    for address in queries.addresses().filter(street__in=streets):
        away = _away(asked, address)
        if address.street_id not in best or away < best[address.street_id][0]:
            best[address.street_id] = away, address
    return {key: address for key, (_, address) in best.items()}


def _away(asked: Asked, address: Address) -> tuple[Any, ...]:
    wanted: HouseNumber = asked.number  # type: ignore[assignment]
    inside = address.number <= wanted.number <= (address.number_to or address.number)
    return (
        not (address.number == wanted.number and address.suffix == wanted.suffix),
        not inside,
        abs(address.number - wanted.number),
        # The other side of the street is farther than the next house.
        (address.number - wanted.number) % 2,
        bool(asked.postcode) and address.postcode != asked.postcode,
        address.suffix,
        address.pk,
    )


def _address_hit(street: Street, address: Address, score: float, asked: Asked) -> AddressHit:
    wanted: HouseNumber = asked.number  # type: ignore[assignment]
    to = address.number_to or address.number
    exact = address.number <= wanted.number <= to and (
        address.suffix == wanted.suffix or address.number != wanted.number
    )
    # Of two streets of one name the one that comes nearer to the number.
    missed = min(0.02, 0.001 * abs(address.number - wanted.number))
    lonlat = _position(address)
    postcode, city = address.postcode or street.postcode, address.city or street.city
    return AddressHit(
        label=_label(f"{street.name} {address.house_number}", postcode, city, address.district),
        kind=HitKind.ADDRESS if exact else HitKind.NEAREST_NUMBER,
        street=street.name,
        house_number=address.house_number,
        postcode=postcode,
        city=city,
        district=address.district or street.district,
        lon=lonlat.lon,
        lat=lonlat.lat,
        score=max(0.0, min(1.0, score if exact else score - 0.02 - missed)),
    )


def _street_hit(street: Street, score: float, asked: Asked) -> AddressHit:
    lonlat = _position(street)
    return AddressHit(
        label=_label(street.name, street.postcode, street.city, street.district),
        kind=HitKind.STREET,
        street=street.name,
        house_number="",
        postcode=street.postcode,
        city=street.city,
        district=street.district,
        lon=lonlat.lon,
        lat=lonlat.lat,
        score=max(0.0, min(1.0, score - (0.04 if asked.number else 0.0))),
    )


def _position(row: Address | Street) -> LonLat:
    at = row.lonlat
    if at is None:
        raise LookupError(f"{row} is nowhere")  # an importer writes no row without a position
    return at


def _label(first: str, postcode: str, city: str, district: str) -> str:
    town = " ".join(part for part in (postcode, city) if part)
    return ", ".join(part for part in (first, town, district if fold(district) != fold(city) else "") if part)


def _landmarks(text: str, limit: int) -> list[AddressHit]:
    key = fold(text[:200])
    if len(key) < 3:
        return []
    hits = []
    own = queries.places().filter(name__icontains=text.strip()[:200])[:limit]
    rows: list[Landmark | Place] = [*_alike(queries.landmarks(), key), *own]
    for row in rows:
        name = fold(row.name)
        # A name that holds the words as they stand ("hauptbahnhof" in "Kaiserslautern Hauptbahnhof") is as
        # good as a beginning.
        score = max(_similar(key, name), 0.9 if f" {key} " in f" {name} " else 0.0)
        # The town hall goes before the bus stop called after it.
        score = score * 0.97 - 0.03 * (getattr(row, "rank", 1) - 1)
        if score >= 0.65 and (lonlat := row.lonlat):
            hits.append(
                AddressHit(row.name, HitKind.PLACE, "", "", "", "", "", lonlat.lon, lonlat.lat, round(score, 4))
            )
    return sorted(hits, key=lambda hit: -hit.score)[:limit]
