"""Staff pages: what is owed an answer."""

import uuid

from django.http import HttpRequest, HttpResponse

from allmende.spine.people.access import access


@access("dialogue.answer_contribution")
def owed(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


@access("dialogue.answer_contribution")
def answer(request: HttpRequest, public_id: uuid.UUID) -> HttpResponse:
    raise NotImplementedError
