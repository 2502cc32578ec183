"""The way out: everything is in it, readable without Allmende, and no secret is."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from allmende.spine.exports import LEFT_OUT, export_town, exported_models
from allmende.spine.facts.models import FactRow
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account, make_measure

pytestmark = pytest.mark.django_db(transaction=True)


def rows(archive: zipfile.ZipFile, label: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in archive.read(f"data/{label}.jsonl").decode().splitlines()]


def test_everything_is_in_it_and_no_secret(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path / "data"
    (settings.DATA / "files" / "ab").mkdir(parents=True)
    (settings.DATA / "files" / "ab" / "plan").write_bytes(b"content")
    office = make_account(Role.PROGRAMME_OFFICE, email="office@example.org")
    measure = make_measure(title="Ärger & Öl")
    measure.place_at(7.77, 49.44).save()
    change_measure(measure, {"summary": "Neu."}, version=1, actor=office)
    _, key = create_token(office, "Abruf")
    target = tmp_path / "town.zip"
    counts = export_town(target)
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        manifest = json.loads(archive.read("manifest.json"))
        assert {entry["model"]: entry["rows"] for entry in manifest["models"]} == counts
        [stored] = rows(archive, "programme.Measure")
        assert (stored["title"], stored["summary"]) == ("Ärger & Öl", "Neu.")
        assert stored["geom"] == {"type": "Point", "coordinates": [7.77, 49.44]}
        assert counts["facts.FactRow"] == FactRow.objects.count()
        assert archive.read("files/ab/plan") == b"content"
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert b"office@example.org" in everything
    assert office.password.encode() not in everything
    assert key.encode() not in everything
    assert office.tokens.get().digest.encode() not in everything


def test_every_model_is_exported_or_named_as_left_out() -> None:
    ours = {
        model._meta.label
        for config in apps.get_app_configs()
        if config.name.startswith("allmende.")
        for model in config.get_models()
        if not model._meta.proxy
    }
    assert ours - {model._meta.label for model in exported_models()} == LEFT_OUT & ours


def test_an_existing_file_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "town.zip"
    target.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        export_town(target)
    assert target.read_bytes() == b"mine"


def test_a_failed_export_leaves_nothing(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path / "data"
    (settings.DATA / "files").mkdir(parents=True)
    (settings.DATA / "files" / "broken").symlink_to(tmp_path / "data" / "files" / "broken2")
    (settings.DATA / "files" / "unreadable").mkdir()
    target = tmp_path / "missing-folder" / "town.zip"
    with pytest.raises(FileNotFoundError):
        export_town(target)
    assert list(tmp_path.rglob("*.part")) == []
