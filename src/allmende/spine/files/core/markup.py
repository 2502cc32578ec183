"""XML uploads: which vocabulary it is, and nothing in it that could expand or run. Pure."""

import os
from typing import BinaryIO
from xml.parsers import expat

ROOTS = {
    ("http://www.topografix.com/GPX/1/1", "gpx"): "application/gpx+xml",
    ("http://www.topografix.com/GPX/1/0", "gpx"): "application/gpx+xml",
    ("http://www.opengis.net/kml/2.2", "kml"): "application/vnd.google-earth.kml+xml",
    ("http://earth.google.com/kml/2.2", "kml"): "application/vnd.google-earth.kml+xml",
    ("http://earth.google.com/kml/2.1", "kml"): "application/vnd.google-earth.kml+xml",
}


def xml_type(file: BinaryIO) -> str:
    """The media type by the root element. Raises sniff.Refused: `entities` for any DOCTYPE, `svg`, `html`, `broken`,
    `unknown`.

    Entities are how a kilobyte of XML becomes a gigabyte or reads the server's files; no format accepted here needs
    them.
    """
    from .sniff import Refused  # sniff calls this module

    root: list[str] = []
    scripts: list[str] = []

    def started(name: str, attributes: dict[str, str]) -> None:
        if not root:
            root.append(name)
        space, _, local = name.rpartition(" ")
        if local.lower() in {"script", "iframe", "svg", "html"} and space != "":
            scripts.append(local.lower())

    def doctype(*_: object) -> None:
        raise Refused("entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = started
    parser.StartDoctypeDeclHandler = doctype
    parser.EntityDeclHandler = doctype
    file.seek(0, os.SEEK_SET)
    try:
        parser.ParseFile(file)
    except (expat.ExpatError, ValueError, LookupError):
        raise Refused("broken", "XML") from None
    space, _, local = root[0].rpartition(" ")
    if local.lower() in {"svg", "html"}:
        raise Refused(local.lower())
    if scripts:
        raise Refused("html")
    try:
        return ROOTS[(space, local)]
    except KeyError:
        raise Refused("unknown") from None
