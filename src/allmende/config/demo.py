"""The demo town: loaded once, from `demo/`, through the same verbs that people use."""

import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override

from allmende.programme.demo_indicators import load as load_indicators
from allmende.programme.domain.indicators import define_indicator, publish_indicator
from allmende.programme.domain.measures import draft_measure, publish_measure
from allmende.programme.domain.recording import record_values
from allmende.programme.models import Figure, Measure, Party, Phase, Programme, Topic
from allmende.spine.instance.domain.settings import change, finish_setup
from allmende.spine.people.domain.accounts import create_account
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.enums import TIME_LIMITED, Role
from allmende.spine.people.models import Account

PASSWORD = "herzlich-digital"  # noqa: S105 - public on purpose; demo accounts work on loopback only
PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """`demo/` of the checkout, or the copy inside the installed package."""
    packed = PACKAGE / "_demo"
    return packed if packed.exists() else PACKAGE.parents[1] / "demo"


def address_of(role: Role) -> str:
    return f"{role.value.replace('_', '-')}@demo.example"


def logins() -> list[tuple[str, str]]:
    """(role, e-mail) of every demo account; the password is PASSWORD."""
    return [(str(role.label), address_of(role)) for role in Role]


@transaction.atomic
def load(say: Callable[[str], object], town: str = "kaiserslautern") -> None:
    """Fill an empty database with the demo town, in one transaction: a killed load leaves nothing behind."""
    source = tomllib.loads((folder() / town / "programme.toml").read_text())
    with override("de"):
        office = _accounts()
    change(dict(source["instance"]), actor="demo")
    course = tomllib.loads((folder() / town / "course.toml").read_text())
    load_indicators(folder() / town, office)
    _site_indicators(course, office)
    _programme(source, course, office)
    for module in _loaders():
        module(folder() / town, office)
    finish_setup(actor="demo", demo=True)


def _loaders() -> list[Callable[[Path, Account], object]]:
    """What rooms of the spine add to the demo town."""
    from allmende.spine.demo import LOADERS

    return [loader for _, loader in sorted(LOADERS.items())]


def _accounts() -> Account:
    """One account for each role; nobody gives themselves a role, so the system does."""
    today = timezone.localdate()
    accounts = {}
    # One hash for all: the password is no secret, and a slow hash eighteen times over is half the cold start.
    shared = make_password(PASSWORD)
    for role in Role:
        account = create_account(address_of(role), name=str(role.label), actor="demo", how="demo", demo=True)
        account.password = shared
        account.save(update_fields=["password"])
        until = today + timedelta(days=365) if role in TIME_LIMITED else None
        assign(account, role, valid_to=until, reason="demo", actor="demo")
        accounts[role] = account
    return accounts[Role.PROGRAMME_OFFICE]


def _programme(source: dict[str, Any], course: dict[str, Any], office: Account) -> None:
    sources = source["sources"]
    programme = Programme.objects.create(**source["programme"])
    for row in course["phases"]:
        Phase.objects.create(programme=programme, **row)
    for row in course["parties"]:
        Party.objects.create(**row)
    topics = {
        row["slug"]: Topic.objects.create(order=10 * number, **row) for number, row in enumerate(source["topics"])
    }
    measures: dict[str, Measure] = {}
    for row in reversed(source["measures"]):
        values = dict(row)
        key, place = values.pop("key"), values.pop("lonlat", None)
        origin = sources[values.pop("source")]["url"] if "source" in values else ""
        values |= course["measures"].get(key, {}) | {"topic": topics[values["topic"]], "source_url": origin}
        if place:
            values["geometry"] = {"type": "Point", "coordinates": list(place)}
        for each in values.get("dependencies", []):
            each["needs"] = str(measures[each["needs"]].public_id)
        measures[key] = publish_measure(draft_measure(programme, _plain(values), actor=office), actor="demo")
    for row in source["figures"]:
        values = dict(row)
        origin = sources[values.pop("source")]
        measure = measures[values.pop("measure")] if "measure" in values else None
        if values["unit"] == "EUR":
            values["value"] *= 100
        Figure.objects.create(
            programme=programme, measure=measure, source_title=origin["title"], source_url=origin["url"], **values
        )


def _site_indicators(course: dict[str, Any], office: Account) -> None:
    """What was measured for a measure alone: a survey, a meter."""
    for row in course["indicators"]:
        values = row.pop("values")
        indicator = define_indicator(row, actor=office)
        record_values([each | {"indicator": indicator, "level": row["level"]} for each in values], actor=office)
        publish_indicator(indicator, actor=office)


def _plain(value: Any) -> Any:
    """TOML's days as the document has them."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
