from collections.abc import Iterator
from typing import Any

import pytest

from allmende.programme.models import Measure
from allmende.spine.moderation import subjects
from allmende.spine.moderation.domain.holding import change_rules
from allmende.spine.people.access import visible_to
from tests.factories import make_measure

CLOSED: set[str] = set()


def resolve(urn: str, person: Any) -> subjects.Target | None:
    row = visible_to(person, Measure.objects.filter(public_id=urn.partition(":")[2])).first()
    return subjects.Target(row.title, row.get_absolute_url(), urn not in CLOSED) if row else None


@pytest.fixture(autouse=True)
def _commentable() -> Iterator[None]:
    """Measures can be commented on in these tests, whatever the rooms above have registered."""
    before = dict(subjects._KINDS)
    subjects._KINDS.pop("measure", None)
    subjects.register("measure", resolve=resolve)
    yield
    CLOSED.clear()
    subjects._KINDS.clear()
    subjects._KINDS.update(before)


@pytest.fixture
def measure(db: None) -> Measure:
    return make_measure(title="Fauthweg")


@pytest.fixture
def no_rules(db: None) -> None:
    """Nothing is held."""
    change_rules({"first": False, "max_links": 99, "words": ""}, version=0, actor="test")
