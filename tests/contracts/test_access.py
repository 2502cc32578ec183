"""Every route × role × own, foreign and draft object, by real requests, against the reviewed table in access.txt.

`ALLMENDE_WRITE_ACCESS=1 pytest tests/contracts/test_access.py` writes the table anew; a reviewer reads its diff.
In a line stand those who get in (`ok`), are sent on (`elsewhere`), have to sign in (`login`), are refused (`forbidden`,
403), find nothing (`absent`, 404) or used the wrong method (`method`, 405); `others` are those not named.

GET is tried by everybody, POST by one role of each set of rights. Whom the route's own rule refuses is asked once per
route, with a role in a smaller scope once per rule: the middleware turns them away before the view, whatever the object
or method. Where a route without an object is open to everybody, scopes of roles say nothing and are left out.
"""

import os
from collections import defaultdict
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from allmende.spine.people.access import PUBLIC, SIGNED_IN, can, foreign_rules
from allmende.spine.people.middleware import rule_of

from .access_samples import SAMPLES
from .access_world import World, build, representatives
from .site_map import Route, routes
from .walk import Walker, undone, walking

TABLE = Path(__file__).with_name("access.txt")
# Who tries a POST where everybody (signed in) may: the author, those over comments and measures, and nobody special.
OPEN = {"visitor", "no_role", "author", "moderator", "administrator", "programme_office", "former_administrator"}


def samples(route: Route, world: World) -> list[tuple[str, dict[str, object]]]:
    return SAMPLES[route.name](world.things) if route.parameters else [("", {})]


class Walk:
    def __init__(self, world: World) -> None:
        self.world = world
        self.walkers = {name: Walker(person) for name, person in world.people.items()}
        self.few = representatives(world.people)
        self.refused: dict[tuple[str, str], str] = {}

    def who(self, route: Route, method: str) -> list[str]:
        open_to_all = rule_of(route.callback, route.name) in (PUBLIC, SIGNED_IN)
        if open_to_all and route.name in foreign_rules():
            return [name for name in self.walkers if name in OPEN]  # libraries' views know no roles
        if open_to_all and not route.parameters:
            return [name for name in self.walkers if "@" not in name and (method == "GET" or name in OPEN)]
        if method == "GET":
            return list(self.walkers)
        return [name for name in self.walkers if name in (OPEN | self.few if not open_to_all else OPEN)]

    def lines(self, route: Route, drawn: set[str]) -> list[str]:
        rule = rule_of(route.callback, route.name)
        assert rule is not None
        # By role for each route; scopes of roles make no other difference to the rule alone.
        refused = {name: kind for (name, of), kind in self.refused.items() if of == rule}
        found = []
        for label, values in samples(route, self.world):
            address = reverse(route.name, kwargs=values)
            drawn.clear()
            for method in ("GET", "POST"):
                outcomes = {}
                # A GET changes nothing that decides about the next person: one undoing for all of them.
                with undone() if method == "GET" else nullcontext():
                    for name in self.who(route, method):
                        if name not in refused:
                            with undone() if method == "POST" else nullcontext():
                                outcomes[name] = self.walkers[name].outcome(method, address)
                            if not can(self.world.people[name], rule):
                                refused[name] = outcomes[name]
                                if "@" in name:
                                    self.refused[name, rule] = outcomes[name]
                        else:
                            outcomes[name] = refused[name]
                found.append(f"{route.name}{f' [{label}]' if label else ''} {method} | {told(outcomes)}")
        assert set(refused.values()) <= {"login", "forbidden"}, route.name
        return found


def told(outcomes: dict[str, str]) -> str:
    """Who gets in is always named; of the rest the largest group is not."""
    groups: dict[str, list[str]] = defaultdict(list)
    for person, outcome in outcomes.items():
        groups[outcome].append(person)
    closed = [kind for kind in groups if kind != "ok"]
    largest = max(closed, key=lambda kind: (len(groups[kind]), kind), default="")
    if len(groups.get("ok", ())) > len(outcomes) / 2:
        largest = "ok"
    parts = []
    for kind, people in sorted(groups.items(), key=lambda item: (item[0] != "ok", item[0])):
        who = "everybody" if len(groups) == 1 else "others" if kind == largest else " ".join(sorted(people))
        parts.append(f"{kind}: {who}")
    return " | ".join(parts)


@pytest.mark.django_db
def test_every_route_for_every_role(tmp_path: Path, settings: Any) -> None:
    settings.DATA = tmp_path
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    known = {route.name: route for route in routes() if route.name}
    without = sorted({route.name for route in known.values() if route.parameters} ^ set(SAMPLES))
    assert without == [], "a route with parameters needs a sample in access_samples.SAMPLES, and a sample a route"
    walk = Walk(build())
    with walking() as drawn:
        found = [line for route in known.values() for line in walk.lines(route, drawn)]
    text = "\n".join(sorted(found)) + "\n"
    if os.environ.get("ALLMENDE_WRITE_ACCESS"):
        TABLE.write_text(text)
    assert text == TABLE.read_text()


def test_every_route_has_a_name_and_a_rule() -> None:
    ours = [route for route in routes() if not route.pattern.startswith("static/")]
    assert [route.pattern for route in ours if not route.name] == []
    assert [route.name for route in ours if rule_of(route.callback, route.name) is None] == []
