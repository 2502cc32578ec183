"""Grants: verbs, facts, bad values, two editors, shares, files."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from allmende.funding.domain import grants
from allmende.funding.models import Grant, Share
from allmende.programme.domain.measures import delete_measure
from allmende.spine.facts.models import FactRow
from allmende.spine.files.models import StoredFile
from allmende.spine.models import VersionConflict
from allmende.spine.people.access import visible_to
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.files.makers import upload

from .makers import make_grant, values

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def treasurer() -> Any:
    return make_account(Role.TREASURER)


def test_life_of_a_grant_is_told_by_facts(treasurer: Any) -> None:
    row = grants.record_grant(values(title="Öde Straße: 1. Bescheid"), actor=treasurer)
    assert (row.slug, row.published) == ("oede-strasse-1-bescheid", None)
    row = grants.change_grant(row, {"note": "Erst so."}, version=row.version, actor=treasurer)
    row = grants.publish_grant(row, version=row.version, actor=treasurer)
    row = grants.change_grant(row, {"title": "Anderer Titel"}, version=row.version, actor=treasurer)
    row = grants.share_out(row, [(make_measure(), 100)], version=row.version, actor=treasurer)
    row = grants.withdraw_grant(row, actor=treasurer)
    assert (row.slug, row.version) == ("oede-strasse-1-bescheid", 6)
    facts = FactRow.objects.filter(subject=row.urn).order_by("id").values_list("kind", "public", "payload__fields")
    assert list(facts) == [
        ("funding.grant.recorded", False, None),
        ("funding.grant.changed", False, ["note"]),
        ("funding.grant.published", True, None),
        ("funding.grant.changed", True, ["title"]),
        ("funding.grant.changed", True, ["shares"]),
        ("funding.grant.withdrawn", True, None),
    ]


def test_nothing_changed_nothing_told(treasurer: Any) -> None:
    measure = make_measure()
    row = make_grant()
    row = grants.share_out(row, [(measure, 5)], version=row.version, actor=treasurer)
    count = FactRow.objects.count()
    grants.change_grant(row, {"title": row.title}, version=row.version, actor=treasurer)
    grants.publish_grant(row, actor=treasurer)
    grants.share_out(row, [(measure, 5)], version=row.version, actor=treasurer)
    grants.remove_document(row, actor=treasurer)
    assert FactRow.objects.count() == count
    assert Grant.objects.get().version == row.version


def test_only_keepers_of_money_change_grants() -> None:
    row, measure = make_grant(), make_measure()
    for role in (Role.AUDITOR, Role.FUNDER, Role.EDITOR, Role.PROJECT_LEAD, Role.RESIDENT):
        person = make_account(role)
        for verb in (
            lambda: grants.record_grant(values(), actor=person),  # noqa: B023 - called at once
            lambda: grants.change_grant(row, {"note": "x"}, version=row.version, actor=person),  # noqa: B023
            lambda: grants.publish_grant(row, actor=person),  # noqa: B023
            lambda: grants.withdraw_grant(row, actor=person),  # noqa: B023
            lambda: grants.share_out(row, [(measure, 1)], version=row.version, actor=person),  # noqa: B023
            lambda: grants.attach_document(row, upload("a.pdf", PDF), public=True, actor=person),  # noqa: B023
            lambda: grants.remove_document(row, actor=person),  # noqa: B023
        ):
            with pytest.raises(PermissionDenied):
                verb()
    scoped = make_account(Role.TREASURER, scope=row.urn)
    with pytest.raises(PermissionDenied):
        grants.change_grant(row, {"note": "x"}, version=row.version, actor=scoped)
    assert Grant.objects.get().version == row.version


def test_who_sees_what_is_not_public() -> None:
    hidden, shown = make_grant(False), make_grant()
    seen = {
        role: set(visible_to(make_account(role), Grant.objects.all())) == {hidden, shown}
        for role in (Role.TREASURER, Role.PROGRAMME_OFFICE, Role.ADMINISTRATOR, Role.AUDITOR, Role.FUNDER,
                     Role.EDITOR, Role.RESIDENT)
    }  # fmt: skip
    assert [role for role, everything in seen.items() if not everything] == [Role.EDITOR, Role.RESIDENT]
    assert set(visible_to(make_account(Role.EDITOR), Grant.objects.all())) == {shown}


TOO_LONG = "Bitte sicherstellen, dass der Wert aus höchstens 80 Zeichen besteht. (Er besteht aus 81 Zeichen.)"
NAME_IT = "Nennen Sie die Stadt, zu der dieser Schlüssel gehört."
FUTURE = timezone.localdate() + timedelta(days=1)


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"title": " "}, {"title": ["Dieses Feld darf nicht leer sein."]}),
        ({"scheme": ""}, {"scheme": ["Dieses Feld darf nicht leer sein."]}),
        ({"reference": "x" * 81}, {"reference": [TOO_LONG]}),
        ({"amount_cents": 0}, {"amount_cents": ["Der Betrag muss größer als null sein."]}),
        ({"amount_cents": -5}, {"amount_cents": ["Der Betrag muss größer als null sein."]}),
        ({"amount_cents": 10**30}, {"amount_cents": ["So groß ist keine Zuwendung."]}),
        ({"amount_cents": "viel"}, {"amount_cents": ["Wert „viel“ muss eine Ganzzahl sein."]}),
        ({"quota": 10_001}, {"quota": ["Die Quote liegt zwischen 0 und 100 Prozent."]}),
        ({"quota_at_least": True}, {"quota": ["Nennen Sie die Quote, die mindestens gilt."]}),
        ({"own_share_cents": -1}, {"own_share_cents": ["Der Eigenanteil kann nicht negativ sein."]}),
        ({"starts": date(2023, 1, 2), "ends": date(2023, 1, 1)}, {"ends": ["Das Ende liegt vor dem Anfang."]}),
        ({"starts": date(202, 1, 2)}, {"starts": ["Das Jahr muss zwischen 1949 und 2099 liegen."]}),
        ({"notice_date": FUTURE}, {"notice_date": ["Ein Bescheid hat kein Datum in der Zukunft."]}),
        ({"source_title": ""}, {"source_title": ["Dieses Feld darf nicht leer sein."]}),
        ({"source_url": ""}, {"source_url": ["Dieses Feld darf nicht leer sein."]}),
        ({"source_url": "javascript:alert(1)"}, {"source_url": ["Bitte eine gültige Adresse eingeben."]}),
        ({"ags": "7312"}, {"ags": ["Ein Gemeindeschlüssel hat acht Ziffern, zum Beispiel 07312000."]}),
        ({"ags": "07318000", "recipient": ""}, {"recipient": [NAME_IT]}),
        ({"phase": 77}, {"phase": ["Diese Phase gibt es nicht."]}),
    ],
)  # fmt: skip
def test_bad_values_are_refused_at_their_field(changed: dict[str, Any], problems: dict[str, list[str]]) -> None:
    with pytest.raises(ValidationError) as refused:
        grants.record_grant(values(**changed), actor="test")
    assert refused.value.message_dict == problems
    row = make_grant()
    with pytest.raises(ValidationError) as refused:
        grants.change_grant(row, changed, version=row.version, actor="test")
    assert refused.value.message_dict == problems
    assert (Grant.objects.count(), Grant.objects.get().version) == (1, row.version)


def test_every_problem_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        grants.record_grant({"amount_cents": 0}, actor="test")
    assert sorted(refused.value.message_dict) == [
        "amount_cents",
        "authority",
        "scheme",
        "source_title",
        "source_url",
        "title",
    ]


def test_an_unknown_field_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="published"):
        grants.record_grant(values(published=timezone.now()), actor="test")


def test_a_reference_number_is_given_once_by_an_authority() -> None:
    first = make_grant(reference="AZ  17/3", title="Erster")
    assert first.reference == "AZ 17/3"
    with pytest.raises(ValidationError) as refused:
        make_grant(reference="AZ 17/3")
    assert refused.value.message_dict == {"reference": ["„Erster“ von dieser Behörde hat dieses Aktenzeichen schon."]}
    other = make_grant(reference="AZ 17/3", authority="Andere Behörde")
    with pytest.raises(ValidationError):
        grants.change_grant(other, {"authority": "Ministerium"}, version=other.version, actor="test")
    grants.change_grant(first, {"note": "Die eigene Nummer stört nicht."}, version=first.version, actor="test")
    make_grant(), make_grant()


def test_the_database_refuses_what_no_verb_writes() -> None:
    row = make_grant()
    for change in (
        {"amount_cents": 0}, {"source_url": ""}, {"quota": 10_001}, {"own_share_cents": -1},
        {"ends": date(2000, 1, 1)},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Grant.objects.filter(pk=row.pk).update(**change)


def test_this_town_is_written_in_one_way() -> None:
    from allmende.spine.instance.domain.settings import change

    change({"town": "Kaiserslautern", "ags": "07312000"}, actor="test")
    row = make_grant(recipient="", ags="07312000")
    assert (row.recipient, row.ags) == ("Kaiserslautern", "")


def test_two_editors_get_both_texts(treasurer: Any) -> None:
    row = make_grant()
    grants.change_grant(row, {"note": "Erste."}, version=row.version, actor=treasurer)
    with pytest.raises(VersionConflict) as conflict:
        grants.change_grant(row, {"note": "Zweite."}, version=row.version, actor=treasurer)
    assert conflict.value.current.note == "Erste."
    with pytest.raises(VersionConflict):
        grants.share_out(row, [(make_measure(), 1)], version=row.version, actor=treasurer)
    with pytest.raises(VersionConflict):
        grants.publish_grant(row, version=row.version, actor=treasurer)
    assert Grant.objects.get().note == "Erste."


def test_shares_never_exceed_the_grant(treasurer: Any) -> None:
    row, one, two = make_grant(amount_cents=1000), make_measure(), make_measure()
    row = grants.share_out(row, [(one, 600), (two, None)], version=row.version, actor=treasurer)
    with pytest.raises(ValidationError) as refused:
        grants.share_out(row, [(one, 600), (two, 401)], version=row.version, actor=treasurer)
    assert refused.value.messages == [
        "Die Anteile ergeben 10,01\xa0€, die Zuwendung beträgt 10\xa0€: 0,01\xa0€ zu viel."
    ]
    assert list(Share.objects.values_list("measure", "amount_cents")) == [(one.pk, 600), (two.pk, None)]
    with pytest.raises(ValidationError) as refused:
        grants.change_grant(row, {"amount_cents": 599}, version=row.version, actor=treasurer)
    assert refused.value.message_dict == {"amount_cents": ["Maßnahmen bekommen schon 6\xa0€ von dieser Zuwendung."]}
    row = grants.share_out(row, [(two, 1000)], version=row.version, actor=treasurer)
    assert list(Share.objects.values_list("measure", "amount_cents")) == [(two.pk, 1000)]
    grants.share_out(row, [], version=row.version, actor=treasurer)
    assert not Share.objects.exists()


def test_bad_shares_are_refused_at_their_row() -> None:
    row, one, two = make_grant(amount_cents=1000), make_measure(), make_measure()
    with pytest.raises(ValidationError) as refused:
        grants.share_out(row, [(one, 1), (two, 0), (one, -2000)], version=row.version, actor="test")
    assert [(error.params["row"], error.params["field"]) for error in refused.value.error_list] == [
        (1, "amount"), (2, "measure"), (2, "amount"),
    ]  # fmt: skip
    assert not Share.objects.exists()


def test_a_deleted_measure_leaves_the_grant() -> None:
    row, measure = make_grant(), make_measure()
    grants.share_out(row, [(measure, 100)], version=row.version, actor="test")
    delete_measure(measure, actor="test")
    assert (Grant.objects.count(), Share.objects.count()) == (1, 0)


def test_a_file_is_read_by_staff_and_by_others_only_once_released(treasurer: Any) -> None:
    row = make_grant()
    row = grants.attach_document(row, upload("bescheid.pdf", PDF), public=False, actor=treasurer)
    assert row.document is not None
    address = row.document.get_absolute_url()

    def status(*roles: Role) -> int:
        client = Client()
        if roles:
            client.force_login(make_account(*roles), backend="allmende.spine.people.backends.Backend")
        response = client.get(address)
        if response.streaming:
            assert b"".join(response.streaming_content) == PDF
        return response.status_code

    assert [status(), status(Role.EDITOR), status(Role.AUDITOR), status(Role.FUNDER)] == [403, 403, 200, 200]
    assert "bescheid.pdf" not in Client().get(row.get_absolute_url()).content.decode()
    row = grants.attach_document(row, None, public=True, actor=treasurer)
    assert status() == 200
    assert "bescheid.pdf" in Client().get(row.get_absolute_url()).content.decode()
    grants.withdraw_grant(row, actor=treasurer)
    assert status() == 403


def test_a_new_file_takes_the_place_of_the_old_one(treasurer: Any) -> None:
    row = grants.attach_document(make_grant(), upload("alt.pdf", PDF), public=False, actor=treasurer)
    row = grants.attach_document(row, upload("neu.pdf", PDF + b"\n"), public=False, actor=treasurer)
    assert [file.name for file in StoredFile.objects.all()] == ["neu.pdf"]
    with pytest.raises(ValidationError):
        grants.attach_document(row, upload("boese.pdf", b"<html><script>1</script>"), public=False, actor=treasurer)
    row = grants.remove_document(row, actor=treasurer)
    assert (row.document, row.document_public, StoredFile.objects.count()) == (None, False, 0)


@pytest.mark.django_db(transaction=True)
def test_two_who_share_out_at_once_do_not_add_up_to_too_much() -> None:
    row, one, two = make_grant(amount_cents=1000), make_measure(), make_measure()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def share(measure: Any) -> None:
        gate.wait()
        try:
            grants.share_out(row, [(measure, 900)], version=row.version, actor="test")
            outcomes.append("saved")
        except VersionConflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=share, args=(measure,)) for measure in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]
    assert list(Share.objects.values_list("amount_cents", flat=True)) == [900]
