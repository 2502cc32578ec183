"""Staff pages: participations and their phases."""

import uuid

from django.http import HttpRequest, HttpResponse

from allmende.spine.people.access import access


@access("dialogue.change_participation")
def participations(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.change_participation")
def add(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.change_participation")
def change(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.change_participation")
def state(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.change_participation")
def add_phase(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.change_participation")
def change_phase(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError
