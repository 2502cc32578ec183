"""Writing facts."""

from dataclasses import dataclass

import pytest
from django.db import DatabaseError, connection, transaction

from allmende.spine.facts import Fact, emit
from allmende.spine.facts.kinds import sentence
from allmende.spine.facts.models import FactRow


@dataclass(frozen=True)
class Happened(Fact):
    kind = "tests.thing.happened"
    public = True
    title: str
    number: int | None = None

    def sentence(self) -> str:
        return f"{self.title} happened"


pytestmark = pytest.mark.django_db


def test_a_fact_is_stored_as_typed() -> None:
    fact_id = emit(Happened(title="Fest", number=3), subject="thing:1", actor="import", url="/x/")
    row = FactRow.objects.get(pk=fact_id)
    assert (row.kind, row.subject, row.actor, row.url, row.public) == (
        "tests.thing.happened", "thing:1", "import", "/x/", True,
    )  # fmt: skip
    assert row.payload == {"title": "Fest", "number": 3}
    assert row.sentence == "Fest happened"


def test_wrong_payload_type_is_refused() -> None:
    with pytest.raises(TypeError, match=r"tests\.thing\.happened\.title is int"):
        emit(Happened(title=4))  # type: ignore[arg-type]


def test_two_kinds_of_one_name_are_refused() -> None:
    with pytest.raises(TypeError, match="defined twice"):

        @dataclass(frozen=True)
        class Other(Fact):
            kind = "tests.thing.happened"


def test_sentence_of_an_unknown_or_older_kind_is_its_name() -> None:
    assert sentence("gone.kind", {}) == "gone.kind"
    assert sentence("tests.thing.happened", {"was_called": "x"}) == "tests.thing.happened"
    assert sentence("tests.thing.happened", {"title": "A", "new": 1}) == "A happened"


def test_facts_are_never_changed_or_deleted() -> None:
    fact_id = emit(Happened(title="x"))
    for statement in ("UPDATE facts_fact SET kind = 'a.b' WHERE id = %s", "DELETE FROM facts_fact WHERE id = %s"):
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [fact_id])
    assert FactRow.objects.filter(pk=fact_id).count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_fact_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="in the transaction of the change"):
        emit(Happened(title="x"))


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_fact() -> None:
    before = FactRow.objects.count()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        emit(Happened(title="x"))
        raise ZeroDivisionError
    assert FactRow.objects.count() == before


@pytest.mark.parametrize(
    ("words", "ordered"),
    [
        (["zebra", "Ärger", "Apfel", "Ofen", "Öl"], ["Apfel", "Ärger", "Ofen", "Öl", "zebra"]),
        (["Straße", "Strasse 2", "Strand", "STRASSE 1"], ["Strand", "Straße", "STRASSE 1", "Strasse 2"]),
        (["Über", "Uhr", "uber", "Übermut"], ["Über", "uber", "Übermut", "Uhr"]),
        (["Łódź", "Lodz", "Locke", "Ñu", "Nuss"], ["Locke", "Łódź", "Lodz", "Ñu", "Nuss"]),
    ],
)
def test_sort_after_din_5007(words: list[str], ordered: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT w FROM unnest(%s::text[]) WITH ORDINALITY AS t(w, n) ORDER BY din5007(w), n", [words])
        assert [row[0] for row in cursor.fetchall()] == ordered
