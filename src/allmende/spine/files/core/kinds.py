"""Kinds of upload: what a form may ask for, which media types that is, and how large it may be. Pure."""

from dataclasses import dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Media:
    """A media type. The first extension is the one a stored file gets."""

    type: str
    extensions: tuple[str, ...]
    label: str


MEDIA: dict[str, Media] = {
    media.type: media
    for media in (
        Media("image/jpeg", ("jpg", "jpeg", "jpe"), "JPEG"),
        Media("image/png", ("png",), "PNG"),
        Media("image/webp", ("webp",), "WebP"),
        Media("application/pdf", ("pdf",), "PDF"),
        Media("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",), "Word"),
        Media("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",), "Excel"),
        Media("application/vnd.openxmlformats-officedocument.presentationml.presentation", ("pptx",), "PowerPoint"),
        Media("application/vnd.oasis.opendocument.text", ("odt",), "ODT"),
        Media("application/vnd.oasis.opendocument.spreadsheet", ("ods",), "ODS"),
        Media("application/vnd.oasis.opendocument.presentation", ("odp",), "ODP"),
        Media("text/plain", ("txt", "md"), "TXT"),
        Media("text/csv", ("csv", "tsv"), "CSV"),
        Media("application/json", ("json",), "JSON"),
        Media("application/geo+json", ("geojson",), "GeoJSON"),
        Media("application/gpx+xml", ("gpx",), "GPX"),
        Media("application/vnd.google-earth.kml+xml", ("kml",), "KML"),
        Media("application/x-iesna", ("ies",), "IES"),
        Media("application/x-eulumdat", ("ldt",), "EULUMDAT"),
    )
}
IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})
MAX_PIXELS = 40_000_000


@dataclass(frozen=True)
class Kind:
    """`types` are keys of MEDIA; `max_bytes` is the default limit of one file."""

    name: str
    types: tuple[str, ...]
    max_bytes: int


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind. Raises ValueError for a media type that nobody knows how to check, or where the name is taken by
    another."""
    unknown = [name for name in kind.types if name not in MEDIA]
    if unknown:
        raise ValueError(f"no check for {unknown}")
    if KINDS.setdefault(kind.name, kind) != kind:
        raise ValueError(f"kind {kind.name} is registered twice")


_office = "application/vnd.openxmlformats-officedocument."
_open = "application/vnd.oasis.opendocument."
for _kind in (
    Kind("image", ("image/jpeg", "image/png", "image/webp"), 15 * MB),
    Kind(
        "document",
        (
            "application/pdf",
            _office + "wordprocessingml.document",
            _office + "presentationml.presentation",
            _open + "text",
            _open + "presentation",
            "text/plain",
        ),
        25 * MB,
    ),
    Kind("table", ("text/csv", _office + "spreadsheetml.sheet", _open + "spreadsheet", "application/json"), 25 * MB),
    Kind(
        "geo",
        ("application/geo+json", "application/json", "application/gpx+xml", "application/vnd.google-earth.kml+xml"),
        50 * MB,
    ),
    Kind("photometry", ("application/x-iesna", "application/x-eulumdat"), 2 * MB),
):
    register(_kind)


def media_of(kinds: set[str]) -> dict[str, Kind]:
    """Media types that `kinds` allow, each with the kind of the largest size. Raises KeyError for an unknown kind."""
    found: dict[str, Kind] = {}
    for kind in sorted((KINDS[name] for name in kinds), key=lambda kind: kind.max_bytes):
        found.update(dict.fromkeys(kind.types, kind))
    return found


def extensions_of(kinds: set[str]) -> list[str]:
    """Every ending that `kinds` allow, in order, without the dot."""
    return list(dict.fromkeys(ending for name in media_of(kinds) for ending in MEDIA[name].extensions))


def labels_of(kinds: set[str]) -> list[str]:
    """The names that people know the allowed types by."""
    return list(dict.fromkeys(MEDIA[name].label for name in media_of(kinds)))


def limit_of(kinds: set[str]) -> int:
    """The largest file that any of `kinds` allows, in bytes."""
    return max(KINDS[name].max_bytes for name in kinds)


def largest() -> int:
    return max(kind.max_bytes for kind in KINDS.values())
