"""A list of three rows asks the database as often as a list of one: every list of the site."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from allmende.funding.domain.grants import publish_grant, record_grant
from allmende.funding.models import Grant, Share
from allmende.process.domain import agreements, arranging, shipped, starting, substitutes
from allmende.process.domain import instances as cases_of
from allmende.process.models import Model, Schedule, Trigger, Version
from allmende.programme.domain import frame
from allmende.programme.domain.indicators import record_values
from allmende.programme.domain.targets import set_target
from allmende.programme.domain.work import set_task
from allmende.programme.enums import Unit
from allmende.programme.models import Figure, Indicator, Involvement, Measure, Party, Programme, Report, Target
from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.instance.domain.brand import grant
from allmende.spine.moderation.domain.accessibility import give_feedback
from allmende.spine.notify.domain.choices import follow
from allmende.spine.notify.domain.notices import notify
from allmende.spine.people.domain.accounts import create_account
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.domain.organisations import add_organisation
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account
from allmende.spine.places.domain.areas import add_area
from allmende.spine.places.domain.places import add_place
from allmende.spine.privacy.domain.access_log import record_access
from allmende.spine.privacy.models import ArchiveOffer
from allmende.spine.search.domain.indexing import refresh
from tests.dialogue.made import contribute_as, make_participation
from tests.factories import change_measure, make_account, make_measure, submitted_measure
from tests.programme.council_support import arrived
from tests.programme.indicator_support import make_indicator

from .access_objects import POINT, SQUARE

pytestmark = pytest.mark.django_db

# Makes one row; the text (`Probe 1`, `Probe 2`, …) is what the list must show.
Make = Callable[[Account, str], object]


@dataclass(frozen=True)
class List:
    route: str
    make: Make
    shown: str = "{name}"
    query: str = ""
    public: bool = False
    args: tuple[str, ...] = ()


def _measure(viewer: Account, name: str) -> object:
    row = make_measure(title=name)
    return change_measure(row, {"summary": f"{name}."}, version=row.version, actor=viewer)


def _grant(viewer: Account, name: str) -> Grant:
    values = {
        "title": name,
        "scheme": name,
        "authority": "Ministerium",
        "amount_cents": 100,
        "recipient": name,
        "ags": f"0731200{name[-1]}",
        "source_title": "Quelle",
        "source_url": "https://quelle.example",
    }
    return publish_grant(record_grant(values, actor=viewer), actor=viewer)


def _item(viewer: Account, name: str) -> object:
    return arranging.add(title=name, role=Role.PROGRAMME_OFFICE, actor=viewer)


def _case(viewer: Account, name: str) -> object:
    shipped.install(actor="test")
    version = Version.objects.get(model__slug="von-der-idee-zur-massnahme")
    return cases_of.start(version, title=name, actor=viewer)


def _substitution(viewer: Account, name: str) -> object:
    today = timezone.localdate()
    return substitutes.name(
        make_account(name=name), make_account(name="Vertretung"), first=today, last=today, actor=viewer
    )


def _draft(viewer: Account, name: str) -> object:
    return make_measure(title=name, published=None)


def _indicator(viewer: Account, name: str) -> Indicator:
    row = make_indicator(title=name)
    record_values([{"indicator": row, "area": "07312", "period": "2020", "value": 1}], actor="test")
    return row


def _target(viewer: Account, name: str) -> object:
    return set_target(_indicator(viewer, name), {"area": "07312", "baseline": 0, "value": 2}, actor=viewer)


def _party(viewer: Account, name: str) -> object:
    row = frame.put("party", {"name": name}, actor=viewer)
    return Involvement.objects.create(measure=make_measure(), party=row, role="partner")


def _part(viewer: Account, name: str) -> object:
    row, _made = Party.objects.get_or_create(slug="verein", defaults={"name": "Verein"})
    return Involvement.objects.create(measure=make_measure(title=name), party=row, role="partner")


def _task(viewer: Account, name: str) -> object:
    measure = Measure.objects.filter(slug="feld").first() or make_measure(slug="feld", title="Feld")
    return set_task(measure, title=name, due=timezone.localdate(), assignee=viewer, actor=viewer)


def _aim_of_indicator(viewer: Account, name: str) -> object:
    row = Indicator.objects.filter(slug="feld").first() or make_indicator(slug="feld", title="Feld")
    return Target.objects.create(measure=make_measure(title=name), indicator=row, area="07312", value=2)


def _share(viewer: Account, name: str) -> object:
    row = Grant.objects.filter(title="Topf 1").first() or _grant(viewer, "Topf 1")
    return Share.objects.create(grant=row, measure=make_measure(title=name), amount_cents=1)


def _report(viewer: Account, name: str) -> object:
    known = timezone.now()
    return Report.objects.create(
        year=2000 + int(name[-1]), title=name, as_known_on=known, document={}, sha256="0" * 64, pdf=b""
    )


def _figure(viewer: Account, name: str) -> object:
    programme = Programme.objects.first() or Programme.objects.create(title="Programm")
    return Figure.objects.create(
        programme=programme,
        key=name.replace(" ", "-"),
        matter=name,
        value=1,
        unit=Unit.values[0],
        source_title="Quelle",
        source_url="https://quelle.example",
    )


def _account(viewer: Account, name: str) -> object:
    row = create_account(f"{name.replace(' ', '')}@example.org".lower(), name=name)
    assign(row, Role.EDITOR, scope=add_organisation(f"Amt {name}", "department", actor=None).urn)
    return assign(row, Role.RESIDENT)


def _role(viewer: Account, name: str) -> object:
    return assign(viewer, Role.EDITOR, scope=add_organisation(name, "department", actor=None).urn)


def _asset(viewer: Account, name: str) -> object:
    owner = add_organisation(f"Amt {name}", "department", actor=None)
    return create_asset("bench", {"number": name, "owner": owner}, actor=viewer, geometry=POINT)


def _permission(viewer: Account, name: str) -> object:
    organisation = add_organisation(name, "club", actor=None)
    today = timezone.localdate()
    return grant(
        organisation, purpose="Plakat", contact_role="Vorstand", valid_from=today, valid_to=today, actor=viewer
    )


def _offer(viewer: Account, name: str) -> object:
    day = timezone.localdate()
    return ArchiveOffer.objects.create(
        model=name,
        description=name,
        count=1,
        oldest=day,
        newest=day,
        decision="declined",
        reason="Nichts wert",
        decided=timezone.now(),
        decided_by=make_account(),
        executed=timezone.now(),
    )


def _follow(viewer: Account, name: str) -> object:
    return follow(viewer, "programme.measures", make_measure(title=name).urn)


def _look(viewer: Account, name: str) -> object:
    return record_access(make_account(Role.AUDITOR, name=name), viewer.urn, name, about=viewer)


def _found(viewer: Account, name: str) -> object:
    return refresh([make_measure(title=name).urn])


def _place(viewer: Account, name: str) -> object:
    return add_place({"kind": "square", "name": name}, geometry=POINT, actor=viewer)


def _area(viewer: Account, name: str) -> object:
    return add_area({"kind": "district", "name": name}, geometry=SQUARE, actor=viewer)


def _notice(viewer: Account, name: str) -> object:
    return notify(viewer, "programme.measures", name, url="/", key=name)


def _start(viewer: Account, name: str) -> object:
    """A trigger and a schedule of a model of their own each."""
    model = Model.objects.create(slug=name.lower().replace(" ", "-"), title=name)
    starting.set_schedule(Schedule(model=model), {"title": name, "rhythm": "daily"}, actor=viewer)
    told = {"title": name, "fact_kind": "programme.measure.published"}
    return starting.set_trigger(Trigger(model=model), told, actor=viewer)


def _agreement(viewer: Account, name: str) -> object:
    values = {"title": name, "day": timezone.localdate(), "scope": "Alles.", "document": "", "ends": None}
    return agreements.record(values, actor=viewer)


LISTS = [
    List("programme:measures", _measure, public=True),
    List("programme:measures_csv", _measure, public=True),
    List("programme:measures_json", _measure, public=True),
    List("programme:figures", _figure, public=True),
    List("programme:staff_measures", _draft),
    List("programme:topic", _measure, public=True, args=("energie",)),
    List("programme:parties", _party, public=True),
    List("programme:party", _part, public=True, args=("verein",)),
    List("programme:indicators", _indicator, public=True),
    List("programme:indicator", _aim_of_indicator, public=True, args=("feld",)),
    List("programme:targets", _target, public=True),
    List("programme:staff_indicators", _indicator),
    List("programme:reports", _report, public=True),
    List("programme:my_work", _task),
    List("programme:council", lambda v, n: arrived(int(n.split()[-1]), paper=n)),
    List("programme:reviews", lambda v, n: submitted_measure(title=n)),
    List("programme:frame", lambda v, n: frame.put("party", {"name": n}, actor=v)),
    List("dialogue:participations", lambda v, n: make_participation(title=n), public=True),
    List("dialogue:phase", contribute_as, public=True, args=("feld", "1")),
    List("dialogue:phase_map", contribute_as, public=True, args=("feld", "1")),
    List("dialogue:phase_features", contribute_as, public=True, args=("feld", "1")),
    List("dialogue:phase_csv", contribute_as, public=True, args=("feld", "1")),
    List("dialogue:phase_json", contribute_as, public=True, args=("feld", "1")),
    List("dialogue:own", contribute_as),
    List("dialogue:owed", contribute_as),
    List("dialogue:staff", lambda v, n: make_participation(title=n)),
    List("api:list_participations", lambda v, n: make_participation(title=n), public=True),
    List("api:list_contributions", contribute_as, public=True, args=("feld", "1")),
    List("funding:grant", _share, public=True, args=("topf-1",)),
    List("api:list_indicators", _indicator, public=True),
    List("funding:grants", _grant, public=True),
    List("funding:grants_csv", _grant, public=True),
    List("funding:grants_json", _grant, public=True),
    List("funding:portfolio", _grant, public=True),
    List("funding:staff_grants", _grant),
    List("process:items", _item, query="?wer=team"),
    List("process:items", _case, query="?wer=alle"),
    List("process:instances", _case),
    List("process:instances_csv", _case),
    List("process:substitutions", _substitution),
    List("process:starts", _start),
    List("process:agreements", _agreement),
    List("api:list_instances", _case),
    List("api:list_items", _item, query="?team=true"),
    List("api:list_grants", _grant, public=True),
    List("portal:home", _measure, public=True),
    List("portal:map", _place, public=True),
    List("portal:activity", _measure, public=True),
    List("portal:atom", _measure, public=True),
    List("portal:json_feed", _measure, public=True),
    List("portal:audit", _measure),
    List("people:accounts", _account),
    List("people:organisations", lambda v, n: add_organisation(n, "club", actor=None)),
    List("people:my_settings", lambda v, n: create_token(v, n, actor=v)),
    List("assets:staff_assets", _asset),
    # One hit leads straight to its page: counted from two on.
    List("assets:lookup", lambda v, n: (_asset(v, n), _asset(v, f"{n}b")), query="?q=Probe", public=True),
    List("places:staff_places", _place),
    List("places:staff_areas", _area),
    List("places:features", _place, public=True),
    List("notify:notices", _notice),
    List("notify:settings", _follow),
    List("moderation:queue", lambda v, n: give_feedback(f"{n} ist zu klein."), shown="Probe"),
    List("instance:brand_permissions", _permission),
    List("privacy:offers", _offer),
    List("privacy:access_log", _look),
    List("privacy:access_log_csv", _look),
    List("privacy:my_data", _look),
    List("search:search", _found, query="?q=Probe", public=True),
    List("api:list_measures", _measure, public=True),
    List("api:list_assets", _asset, public=True),
    List("api:search", _found, query="?q=Probe", public=True),
]


def asked(client: Client, address: str) -> tuple[list[str], str]:
    """The statements of one request, and the answer's text."""
    with CaptureQueriesContext(connection) as context:
        answer = client.get(address)
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode()
    assert answer.status_code == 200
    # The settings of the town are read anew every two seconds, whatever is asked.
    return [one["sql"] for one in context if "instance_instance" not in one["sql"]], text


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.route)
def test_as_many_queries_for_three_rows_as_for_one(one: List, client: Client) -> None:
    roles = (
        Role.ADMINISTRATOR,
        Role.PROGRAMME_OFFICE,
        Role.AUDITOR,
        Role.ARCHIVIST,
        Role.DATA_PROTECTION_OFFICER,
    )
    viewer = make_account(*roles, name="Vera Beispiel")
    if not one.public:
        client.force_login(viewer)
    one.make(viewer, "Probe 1")
    address = reverse(one.route, args=one.args) + one.query
    client.get(address)  # what is read once per process or day
    single, text = asked(client, address)
    assert [name for name in ("Probe 1", "Probe 2") if name in text] == ["Probe 1"], text
    one.make(viewer, "Probe 2")
    one.make(viewer, "Probe 3")
    three, text = asked(client, address)
    assert [name for name in ("Probe 1", "Probe 2", "Probe 3") if name in text] == ["Probe 1", "Probe 2", "Probe 3"]
    assert len(three) == len(single), "\n".join(sorted(set(_plain(three)) - set(_plain(single))) or _plain(three))


def _plain(statements: list[str]) -> list[str]:
    return [re.sub(r"\d+|'[^']*'", "?", one)[:300] for one in statements]
