"""What was released and what happened stays: the database refuses changes, and the chain shows those made past it."""

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from allmende.process.core import chain
from allmende.process.domain import history, instances, shipped
from allmende.process.models import Event, Version
from allmende.spine.people.enums import Role
from tests.factories import make_account

MARKS = st.text(alphabet="0123456789abcdef", min_size=64, max_size=64)
ENTRIES = st.lists(
    st.tuples(
        st.sampled_from(["started", "passed", "completed"]),
        st.text(max_size=10),
        st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
        MARKS,
    ),
    min_size=1,
    max_size=8,
)


def chained(rows):
    entries, previous = [], ""
    for number, (kind, name, payload, mark) in enumerate(rows, 1):
        entry = chain.Entry(number, "2026-01-01T00:00:00.000000+00:00", kind, "e", name, payload, mark)
        previous = chain.chained(previous, entry)
        entries.append((entry, previous))
    return entries


@given(ENTRIES, st.data())
def test_every_change_of_a_row_breaks_the_chain_there(rows, data):
    entries = chained(rows)
    assert chain.broken(entries) is None
    place = data.draw(st.integers(0, len(entries) - 1))
    entry, stored = entries[place]
    field = data.draw(st.sampled_from(["kind", "name", "payload", "mark", "time", "element"]))
    other = {"payload": {"changed": 1.5}}.get(field, str(getattr(entry, field)) + "x")
    changed = [*entries[:place], (entry._replace(**{field: other}), stored), *entries[place + 1 :]]
    assert chain.broken(changed) == place + 1


@given(ENTRIES, st.data())
def test_a_row_that_is_missing_or_moved_breaks_it(rows, data):
    entries = chained(rows)
    place = data.draw(st.integers(0, len(entries) - 1))
    without = entries[:place] + entries[place + 1 :]
    assert chain.broken(without) == (None if place == len(entries) - 1 else place + 2)
    assert chain.broken(reversed(entries)) == (None if len(entries) == 1 else len(entries))


def case():
    version = next(each for each in shipped.install(actor="test") if each.model.slug == "von-der-idee-zur-massnahme")
    return instances.start(version, title="Fall", actor=make_account(Role.EDITOR))


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"xml": b"<x/>"}, {"sha256": "0" * 64}, {"lanes": []}, {"state": "draft"}])
def test_a_released_version_does_not_change(change):
    row = case().version_of
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=row.pk).update(**change)
    Version.objects.filter(pk=row.pk).update(state="retired")


@pytest.mark.django_db
def test_history_does_not_change_and_a_change_past_the_database_shows():
    row = case()
    event = row.events.order_by("number")[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(name="anders")
    assert history.broken(row) is None
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE process_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE process_event SET name = 'anders' WHERE id = %s", [event.pk])
    assert history.broken(row) == event.number


@pytest.mark.django_db
def test_entries_at_the_end_that_were_taken_away_are_missed():
    row = case()
    last = row.events.order_by("-number")[0]
    last.delete()
    assert history.broken(row) == last.number


@pytest.mark.django_db
def test_without_the_person_the_chain_stays_whole():
    row = case()
    began = row.events.get(kind="started")
    assert began.mark == chain.mark(began.salt, began.actor.urn)
    Event.objects.filter(pk=began.pk).update(actor=None, salt="")
    assert history.broken(row) is None
