"""Every route × role × own, foreign and draft object, by real requests, against the reviewed table in access.txt.

`ALLMENDE_WRITE_ACCESS=1 pytest tests/contracts/test_access.py` writes the table anew; its diff is what a reviewer reads.
"""

import os
from collections import defaultdict
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from .access_world import SAMPLES, Route, World, build, routes

TABLE = Path(__file__).with_name("access.txt")


class _Undo(Exception):
    pass


def outcome(client: Client, method: str, address: str) -> str:
    """`ok`: the view was reached. `login`, `forbidden`, `absent` else. Whatever it did is undone."""
    cookies = SimpleCookie(client.cookies.output(header=""))
    try:
        with transaction.atomic():
            response = client.generic(method, address)
            if response.streaming:
                b"".join(response.streaming_content)
            raise _Undo
    except _Undo:
        client.cookies = cookies
    status = response.status_code
    assert status < 500, f"{method} {address}: {status}"
    if status == 401 or (status == 302 and response["Location"].startswith("/konto/login/")):
        return "login"
    return {403: "forbidden", 404: "absent"}.get(status, "ok")


def samples(route: Route, world: World) -> list[tuple[str, dict[str, object]]]:
    if not route.parameters:
        return [("", {})]
    return SAMPLES[route.name](world)


def line(world: World, clients: dict[str, Client], route: Route, label: str, method: str, address: str) -> str:
    by_outcome: dict[str, list[str]] = defaultdict(list)
    for person, client in clients.items():
        by_outcome[outcome(client, method, address)].append(person)
    everybody = len(clients)
    parts = [
        f"{kind}: {'all' if len(people) == everybody else ' '.join(sorted(people))}"
        for kind, people in sorted(by_outcome.items())
    ]
    return f"{route.name}{f' [{label}]' if label else ''} {method} | " + " | ".join(parts)


@pytest.mark.django_db
def test_every_route_for_every_role() -> None:
    known = [route for route in routes() if route.name]
    without = sorted({route.name for route in known if route.parameters} - set(SAMPLES))
    assert without == [], "routes with parameters need a sample in access_world.SAMPLES"
    world = build()
    clients = {}
    for name, person in world.people.items():
        clients[name] = Client()
        if person is not None:
            clients[name].force_login(person)
    found = []
    for route in {route.name: route for route in known}.values():
        for label, values in samples(route, world):
            address = reverse(route.name, kwargs=values)
            for method in ("GET", "POST"):
                found.append(line(world, clients, route, label, method, address))
    text = "\n".join(sorted(found)) + "\n"
    if os.environ.get("ALLMENDE_WRITE_ACCESS"):
        TABLE.write_text(text)
    assert text == TABLE.read_text()


def test_every_route_has_a_name_and_a_rule() -> None:
    from allmende.spine.people.middleware import rule_of

    ours = [route for route in routes() if not route.pattern.startswith("static/")]
    assert [route.pattern for route in ours if not route.name] == []
    assert [route.name for route in ours if rule_of(route.callback, route.name) is None] == []
