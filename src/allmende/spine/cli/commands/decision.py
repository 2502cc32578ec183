"""`allmende decision test DIR`: test cases of the DMN Technology Compatibility Kit below a folder; exit code 0 when all
pass. No database, no Django."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from allmende.spine.cli import frame

HELP = {
    "de": "Entscheidungen prüfen: Testfälle des DMN-TCK (*.dmn mit ihren *-test-*.xml) rechnen",
    "en": "check decisions: compute test cases of the DMN TCK (*.dmn with their *-test-*.xml)",
}
DATA = False


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["test"], metavar="test", help=frame.text("Testfälle rechnen", "compute cases"))
    parser.add_argument(
        "folder", type=Path, metavar="DIR",
        help=frame.text("Ordner, auch mit Unterordnern", "folder, with folders inside it"),
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    if not args.folder.is_dir():
        said = frame.text(f"Diesen Ordner gibt es nicht: {args.folder}", f"There is no such folder: {args.folder}")
        frame.fail(args, "no_folder", said)
        return 1
    # The room lies above the spine: found by its name, as the composition root is (frame.composition).
    tck = importlib.import_module("allmende.process.core.dmn.tck")
    outcomes = list(tck.run(args.folder))
    if not outcomes:
        said = frame.text("In diesem Ordner ist kein Testfall.", "There is no test case in this folder.")
        frame.fail(args, "no_cases", said, frame.text("Gesucht sind Dateien mit testCases.", "Looked for: testCases."))
        return 1
    passed = sum(one.passed for one in outcomes)
    cases = {(one.file, one.case) for one in outcomes}
    missed = {(one.file, one.case) for one in outcomes if not one.passed}
    payload = {
        "ok": passed == len(outcomes),
        "passed": passed,
        "failed": len(outcomes) - passed,
        "cases": {"passed": len(cases - missed), "failed": len(missed)},
        "results": [asdict(one) | {"passed": one.passed} for one in outcomes],
    }
    frame.emit(args, payload, _lines(payload))
    return 0 if payload["ok"] else 1


def _lines(payload: dict[str, Any]) -> Iterable[str]:
    for one in payload["results"]:
        sign = frame.text("gut", "ok") if one["passed"] else frame.text("FALSCH", "WRONG")
        yield f"{sign:7} {one['file']}  {one['case']}  {one['result']}  {one['reason']}".rstrip()
    passed, total = payload["passed"], payload["passed"] + payload["failed"]
    cases = payload["cases"]["passed"], sum(payload["cases"].values())
    yield frame.text(
        f"{passed} von {total} Ergebnissen in {cases[0]} von {cases[1]} Testfällen stimmen.",
        f"{passed} of {total} results in {cases[0]} of {cases[1]} test cases are right.",
    )
