"""Rows of a new generation, written by COPY in small transactions and seen by nobody until the generation is active."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import numpy as np
import shapely
from django.db import connection, transaction

from allmende.spine.geo import shape
from allmende.spine.places.core.found import FoundThing
from allmende.spine.places.core.gather import FoundStreet
from allmende.spine.places.core.names import fold
from allmende.spine.places.models import Address, Building, Import, Landmark, Street

# Rows of one transaction: about 0.15 s, far below the second that a writing transaction may take.
BATCH = 2_000
TABLES = (Address, Building, Landmark, Street)
_GEOMETRY = ("geom", "centre", "extent")
Step = Callable[[int], None]


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rows = iter(rows)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _located(wkbs_or_shapes: list[Any]) -> list[tuple[Any, ...]]:
    given = np.array([shapely.from_wkb(g) if isinstance(g, str | bytes) else g for g in wkbs_or_shapes], dtype=object)
    return [
        (
            s.wkb,
            f"({s.centre.east!r},{s.centre.north!r})",
            f"({s.extent.east!r},{s.extent.north!r}),({s.extent.west!r},{s.extent.south!r})",
        )
        for s in shape.trusted(given)
    ]


def _copy(table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    sql = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
    with transaction.atomic(), connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def add_streets(run: Import, streets: list[FoundStreet], step: Step = lambda done: None) -> int:
    """Write streets and their addresses; returns the number of addresses."""
    done = 0
    for batch in _batches(streets):
        with connection.cursor() as cursor:
            # Keys are drawn first, so that a street's addresses can name it without reading it back.
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence('places_street', 'id')) FROM generate_series(1, %s)",
                [len(batch)],
            )
            keys = [row[0] for row in cursor.fetchall()]
        _copy(
            "places_street",
            ("id", "generation_id", "ref", "name", "name_key", "postcode", "city", "district", *_GEOMETRY),
            (
                (key, run.pk, s.ref, s.name[:200], s.key[:200], s.postcode, s.city, s.district, *geometry)
                for key, s, geometry in zip(keys, batch, _located([s.geometry for s in batch]), strict=True)
            ),
        )
        addresses = [(key, address) for key, street in zip(keys, batch, strict=True) for address in street.addresses]
        for part in _batches(addresses):
            _copy(
                "places_address",
                (
                    "generation_id",
                    "ref",
                    "street_id",
                    "number",
                    "suffix",
                    "number_to",
                    "postcode",
                    "city",
                    "district",
                    *_GEOMETRY,
                ),
                (
                    (
                        run.pk,
                        a.ref,
                        key,
                        a.number.number,
                        a.number.suffix,
                        a.number.to,
                        a.postcode,
                        a.city,
                        a.district,
                        *geometry,
                    )
                    for (key, a), geometry in zip(part, _located([a.point for _, a in part]), strict=True)
                ),
            )
            done += len(part)
            step(done)
    return done


def add_buildings(run: Import, buildings: list[FoundThing], step: Step = lambda done: None) -> int:
    """Write the outlines of buildings."""
    done = 0
    for batch in _batches(buildings):
        _copy(
            "places_building",
            ("generation_id", "ref", "kind", "name", "levels", *_GEOMETRY),
            (
                (run.pk, b.ref, b.kind[:40], b.name[:200], b.levels, *geometry)
                for b, geometry in zip(batch, _located([b.wkb for b in batch]), strict=True)
            ),
        )
        done += len(batch)
        step(done)
    return done


def add_landmarks(run: Import, landmarks: list[FoundThing]) -> int:
    """Write the named things."""
    for batch in _batches(landmarks):
        _copy(
            "places_landmark",
            ("generation_id", "ref", "kind", "name", "name_key", "rank", *_GEOMETRY),
            (
                (run.pk, thing.ref, thing.kind, thing.name[:200], fold(thing.name)[:200], thing.rank, *geometry)
                for thing, geometry in zip(batch, _located([thing.wkb for thing in batch]), strict=True)
            ),
        )
    return len(landmarks)


def clear(*, keep: Iterable[int]) -> int:
    """Delete the rows of every generation but these, in small transactions; returns how many."""
    kept, gone = list(keep), 0
    for model in TABLES:
        table = model._meta.db_table
        while True:
            with transaction.atomic(), connection.cursor() as cursor:
                # Another round for the rest: a long delete would hold back every reader of the fact log.
                cursor.execute(
                    f"DELETE FROM {table} WHERE ctid = ANY(ARRAY("  # noqa: S608 - the table's name is the model's
                    f"SELECT ctid FROM {table} WHERE NOT generation_id = ANY(%s) LIMIT 20000))",
                    [kept],
                )
                gone += cursor.rowcount
                if cursor.rowcount < 20_000:
                    break
    return gone


def analyse() -> None:
    """Tell the planner about the new rows before anybody asks for them."""
    with connection.cursor() as cursor:
        for model in (*TABLES,):
            cursor.execute(f"ANALYZE {model._meta.db_table}")
