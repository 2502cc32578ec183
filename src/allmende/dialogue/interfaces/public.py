"""Public pages of participations."""

import uuid

from django.http import HttpRequest, HttpResponse

from allmende.spine.people.access import access


@access("public")
def participations(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


@access("public")
def participation(request: HttpRequest, slug: str) -> HttpResponse:
    raise NotImplementedError


@access("public")
def phase(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    raise NotImplementedError


@access("public")
def phase_map(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    raise NotImplementedError


@access("public")
def phase_features(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    raise NotImplementedError


@access("public")
def contribution(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError
