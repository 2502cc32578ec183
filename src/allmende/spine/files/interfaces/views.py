"""Downloads."""

import uuid

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from allmende.spine.people.access import access

from ..core.kinds import IMAGES
from ..domain import queries, storage
from ..enums import Scan
from ..rights import can_view

# Whatever a file turns out to be in whatever viewer: it runs nothing, loads nothing, and is of another origin.
POLICY = "sandbox; default-src 'none'"


@access("public")
@require_safe
def download(request: HttpRequest, public_id: uuid.UUID, name: str) -> HttpResponseBase:
    """A file, for those who may see its record. Pictures are shown in place, all else is saved."""
    file = queries.file_by_id(public_id)
    if file is None:
        raise Http404
    if not can_view(request.user, file):
        raise PermissionDenied("files")
    if not file.readable:
        return render(
            request, "files/unavailable.html", {"file": file, "refused": file.scan == Scan.REFUSED}, status=409
        )
    if name != file.name:
        return redirect(file)
    etag = f'"{file.sha256}"'
    response: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if response is None:
        try:
            response = FileResponse(storage.path(file).open("rb"), content_type=file.media_type)
        except FileNotFoundError:
            raise Http404 from None
    headers = {
        "ETag": etag,
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        # Rights may end at any time: kept copies are asked for again, which costs one small answer.
        "Cache-Control": f"{'public' if file.public else 'private'}, no-cache",
        "Content-Disposition": str(content_disposition_header(file.media_type not in IMAGES, file.name)),
    }
    for header, value in headers.items():
        response[header] = value
    return response
