"""What a page weighs and that no template needs more than the Content-Security-Policy allows."""

import gzip
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import translation

from allmende.spine.ui import patterns
from allmende.spine.ui.brand import brand_css
from tests.spine_ui.server import instance

UI = Path(patterns.__file__).parent
STATIC = UI / "static"
FORBIDDEN = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|https?://(?!www\.w3\.org)")


def page(template: str, context: dict) -> str:
    with translation.override("de"):
        return render_to_string(template, context | {"instance": instance()})


def weight(html: str) -> dict[str, int]:
    """Compressed bytes of a page and all that it loads; fonts are compressed in themselves."""
    parts = {"html": len(gzip.compress(html.encode(), 9))}
    names = re.findall(r'(?:href|src)="/static/([^"]+\.(?:css|js))"', html)
    for name in names:
        parts[name] = len(gzip.compress((STATIC / name).read_bytes(), 9))
    assert 'href="/design.css?v=1"' in html
    parts["design.css"] = len(gzip.compress(brand_css().encode(), 9))
    for font in (STATIC / "vendor" / "fira-sans").glob("*.woff2"):
        parts[font.name] = font.stat().st_size
    return parts


def test_a_page_without_a_map_weighs_at_most_150_kb() -> None:
    parts = weight(page("ui/pattern_library.html", patterns.library()))
    assert {"vendor/kern/kern.min.css", "ui/allmende.css", "ui/components.css"} <= set(parts)
    assert {"vendor/htmx/htmx.min.js", "ui/allmende.js"} <= set(parts)
    assert sum(parts.values()) <= 150_000, parts


@pytest.mark.parametrize("template", ["400.html", "403_csrf.html", "500.html", "503.html"])
def test_pages_of_trouble_need_no_context(template: str) -> None:
    with translation.override("de"):
        html = render_to_string(template)
    assert 'href="/static/ui/brand.css"' in html
    assert "<h1>" in html
    assert not FORBIDDEN.search(html)


def test_rendered_pages_keep_the_policy() -> None:
    for template, context in [
        ("ui/pattern_library.html", patterns.library()),
        ("ui/pattern_staff.html", patterns.staff()),
        (
            "ui/confirm.html",
            {"title": "Löschen?", "action_label": "Löschen", "cancel_url": "/", "danger": True},
        ),
        ("404.html", {}),
        ("403.html", {}),
    ]:
        assert not FORBIDDEN.search(page(template, context)), template


def test_theme_and_language_stand_on_the_root() -> None:
    html = page("ui/pattern_staff.html", patterns.staff() | {"theme": "dark"})
    assert '<html lang="de" data-kern-theme="dark">' in html
    assert "data-kern-theme" not in page("ui/pattern_staff.html", patterns.staff() | {"theme": "auto"})


def test_error_pages_say_so_in_their_title() -> None:
    assert "<title>Fehler: Musterseite – herzlich digital</title>" in page(
        "ui/pattern_library.html", patterns.library()
    )


def test_static_files_can_be_collected_with_names_of_their_content(tmp_path: Path) -> None:
    """As a town collects them: every reference inside a file is found, and the map's worker lies beside it."""
    manifest = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    with override_settings(STORAGES=manifest, STATIC_ROOT=str(tmp_path)):
        call_command("collectstatic", interactive=False, verbosity=0)
        html = page("500.html", {})
    names = re.findall(r'href="/static/(ui/[^"]+|vendor/[^"]+)"', html)
    assert len(names) == 4
    for name in names:
        assert re.search(r"\.[0-9a-f]{12}\.css$", name) and (tmp_path / name).exists()
    css = (tmp_path / next(name for name in names if name.startswith("ui/allmende."))).read_text()
    fonts = re.findall(r'url\("\.\./(vendor/[^"]+)"\)', css)
    assert len(fonts) == 3 and all((tmp_path / font).exists() for font in fonts)
    assert (tmp_path / "vendor/maplibre/maplibre-gl-worker.mjs").exists()
