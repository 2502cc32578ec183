"""What a drawing in the browser is made of."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from allmende.spine.people.access import access

from ..models import Version


@access("process.view_instance")
def drawing(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    """The runnable model for the viewer: who sees a case sees its drawing. As a page of its own it may do nothing."""
    row = get_object_or_404(Version.objects.only("xml", "sha256"), public_id=public_id)
    response = HttpResponse(bytes(row.xml), content_type="application/bpmn+xml")
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response
