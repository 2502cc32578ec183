"""Everything a town has, in open formats: JSON Lines and files in one ZIP. The way out, and an archive that needs
no Allmende.

Secrets (password hashes, token digests, second factors, sessions) are not part of it: another system cannot use them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from allmende import __version__
from allmende.spine.geo.core import geojson_of_wkb

FORMAT = "allmende-export-1"
# Fields and tables that open doors, or that only make sense inside a running instance.
SECRET_FIELDS = frozenset({"password", "digest", "session_epoch", "secret", "token"})
LEFT_OUT = frozenset({"search.Document", "search.Word", "instance.SetupDraft", "people.RateLimit"})
CHUNK = 1000


def exported_models() -> list[type[models.Model]]:
    """The models of our own apps, in a stable order."""
    found = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("allmende.")
        for model in config.get_models()
        if not model._meta.proxy and model._meta.label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.label)


def columns(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in SECRET_FIELDS and field.name not in {"centre", "extent", "tsv", "title_tsv"}
    ]


def export_town(target: Path, say: Callable[[str], object] = lambda line: None) -> dict[str, int]:
    """Write the ZIP at `target` and return the number of rows for each model.

    One snapshot of the database (REPEATABLE READ); the file appears whole or not at all. Raises FileExistsError,
    OSError.
    """
    if target.exists():
        raise FileExistsError(target)
    part = target.with_name(target.name + ".part")
    counts: dict[str, int] = {}
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive, transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            described = []
            for model in exported_models():
                say(model._meta.label)
                counts[model._meta.label] = _write(archive, model)
                described.append(_description(model, counts[model._meta.label]))
            files = _files(archive)
            manifest = {"format": FORMAT, "version": __version__, "models": described, "files": files}
            archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    return counts


def _write(archive: zipfile.ZipFile, model: type[models.Model]) -> int:
    fields = columns(model)
    count = 0
    with archive.open(f"data/{model._meta.label}.jsonl", "w", force_zip64=True) as file:
        for row in _rows(model, fields):
            file.write(json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False).encode() + b"\n")
            count += 1
    return count


def _rows(model: type[models.Model], fields: list[models.Field[Any, Any]]) -> Iterator[dict[str, Any]]:
    names = [field.attname for field in fields]
    for values in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK):
        yield {name: _plain(name, value) for name, value in zip(names, values, strict=True)}


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, memoryview | bytes):
        raw = bytes(value)
        return geojson_of_wkb(raw) if name == "geom" else base64.b64encode(raw).decode()
    return value


def _description(model: type[models.Model], rows: int) -> dict[str, Any]:
    return {
        "model": model._meta.label,
        "file": f"data/{model._meta.label}.jsonl",
        "rows": rows,
        "fields": {
            field.attname: {
                "type": "geojson" if field.attname == "geom" else field.get_internal_type(),
                "refers_to": field.related_model._meta.label
                if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
                else None,
            }
            for field in columns(model)
        },
    }


def _files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Uploaded files, with their SHA-256."""
    folder = Path(settings.DATA) / "files"
    found = {}
    for path in sorted(folder.rglob("*")) if folder.exists() else []:
        if path.is_file() and not path.name.endswith(".part"):
            name = f"files/{path.relative_to(folder)}"
            archive.write(path, name)
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
