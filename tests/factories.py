"""Small makers for tests: through the real verbs wherever there is one."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from allmende.programme.domain import revisions
from allmende.programme.models import Measure, Programme, Topic
from allmende.spine.people.domain.accounts import create_account
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.enums import TIME_LIMITED, Role
from allmende.spine.people.models import Account

PASSWORD = "a long enough password"
_count = 0


def _next() -> int:
    global _count
    _count += 1
    return _count


def make_account(*roles: Role, scope: str = "instance", email: str = "", **fields: Any) -> Account:
    """An account with roles that hold today in `scope`."""
    account = create_account(email or f"person{_next()}@example.org", password=PASSWORD, **fields)
    for role in roles:
        until = timezone.localdate() + timedelta(days=30) if role in TIME_LIMITED else None
        assign(account, role, scope=scope, valid_to=until)
    return account


def make_measure(**values: Any) -> Measure:
    """A published measure unless `published=None`."""

    number = _next()
    programme = Programme.objects.first() or Programme.objects.create(title="Programm")
    topic = values.pop("topic", None) or Topic.objects.get_or_create(slug="energie", defaults={"title": "Energie"})[0]
    defaults = {
        "title": f"Maßnahme {number}",
        "slug": f"massnahme-{number}",
        "summary": "Ein Satz.",
        "published": timezone.now(),
    }
    return Measure.objects.create(programme=programme, topic=topic, **(defaults | values))


def change_measure(measure: Measure, values: dict[str, Any], *, actor: Any, version: int | None = None) -> Measure:
    """What another person wrote, reviewed and published by `actor`; of a draft that nobody sees, only the draft."""
    author = make_account(Role.PROGRAMME_OFFICE) if measure.published else actor
    draft = revisions.begin(measure, actor=author)
    draft = revisions.edit(draft, values, version=draft.version, actor=author)
    if measure.published is None:
        return measure
    return revisions.publish(revisions.submit(draft, actor=author), actor=actor)


def submitted_measure(**values: Any) -> Measure:
    """A measure that nobody sees, with a draft in review."""
    measure = make_measure(**values | {"published": None})
    author = make_account(Role.PROGRAMME_OFFICE)
    revisions.submit(revisions.begin(measure, actor=author), actor=author)
    return measure


def publish_measure(measure: Measure, *, actor: Any) -> Measure:
    """The open draft, submitted by another person and published by `actor`."""
    author = make_account(Role.PROGRAMME_OFFICE)
    draft = revisions.begin(measure, actor=author)
    draft.author = author
    draft.save()
    return revisions.publish(revisions.submit(draft, actor=author), actor=actor)
