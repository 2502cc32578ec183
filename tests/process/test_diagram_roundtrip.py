"""Models of other tools through the editor and back: what it does not know is not lost."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from allmende import process
from allmende.process.core import xml
from allmende.process.core.bpmn.same import same
from allmende.process.domain import versions
from allmende.spine.people.enums import Role
from tests.factories import make_account
from tests.process.browsing import CHROMIUM, Window, chromium
from tests.support.full import FULL

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="skipped, install chromium"),
    pytest.mark.django_db(transaction=True),
]
SHIPPED = Path(process.__file__).parent / "shipped"
# What stands inside collapsed sub-processes loses its place in the drawing: bpmn-js draws it on a sheet of its own.
REDRAWN = {"B.1.0"}
FEW = {"A.4.1", "C.1.0", "C.8.0"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as opened:
        yield opened


def through_the_editor(browser: Any, url: str, data: bytes) -> tuple[bytes, bytes]:
    """A model as it is kept here, and as the editor writes it where nobody changes anything."""
    office = make_account(Role.PROGRAMME_OFFICE)
    row = versions.import_model(data, title="Modell", actor=office)
    window = Window(browser, url, office)
    window.page.goto("/intern/prozesse/modell/zeichnen/")
    window.page.wait_for_selector("[data-editor][data-ready]")
    with window.page.expect_request("**/pruefen/") as asked:
        window.page.get_by_role("button", name="Prüfen").click()
    assert window.noise == []
    window.context.close()
    return bytes(row.xml), json.loads(asked.value.post_data)["xml"].encode()


def without_drawing(data: bytes) -> etree._Element:
    root = xml.read(data)
    for each in root.findall("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"):
        root.remove(each)
    return root


def test_models_of_other_tools(browser: Any, live_server: Any, data_folder: Path):
    files = sorted((data_folder / "process" / "bpmn").glob("*.bpmn"))
    for path in files if FULL else [each for each in files if each.stem in FEW]:
        kept, written = through_the_editor(browser, live_server.url, path.read_bytes())
        again = versions.read(written)
        assert again.findings == (), path.name
        read = without_drawing if path.stem in REDRAWN else xml.read
        assert same(read(kept), read(again.xml)), path.name
        versions.Model.objects.all().delete()


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.bpmn"))[: None if FULL else 1], ids=lambda path: path.stem)
def test_models_that_come_along(browser: Any, live_server: Any, path: Path):
    kept, written = through_the_editor(browser, live_server.url, path.read_bytes())
    assert same(xml.read(kept), xml.read(versions.read(written).xml))
