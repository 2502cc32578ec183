"""`{% load moderation %}{% comments measure %}`, or `{% include "moderation/comments.html" with subject=measure %}`."""

from typing import Any

from django import template

from allmende.spine.moderation import subjects
from allmende.spine.moderation.domain import queries
from allmende.spine.moderation.domain.comments import pseudonym_of
from allmende.spine.moderation.interfaces.forms import CommentForm

register = template.Library()


@register.simple_tag(takes_context=True)
def comment_thread(context: template.Context, subject: Any) -> dict[str, Any]:
    """What moderation/comments.html shows: entries, form, whether this person may write."""
    person = getattr(context.get("request"), "user", None)
    found = subjects.target(subject.urn, person)
    if found is None:
        return {"hidden": True}
    signed_in = bool(person and person.is_authenticated)
    entries = queries.thread(subject.urn, person)
    return {
        "urn": subject.urn,
        "url": found.url,
        "entries": entries,
        "number": sum(bool(one.text) + sum(bool(a.text) for a in one.answers) for one in entries),
        "open": found.may_comment,
        "signed_in": signed_in,
        "form": CommentForm(account=person, initial={"subject": subject.urn}) if signed_in else None,
        "pseudonym": pseudonym_of(person) if signed_in else None,
    }


@register.inclusion_tag("moderation/comments.html", takes_context=True)
def comments(context: template.Context, subject: Any) -> dict[str, Any]:
    return {
        "subject": subject,
        "request": context.get("request"),
        "user": context.get("user"),
        "csrf_token": context.get("csrf_token"),
        "page_language": context.get("page_language"),
    }
