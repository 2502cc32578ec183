"""Papers in Word: placeholders however Word cuts them, text that stays text, templates that may harm nobody."""

import datetime as dt
import io
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.programme.models import Decision, Measure, Milestone, Task, Topic
from allmende.programme.reports import letterheads, word
from allmende.programme.reports.papers import WORDS, Paper
from allmende.programme.reports.standard import standard
from allmende.programme.reports.word import Values, Words
from allmende.spine.files.models import StoredFile
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

KNOWN = Words(frozenset({"title", "reason"}), {"steps": ("name", "day"), "sums": ("name",)})


def made(*paragraphs: list[str], rows: list[list[str]] | None = None) -> bytes:
    """A document: each paragraph as a list of runs, and a table."""
    document = Document()
    for runs in paragraphs:
        paragraph = document.add_paragraph()
        for run in runs:
            paragraph.add_run(run)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for line, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(line.cells, cells, strict=True):
                cell.text = text
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def opened(content: bytes) -> Any:
    return Document(io.BytesIO(content))


def texts(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in opened(content).paragraphs]


def cells(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in opened(content).tables[0].rows]


def values(steps: list[dict[str, str]] | None = None, **given: str) -> Values:
    return Values({"title": "Licht", "reason": "Weil."} | given, {"steps": steps or [], "sums": []})


@given(st.lists(st.integers(0, 26), max_size=12))
def test_a_placeholder_is_found_however_it_is_cut_into_runs(cuts: list[int]) -> None:
    text = "Über {{ title }}: {{Reason}}"
    places = [0, *sorted(cuts), len(text)]
    runs = [text[begin:end] for begin, end in pairwise(places)]
    assert texts(word.fill(made(runs), values())) == ["Über Licht: Weil."]


def test_rows_are_repeated() -> None:
    template = made(rows=[["Schritt", "Tag"], ["{{steps.name}}", "am {{steps.day}} ({{title}})"], ["Ende", ""]])
    steps = [{"name": "A", "day": "1.1."}, {"name": "B {{title}}", "day": "2.2."}]
    assert cells(word.fill(template, values(steps))) == [
        ["Schritt", "Tag"], ["A", "am 1.1. (Licht)"], ["B {{title}}", "am 2.2. (Licht)"], ["Ende", ""],
    ]  # fmt: skip
    assert cells(word.fill(template, values())) == [["Schritt", "Tag"], ["–", "am – (Licht)"], ["Ende", ""]]


def test_a_list_alone_in_a_paragraph_becomes_paragraphs() -> None:
    template = made(["vor"], ["{{steps}}"], ["nach"])
    steps = [{"name": "A", "day": "1.1."}, {"name": "B", "day": ""}]
    assert texts(word.fill(template, values(steps))) == ["vor", "A, 1.1.", "B", "nach"]
    assert texts(word.fill(template, values())) == ["vor", "–", "nach"]


def test_paragraphs_lines_and_tabs_of_a_text_are_kept() -> None:
    filled = word.fill(made(["{{reason}}"], ["Grund: {{reason}}!"]), values(reason="Eins\nzwei\n\nDrei\tvier"))
    assert texts(filled) == ["Eins\nzwei", "Drei\tvier", "Grund: Eins\nzwei\n\nDrei\tvier!"]


def test_text_is_text() -> None:
    hostile = '</w:t><w:br/>&amp; <script>"{{reason}}" ]]> ' + "\x00\x0b\x1b\ufffe"
    filled = word.fill(made(["{{title}}"]), values(title=hostile, reason="NIE"))
    assert texts(filled) == ['</w:t><w:br/>&amp; <script>"{{reason}}" ]]> ']


@settings(deadline=None)
@given(st.text())
def test_whatever_is_put_in_can_be_opened(text: str) -> None:
    shown = opened(word.fill(made(["a{{title}}b"]), values(title=text))).paragraphs[0].text
    assert (shown[0], shown[-1]) == ("a", "b")


def test_head_and_foot_are_filled() -> None:
    document = Document()
    document.sections[0].header.paragraphs[0].text = "Kopf {{title}}"
    document.sections[0].footer.paragraphs[0].text = "Fuß {{title}}"
    out = io.BytesIO()
    document.save(out)
    section = opened(word.fill(out.getvalue(), values())).sections[0]
    assert (section.header.paragraphs[0].text, section.footer.paragraphs[0].text) == ("Kopf Licht", "Fuß Licht")


def test_what_is_wrong_with_placeholders_is_named() -> None:
    template = made(
        ["{{titel}}"], ["{{steps.nam}}"], ["{{steps.name}}"], ["mit {{steps}}"],
        rows=[["{{steps.name}}", "{{sums.name}}"]],
    )  # fmt: skip
    assert word.check(template, KNOWN) == [
        "Den Platzhalter {{titel}} gibt es nicht.",
        "Den Platzhalter {{steps.nam}} gibt es nicht.",
        "{{steps.name}} muss in der Zeile einer Tabelle stehen; die Zeile wird wiederholt.",
        "{{steps}} muss allein in seinem Absatz stehen.",
        "Zwei Listen in einer Tabellenzeile: steps, sums.",
    ]
    assert word.check(made(["{{title}}"], ["{{steps}}"], rows=[["{{steps.name}}"]]), KNOWN) == []


@pytest.mark.parametrize("paper", Paper)
def test_the_templates_that_come_along_are_right(paper: Paper) -> None:
    assert word.check(standard(paper), WORDS[paper]) == []


def changed(template: bytes, name: str, old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as before, zipfile.ZipFile(out, "w") as after:
        for entry in before.namelist():
            raw = before.read(entry)
            if entry == name:
                assert old in raw
                raw = raw.replace(old, new)
            after.writestr(entry, raw)
    return out.getvalue()


_RELS = "word/_rels/document.xml.rels"
_KIND = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def relation(kind: bytes) -> bytes:
    return (
        b'<Relationship Id="rId99" Type="'
        + _KIND
        + kind
        + b'" Target="https://fremd.example/x" TargetMode="External"/>'
        b"</Relationships>"
    )


def test_what_would_be_loaded_from_elsewhere_is_refused() -> None:
    template = changed(made(["x"]), _RELS, b"</Relationships>", relation(b"image"))
    with pytest.raises(ValidationError, match=r"https://fremd\.example/x"):
        word.check(template, KNOWN)
    assert word.check(changed(made(["x"]), _RELS, b"</Relationships>", relation(b"hyperlink")), KNOWN) == []


def test_the_template_of_a_template_does_not_travel_along() -> None:
    template = changed(made(["x"]), _RELS, b"</Relationships>", relation(b"attachedTemplate"))
    assert word.check(template, KNOWN) == []
    with zipfile.ZipFile(io.BytesIO(word.fill(template, values()))) as archive:
        assert b"fremd.example" not in archive.read(_RELS)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"<w:document", b'<!DOCTYPE a [<!ENTITY b "c">]><w:document', "Dokumenttyp"),
        (b"<w:t>x</w:t>", b"<w:instrText>DDEAUTO c:\\cmd.exe</w:instrText>", "DDE"),
        (b"</w:document>", b"", "beschädigt"),
    ],
)
def test_hostile_and_broken_documents_are_refused(old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        word.check(changed(made(["x"]), "word/document.xml", old, new), KNOWN)
    with pytest.raises(ValidationError, match="beschädigt"):
        word.check(b"PK\x03\x04 nichts", KNOWN)


def whole() -> Measure:
    measure = make_measure(title="Licht & <b>Weg</b>", reason="Sicher gehen.")
    Milestone.objects.create(
        measure=measure,
        title="Masten",
        baseline=dt.date(2022, 1, 10),
        plan=dt.date(2022, 2, 1),
        done=dt.date(2022, 2, 22),
    )  # fmt: skip
    Decision.objects.create(measure=measure, date=dt.date(2021, 3, 1), body="Stadtrat", kind="approve", text="Ja.")
    Task.objects.create(measure=measure, title="INTERN", due=dt.date(2030, 1, 1))
    return measure


def all_text(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/document.xml").decode()


@pytest.fixture
def office(client: Client) -> Client:
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    return client


@pytest.mark.django_db
def test_a_paper_for_the_council(office: Client) -> None:
    measure = whole()
    answer = office.get(f"/intern/massnahmen/{measure.public_id}/vorlage.docx")
    document = opened(answer.content)
    assert document.paragraphs[0].text == "Licht & <b>Weg</b>"
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]
    assert tables[2][1:] == [["Masten", "10. Januar 2022", "1. Februar 2022", "22. Februar 2022", "43 Tage später"]]
    assert tables[3][1:] == [["1. März 2021", "Stadtrat", "beschlossen", "Ja."]]
    assert tables[4][1:] == [["–", "–", "–"]]
    assert "{{" not in all_text(answer.content) and "INTERN" not in all_text(answer.content)


@pytest.mark.django_db
def test_a_status_report_of_a_topic(office: Client) -> None:
    other = Topic.objects.create(slug="verkehr", title="Verkehr")
    whole()
    make_measure(title="Anderes", topic=other)
    make_measure(title="GEHEIM", published=None)
    content = office.get("/intern/berichte/stand.docx", {"topic": "energie"}).content
    assert [row[0] for row in cells(content)] == ["Maßnahme", "Licht & <b>Weg</b>"]
    assert "Energie" in texts(content)
    everything = office.get("/intern/berichte/stand.docx").content
    assert [row[0] for row in cells(everything)][1:] == ["Licht & <b>Weg</b>", "Anderes"]
    assert office.get("/intern/berichte/stand.docx", {"topic": "unsinn"}).status_code == 422


def sent(content: bytes, name: str = "stadt.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.django_db
def test_the_towns_own_template(office: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    measure = whole()
    address = "/intern/papiere/council/"
    answer = office.post(address, {"council-file": sent(made(["Stadt Musterstadt: {{title}}"]))})
    assert (answer.status_code, StoredFile.objects.count()) == (302, 1)
    made_with = office.get(f"/intern/massnahmen/{measure.public_id}/vorlage.docx").content
    assert texts(made_with) == ["Stadt Musterstadt: Licht & <b>Weg</b>"]
    office.post(address, {"council-file": sent(made(["Neu: {{title}}"]))})
    assert StoredFile.objects.count() == 1
    assert "stadt.docx" in office.get("/intern/papiere/").content.decode()
    office.post(address, {"drop": "1"})
    assert (StoredFile.objects.count(), letterheads.bytes_of(Paper.COUNCIL)) == (0, standard(Paper.COUNCIL))


@pytest.mark.django_db
def test_a_wrong_template_is_refused_with_what_is_wrong(office: Client, settings: Any, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    for content, name, said in (
        (made(["{{titel}} {{nix}}"]), "a.docx", "Den Platzhalter {{titel}} gibt es nicht."),
        (b"%PDF-1.7 %%EOF", "a.pdf", "passt hier nicht"),
        (b"", "a.docx", "leer"),
        (
            changed(made(["x"]), "[Content_Types].xml", b"document.main", b"document.macroEnabled.main"),
            "a.docx",
            "Makros",
        ),
    ):
        answer = office.post("/intern/papiere/council/", {"council-file": sent(content, name)})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert StoredFile.objects.count() == 0
    assert office.post("/intern/papiere/nix/", {}).status_code == 404


@pytest.mark.django_db
def test_who_may_not_make_reports_may_not_set_templates(client: Client) -> None:
    editor = make_account(Role.EDITOR)
    with pytest.raises(PermissionDenied):
        letterheads.set_own(Paper.COUNCIL, sent(made(["x"])), actor=editor)
    with pytest.raises(PermissionDenied):
        letterheads.drop_own(Paper.COUNCIL, actor=editor)
    client.force_login(editor)
    assert client.post("/intern/papiere/council/", {"drop": "1"}).status_code == 403
    foreign = make_account(Role.EDITOR, scope="measure:0190aaaa-0000-7000-8000-000000000000")
    client.force_login(foreign)
    assert client.get(f"/intern/massnahmen/{whole().public_id}/vorlage.docx").status_code == 403
