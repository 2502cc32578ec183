"""Reading XML that strangers uploaded: models of processes and decisions.

Nothing outside the bytes is ever asked for. A document type is refused, and with it every entity; so are XInclude,
files over 5 MB, elements nested more than 200 deep and more than 100,000 elements.
"""

from __future__ import annotations

import codecs
import re

from lxml import etree

MAX_BYTES = 5_000_000
MAX_DEPTH = 200
MAX_ELEMENTS = 100_000
XINCLUDE = "http://www.w3.org/2001/XInclude"

# Encodings in which a document type can be seen before the parser runs: supersets of ASCII, and UTF-16.
_ENCODING = re.compile(r"(utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-8859-\d{1,2}|latin-?1|windows-125\d|cp125\d)", re.I)
_DECLARED = re.compile(r"""<\?xml[^>]*?encoding\s*=\s*["']([^"']*)["']""")

# Code → (German, English), for codes of BPMN and DMN readers too.
TEXTS: dict[str, tuple[str, str]] = {
    "empty": ("Die Datei ist leer.", "The file is empty."),
    "too_big": ("Die Datei ist zu groß (höchstens 5 MB).", "The file is too big (5 MB at most)."),
    "doctype": (
        "Die Datei enthält einen Dokumenttyp (DOCTYPE) oder Entitäten; solche Dateien werden nicht gelesen.",
        "The file has a document type (DOCTYPE) or entities; such files are not read.",
    ),
    "encoding": ("Die Zeichenkodierung wird nicht gelesen.", "The character encoding is not read."),
    "html": ("Das ist eine Webseite, kein Modell.", "This is a web page, not a model."),
    "not_xml": ("Die Datei ist kein gültiges XML.", "The file is not valid XML."),
    "too_deep": ("Die Datei ist zu tief verschachtelt.", "The file is nested too deep."),
    "too_many": ("Die Datei hat zu viele Elemente.", "The file has too many elements."),
    "include": ("Die Datei bindet andere Dateien ein (XInclude).", "The file includes other files (XInclude)."),
    "dmn": ("Das ist ein Entscheidungsmodell (DMN), kein Prozess.", "This is a decision model (DMN), not a process."),
    "not_bpmn": ("Die Datei ist XML, aber kein BPMN 2.0.", "The file is XML, but not BPMN 2.0."),
}


class Unreadable(ValueError):
    """A file that is not read. `code` is stable, `line` counts from 1 and is 0 where no line is meant.

    `message` is for people who look for the fault: the parser's words, or what was found instead.
    """

    def __init__(self, code: str, message: str = "", line: int = 0) -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message
        self.line = line

    def text(self, language: str) -> str:
        """The sentence for a person; `language` is `de` or `en`."""
        german, english = TEXTS.get(self.code, (self.code, self.code))
        place = f" ({'Zeile' if language == 'de' else 'line'} {self.line})" if self.line else ""
        detail = f" {self.message}" if self.message else ""
        return f"{german if language == 'de' else english}{place}{detail}"


def read(data: bytes) -> etree._Element:
    """The root element of an XML file of any of the usual encodings.

    Raises Unreadable with the code `empty`, `too_big`, `doctype`, `encoding`, `html`, `not_xml`, `too_deep`, `too_many`
    or `include`.
    """
    if len(data) > MAX_BYTES:
        raise Unreadable("too_big", f"{len(data)} bytes, at most {MAX_BYTES} are read")
    data = _trimmed(data)
    if not data:
        raise Unreadable("empty")
    _check_prolog(_head(data))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False, recover=False,
        strip_cdata=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        code = "too_deep" if "depth" in str(exc).lower() else "not_xml"
        raise Unreadable(code, str(exc.msg or exc), exc.lineno or 0) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("doctype")
    _check_size(root)
    return root


def _trimmed(data: bytes) -> bytes:
    """Without the white space and empty lines that some tools write before the declaration."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data
    data = data.removeprefix(codecs.BOM_UTF8)
    return data.strip(b" \t\r\n") if data[1:2] != b"\0" and data[:1] != b"\0" else data


def _head(data: bytes) -> str:
    """The text before the root element, and a little more."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = data.decode("utf-16", "replace")
    elif data[:1] == b"\0":
        text = data.decode("utf-16-be", "replace")
    elif data[1:2] == b"\0":
        text = data.decode("utf-16-le", "replace")
    else:
        text = data.decode("latin-1")
    declared = _DECLARED.match(text)
    if declared and not _ENCODING.fullmatch(declared.group(1).strip()):
        raise Unreadable("encoding", declared.group(1)[:40], 1)
    return text


def _check_prolog(text: str) -> None:
    """Only declarations, comments and white space may stand before the root element."""
    at = 0
    while True:
        while at < len(text) and text[at].isspace():
            at += 1
        rest = text[at : at + 9]
        if rest.startswith("<?"):
            end = text.find("?>", at)
            at = end + 2 if end >= 0 else len(text)
        elif rest.startswith("<!--"):
            end = text.find("-->", at)
            at = end + 3 if end >= 0 else len(text)
        else:
            break
    line = text.count("\n", 0, at) + 1
    start = text[at : at + 20].lower()
    if start.startswith(("<!doctype html", "<html")):
        raise Unreadable("html", line=line)
    if start.startswith("<!"):
        raise Unreadable("doctype", line=line)
    if at >= len(text):
        raise Unreadable("empty")
    if not start.startswith("<"):
        raise Unreadable("not_xml", "no XML element at the start", line)


def _check_size(root: etree._Element) -> None:
    count, depth = 0, 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "end":
            depth -= 1
            continue
        count, depth = count + 1, depth + 1
        if depth > MAX_DEPTH:
            raise Unreadable("too_deep", f"more than {MAX_DEPTH} levels", element.sourceline or 0)
        if count > MAX_ELEMENTS:
            raise Unreadable("too_many", f"more than {MAX_ELEMENTS} elements", element.sourceline or 0)
        if isinstance(element.tag, str) and element.tag.startswith(f"{{{XINCLUDE}}}"):
            raise Unreadable("include", line=element.sourceline or 0)
