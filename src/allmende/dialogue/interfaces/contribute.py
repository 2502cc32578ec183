"""What people do with their contributions."""

import uuid

from django.http import HttpRequest, HttpResponse

from allmende.spine.people.access import access


@access("signed_in")
def add(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    raise NotImplementedError


@access("signed_in")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError


@access("signed_in")
def take_back(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError


@access("signed_in")
def support(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError


@access("signed_in")
def own(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError
