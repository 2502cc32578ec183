"""The world that the access test walks through: one account for each role, own, foreign and draft objects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from allmende.programme.models import Measure
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from tests.factories import make_account, make_measure


@dataclass
class World:
    people: dict[str, Account | None]
    published: Measure
    own_draft: Measure
    foreign_draft: Measure
    extra: dict[str, Any]


def build() -> World:
    own = make_measure(slug="eigener-entwurf", title="Eigener Entwurf", published=None)
    people: dict[str, Account | None] = {"visitor": None}
    for role in Role:
        people[role.value] = make_account(role)
    people["project_lead@own"] = make_account(Role.PROJECT_LEAD, scope=own.urn)
    return World(
        people=people,
        published=make_measure(slug="veroeffentlicht", title="Veröffentlicht"),
        own_draft=own,
        foreign_draft=make_measure(slug="fremder-entwurf", title="Fremder Entwurf", published=None),
        extra={},
    )


Sample = tuple[str, dict[str, Any]]
Sampler = Callable[[World], list[Sample]]


def _measures(key: str) -> Sampler:
    def samples(world: World) -> list[Sample]:
        return [
            ("published", {key: _of(world.published, key)}),
            ("own draft", {key: _of(world.own_draft, key)}),
            ("foreign draft", {key: _of(world.foreign_draft, key)}),
        ]

    return samples


def _of(measure: Measure, key: str) -> Any:
    return measure.slug if key == "slug" else measure.public_id


# A route with parameters has its samples here; the test fails for one that has none.
SAMPLES: dict[str, Sampler] = {
    "programme:measure": _measures("slug"),
    "programme:change_measure": _measures("public_id"),
    "programme:publish_measure": _measures("public_id"),
    "api:get_measure": _measures("public_id"),
    "api:patch_measure": _measures("public_id"),
}


@dataclass(frozen=True)
class Route:
    name: str
    pattern: str
    parameters: tuple[str, ...]
    callback: Any


def routes(resolver: URLResolver | None = None, prefix: str = "", namespace: str = "") -> list[Route]:
    """Every named and unnamed address of the site, in the order of the URL configuration."""
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            found += routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            parameters = tuple(entry.pattern.converters) or tuple(getattr(entry.pattern, "regex", None) and entry.pattern.regex.groupindex or ())
            found.append(Route(f"{namespace}{entry.name or ''}", pattern, parameters, entry.callback))
    return found
