"""Event logs: their structure by IEEE 1849-2016, and who is not in them."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from allmende.process.core import xes as core
from allmende.process.domain import instances, items, xes
from allmende.process.models import Instance
from allmende.spine.people.enums import Role
from tests.factories import make_account

from .moving import OLD
from .test_migration import version_of

SPACE = "{http://www.xes-standard.org/}"
TYPED = {"string", "date", "int", "float", "boolean", "id"}
TRANSITIONS = {
    "schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort", "ate_abort", "complete",
    "autoskip", "manualskip", "unknown",
}  # fmt: skip


def check(text):
    """The structure that the standard asks for: order and kind of elements, attributes of declared extensions."""
    log = etree.fromstring(text.encode())
    assert (log.tag, log.get("xes.version"), log.get("xes.features")) == (f"{SPACE}log", "1849-2016", "")
    order = ["extension", "global", "classifier", *sorted(TYPED), "trace"]
    names = [etree.QName(each).localname for each in log]
    groups = [next(place for place, one in enumerate(order) if one == name) for name in names]
    group = [place if name not in TYPED else 3 for place, name in zip(groups, names, strict=True)]
    assert group == sorted(group)
    prefixes = {each.get("prefix") for each in log.iter(f"{SPACE}extension")}
    for scope in ("trace", "event"):
        assert len(log.findall(f"{SPACE}global[@scope='{scope}']")) == 1
    for each in log.iter():
        name = etree.QName(each).localname
        if name in TYPED:
            assert set(each.attrib) == {"key", "value"}
            prefix, colon, _rest = each.get("key").partition(":")
            assert not colon or prefix in prefixes
    for event in log.iter(f"{SPACE}event"):
        told = {each.get("key"): each.get("value") for each in event}
        assert len(told) == len(event)
        assert {"concept:name", "lifecycle:transition", "time:timestamp"} <= set(told)
        assert told["lifecycle:transition"] in TRANSITIONS
        assert dt.datetime.fromisoformat(told["time:timestamp"]).utcoffset() == dt.timedelta(0)
        assert "org:resource" not in told
    return log


def events(log):
    return [
        [
            tuple(
                next((one.get("value") for one in event if one.get("key") == key), "")
                for key in ("concept:name", "lifecycle:transition", "org:role")
            )
            for event in trace.iter(f"{SPACE}event")
        ]
        for trace in log.iter(f"{SPACE}trace")
    ]


def test_texts_of_any_kind_stay_texts():
    entry = core.Entry("<b>\"A\" & 'B'\x00\x0b</b>", "complete", "2026-01-01T00:00:00.000+00:00", "a", "")
    log = check("".join(core.write("x", [core.Trace("1", 1, "done", [entry])])))
    assert events(log) == [[("<b>\"A\" & 'B'</b>", "complete", "")]]


@pytest.mark.parametrize("number", [0, 1, 3])
def test_any_number_of_cases(number):
    assert len(events(check("".join(core.write("x", [core.Trace("1", 1, "done", [])] * number))))) == number


@pytest.fixture
def worked(db):
    """A case of which somebody did a step; the role is one of many."""
    people = [make_account(Role.PROGRAMME_OFFICE, name="Erika Muster") for _number in range(3)]
    case = instances.start(version_of(OLD), title="Bescheid für Herrn Geheim", actor=people[0])
    item = case.items.get()
    items.claim(item, actor=people[0])
    items.complete(item, {}, actor=people[0])
    return case, people


def test_a_case_as_a_log_without_persons(worked):
    case, _people = worked
    text = "".join(xes.of_instance(case))
    (told,) = events(check(text))
    assert told == [
        ("started", "start", ""),
        ("s", "complete", ""),
        ("Aufnehmen", "assign", "programme_office"),
        ("Aufnehmen", "complete", "programme_office"),
        ("split", "complete", ""),
        ("s2", "complete", ""),
    ]
    for word in ("Muster", "Geheim", "example.org", "account"):
        assert word not in text


def test_a_small_role_is_not_named_and_who_took_it_on_when_neither(worked):
    case, people = worked
    people[0].is_active = False
    people[0].save()
    (told,) = events(check("".join(xes.of_instance(case))))
    assert ("Aufnehmen", "complete", "") in told
    assert [transition for _name, transition, role in told if role or transition == "assign"] == []


def test_a_download_holds_only_what_one_may_see(worked):
    case, people = worked
    instances.start(case.version_of, title="Anderer", actor="test")
    client = Client()
    client.force_login(people[0])
    address = reverse("process:model_xes", args=[case.version_of.model.slug])
    answer = client.get(address)
    assert answer["Content-Type"] == "application/xml"
    assert len(events(check(answer.getvalue().decode()))) == 2
    one = client.get(reverse("process:instance_xes", args=[case.public_id]))
    assert len(events(check(one.getvalue().decode()))) == 1
    lead = make_account(Role.PROJECT_LEAD, scope="measure:0190")
    client.force_login(lead)
    assert client.get(reverse("process:instance_xes", args=[case.public_id])).status_code == 403
    assert client.get(address).status_code == 403


def test_two_queries_more_for_many_cases(worked, django_assert_num_queries):
    case, _people = worked
    model = case.version_of.model
    for number in (1, 3):
        while Instance.objects.count() < number:
            instances.start(case.version_of, title="Noch einer", actor="test")
        with django_assert_num_queries(5):
            "".join(xes.of_model(model, Instance.objects.all()))
