"""`{% load notify %}`: what the follow button needs to know."""

from typing import Any

from django import template

from ..domain import queries

register = template.Library()


@register.simple_tag(takes_context=True)
def following(context: template.Context, subject: Any, topic: str) -> bool:
    """Whether the person of this request follows `subject` (anything with a `urn`)."""
    request = context.get("request")
    return request is not None and queries.follows(request.user, topic, subject.urn)
