"""The reference models of the interchange suite: read in place, never copied."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from allmende.process.core.bpmn import importer, names, parser
from allmende.process.core.bpmn.findings import Level
from allmende.process.core.engine.simulate import simulate

SEEDS = range(12)


@pytest.fixture
def models(data_folder: Path) -> list[Path]:
    found = sorted((data_folder / "process" / "bpmn").glob("*.bpmn"))
    if not found:
        pytest.skip("the shared data folder holds no BPMN models")
    return found


def test_all_are_imported_once_and_for_all(models: list[Path]) -> None:
    for model in models:
        data = model.read_bytes()
        found = importer.make_runnable(data)
        assert found.runnable, model.name
        assert [one.code for one in found.findings if one.level is Level.PROBLEM] == []
        again = importer.make_runnable(found.xml)
        assert (again.findings, again.xml) == ((), found.xml), model.name
        assert parser.specs(found.xml).keys() == {one.id for one in found.processes if one.steps}, model.name
        before = [_kept(one) for one in etree.fromstring(data).iter(etree.Element)]
        said = {one.element for one in found.findings}
        after = [one for one in etree.fromstring(found.xml).iter(etree.Element) if names.OWN not in str(one.tag)]
        for old, new in zip(before, after, strict=True):
            assert old == _kept(new) or new.get("id") in said, (model.name, old)


def _kept(element: etree._Element) -> tuple[str, str, dict[str, str]]:
    """An element without our own marks."""
    own = f"{{{names.OWN}}}"
    attributes = {name: value for name, value in element.attrib.items() if not name.startswith(own)}
    return str(element.tag), element.text or "", attributes


def test_all_processes_come_to_their_end(models: list[Path]) -> None:
    for model in models:
        runnable = importer.make_runnable(model.read_bytes()).xml
        missing = 0
        for seed in SEEDS:
            log = simulate(runnable, seed)
            assert log.ended, (model.name, seed, [(one.process, one.where) for one in log.processes])
            missing += sum(len(one.missing) for one in log.processes)
        assert missing == 0, f"{model.name}: no join of a reference model goes on without its flows"
