"""HTTP ranges (RFC 9110, section 14) of one file: what PMTiles is read by."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse

_ONE = re.compile(r"^bytes=(\d*)-(\d*)$")
_CHUNK = 256 * 1024


def serve(request: HttpRequest, path: Path, *, etag: str, content_type: str, cache: str) -> HttpResponseBase:
    """The file, a part of it (206), 304 or 416. `etag` is strong, without quotes, and changes with the file.

    Several ranges at once are answered with the whole file, as the RFC allows; maps ask for one.
    """
    size = path.stat().st_size
    tag = f'"{etag}"'
    if _known(request, tag):
        response: HttpResponseBase = HttpResponseNotModified()
    else:
        span = _span(request, size, tag)
        if span is None:
            response = _body(request, path, 0, size, 200)
        elif span[0] >= span[1]:
            response = HttpResponse(status=416)
            response["Content-Range"] = f"bytes */{size}"
        else:
            response = _body(request, path, *span, 206)
            response["Content-Range"] = f"bytes {span[0]}-{span[1] - 1}/{size}"
        response["Content-Type"] = content_type
    response["ETag"] = tag
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = cache
    return response


def _known(request: HttpRequest, tag: str) -> bool:
    asked = request.headers.get("If-None-Match", "")
    return asked.strip() == "*" or tag in [part.strip().removeprefix("W/") for part in asked.split(",")]


def _span(request: HttpRequest, size: int, tag: str) -> tuple[int, int] | None:
    """(first, end) of the one range asked for, first ≥ end where it cannot be met, None for the whole file."""
    asked = _ONE.match(request.headers.get("Range", "").replace(" ", ""))
    if not asked or request.method != "GET" or request.headers.get("If-Range", tag).strip() != tag:
        return None
    first, last = asked.groups()
    if first:
        if last and int(last) < int(first):
            return None  # malformed: as if it were not there
        return int(first), min(int(last) + 1 if last else size, size)
    if not last:
        return None
    return (max(0, size - int(last)), size) if int(last) else (size, size)


def _body(request: HttpRequest, path: Path, first: int, end: int, status: int) -> HttpResponseBase:
    if request.method == "HEAD":
        response: HttpResponseBase = HttpResponse(status=status)
    elif end - first <= 4 * _CHUNK:
        with path.open("rb") as file:
            file.seek(first)
            response = HttpResponse(file.read(end - first), status=status)
    else:
        response = StreamingHttpResponse(_chunks(path, first, end), status=status)
    response["Content-Length"] = str(end - first)
    return response


def _chunks(path: Path, first: int, end: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        file.seek(first)
        while first < end and (chunk := file.read(min(_CHUNK, end - first))):
            first += len(chunk)
            yield chunk
