"""Is this upload one that we keep? The same check serves the form field (before saving) and the verb (while saving)."""

from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.spine.ui import formats

from ..core import kinds as table
from ..core import pictures
from ..core.names import extension_of
from ..core.sniff import Refused, sniff


def megabytes(size: int) -> str:
    """A size as people read it: 15 MB, 0,4 MB."""
    value = size / 1_000_000
    return formats.number(value, 0 if value >= 10 or value == int(value) else 1, "MB")


def allowed(kinds: set[str]) -> str:
    """What may be chosen, as a list for people: JPEG, PNG, WebP."""
    return ", ".join(table.labels_of(kinds))


def too_large(limit: int, size: int) -> ValidationError:
    return ValidationError(
        _("This file is too large: %(size)s. At most %(limit)s are possible.")
        % {"size": megabytes(size), "limit": megabytes(limit)},
        code="too_large",
    )


def inspect(file: BinaryIO, name: str, size: int, kinds: set[str], max_bytes: int | None = None) -> table.Media:
    """The media type of an upload that may be kept. `size` in bytes as counted while receiving.

    Raises ValidationError, in the person's language, with the codes of `sniff` and `too_large`, `extension`, `kind`.
    """
    limit = max_bytes if max_bytes is not None else table.limit_of(kinds)
    if size > limit:
        raise too_large(limit, size)
    extension = extension_of(name)
    try:
        found = sniff(file, extension)
        possible = table.media_of(kinds)
        # A form for map data takes JSON, one for GeoJSON alone must not: the narrower type is asked first.
        if found == "application/geo+json" and extension == "json" and "application/json" in possible:
            found = "application/json"
        if found not in possible:
            raise Refused("kind", table.MEDIA[found].label)
        if extension not in table.MEDIA[found].extensions:
            raise Refused("extension", table.MEDIA[found].label)
        if max_bytes is None and size > possible[found].max_bytes:
            raise too_large(possible[found].max_bytes, size)
        if found in table.IMAGES:
            pictures.measure(file, found)
    except Refused as refusal:
        raise refused(refusal, kinds, extension) from None
    return table.MEDIA[found]


def refused(refusal: Refused, kinds: set[str], extension: str = "") -> ValidationError:
    """What happened and what to do, for the person who chose the file."""
    names: dict[str, Any] = {"allowed": allowed(kinds), "type": refusal.detail, "ending": extension}
    reasons = {
        "empty": _("This file is empty."),
        "html": _("This is a web page. Pages are not accepted, since they can run programs in the browser."),
        "svg": _("This is an SVG drawing. Drawings that can run programs are not accepted; save it as PNG."),
        "polyglot": _("This file is two things at once, such as a picture and an archive. It is not accepted."),
        "heic": _("This is a HEIC or AVIF picture. Save it as JPEG, or set the camera to “most compatible”."),
        "macros": _("This document contains programs (macros). Save it without them, or as PDF."),
        "encrypted": _("This document is protected by a password. Save it without one."),
        "bomb": _("This file unpacks to far more than is acceptable."),
        "pixels": ngettext(
            "This picture has too many pixels. At most %(count)d million is possible; make it smaller.",
            "This picture has too many pixels. At most %(count)d million are possible; make it smaller.",
            table.MAX_PIXELS // 1_000_000,
        )
        % {"count": table.MAX_PIXELS // 1_000_000},
        "entities": _("This XML file contains a document type or entities. Save it without them."),
        "broken": _("This file is damaged: it cannot be read as %(type)s.") % names,
        "extension": _("The content of this file is %(type)s, but its name ends in “%(ending)s”.") % names,
        "foreign": _("Files of the type %(type)s are not accepted.") % names,
        "kind": _("A file of the type %(type)s does not fit here.") % names,
    }
    text = reasons.get(refusal.code) or _("This is no file of a known type.")
    return ValidationError(text + " " + _("Allowed: %(allowed)s.") % names, code=refusal.code)
