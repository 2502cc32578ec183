"""Instances as former versions of the engine kept them are read by this one, and go on to their end."""

import json
import random
from datetime import datetime
from pathlib import Path

import pytest

from allmende.process.core.bpmn import parser
from allmende.process.core.engine.clock import SetClock
from allmende.process.core.engine.rows import SCHEMA, Row
from allmende.process.core.engine.run import Run

from .moving import state, walk

FILES = sorted((Path(__file__).parent / "states").glob("*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_kept_state_is_read_and_goes_on(path):
    told = json.loads(path.read_text())
    clock = SetClock(datetime.fromisoformat(told["now"]))
    specs = parser.specs(told["xml"].encode())[told["process"]]
    run = Run.resume(specs, told["head"], [Row(*row) for row in told["rows"]], clock)
    assert sorted([each.element, each.kind, each.item] for each in run.waiting()) == told["waits"]
    assert sorted([each.element, each.due.isoformat()] for each in run.alarms()) == told["alarms"]
    walk(run, clock, 100, random.Random(1))
    assert run.ended


def test_there_are_states_of_this_schema():
    """A new schema begins with new states: `moving.state`."""
    assert [path.stem for path in FILES if path.stem.startswith(f"schema-{SCHEMA}-")]
    assert state(1)["waits"] == json.loads(FILES[0].read_text())["waits"]
