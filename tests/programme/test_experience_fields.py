"""What others should know of a measure, risks that came true, and figures by name: drafted, compared, carried over."""

import datetime as dt
import json
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.utils import timezone

from allmende.programme.domain import compare, document, revisions
from allmende.programme.exchange import files, restore
from allmende.programme.models import Figure, Measure, Risk
from allmende.spine.people.enums import Role
from tests.factories import change_measure, make_account, make_measure

from .exchange_support import empty_programme, make_world, source_of

pytestmark = pytest.mark.django_db
RISK = {"text": "Mast fällt", "likelihood": 1, "impact": 3}


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE)


def old(doc: dict[str, Any]) -> dict[str, Any]:
    """A document as it was before these keys came."""
    found = {key: value for key, value in doc.items() if key != "advice"}
    found["risks"] = [
        {key: value for key, value in row.items() if key not in ("occurred", "handling")} for row in doc["risks"]
    ]
    return found


def test_drafted_by_forms_and_shown_to_the_reviewer(client: Client, office: Any) -> None:
    measure = make_measure()
    client.force_login(office)
    address = f"/intern/massnahmen/{measure.public_id}/entwurf"
    draft = revisions.begin(measure, actor=office)
    texts = {name: draft.document[name] or "" for name in ("title", "topic", "summary", "maturity", "lang")}
    answer = client.post(f"{address}/texte/", {**texts, "version": 1, "advice": "Früh <b>fragen</b>."})
    assert answer.status_code == 302
    risks = {"risks-TOTAL_FORMS": 1, "risks-INITIAL_FORMS": 0, "dependencies-TOTAL_FORMS": 0,
             "dependencies-INITIAL_FORMS": 0, "version": 2, "risks-0-text": "Mast fällt", "risks-0-likelihood": 1,
             "risks-0-impact": 3, "risks-0-occurred": "2024-05-01", "risks-0-handling": "Neu gesetzt."}  # fmt: skip
    assert client.post(f"{address}/risiken/", risks).status_code == 302
    draft.refresh_from_db()
    assert draft.document["advice"] == "Früh <b>fragen</b>."
    changes = {each.label: "".join(text for _kind, text in each.pieces) for each in
               compare.diff(draft.base, draft.document)}  # fmt: skip
    assert changes == {
        "Was andere wissen sollten": "Früh <b>fragen</b>.",
        "Risiken": "Mast fällt · niedrig · hoch · 01.05.2024 · Neu gesetzt.\n",
    }


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"occurred": "2024-05-01", "closed": "2024-04-30"}, "nachdem es kein Risiko mehr war"),
        ({"handling": "Neu gesetzt."}, "an welchem Tag"),
        ({"occurred": "2999-01-01"}, "in der Zukunft"),
        ({"occurred": "30.02.2024"}, "Datum"),
        ({"occurred": "2024-05-01", "handling": "x" * 501}, "500"),
    ],
)
def test_what_cannot_be(values: dict[str, Any], said: str, office: Any) -> None:
    draft = revisions.begin(make_measure(), actor=office)
    with pytest.raises(ValidationError) as error:
        revisions.edit(draft, {"risks": [RISK | values]}, version=draft.version, actor=office)
    assert said in " ".join(error.value.messages)
    draft.refresh_from_db()
    assert draft.document["risks"] == []


def test_drafts_from_before_these_keys_differ_by_nothing(office: Any) -> None:
    measure = make_measure()
    Risk.objects.create(measure=measure, **RISK)
    draft = revisions.begin(measure, actor=office)
    draft.document = draft.base = old(draft.document)
    draft.save()
    assert document.changes(document.dump(measure), draft.document) == []
    assert compare.diff(draft.document, document.dump(measure)) == []
    with pytest.raises(ValidationError, match="nichts geändert"):
        revisions.submit(draft, actor=office)
    draft = revisions.edit(draft, {"summary": "Neu."}, version=draft.version, actor=office)
    revisions.publish(revisions.submit(draft, actor=office), actor=make_account(Role.PROGRAMME_OFFICE))
    row = Measure.objects.get(pk=measure.pk)
    assert (row.summary, row.advice, row.risks.get().occurred) == ("Neu.", "", None)


def test_files_from_before_these_keys_are_read(office: Any) -> None:
    whole = json.loads(files.write(make_world(), "json"))
    empty_programme()
    for row in whole["measures"]:
        row["document"] = old(row["document"])
    for row in whole["figures"]:
        del row["id"], row["vintage"]
    data = json.dumps(whole).encode()
    restore.restore(source_of(data), actor="import")
    assert (Measure.objects.get(code="A-1").advice, Figure.objects.count()) == ("", 2)
    outcome = restore.restore(source_of(data), actor="import")
    assert (outcome.changed, Figure.objects.count()) == (0, 2)


def test_figures_keep_their_names(office: Any) -> None:
    data = files.write(make_world(), "json")
    named = set(Figure.objects.values_list("public_id", "vintage"))
    empty_programme()
    restore.restore(source_of(data), actor="import")
    assert set(Figure.objects.values_list("public_id", "vintage")) == named


def test_on_the_measure_page(client: Client, office: Any) -> None:
    measure = change_measure(
        make_measure(),
        {
            "advice": "Früh <b>fragen</b>.",
            "risks": [
                RISK | {"text": "Offen"},
                RISK | {"text": "Weg", "closed": "2024-01-01"},
                RISK | {"text": "Sturm", "occurred": "2024-05-01", "handling": "Neu & fest", "closed": "2024-06-01"},
            ],
        },
        actor=office,
    )
    body = client.get(measure.get_absolute_url()).content.decode()
    assert "Früh &lt;b&gt;fragen&lt;/b&gt;." in body
    assert "Eingetreten am" in body and ": Neu &amp; fest" in body and "Offen" in body
    assert "Weg<" not in body


@pytest.mark.django_db(transaction=True)
def test_figures_that_are_there_get_a_name_each() -> None:
    before, after = [("programme", "0004_list_answers")], [("programme", "0005_experience")]
    executor = MigrationExecutor(connection)
    leaves = executor.loader.graph.leaf_nodes()  # rooms above go back and forth with it
    try:
        executor.migrate(before)
        apps = executor.loader.project_state(before).apps
        programme = apps.get_model("programme", "Programme").objects.create(title="P")
        for number in range(3):
            apps.get_model("programme", "Figure").objects.create(
                programme=programme, key=f"k{number}", matter="M", value=1, unit="EUR", source_url="https://example.org"
            )
        MigrationExecutor(connection).migrate(after)
        rows = list(Figure.objects.values_list("public_id", "vintage"))
        assert len({public_id for public_id, _vintage in rows}) == 3
        assert all(isinstance(public_id, uuid.UUID) and public_id.version == 7 for public_id, _vintage in rows)
        assert all(timezone.now() - vintage < dt.timedelta(minutes=5) for _public_id, vintage in rows)
    finally:
        MigrationExecutor(connection).migrate(leaves)
