"""Judgements of experts."""

import uuid

from django.http import HttpRequest, HttpResponse

from allmende.spine.people.access import access


@access("dialogue.review")
def reviews(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.review")
def review(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError
