"""The templates that come along, made by code: plain, A4, in the active language, with every placeholder where it
fits. A town may take one as the beginning of its own."""

import functools
import io
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .papers import Paper


def standard(paper: Paper) -> bytes:
    """The template of a paper as DOCX."""
    return _made(paper, get_language() or "de")


@functools.lru_cache(maxsize=8)
def _made(paper: Paper, language: str) -> bytes:
    document = _empty(str(paper.label), language)
    if paper == Paper.COUNCIL:
        _council(document)
    else:
        _status(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _empty(title: str, language: str) -> Any:
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    normal = document.styles["Normal"]
    normal.font.size = Pt(11)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), "en-GB" if language.startswith("en") else "de-DE")
    normal.element.get_or_add_rPr().append(spoken)
    page.header.paragraphs[0].text = "{{programme}} · {{town}}"
    page.footer.paragraphs[0].text = _("State as of") + " {{date}}"
    return document


def _council(document: Any) -> None:
    document.add_heading("{{title}}", 1)
    document.add_paragraph("{{summary}}")
    _table(document, [(_("State"), "{{state}}"), (_("since"), "{{since}}"), (_("Slip"), "{{slip}}")])
    _table(document, [(_("Topic"), "{{topic}}"), (_("Phase"), "{{phase}}"), (_("Stage"), "{{stage}}")])
    for head, name in (
        (_("Why"), "reason"),
        (_("What has happened so far"), "course"),
        (_("What it led to"), "result"),
    ):
        document.add_heading(head, 2)
        document.add_paragraph(f"{{{{{name}}}}}")
    for head, name, columns in (
        (_("Milestones"), "milestones", {
            "title": _("What is reached"), "baseline": _("First planned for"), "plan": _("Now planned for"),
            "done": _("Reached on"), "slip": _("Slip"),
        }),
        (_("Decisions"), "decisions", {
            "date": _("Date"), "body": _("Who decided"), "kind": _("What"), "text": _("In words"),
        }),
        (_("Who pays for it"), "money", {"title": _("Grant"), "amount": _("Amount"), "source": _("Source")}),
        (_("What it is measured on"), "indicators", {
            "title": _("Indicator"), "now": _("Now"), "target": _("Target"), "progress": _("Progress"),
        }),
        (_("Risks"), "risks", {
            "text": _("What may go wrong"), "likelihood": _("How likely"), "impact": _("How bad"),
            "response": _("What is done about it"),
        }),
    ):  # fmt: skip
        document.add_heading(head, 2)
        _table(document, [(label, f"{{{{{name}.{key}}}}}") for key, label in columns.items()])
    document.add_paragraph()
    document.add_paragraph("{{address}}")


def _status(document: Any) -> None:
    document.add_heading(_("Status report"), 1)
    document.add_paragraph("{{choice}}")
    columns = {
        "title": _("Measure"), "state": _("State"), "slip": _("Slip"), "next": _("Next milestone"),
        "money": _("Who pays for it"),
    }  # fmt: skip
    _table(document, [(label, f"{{{{measures.{key}}}}}") for key, label in columns.items()])
    document.add_paragraph()
    document.add_paragraph(_("Number of measures") + ": {{count}}")


def _table(document: Any, columns: list[tuple[str, str]]) -> None:
    """A head that is repeated on every page, and a row of placeholders."""
    from docx.oxml import OxmlElement

    table = document.add_table(rows=2, cols=len(columns), style="Table Grid")
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for place, (label, holder) in enumerate(columns):
        head = table.rows[0].cells[place].paragraphs[0].add_run(label)
        head.bold = True
        table.rows[1].cells[place].text = holder
    document.add_paragraph()
