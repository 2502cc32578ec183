"""Experience reports: what other towns may learn of a measure, and nothing that is not public."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from allmende.funding.models import Share
from allmende.programme.domain import revisions
from allmende.programme.domain.indicators import record_values
from allmende.programme.models import Dependency, Measure, Milestone, Risk, Target, Task
from allmende.programme.reports.experience import experience
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account, make_measure
from tests.funding.makers import make_grant

from .indicator_support import make_indicator, our_town, row

pytestmark = pytest.mark.django_db


def whole() -> Measure:
    our_town()
    measure = make_measure(
        title="Licht",
        reason="Sicher <i>gehen</i>.",
        result="Die Sensoren fielen aus.",
        advice="Vorher <b>messen</b>.",
        adopted_from="Bamberg, Fassung 2",
    )
    Milestone.objects.create(
        measure=measure,
        title="Masten",
        baseline=dt.date(2022, 1, 10),
        plan=dt.date(2022, 2, 1),
        done=dt.date(2022, 2, 22),
    )
    Risk.objects.create(measure=measure, text="Lieferung stockt", likelihood=2, impact=3, closed=dt.date(2022, 3, 1),
                        occurred=dt.date(2022, 1, 20), handling="<i>Anders</i> bestellt")  # fmt: skip
    shown, never, hidden = (
        make_indicator(),
        make_indicator(title="Nie gezählt"),
        make_indicator(False, title="GEHEIM 1"),
    )
    record_values([row(shown, "2020", "520")], actor="test")
    for indicator in (shown, never, hidden):
        Target.objects.create(
            indicator=indicator, measure=measure, area="07312", baseline=Decimal(500), value=Decimal(450)
        )
    Share.objects.create(grant=make_grant(title="Landesmittel"), measure=measure, amount_cents=500_000)
    Share.objects.create(grant=make_grant(False, title="GEHEIM 2"), measure=measure, amount_cents=1)
    Task.objects.create(measure=measure, title="GEHEIM 3", due=dt.date(2030, 1, 1))
    Dependency.objects.create(measure=measure, needs=make_measure(title="GEHEIM 4", published=None))
    author = make_account(Role.PROGRAMME_OFFICE, name="GEHEIM 5")
    draft = revisions.begin(measure, actor=author)
    revisions.edit(draft, {"result": "GEHEIM 6"}, version=draft.version, actor=author)
    return measure


def test_the_page(client: Client) -> None:
    body = client.get(f"{whole().get_absolute_url()}erfahrung/").content.decode()
    for said in (
        "<h1>Licht</h1>", "Sicher &lt;i&gt;gehen&lt;/i&gt;.", "Die Sensoren fielen aus.", "Bamberg, Fassung 2",
        "Vorher &lt;b&gt;messen&lt;/b&gt;.", ": &lt;i&gt;Anders&lt;/i&gt; bestellt",
        "43 Tage später", "Landesmittel: 5.000\u00a0€", "Lieferung stockt", "Nie gezählt", "noch nicht gemessen",
        "Rückläufig: 40\u00a0%",
    ):  # fmt: skip
        assert said in body
    assert "GEHEIM" not in body


def test_the_data(client: Client) -> None:
    measure = whole()
    body = client.get(f"{measure.get_absolute_url()}erfahrung.json").content.decode()
    assert "GEHEIM" not in body
    found: Any = client.get(f"{measure.get_absolute_url()}erfahrung.json").json()
    assert (found["schema"], found["kind"], found["id"]) == (1, "experience-report", measure.urn)
    assert found["town"] == {"name": "Kaiserslautern", "ags": "07312000", "programme": found["town"]["programme"]}
    assert (found["state"], found["slip_days"], found["milestones"][0]["slip_days"]) == ("done", 43, 43)
    assert found["origin"]["adopted_from"] == "Bamberg, Fassung 2"
    assert [(cost["title"], cost["cents"]) for cost in found["costs"]] == [("Landesmittel", 500_000)]
    assert [(aim["verdict"], aim["percent"], aim["measured"] is None) for aim in found["indicators"]] == [
        ("backwards", "-40", False), ("unmeasured", None, True),
    ]  # fmt: skip
    assert found["needs"] == []
    assert found["texts"]["advice"] == "Vorher <b>messen</b>."
    assert found["risks"] == [
        {
            "text": "Lieferung stockt",
            "likelihood": 2,
            "impact": 3,
            "response": "",
            "occurred": "2022-01-20",
            "handling": "<i>Anders</i> bestellt",
            "closed": "2022-03-01",
        }
    ]


def test_drafts_have_none_whoever_asks(client: Client) -> None:
    draft = make_measure(published=None)
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    assert client.get(f"{draft.get_absolute_url()}erfahrung/").status_code == 404
    assert client.get(f"{draft.get_absolute_url()}erfahrung.json").status_code == 404
    with pytest.raises(ValueError, match="not public"):
        experience(draft)


def test_a_former_address_leads_on(client: Client) -> None:
    measure = make_measure(title="Alt")
    before = measure.get_absolute_url()
    moved = change_measure(measure, {"title": "Ganz neu"}, actor=make_account(Role.PROGRAMME_OFFICE))
    moved.refresh_from_db()
    answer = client.get(f"{before}erfahrung/")
    assert (answer.status_code, answer["Location"]) == (301, f"{moved.get_absolute_url()}erfahrung/")


def test_what_is_not_known_is_said(client: Client) -> None:
    body = client.get(f"{make_measure().get_absolute_url()}erfahrung/").content.decode()
    for said in ("Es sind keine Kosten eingetragen.", "Sie wird an keiner Kennzahl gemessen.", "Keine Termine bekannt"):
        assert said in body
    assert body.count("Dazu ist nichts eingetragen.") == 4


def test_as_many_queries_for_three_of_each_as_for_one(client: Client) -> None:
    measure = whole()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(f"{measure.get_absolute_url()}erfahrung/")
        return len(queries)

    asked()
    one = asked()
    for number in range(2):
        Milestone.objects.create(
            measure=measure, title=f"M{number}", baseline=dt.date(2022, 1, 10), plan=dt.date(2022, 2, 1)
        )
        Target.objects.create(indicator=make_indicator(title=f"K{number}"), measure=measure, area="07312")
        Share.objects.create(grant=make_grant(), measure=measure)
    assert asked() == one
