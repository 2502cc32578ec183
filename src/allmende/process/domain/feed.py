"""One's tasks of cases in one's calendar."""

from collections.abc import Iterator

from allmende.programme.domain.dues import Due
from allmende.spine.instance.domain.queries import room_enabled
from allmende.spine.people.models import Account

from . import queries


def due(person: Account) -> Iterator[Due]:
    """Open tasks of a person that have a day."""
    if not room_enabled("process"):
        return
    for item in queries.mine(person).filter(due__isnull=False):
        assert item.due is not None
        title = f"{item.title} ({item.instance.title})" if item.instance else item.title
        yield Due(str(item.public_id), title, item.due, item.get_absolute_url())
