"""What OParl servers say, read without trust: versions 1.0 and 1.1, objects inside of others or by their addresses,
fields that are missing or of another kind. Pure: no network, no database."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

Object = dict[str, Any]
_BLOCKS = frozenset(
    ("article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
     "section", "table", "td", "tr", "ul")
)  # fmt: skip
_SILENT = frozenset(("head", "script", "style", "template", "title"))
_MARKUP = re.compile(r"<[a-zA-Z/!]|&(?:[a-zA-Z]+|#\d+|#x[0-9a-fA-F]+);")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
# How often markup is taken off: servers put escaped HTML into HTML.
_LAYERS = 2


def kind(obj: Object) -> str:
    """The last part of the type: "Meeting" of https://schema.oparl.org/1.1/Meeting. Empty where it says none."""
    told = obj.get("type")
    return told.rstrip("/").rsplit("/", 1)[-1] if isinstance(told, str) else ""


def identity(value: Any) -> str:
    """The address of an object that is inside, or that is named by its address; empty where there is none."""
    told = value.get("id") if isinstance(value, dict) else value
    return told if isinstance(told, str) and len(told) <= 500 and is_web(told) else ""


def is_web(text: str) -> bool:
    """Whether it is an http(s) address that a link may lead to."""
    return re.match(r"https?://[^\s/\\@]+(?:/|$|\?)", text, re.I) is not None and not re.search(r"[\s\x00-\x1f]", text)


def several(value: Any) -> list[Any]:
    """What may be one or many as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def first(value: Any) -> Any:
    return next((each for each in several(value) if isinstance(each, str | dict)), None)


def web(*values: Any) -> str:
    """The first that is an address for people."""
    return next((each for each in values if isinstance(each, str) and len(each) <= 500 and is_web(each)), "")


def text(value: Any, longest: int, *, lines: bool = False) -> str:
    """A text without markup and control characters, in one line unless `lines`; cut at `longest` characters."""
    found = str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
    for _layer in range(_LAYERS):
        if _MARKUP.search(found):
            found = _plain(found)
    found = _CONTROLS.sub("", found.replace("\r\n", "\n").replace("\r", "\n")).replace("\xa0", " ").replace("\xad", "")
    if lines:
        found = "\n".join(" ".join(line.split()) for line in found.split("\n"))
        found = re.sub(r"\n{3,}", "\n\n", found).strip()
    else:
        found = " ".join(found.split())
    return found if len(found) <= longest else found[: longest - 1].rstrip() + "…"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in _SILENT
        if tag in _BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _SILENT))
        if tag in _BLOCKS and tag not in ("br", "hr"):  # <br/> begins and ends
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


def _plain(markup: str) -> str:
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return "".join(reader.parts)


def moment(value: Any) -> dt.datetime | None:
    """An RFC 3339 time with a zone; None for everything else."""
    if not isinstance(value, str):
        return None
    try:
        found = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None and 1900 <= found.year <= 2200 else None


def day(value: Any, zone: dt.tzinfo) -> dt.date | None:
    """The day of a time or date, in the town's zone."""
    found = moment(value)
    if found is not None:
        return found.astimezone(zone).date()
    try:
        plain = dt.date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None
    return plain if plain is not None and 1900 <= plain.year <= 2200 else None


@dataclass(frozen=True)
class Page:
    """A page of a list of objects. `following`: address of the next, empty on the last."""

    objects: tuple[Object, ...]
    following: str


def page(doc: Object) -> Page | None:
    """A page of a list; None where it is none."""
    data = doc.get("data")
    if not isinstance(data, list):
        return None
    links = doc.get("links")
    following = links.get("next") if isinstance(links, dict) else None
    objects = tuple(each for each in data if isinstance(each, dict))
    return Page(objects, following if isinstance(following, str) else "")


def since(url: str, moment: dt.datetime) -> str:
    """The address of the first page of what was modified since."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "modified_since"]
    query = urlencode([*kept, ("modified_since", moment.isoformat(timespec="seconds"))])
    return urlunsplit(parts._replace(query=query, fragment=""))


def joined(base: str, address: str) -> str:
    """An address as it is meant on the page at `base`; empty where it is none."""
    try:
        return urljoin(base, address)
    except ValueError:
        return ""


def is_deleted(obj: Object) -> bool:
    return obj.get("deleted") is True


def agenda(obj: Object) -> Iterator[tuple[Any, Object | None]]:
    """The agenda items of an object in a list, each inside or by its address, with the meeting where it is known."""
    if kind(obj) == "Meeting" or "agendaItem" in obj:
        for each in several(obj.get("agendaItem")):
            yield each, obj
    else:
        yield obj, None


def decides(item: Object) -> bool:
    """Whether a public agenda item has a result."""
    if is_deleted(item) or item.get("public") is False:
        return False
    return bool(text(item.get("result"), 300) or resolution(item))


def resolution(item: Object) -> str:
    """The wording: `resolutionText`, in drafts of 1.0 `resolution`."""
    return text(item.get("resolutionText") or item.get("resolution"), 20_000, lines=True)


def key(reference: str) -> str:
    """A paper's reference for comparing: without blanks, case and leading words as people write them."""
    found = "".join(reference.split()).casefold()
    return re.sub(r"^(?:(?:beschluss)?vorlage(?:n(?!r))?|drucksachen?|drs)?[.:-]*(?:nr|nummer)?[.:]*(?=\d)", "", found)[
        :120
    ]


_NOT = re.compile(r"abgelehnt|ablehn|nicht |vertagt|zurückgestellt|zurückgezogen|abgesetzt|verwiesen|kenntnis", re.I)
_YES = re.compile(r"beschlossen|zugestimmt|zustimm|angenommen|genehmigt|einstimmig|mehrheitlich", re.I)


def kind_of(result: str) -> str:
    """What a result seems to do to a measure: "approve" or "note". A person decides."""
    return "approve" if _YES.search(result) and not _NOT.search(result) else "note"
