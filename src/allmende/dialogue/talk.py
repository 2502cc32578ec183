"""Who may comment on a contribution, and who sees its pictures."""

from typing import Any

from allmende.spine.moderation.subjects import Target

from .domain import queries


def resolve(urn: str, person: Any) -> Target | None:
    """The contribution as its commenter sees it."""
    row = queries.contribution_of_urn(person, urn)
    if row is None:
        return None
    return Target(row.title, row.get_absolute_url(), row.phase.rules.comments and row.phase.open_at())


def may_see_file(person: Any, file: Any) -> bool:
    """Whoever sees the contribution sees its pictures."""
    return queries.contribution_of_urn(person, file.subject) is not None
