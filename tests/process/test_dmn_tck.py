"""Test cases of the standard's kit: made-up ones always, the given ones where they are; what the documentation says."""

import json
from pathlib import Path

import pytest

from allmende.process.core.dmn import tck
from allmende.spine.cli import main
from tests.cli.support import schema

from .dmn_models import decision, definitions, given, knowledge, text

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "decisions.md"
HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>fees.dmn</modelName>'
)
CASES = """
<testCase id="1"><inputNode name="amount"><value xsi:type="xsd:decimal">100</value></inputNode>
  <resultNode name="fee"><expected><value xsi:type="xsd:decimal">33.333333333</value></expected></resultNode>
  <resultNode name="parts" type="decision"><expected>
    <component name="due"><value xsi:type="xsd:date">2024-02-29</value></component>
    <component name="list"><list><item><value xsi:type="xsd:string">&lt;a&gt;</value></item>
      <item><value xsi:nil="true"/></item></list></component>
    <component name="wait"><value xsi:type="xsd:duration">P1DT0H</value></component>
    <component name="at"><value xsi:type="xsd:time">10:00:00+00:00</value></component>
  </expected></resultNode></testCase>
<testCase id="2"><inputNode name="amount"><value xsi:type="xsd:string">x</value></inputNode>
  <resultNode name="fee" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
<testCase id="3" type="bkm" invocableName="add"><inputNode name="a"><value xsi:type="xsd:integer">1</value></inputNode>
  <inputNode name="b"><value xsi:type="xsd:integer">2</value></inputNode>
  <resultNode name="add"><expected><value xsi:type="xsd:decimal">3</value></expected></resultNode></testCase>
"""
WRONG = """
<testCase id="4"><inputNode name="amount"><value xsi:type="xsd:decimal">100</value></inputNode>
  <resultNode name="fee"><expected><value xsi:type="xsd:decimal">33.3333</value></expected></resultNode>
  <resultNode name="parts"><expected><value xsi:type="xsd:boolean">true</value></expected></resultNode></testCase>
<testCase id="5"><resultNode name="nothing"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
"""


def folder(path: Path, cases: str) -> Path:
    inner = path / "cases" / "0001-fees"
    inner.mkdir(parents=True)
    model = definitions(
        given("amount", "number"),
        decision("fee", text("amount / 3"), "amount", type_="number"),
        decision("parts", text('{due: @"2024-02-29", list: ["<a>", null], wait: @"PT24H", at: @"10:00:00Z"}')),
        knowledge("add", ["a", "b"], text("a + b")),
    )
    (inner / "fees.dmn").write_bytes(model)
    (inner / "0001-fees-test-01.xml").write_text(f"{HEAD}{cases}</testCases>")
    (inner / "other.xml").write_text("<project/>")
    return path


def test_made_up_cases_pass(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["decision", "test", str(folder(tmp_path, CASES)), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    schema("decision").validate(found)
    assert (found["ok"], found["passed"], found["failed"], found["cases"]) == (True, 4, 0, {"passed": 3, "failed": 0})
    assert found["results"][0] == {
        "file": "cases/0001-fees/0001-fees-test-01.xml", "case": "1", "result": "fee", "reason": "", "passed": True,
    }  # fmt: skip


def test_what_is_wrong_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder(tmp_path, CASES + WRONG)
    (path / "broken-test-01.xml").write_text('<!DOCTYPE x [<!ENTITY a "b">]><testCases>&a;</testCases>')
    (path / "lost-test-01.xml").write_text(f"{HEAD.replace('fees', 'lost')}{CASES}</testCases>")
    assert main.main(["decision", "test", str(path), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    schema("decision").validate(found)
    wrong = [
        (one["case"], one["result"], one["reason"].partition(":")[0]) for one in found["results"] if not one["passed"]
    ]
    assert wrong == [
        ("", "", "not readable"), ("4", "fee", "expected {'n'"), ("4", "parts", "expected True, got {'c'"),
        ("5", "nothing", "missing"), ("", "", "not readable"),
    ]  # fmt: skip
    assert (found["passed"], found["failed"], found["cases"]["failed"]) == (4, 5, 4)


def test_folders_without_cases(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path, code in ((tmp_path / "none", "no_folder"), (tmp_path, "no_cases")):
        assert main.main(["decision", "test", str(path), "--json"]) == 1
        answer = json.loads(capsys.readouterr().out)
        schema("error").validate(answer)
        assert answer["error"]["code"] == code


def measured(path: Path) -> str:
    """The table and the list of docs/reference/decisions.md."""
    rows, failing = ["| folder | results | test cases |", "|---|---|---|"], []
    for part in sorted(one for one in path.iterdir() if one.is_dir()):
        outcomes = list(tck.run(part))
        cases = {(one.file, one.case) for one in outcomes}
        missed = {(one.file, one.case) for one in outcomes if not one.passed}
        right = sum(one.passed for one in outcomes)
        rows.append(f"| {part.name} | {right} of {len(outcomes)} | {len(cases - missed)} of {len(cases)} |")
        failing += [f"- {one.file} {one.case} {one.result}: {one.reason}" for one in outcomes if not one.passed]
    return "\n".join([*rows, "", "Failing:", *failing] if failing else [*rows, "", "Failing: none."])


def test_the_given_cases_and_what_the_documentation_says_of_them(data_folder: Path) -> None:
    path = data_folder / "process" / "dmn"
    if not path.is_dir():
        pytest.skip("the shared data has no DMN test cases on this machine")
    written = DOCUMENT.read_text().partition("<!-- begin: measured -->\n")[2].partition("\n<!-- end: measured -->")[0]
    assert measured(path) == written
