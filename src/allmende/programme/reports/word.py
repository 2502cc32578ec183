"""Filling Word documents (ECMA-376) that a town made itself: `{{title}}` becomes text, a table row with
`{{milestones.plan}}` is repeated for each milestone, `{{milestones}}` alone in a paragraph becomes one for each.

Word often cuts a placeholder into several runs (spelling, formats, edits): the text of a paragraph is read as a whole.
What is put in is always text. Every paragraph is gone through once, so that braces within the text of a measure stay
what they are.
"""

import copy
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_P, _T, _R, _TR, _BR, _TAB, _SECTION = (_W + name for name in ("p", "t", "r", "tr", "br", "tab", "sectPr"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_BOOKMARKS = (_W + "bookmarkStart", _W + "bookmarkEnd")
_IDS = tuple("{http://schemas.microsoft.com/office/word/2010/wordml}" + name for name in ("paraId", "textId"))
_HOLDER = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
_FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")
# XML 1.0, production 2: what may stand in a document at all.
_CONTROL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Fields that run a program when the document is opened.
_RUNS = re.compile(r"\bDDE(AUTO)?\b", re.IGNORECASE)
MAX_ENTRIES, MAX_UNPACKED = 2000, 50_000_000

Row = Mapping[str, str]


@dataclass(frozen=True)
class Words:
    """The placeholders of a kind of paper: single `texts`, and `lists` with the names of their columns."""

    texts: frozenset[str]
    lists: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Values:
    """What is put in: `texts` by name, rows of `lists` by name."""

    texts: Mapping[str, str]
    lists: Mapping[str, Sequence[Row]]


def _parse(raw: bytes) -> Any:
    """Raises ValidationError for what is no XML, or has a document type of its own (entities)."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(raw, parser)
    except etree.XMLSyntaxError:
        raise ValidationError(_("This Word document is damaged.")) from None
    if root.getroottree().docinfo.doctype:
        raise ValidationError(_("This Word document contains a document type, as no Word document does."))
    return root


def _entries(template: bytes) -> list[tuple[zipfile.ZipInfo, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_ENTRIES or sum(info.file_size for info in infos) > MAX_UNPACKED:
                raise ValidationError(_("This Word document is too large to be a template."))
            return [(info, archive.read(info)) for info in infos]
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, RuntimeError):
        raise ValidationError(_("This Word document is damaged.")) from None


def _loads_template(relation: Any) -> bool:
    return bool(relation.get("Type", "").endswith("/attachedTemplate"))


def _check_relations(root: Any) -> None:
    """A document may point to pages, but must not load anything from elsewhere when it is opened."""
    for relation in root:
        harmless = relation.get("Type", "").endswith("/hyperlink") or _loads_template(relation)
        if relation.get("TargetMode") == "External" and not harmless:
            raise ValidationError(
                _("This Word document loads something from elsewhere: %(target)s. Put it into the document itself.")
                % {"target": relation.get("Target", "")[:100]}
            )


def _lines_of(paragraph: Any) -> list[Any]:
    """The text nodes that belong to this paragraph and not to one within it (a text box)."""
    return [node for node in paragraph.iter(_T) if next(node.iterancestors(_P), None) is paragraph]


def _text(paragraph: Any) -> str:
    return "".join(node.text or "" for node in _lines_of(paragraph))


def _names(paragraphs: Iterable[Any]) -> Iterator[str]:
    for paragraph in paragraphs:
        for match in _HOLDER.finditer(_text(paragraph)):
            yield match[1].lower()


def check(template: bytes, words: Words) -> list[str]:
    """What is wrong with the placeholders of a template, in the active language; empty where it can be filled.

    Raises ValidationError where the document as such cannot be used.
    """
    found: dict[str, None] = {}
    for info, raw in _entries(template):
        if info.filename.endswith(".rels"):
            _check_relations(_parse(raw))
        elif info.filename.endswith(".xml"):
            root = _parse(raw)
            if any(_RUNS.search(node.text or "") for node in root.iter(_W + "instrText")):
                raise ValidationError(_("This Word document contains a field that starts a program (DDE)."))
            if _FILLED.fullmatch(info.filename):
                found |= dict.fromkeys(_wrong(root, words))
    return list(found)


def _wrong(root: Any, words: Words) -> Iterator[str]:
    for paragraph in root.iter(_P):
        in_row = next(paragraph.iterancestors(_TR), None) is not None
        for name in _names([paragraph]):
            first, dot, field = name.partition(".")
            if name in words.texts:
                continue
            if first not in words.lists or (dot and field not in words.lists[first]):
                yield _("There is no placeholder {{%(name)s}}.") % {"name": name}
            elif dot and not in_row:
                yield _("{{%(name)s}} must stand in the row of a table, which is repeated.") % {"name": name}
            elif not dot and _text(paragraph).strip().lower().strip("{} ") != name:
                yield _("{{%(name)s}} must stand alone in its paragraph.") % {"name": name}
    for row in root.iter(_TR):
        lists = {name.partition(".")[0] for name in _names(row.iter(_P)) if "." in name} & words.lists.keys()
        if len(lists) > 1 and not any(row.iterdescendants(_TR)):
            yield _("Two lists in one row of a table: %(lists)s.") % {"lists": ", ".join(sorted(lists))}


def fill(template: bytes, values: Values) -> bytes:
    """The template with everything put in. Placeholders that nobody knows stay: `check` tells of them.

    Raises ValidationError where the document cannot be used.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for info, raw in _entries(template):
            content = raw
            if _FILLED.fullmatch(info.filename):
                root = _parse(raw)
                _fill(root, values)
                content = _written(root)
            elif info.filename.endswith(".rels"):
                content = _without_template(raw)
            elif info.filename == "word/settings.xml":
                content = _without(raw, _W + "attachedTemplate")
            archive.writestr(info.filename, content)
    return out.getvalue()


def _written(root: Any) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _without_template(raw: bytes) -> bytes:
    """Templates that documents were begun with lie on somebody's disk, or on a stranger's server."""
    root = _parse(raw)
    gone = [relation for relation in root if _loads_template(relation)]
    for relation in gone:
        root.remove(relation)
    return _written(root) if gone else raw


def _without(raw: bytes, tag: str) -> bytes:
    root = _parse(raw)
    gone = list(root.iter(tag))
    for node in gone:
        node.getparent().remove(node)
    return _written(root) if gone else raw


def _fill(root: Any, values: Values) -> None:
    # Paragraphs that are done, so that what was put in is not read again.
    done: set[Any] = set()
    # The inner row of a table within a table comes before the outer one.
    for row in reversed(list(root.iter(_TR))):
        open_ = [paragraph for paragraph in row.iter(_P) if paragraph not in done]
        lists = {name.partition(".")[0] for name in _names(open_) if "." in name} & values.lists.keys()
        for name in sorted(lists)[:1]:
            _repeat(row, name, values, done)
    for paragraph in list(root.iter(_P)):
        if paragraph not in done:
            _paragraph(paragraph, values)


def _repeat(row: Any, name: str, values: Values, done: set[Any]) -> None:
    """A row for each of the list; one with dashes where the list is empty."""
    fields = {each for each in _names(row.iter(_P)) if each.startswith(f"{name}.")}
    for given in values.lists[name] or [dict.fromkeys((each.partition(".")[2] for each in fields), "–")]:
        again = _copy(row)
        row.addprevious(again)
        texts = dict(values.texts) | {f"{name}.{key}": text for key, text in given.items()}
        for paragraph in again.iter(_P):
            _put(paragraph, texts)
            done.add(paragraph)
    row.getparent().remove(row)


def _copy(node: Any) -> Any:
    """Without what must be there only once in a document."""
    again = copy.deepcopy(node)
    for each in list(again.iter()):
        for name in _IDS:
            each.attrib.pop(name, None)
        if each.tag in _BOOKMARKS:
            each.getparent().remove(each)
    again.tail = None
    return again


def _paragraph(paragraph: Any, values: Values) -> None:
    alone = _HOLDER.fullmatch(_text(paragraph).strip())
    name = alone[1].lower() if alone else ""
    if name in values.lists:
        parts = [", ".join(text for text in row.values() if text) for row in values.lists[name]] or ["–"]
    else:
        parts = re.split(r"\n\s*\n", values.texts.get(name, ""))
    # A paragraph that ends a section would end it again and again.
    if len(parts) > 1 and next(paragraph.iter(_SECTION), None) is None:
        for part in parts[:-1]:
            again = _copy(paragraph)
            paragraph.addprevious(again)
            _put(again, {name: part})
        _put(paragraph, {name: parts[-1]})
    elif name in values.lists:
        _put(paragraph, {name: "\n".join(parts)})
    else:
        _put(paragraph, values.texts)


def _put(paragraph: Any, texts: Mapping[str, str]) -> None:
    """Put texts in the place of their names: each into the run in which its name begins."""
    nodes = _lines_of(paragraph)
    pieces = [node.text or "" for node in nodes]
    starts = [sum(map(len, pieces[:at])) for at in range(len(pieces))]
    lengths = [len(piece) for piece in pieces]
    touched = False
    # From the last to the first: positions in front of what was put in still count.
    for match in reversed(list(_HOLDER.finditer("".join(pieces)))):
        text = texts.get(match[1].lower())
        if text is None:
            continue
        touched = True
        for at, start in enumerate(starts):
            begin, end = max(match.start(), start), min(match.end(), start + lengths[at])
            if begin < end:
                put = clean(text) if begin == match.start() else ""
                pieces[at] = pieces[at][: begin - start] + put + pieces[at][end - start :]
    if touched:
        for node, piece in zip(nodes, pieces, strict=True):
            _write(node, piece)


def clean(text: str) -> str:
    """Without the characters that no XML document can hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _write(node: Any, text: str) -> None:
    """A text node; lines and tabs have elements of their own."""
    first, *rest = re.split(r"([\n\t])", text)
    node.text = first
    node.set(_SPACE, "preserve")
    last = node
    for mark, part in zip(rest[::2], rest[1::2], strict=True):
        for tag, content in ((_BR if mark == "\n" else _TAB, None), (_T, part)):
            more = etree.Element(tag)
            more.text = content
            if tag == _T:
                more.set(_SPACE, "preserve")
            last.addnext(more)
            last = more
