"""The house keeps its own rules: tiers also in model relations, no drift, no addresses of registries, small files."""

import io
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "allmende"


def tracked(*suffixes: str) -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = [ROOT / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)]


def tiers() -> dict[str, int]:
    """Package → tier, 0 at the top, from the import contract itself."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    return {name.strip(" ()"): number for number, layer in enumerate(layers) for name in layer.split("|")}


def room(model: type[models.Model]) -> str | None:
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "allmende" else None


def test_model_relations_follow_the_tiers() -> None:
    """String foreign keys escape the import linter."""
    order, wrong, seen = tiers(), [], 0
    for model in apps.get_models():
        here = room(model)
        if here is None:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "remote_field", None) and field.related_model
            if not target or field.auto_created:
                continue
            there = room(target)
            seen += 1
            if there is None or there == here:
                continue
            if order[there] <= order[here]:
                wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert wrong == []
    assert seen > 10


def test_every_room_of_the_source_has_a_tier() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages - set(tiers()) == set()


@pytest.mark.django_db
def test_no_migration_drift() -> None:
    out = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=out, no_color=True)
    assert out.getvalue().strip() == "No changes detected"


@pytest.mark.django_db
def test_migrations_can_be_taken_back_or_say_why_not() -> None:
    loader = MigrationLoader(connection)
    stuck = [
        f"{label}.{name}: {operation}"
        for (label, name), migration in loader.disk_migrations.items()
        if migration.__module__.startswith("allmende.")
        for operation in migration.operations
        if not operation.reversible and not getattr(migration, "irreversible_because", "")
    ]
    assert stuck == []


def test_translations_are_complete() -> None:
    result = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "messages.py"), "check"], capture_output=True, text=True
    )
    assert (result.returncode, result.stdout + result.stderr) == (0, result.stdout + result.stderr)


def test_lock_files_carry_hashes_and_no_addresses() -> None:
    for name in ("run.lock", "dev.lock"):
        text = (ROOT / "requirements" / name).read_text()
        assert "://" not in text
        assert "--index" not in text
        pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==", text, re.M | re.I)
        blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.M | re.I)
        assert len(pins) > 40
        assert all("--hash=sha256:" in block for block in blocks if block.strip())


def test_run_lock_is_part_of_dev_lock() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / "requirements" / name).read_text()
        return set(re.findall(r"^([a-z0-9][a-z0-9._-]*==[^ ;\\]+)", text, re.M | re.I))

    assert pins("run.lock") - pins("dev.lock") == set()


# Spelt so that this file does not name them either.
REGISTRIES = ["pypi." + "org", "pythonhosted." + "org", "npmjs." + "org", "npmjs." + "com", "deb.debian." + "org"]


def test_no_host_of_a_package_registry_in_any_file() -> None:
    found = []
    for path in tracked():
        text = path.read_bytes()
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host.encode() in text]
    assert found == []


def test_files_stay_small() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked(".py", ".html", ".css", ".js", ".mjs")
        if "vendor" not in path.parts and "migrations" not in path.parts
        for lines in [len(path.read_text().splitlines())]
        if lines > 350
    }
    assert long == {}


def test_no_script_style_or_handler_in_templates() -> None:
    """The content security policy would silently drop them."""
    pattern = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>|<style|\sstyle=|\son(?:click|change|submit|load|error)=",
        re.I,
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)[:60]}"
        for path in SOURCE.rglob("*.html")
        if "vendor" not in path.parts and "/mail/" not in str(path) and "email" not in path.name
        for match in pattern.finditer(path.read_text())
    ]
    assert found == []


def test_every_app_says_what_it_is_for() -> None:
    missing = [
        str(path.parent.relative_to(SOURCE))
        for path in SOURCE.rglob("apps.py")
        if not (path.parent / "README.md").exists()
    ]
    assert missing == []


def test_licences_of_what_we_ship_are_allowed() -> None:
    """A pinned review: every run-time dependency names a licence that the project may carry."""
    from importlib.metadata import distribution

    allowed = re.compile(
        r"MIT|BSD|Apache|ISC|PSF|Python Software|MPL|Mozilla|LGPL|Lesser General|Zlib|HPND|Unlicense|public domain"
        r"|0BSD|CC0|PostgreSQL|MIT-CMU|Historical",
        re.I,
    )
    text = (ROOT / "requirements" / "run.lock").read_text()
    refused = []
    for line in re.findall(r"^([a-z0-9][a-z0-9._-]*)==[^\n]*", text, re.M | re.I):
        try:
            meta = distribution(line).metadata
        except ModuleNotFoundError:
            continue  # for another platform or Python
        named = " ".join(
            [meta.get("License-Expression") or "", (meta.get("License") or "")[:200]]
            + [c for c in meta.get_all("Classifier") or [] if c.startswith("License")]
        )
        if not named.strip():  # some say it only in the file that comes along
            files = [str(each.locate()) for each in distribution(line).files or [] if "LICENSE" in each.name.upper()]
            named = " ".join(Path(each).read_text()[:200] for each in files)
        if not allowed.search(named) or (re.search(r"\bAGPL|\bGPL-?3", named) and "LGPL" not in named):
            refused.append(f"{line}: {named[:80]!r}")
    assert refused == []


def test_every_pin_of_what_a_town_runs_was_reviewed() -> None:
    """pip-audit needs the network (`make audit`); offline a new pin waits for somebody to look at it."""
    pattern = r"^([a-z0-9][a-z0-9._-]*==[^ ;\\\n]+)"
    pinned = re.findall(pattern, (ROOT / "requirements" / "run.lock").read_text(), re.M | re.I)
    reviewed = re.findall(pattern, (ROOT / "requirements" / "reviewed.txt").read_text(), re.M | re.I)
    assert sorted(pinned) == sorted(reviewed)
