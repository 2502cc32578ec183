"""Everything that somebody can set, call, open or read in the log is documented, and the pages are not stale."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from .environment import read_in

ROOT = Path(__file__).resolve().parents[2]


RENDER = "import json, reference; print(json.dumps({path.stem: text for path, text in reference.render().items()}))"


@pytest.fixture(scope="module")
def rendered() -> dict[str, str]:
    """The pages by a process of their own: the command line speaks the language that its process first asked for."""
    environment = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL", "LANGUAGE")}
    environment |= {"PYTHONPATH": f"{ROOT / 'tools'}:{ROOT}", "DJANGO_SETTINGS_MODULE": "allmende.config.settings_test"}
    done = subprocess.run([sys.executable, "-c", RENDER], env=environment, capture_output=True, text=True, check=True)
    pages: dict[str, str] = json.loads(done.stdout)
    return pages


@pytest.mark.parametrize("name", ["facts", "rights", "routes", "commands", "personal-data"])
def test_reference_page_is_what_the_code_says(name: str, rendered: dict[str, str]) -> None:
    path = ROOT / "docs" / "reference" / f"{name}.md"
    assert rendered[name] == path.read_text(), "stale: run python tools/reference.py"


@pytest.mark.parametrize("name", ["facts", "routes"])
def test_no_entry_is_silent(name: str) -> None:
    text = (ROOT / "docs" / "reference" / f"{name}.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert len(rows) > 10
    assert [row for row in rows if not row.rstrip(" |").rsplit("|", 1)[-1].strip(" `")] == []
    # A sentence that is only the kind's name says nothing to people.
    assert [
        row for row in rows if name == "facts" and row.split("|")[1].strip(" `") == row.split("|")[-2].strip()
    ] == []


def test_every_setting_is_documented_and_no_other() -> None:
    read: set[str] = set()
    unclear: list[str] = []
    for path in (ROOT / "src" / "allmende").rglob("*.py"):
        names, places = read_in(path)
        read |= names
        unclear += places
    # The one function that all of the settings read through.
    assert unclear == ["env.py:15"]
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| `")]
    described = [name for row in rows for name in re.findall(r"`([A-Z_]+)`", row[0])]
    assert sorted(described) == sorted(read)
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []


def test_reading_of_the_environment_is_found_however_it_is_written(tmp_path: Path) -> None:
    """The finder itself: without it, the test above would pass on an empty set."""
    source = tmp_path / "source.py"
    source.write_text(
        'os.environ["A"]\nos.environ.get("B", "")\nos.getenv("C")\n"D" in os.environ\nenv.flag("E")\nenv.words("F")\n'
        'for name in ("G", "H"):\n    os.environ.get(name)\nhanded = {"ALLMENDE_I": 1}\nos.environ[unknown]\n'
        'environ.pop("J")\nos.environ.setdefault("K", "1")\nother.get("NOT")\n'
    )
    names, unclear = read_in(source)
    assert names == {"A", "B", "C", "D", "E", "F", "G", "H", "ALLMENDE_I", "J", "K"}
    assert unclear == ["source.py:10"]


def test_docs_name_only_commands_that_exist() -> None:
    from allmende.spine.cli.main import build

    commands = set()
    for action in build()._actions:
        if getattr(action, "choices", None) and isinstance(action.choices, dict):
            commands |= set(action.choices)
    named = {
        match
        for path in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md"]
        for match in re.findall(
            r"(?<![\w./-])allmende ([a-z][a-z-]+)(?![\w/-])(?=[^`]*`|.*$)", _code(path.read_text()), re.M
        )
    }
    assert named - commands == set()
    assert named >= {"up", "setup", "check", "backup", "restore", "user"}


def _code(text: str) -> str:
    """Only what stands in code: fenced blocks and spans."""
    fenced = re.findall(r"```[a-z]*\n(.*?)```", text, re.S)
    spans = re.findall(r"`([^`\n]+)`", text)
    return "\n".join(fenced + spans)


def test_links_between_pages_lead_somewhere() -> None:
    broken = []
    for path in [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text()):
            if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)} → {target}")
    assert broken == []
