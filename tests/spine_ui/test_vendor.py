"""Vendored browser assets are the pinned ones, licensed, and load nothing from elsewhere."""

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import vendor  # noqa: E402

PACKAGES = json.loads(vendor.LIST.read_text())
ALLOWED = {"EUPL-1.2", "0BSD", "BSD-3-Clause", "MIT", "ISC", "Apache-2.0", "OFL-1.1", "MPL-2.0"}
# The one exception, for its watermark: docs/decisions/0008-process-libraries.md.
WITH_WATERMARK = {"bpmn-js": "LicenseRef-bpmn-io"}


def test_files_are_as_locked() -> None:
    assert vendor.check() == []


def test_a_changed_or_added_file_is_noticed(tmp_path: Path) -> None:
    for folder in {package["folder"] for package in PACKAGES}:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    assert vendor.check(tmp_path) == []
    htmx = tmp_path / "src/allmende/spine/ui/static/vendor/htmx"
    (htmx / "LICENSE").unlink()
    (htmx / "htmx.min.js").write_text("fetch('https://example.org/')")
    (htmx / "more.js").write_text("")
    shown = "\n".join(vendor.check(tmp_path))
    assert "htmx/LICENSE is missing" in shown
    assert "htmx/htmx.min.js was changed" in shown
    assert "htmx/more.js is in no package" in shown
    assert "https://example.org/" in shown


def test_packages_are_pinned_and_licensed() -> None:
    for package in PACKAGES:
        assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
        assert package["integrity"].startswith("sha512-")
        assert package["licence"] in ALLOWED | {WITH_WATERMARK.get(package["name"])}
        assert package.get("licence_files") or package.get("own_licence")
        for part in package.get("contains", []):
            assert re.fullmatch(r"\d+\.\d+\.\d+", part["version"])
            assert part["integrity"].startswith("sha512-")
            assert part["licence"] in ALLOWED
            assert (ROOT / package["folder"] / f"LICENSE.{part['name'].rpartition('/')[2]}").exists()


def test_lists_name_no_download_address() -> None:
    text = vendor.LOCK.read_text() + vendor.LIST.read_text().replace("resolved", "RESOLVED")
    assert "RESOLVED" not in text
    assert "npmjs" not in text
    assert "http" not in vendor.LOCK.read_text()


def test_no_style_loads_from_elsewhere_and_no_federal_header() -> None:
    for file in (ROOT / "src/allmende").glob("**/static/**/*.css"):
        text = file.read_text(encoding="utf-8")
        loaded = re.findall(r"url\(\s*['\"]?([^'\")]{0,60})|@import\s+['\"]?([^'\";]*)", text)
        for address in ("".join(pair) for pair in loaded):
            assert not re.match(r"(https?:)?//", address), (file, address)
        assert ".kern-kopfzeile" not in text
    names = [f.name for f in (ROOT / "src/allmende/spine/ui/static").rglob("*") if "kopfzeile" in f.name]
    assert names == []
