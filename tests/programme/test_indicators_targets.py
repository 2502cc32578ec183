"""Targets of the whole programme: set, changed, given up, shown, exchanged."""

import datetime as dt
import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.programme.domain.aims import aims, targets_of_programme
from allmende.programme.domain.indicators import record_values, withdraw_indicator
from allmende.programme.domain.targets import change_target, remove_target, set_target
from allmende.programme.exchange import files
from allmende.programme.exchange.restore import restore
from allmende.programme.models import Indicator, Programme, Target
from allmende.programme.reports.freeze import make_report
from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .indicator_support import make_indicator, our_town, row, text_of

pytestmark = pytest.mark.django_db
AIM: dict[str, Any] = {
    "area": "07312", "baseline": "500", "baseline_date": date(2019, 1, 1), "value": "400", "due": date(2030, 12, 31),
}  # fmt: skip


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_account(Role.PROGRAMME_OFFICE))
    return client


def measured(value: Any = "520", **more: Any) -> Indicator:
    our_town()
    indicator = make_indicator(**more)
    record_values([row(indicator, "2020", value)], actor="test")
    return Indicator.objects.get(pk=indicator.pk)


def told() -> list[tuple[str, bool]]:
    rows = FactRow.objects.filter(kind__startswith="programme.target.").order_by("id")
    return list(rows.values_list("kind", "public"))


def test_a_life_told_by_facts() -> None:
    indicator = measured()
    target = set_target(indicator, AIM, version=indicator.version, actor="test")
    assert (target.measure, target.level, target.value) == (None, "town", 400)
    assert change_target(target, {"value": Decimal("400.000000"), "note": ""}, actor="test").value == 400
    changed = change_target(target, {"value": "390", "note": " Aus dem Leitbild "}, actor="test")
    assert (changed.value, changed.note, changed.baseline) == (390, "Aus dem Leitbild", 500)
    remove_target(changed, actor="test")
    assert not Target.objects.exists()
    assert told() == [
        ("programme.target.set", True), ("programme.target.changed", True), ("programme.target.removed", True),
    ]  # fmt: skip
    assert Indicator.objects.get().version == indicator.version + 3
    assert FactRow.objects.get(kind="programme.target.changed").payload == {
        "title": "Pkw-Dichte", "area": "07312", "fields": ["value", "note"],
    }  # fmt: skip


def test_facts_of_a_draft_are_not_public() -> None:
    indicator = make_indicator(published=False)
    remove_target(change_target(set_target(indicator, AIM, actor="test"), {"value": 1}, actor="test"), actor="test")
    assert {public for _kind, public in told()} == {False}


def test_two_editors_notice_each_other() -> None:
    indicator = measured()
    target = set_target(indicator, AIM, version=indicator.version, actor="test")
    for late in (
        lambda: set_target(indicator, AIM | {"area": "anderswo"}, version=indicator.version, actor="test"),
        lambda: change_target(target, {"value": 1}, version=indicator.version, actor="test"),
        lambda: remove_target(target, version=indicator.version, actor="test"),
    ):
        with pytest.raises(VersionConflict):
            late()
    assert Target.objects.get().value == 400


def test_only_keepers_of_indicators_set_targets_and_never_those_of_measures() -> None:
    indicator = measured()
    target = set_target(indicator, AIM, actor=make_account(Role.PROGRAMME_OFFICE))
    for role in (Role.EDITOR, Role.TREASURER, Role.PROJECT_LEAD, Role.RESIDENT):
        person = make_account(role)
        with pytest.raises(PermissionDenied):
            set_target(indicator, AIM, actor=person)
        with pytest.raises(PermissionDenied):
            change_target(target, {"value": 1}, actor=person)
        with pytest.raises(PermissionDenied):
            remove_target(target, actor=person)
    of_measure = Target.objects.create(measure=make_measure(), indicator=indicator, area="07312", value=1)
    with pytest.raises(Target.DoesNotExist):
        change_target(of_measure, {"value": 2}, actor="test")
    with pytest.raises(Target.DoesNotExist):
        remove_target(of_measure, actor="test")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"area": " "}, "area"),
        ({"area": "x" * 41}, "area"),
        ({"area": "a\0"}, "area"),
        ({"note": "a\0"}, "note"),
        ({"note": "x" * 301}, "note"),
        ({"value": None}, "value"),
        ({"value": "viel"}, "value"),
        ({"value": Decimal("NaN")}, "value"),
        ({"value": "1e20"}, "value"),
        ({"value": "0.0000001"}, "value"),
        ({"baseline": "Infinity"}, "baseline"),
        ({"baseline_date": timezone.localdate() + dt.timedelta(days=1)}, "baseline_date"),
        ({"baseline_date": date(1800, 1, 1)}, "baseline_date"),
        ({"due": date(2200, 1, 1)}, "due"),
        ({"due": date(2019, 1, 1)}, "due"),
        ({"level": "galaxy"}, "level"),
        ({"level": "district", "area": "Mitte"}, "level"),
        ({"level": "county"}, "level"),
    ],
)
def test_a_mistake_is_said_at_its_field(wrong: dict[str, Any], field: str) -> None:
    indicator = measured()
    with pytest.raises(ValidationError) as caught:
        set_target(indicator, AIM | wrong, actor="test")
    assert list(caught.value.message_dict) == [field]
    assert not Target.objects.exists()


def test_one_target_for_an_area() -> None:
    indicator = measured()
    first = set_target(indicator, AIM, actor="test")
    other = set_target(indicator, AIM | {"area": "Platz"}, actor="test")
    with pytest.raises(ValidationError, match="schon ein Ziel"):
        set_target(indicator, AIM, actor="test")
    with pytest.raises(ValidationError, match="schon ein Ziel"):
        change_target(other, {"area": "07312"}, actor="test")
    assert change_target(first, {"area": "07312", "value": 1}, actor="test").value == 1


PAGES = ["/", "/kennzahlen/", "/ziele/", "/kennzahlen/pkw-dichte/"]


@pytest.mark.parametrize("address", PAGES)
def test_everybody_reads_how_far_it_is_backwards_included(client: Client, address: str) -> None:
    indicator = measured()
    assert "Rückläufig" not in text_of(client.get(address))
    target = set_target(indicator, AIM, actor="test")
    body = text_of(client.get(address))
    assert "Rückläufig: 20\u00a0% des Weges in die falsche Richtung." in body
    assert "400,0\u00a0Pkw je 1.000 Menschen" in body
    assert body.count("<h1") == 1
    record_values([row(indicator, "2021", "450")], actor="test")
    assert "50\u00a0% des Weges zum Ziel." in text_of(client.get(address))
    change_target(target, {"value": "450"}, actor="test")
    assert "Ziel erreicht." in text_of(client.get(address))
    remove_target(target, actor="test")
    assert "Ziel erreicht." not in text_of(client.get(address))


@pytest.mark.parametrize("address", PAGES[:3])
def test_what_is_not_measured_or_old_says_so_and_drafts_stay_unseen(client: Client, address: str) -> None:
    our_town()
    set_target(make_indicator(title="Nie gemessen"), AIM | {"note": "<b>fett</b>"}, actor="test")
    hidden = make_indicator(title="Streng Geheim")
    set_target(hidden, AIM, actor="test")
    withdraw_indicator(hidden, actor="test")
    body = text_of(client.get(address))
    assert "Noch nicht gemessen." in body
    assert "Nie gemessen" in body
    assert "nicht gemessen</span>" in body
    assert "<b>fett" not in body
    assert "Streng Geheim" not in body.replace("„Streng Geheim“", "")  # that it was withdrawn is told on purpose


def test_the_page_of_targets_asks_no_more_for_three(client: Client) -> None:
    our_town()
    client.get("/ziele/")
    counts = []
    for count in (1, 3):
        while Target.objects.count() < count:
            set_target(make_indicator(), AIM, actor="test")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/ziele/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "noch kein Ziel gesetzt" not in text_of(client.get("/ziele/"))


def test_staff_set_change_and_give_up(staff: Client) -> None:
    indicator = measured()
    page = f"/intern/kennzahlen/{indicator.public_id}/"
    form = staff.get(page + "ziel/").context["form"]
    assert (form["area"].value(), form["version"].value()) == ("07312", indicator.version)
    typed = {
        "area": "07312", "level": "town", "baseline": "1.500,25", "baseline_date": "2019-01-01", "value": "400,5",
        "due": "2030-12-31", "note": "", "version": str(indicator.version),
    }  # fmt: skip
    assert staff.post(page + "ziel/", typed | {"value": "4.00"}).status_code == 422
    assert staff.post(page + "ziel/", typed | {"due": "2018-01-01"}).status_code == 422
    assert staff.post(page + "ziel/", typed)["Location"] == page
    target = Target.objects.get()
    assert (target.baseline, target.value) == (Decimal("1500.25"), Decimal("400.5"))
    address = f"/intern/ziele/{target.public_id}/"
    assert f'href="{address}"' in text_of(staff.get(page))
    body = text_of(staff.get(address))
    assert 'value="1500,25"' in body
    assert 'value="400,5"' in body
    late = staff.post(address, typed | {"value": "300"})
    assert late.status_code == 422
    assert "Jemand hat die Kennzahl geändert" in text_of(late)
    version = str(indicator.version + 1)
    assert f'name="version" value="{version}"' in text_of(late)
    assert staff.post(address, typed | {"value": "300", "version": version}).status_code == 302
    assert Target.objects.get().value == 300
    for stale in (version, "", "x", "9" * 30):
        assert staff.post(address + "aufgeben/", {"version": stale})["Location"] == address
    assert staff.post(address + "aufgeben/", {"version": str(indicator.version + 2)})["Location"] == page
    assert not Target.objects.exists()
    assert staff.get(address).status_code == 404


def test_a_measures_target_is_not_changed_here(staff: Client) -> None:
    target = Target.objects.create(measure=make_measure(), indicator=measured(), area="07312", value=1)
    assert staff.get(f"/intern/ziele/{target.public_id}/").status_code == 404
    assert staff.post(f"/intern/ziele/{target.public_id}/aufgeben/", {"version": "3"}).status_code == 404


def test_who_may_only_record_sees_targets_without_ways_to_change(client: Client) -> None:
    indicator = measured()
    set_target(indicator, AIM, actor="test")
    client.force_login(make_account(Role.EDITOR))
    body = text_of(client.get(f"/intern/kennzahlen/{indicator.public_id}/"))
    assert "Ziele des Programms" in body
    assert "/intern/ziele/" not in body
    assert client.get(f"/intern/kennzahlen/{indicator.public_id}/ziel/").status_code == 403


def test_the_api_reads_in_public_and_writes_by_token(client: Client) -> None:
    indicator = measured()
    hidden = make_measure(published=None)
    Target.objects.create(measure=hidden, indicator=indicator, area="07312", value=7)
    shown = Target.objects.create(measure=make_measure(), indicator=indicator, area="07312", value=8)
    address = f"/api/programme/indicators/{indicator.slug}/targets"
    account = make_account(Role.PROGRAMME_OFFICE)
    key = create_token(account, "t", actor=account)[1]

    def send(method: str, path: str, body: Any = None) -> Any:
        headers = {"authorization": f"Bearer {key}"}
        return Client().generic(method, path, json.dumps(body), "application/json", headers=headers)

    body = {key: str(value) for key, value in AIM.items()} | {"version": indicator.version}
    made = send("POST", address, body)
    assert made.status_code == 201
    found = made.json()
    assert [found[name] for name in ("measure", "value", "verdict", "progress", "staleness", "version")] == [
        None, "400", "backwards", "-20", "stale", indicator.version + 1,
    ]  # fmt: skip
    assert found["now"]["value"] == "520"
    assert send("POST", address, body).status_code == 409
    wrong = send("POST", address, body | {"version": indicator.version + 1, "due": "2018-01-01"})
    assert [each["field"] for each in wrong.json()["fields"]] == ["due"]
    listed = client.get(address).json()
    assert [(each["measure"], each["value"]) for each in listed] == [
        (None, "400"), (str(shown.measure.public_id) if shown.measure else None, "8"),
    ]  # fmt: skip
    own = f"/api/programme/targets/{made.json()['id']}"
    changed = send("PATCH", own, {"version": indicator.version + 1, "value": "520"})
    assert (changed.json()["verdict"], changed.json()["baseline"]) == ("reached", "500")
    assert send("DELETE", f"{own}?version=1").status_code == 409
    assert send("DELETE", f"{own}?version={indicator.version + 2}").status_code == 204
    assert send("DELETE", f"{own}?version=1").status_code == 404


def test_a_list_of_the_api_asks_no_more_for_three(client: Client) -> None:
    indicator = measured()
    address = f"/api/programme/indicators/{indicator.slug}/targets"
    set_target(indicator, AIM, actor="test")
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _number in range(2):
        Target.objects.create(measure=make_measure(), indicator=indicator, area="07312", value=8)
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(address).json()) == 3
    assert len(three) == len(one)


@pytest.mark.parametrize("kind", ["json", "xlsx"])
def test_the_round_trip_keeps_them(kind: str) -> None:
    programme = Programme.objects.create(title="Programm")
    target = set_target(measured(), AIM | {"note": "Leitbild", "baseline": "500.125"}, actor="test")
    data = files.write(programme, kind)
    fields = ("public_id", "indicator", "level", "area", "baseline", "baseline_date", "value", "due", "note")
    before = Target.objects.values_list(*fields).get()
    Target.objects.filter(pk=target.pk).delete()
    source = files.read(data)
    assert isinstance(source, files.Source)
    restore(source, actor="import")
    assert Target.objects.values_list(*fields).get() == before


def test_the_annual_report_has_them() -> None:
    Programme.objects.create(title="Programm")
    set_target(measured(), AIM, actor="test")
    document = json.dumps(make_report(2025, actor="test").document, ensure_ascii=False)
    assert "das ganze Programm" in document
    assert "Rückläufig: 20\u00a0% des Weges in die falsche Richtung." in document


def test_verdicts_of_the_programme_are_those_of_the_series() -> None:
    set_target(measured("450"), AIM, actor="test")
    assert [(aim.verdict.word, aim.verdict.percent, aim.staleness) for aim in aims(list(targets_of_programme()))] == [
        ("under_way", 50, "stale")
    ]
