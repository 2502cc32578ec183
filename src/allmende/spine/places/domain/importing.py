"""Replacing the map of the town from an OpenStreetMap extract.

An import writes a new generation beside the one in use, batch by batch; nobody sees it. One short transaction
then makes it the active one, brings the areas up to date and tells the fact; the base map is a file named by
that same row, so tables and tiles change together. Killed anywhere before, the old map stays; the next import
clears the remains away.
"""

import contextlib
import datetime
import errno
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.imports import ImportRefused, Say
from allmende.spine.places.domain import staging
from allmende.spine.places.domain.areas import Outline, merge
from allmende.spine.places.domain.mapfile import credited, map_folder
from allmende.spine.places.enums import ImportState
from allmende.spine.places.facts import ImportFinished
from allmende.spine.places.models import Area, Import

OSM_CREDIT = "© OpenStreetMap contributors"
_LOCK = 0x616C6C6D70  # "allmp": one import at a time, whatever process it runs in


def import_osm(
    path: Path, say: Say, *, credit: str = OSM_CREDIT, data_date: datetime.date | None = None, actor: object = "import"
) -> Import:
    """Read an extract (.osm, .gz, .bz2, .pbf) and put it in the place of the town's map.

    `data_date` overrides what the file says of its age. Raises ImportRefused; nothing is half-saved then.
    """
    from allmende.spine.places.core import gather, osm, osmfile, tiles

    with _refusing(osmfile.FileRefused):
        extract = osmfile.identify(path)
    with one_run("osm", extract.path.name, extract.sha256, credit, data_date) as (run, work):
        with _refusing(osmfile.FileRefused), tiles.FeatureFile(work / "features.geojsonl") as features:
            say(_("Reading %(file)s") % {"file": path.name})
            found = osm.read(extract, features, lambda n: say(_("Reading: %(count)d objects") % {"count": n}))
            say(_("Joining streets and addresses"))
            streets = gather.streets(found, *_outlines(found))
            found.landmarks = gather.landmarks(found)
            for thing in found.landmarks:
                # Zoom by importance; the sink puts the label of an area on its middle.
                zoom, told = (12, 13, 14, 15)[thing.rank - 1], {"name": thing.name, "rank": thing.rank}
                features.draw("labels", thing.kind, zoom, thing.wkb, told)
            for street in streets:
                for address in street.addresses:
                    features.draw("numbers", "address", 15, address.point, {"number": str(address.number)})
        run.data_date = data_date or found.data_date
        with _refusing(tiles.TilesFailed, "tiles"):
            out = work / "map.pmtiles"
            building = tiles.start(
                features.path, out, name=path.stem.split(".")[0], credit=credited(credit, run.data_date)
            )
            try:
                addresses = _stage(run, found, streets, say)
                say(_("Drawing the base map"), 0.8)
            except BaseException:
                building.kill()
                building.communicate()
                raise
            size = tiles.finish(building, out)
        run.map_file = f"{run.public_id}.pmtiles"
        run.counts = {
            "streets": len(streets),
            "addresses": addresses,
            "buildings": len(found.buildings),
            "landmarks": len(found.landmarks),
            "areas": len(found.areas),
            "map_bytes": size,
            "skipped": {k: v for k, v in sorted(found.counts.items()) if k not in ("objects", "street_ways")},
        }
        areas = [Outline(a.ref, a.kind, a.name, a.key, a.wkb) for a in found.areas]
        swap(run, areas, out, say, actor)
    return run


def _outlines(found: Any) -> tuple[Any, Any]:
    """Districts and postcode areas to look positions up in: of the town's own areas and of the file."""
    import shapely

    from allmende.spine.places.core.gather import PartsOfTown
    from allmende.spine.places.domain.queries import areas

    shapes: dict[str, list[tuple[str, Any]]] = {"district": [], "postcode": []}
    kinds = {"district": "district", "village": "district", "postcode": "postcode"}
    known = [(a.kind, a.name, bytes(a.geom)) for a in areas(kinds=kinds) if a.geom and a.geom_kind == "area"]
    for kind, name, wkb in [*known, *((a.kind, a.name, a.wkb) for a in found.areas)]:
        if kind in kinds and shapely.get_dimensions(geometry := shapely.from_wkb(wkb)) == 2:
            shapes[kinds[kind]].append((name, geometry))
    return PartsOfTown(shapes["district"]), PartsOfTown(shapes["postcode"])


def _stage(run: Import, found: Any, streets: list[Any], say: Say) -> int:
    total = max(1, sum(len(s.addresses) for s in streets) + len(found.buildings))

    def saved(text: str, done: int) -> None:
        say(text % {"count": done}, 0.3 + 0.5 * done / total)

    addresses = staging.add_streets(run, streets, lambda n: saved(_("Saving addresses: %(count)d"), n))
    staging.add_buildings(run, found.buildings, lambda n: saved(_("Saving buildings: %(count)d"), addresses + n))
    staging.add_landmarks(run, found.landmarks)
    staging.analyse()
    return addresses


def swap(run: Import, areas: list[Outline], built: Path | None, say: Say, actor: object) -> None:
    """Make the new generation the one in use. The file is in its place before the row names it."""
    say(_("Putting the new map in place"), 0.95)
    if built is not None:
        built.replace(map_folder() / run.map_file)
    with transaction.atomic():
        # Readers never wait: they go on seeing the old generation until this commits.
        before = Import.objects.select_for_update().filter(state=ImportState.ACTIVE).first()
        if before is not None:
            Import.objects.filter(pk=before.pk).update(state=ImportState.REPLACED)
            if before.importer != run.importer:
                # Rough outlines drawn by hand do not stand beside real ones.
                Area.objects.filter(ref__startswith=f"{before.importer}:").update(current=False)
        merge(areas, source=run.importer, credit=run.credit, source_date=run.data_date)
        run.state, run.finished = ImportState.ACTIVE, timezone.now()
        run.save()
        told = {key: value for key, value in run.counts.items() if isinstance(value, int)}
        emit(
            ImportFinished(file=run.file_name, credit=credited(run.credit, run.data_date), counts=told),
            subject=run,
            actor=actor,
        )
    _tidy(run)
    say(_("Done"), 1.0)


def _tidy(run: Import | None) -> None:
    """Remove every generation and file that is not in use: of the map before, and of runs that were killed."""
    keep = [run.pk] if run else []
    Import.objects.filter(state=ImportState.RUNNING).exclude(pk__in=keep).update(
        state=ImportState.FAILED, error="interrupted", finished=timezone.now()
    )
    active = Import.objects.filter(state=ImportState.ACTIVE).first()
    staging.clear(keep=[*keep, *([active.pk] if active else [])])
    wanted = {name for name in (active.map_file if active else "", run.map_file if run else "") if name}
    for path in map_folder().iterdir():
        if path.name not in wanted and path.suffix in (".pmtiles", ".geojson"):
            path.unlink(missing_ok=True)
        elif path.name.startswith("work-") and (run is None or path.name != f"work-{run.public_id}"):
            shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def one_run(
    importer: str, file_name: str, sha256: str, credit: str, data_date: datetime.date | None
) -> Iterator[tuple[Import, Path]]:
    """The row and the working folder of one run, alone.

    Whatever goes wrong is written into the row, the rest removed.
    """
    with _alone(), _recorded(importer, file_name, sha256, credit, data_date) as (run, work):
        yield run, work


@contextlib.contextmanager
def _recorded(
    importer: str, file_name: str, sha256: str, credit: str, data_date: datetime.date | None
) -> Iterator[tuple[Import, Path]]:
    _tidy(None)
    run = Import.objects.create(
        importer=importer, file_name=file_name[:255], sha256=sha256, credit=credit[:200], data_date=data_date
    )
    work = map_folder() / f"work-{run.public_id}"
    try:
        work.mkdir()
        with tempfile.TemporaryDirectory(dir=work) as inner:
            yield run, Path(inner)
    except BaseException as error:
        with contextlib.suppress(Exception):  # a lost database is what is reported, not that it cannot be told so
            Import.objects.filter(pk=run.pk, state=ImportState.RUNNING).update(
                state=ImportState.FAILED, error=str(error)[:1000] or type(error).__name__, finished=timezone.now()
            )
            staging.clear(keep=Import.objects.filter(state=ImportState.ACTIVE).values_list("pk", flat=True))
            if run.map_file and not Import.objects.filter(pk=run.pk, state=ImportState.ACTIVE).exists():
                (map_folder() / run.map_file).unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise ImportRefused("disk_full", _("The disk is full. Nothing was changed.")) from error
        raise
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock of imports; it ends with the connection, so a killed import never blocks the next."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise ImportRefused("busy", _("Another import is running. Wait until it has finished."))
    try:
        yield
    finally:
        with contextlib.suppress(Exception), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


@contextlib.contextmanager
def _refusing(kind: type[Exception], code: str = "") -> Iterator[None]:
    try:
        yield
    except kind as error:
        code = code or getattr(error, "code", "refused")
        raise ImportRefused(code, _explain(code, error)) from error


def _explain(code: str, error: Exception) -> str:
    texts = {
        "missing": _("The file does not exist. Check its name."),
        "empty": _("The file is empty. Download it again."),
        "not_osm": _("This is not an OpenStreetMap extract. Wanted is a file .osm, .osm.gz, .osm.bz2 or .osm.pbf."),
        "damaged": _("The file is damaged or cut off. Download it again. Nothing was changed."),
        "nothing": _("There is nothing in this file. Nothing was changed."),
        "tiles": _("The base map could not be drawn. Nothing was changed."),
    }
    return f"{texts.get(code, '')} ({getattr(error, 'detail', error)})".strip()
