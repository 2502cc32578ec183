"""Drafts: two editors, review by a second person, history."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from allmende.programme.domain import document, revisions
from allmende.programme.models import Measure, Milestone, Replan, Revision
from allmende.spine.models import VersionConflict
from allmende.spine.people.enums import Role
from tests.factories import PASSWORD, change_measure, make_account, make_measure

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Ina Büro")


@pytest.fixture
def second() -> Any:
    return make_account(Role.PROGRAMME_OFFICE, name="Uwe Zweit")


def edited(measure: Measure, values: dict[str, Any], actor: Any) -> Revision:
    draft = revisions.begin(measure, actor=actor)
    return revisions.edit(draft, values, version=draft.version, actor=actor)


def test_nobody_sees_a_draft_before_it_is_reviewed(office: Any, second: Any, client: Client) -> None:
    measure = make_measure(summary="Alt.")
    draft = revisions.submit(edited(measure, {"summary": "Neu."}, office), note="Satz", actor=office)
    assert "Neu." not in client.get(measure.get_absolute_url()).content.decode()
    revisions.publish(draft, actor=second)
    assert "Neu." in client.get(measure.get_absolute_url()).content.decode()
    row = Revision.objects.get()
    assert (row.state, row.author, row.reviewer, row.note) == ("published", office, second, "Satz")


def test_nobody_reviews_what_they_wrote(office: Any) -> None:
    draft = revisions.submit(edited(make_measure(), {"summary": "Neu."}, office), actor=office)
    with pytest.raises(ValidationError, match="zweite Person"):
        revisions.publish(draft, actor=office)
    assert Revision.objects.get().state == "review"


def test_what_is_not_submitted_is_not_published(office: Any, second: Any) -> None:
    draft = edited(make_measure(), {"summary": "Neu."}, office)
    with pytest.raises(ValidationError):
        revisions.publish(draft, actor=second)
    with pytest.raises(PermissionDenied):
        revisions.publish(draft, actor=make_account(Role.EDITOR))


def test_in_review_nothing_is_edited_until_it_is_taken_back(office: Any) -> None:
    draft = revisions.submit(edited(make_measure(), {"summary": "Neu."}, office), actor=office)
    with pytest.raises(ValidationError, match="in Prüfung"):
        revisions.edit(draft, {"summary": "Anders."}, version=draft.version, actor=office)
    draft = revisions.take_back(draft, actor=office)
    assert revisions.edit(draft, {"summary": "Anders."}, version=draft.version, actor=office).state == "draft"


def test_returned_with_words(office: Any, second: Any) -> None:
    draft = revisions.submit(edited(make_measure(), {"summary": "Neu."}, office), actor=office)
    with pytest.raises(ValidationError):
        revisions.return_to_author(draft, comment="  ", actor=second)
    row = revisions.return_to_author(draft, comment="Bitte mit Datum.", actor=second)
    assert (row.state, [remark.text for remark in row.comments.all()]) == ("returned", ["Bitte mit Datum."])


def test_a_draft_that_changes_nothing_is_not_submitted(office: Any) -> None:
    measure = make_measure()
    draft = edited(measure, {"summary": measure.summary}, office)
    with pytest.raises(ValidationError, match="nichts geändert"):
        revisions.submit(draft, actor=office)


def test_what_the_reviewer_did_not_read_is_not_published(office: Any, second: Any) -> None:
    draft = revisions.submit(edited(make_measure(), {"summary": "Neu."}, office), actor=office)
    read = draft.version
    draft = revisions.take_back(draft, actor=office)
    draft = revisions.edit(draft, {"summary": "Heimlich."}, version=draft.version, actor=office)
    draft = revisions.submit(draft, actor=office)
    with pytest.raises(VersionConflict):
        revisions.publish(draft, version=read, actor=second)


def test_a_draft_is_brought_up_to_date_with_what_was_published_meanwhile(office: Any, second: Any) -> None:
    measure = make_measure(summary="Alt.", reason="Alt.")
    draft = revisions.submit(edited(measure, {"summary": "Mein Satz."}, office), actor=office)
    # The system (an import) publishes past the draft.
    from django.db import transaction

    from allmende.programme.domain.measures import put

    with transaction.atomic():
        row = Measure.locked(measure.pk)
        put(row, document.dump(row) | {"reason": "Neuer Grund."}, actor="import")
    with pytest.raises(ValidationError, match="auf den neuen Stand"):
        revisions.publish(draft, actor=second)
    draft = revisions.bring_up_to_date(draft, actor=office)
    assert document.changes(draft.base, draft.document) == ["summary"]
    shown = revisions.publish(revisions.submit(draft, actor=office), actor=second)
    assert (shown.summary, shown.reason) == ("Mein Satz.", "Neuer Grund.")


def test_an_old_version_is_a_conflict_that_carries_what_is_saved(office: Any) -> None:
    draft = edited(make_measure(), {"summary": "Erste."}, office)
    with pytest.raises(VersionConflict) as conflict:
        revisions.edit(draft, {"summary": "Zweite."}, version=draft.version - 1, actor=office)
    assert conflict.value.current.document["summary"] == "Erste."


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"title": ""}, ("title",)),
        ({"title": "x" * 161}, ("title",)),
        ({"source_url": "javascript:1"}, ("source_url",)),
        ({"topic": "gibt-es-nicht"}, ("topic",)),
        ({"since": "2026-02-30"}, ("since",)),
        ({"since": "0001-01-01"}, ("since",)),
        ({"unknown": 1}, ("unknown",)),
        ({"geometry": {"type": "Point", "coordinates": [999, 0]}}, ("geometry",)),
        ({"milestones": [{"title": "M", "baseline": "2026-13-01", "plan": "2026-01-01"}]},
         ("milestones", 0, "baseline")),
        ({"milestones": [{"title": "M", "baseline": "2026-01-01", "plan": "2026-01-01", "done": "2099-01-01"}]},
         ("milestones", 0, "done")),
        ({"decisions": [{"date": "2026-01-01", "body": "Rat", "kind": "magic"}]}, ("decisions", 0, "kind")),
        ({"involvements": [{"party": "niemand", "role": "lead"}]}, ("involvements", 0, "party")),
        ({"risks": [{"text": "R", "likelihood": 9, "impact": 1}]}, ("risks", 0, "likelihood")),
        ({"dependencies": [{"needs": "quatsch", "kind": "finished"}]}, ("dependencies", 0, "needs")),
        ({"milestones": "kein"}, ("milestones",)),
        ({"title": ["a"]}, ("title",)),
    ],
)  # fmt: skip
def test_bad_values_are_refused_at_their_place_and_nothing_is_saved(
    office: Any, values: dict[str, Any], path: tuple[Any, ...]
) -> None:
    measure = make_measure()
    draft = revisions.begin(measure, actor=office)
    with pytest.raises(ValidationError) as refused:
        revisions.edit(draft, values, version=draft.version, actor=office)
    assert list(refused.value.message_dict) == [".".join(map(str, path))]
    assert Revision.objects.get().document == document.dump(measure)


def test_a_circle_of_dependencies_is_refused(office: Any, second: Any) -> None:
    a, b, c = (make_measure(title=name) for name in "ABC")
    for needs, measure in ((a, b), (b, c)):
        change_measure(measure, {"dependencies": [{"needs": str(needs.public_id), "kind": "finished"}]}, actor=second)
    draft = revisions.begin(a, actor=office)
    for needs in (c, a):
        rows = [{"needs": str(needs.public_id), "kind": "finished"}]
        with pytest.raises(ValidationError, match="Kreis"):
            revisions.edit(draft, {"dependencies": rows}, version=draft.version, actor=office)


def test_the_first_plan_stays_and_every_later_one_is_kept(office: Any) -> None:
    row = {"title": "In Betrieb", "baseline": "2019-06-01", "plan": "2019-06-01", "done": None, "note": ""}
    measure = change_measure(make_measure(), {"milestones": [row]}, actor=office)
    kept = document.dump(measure)["milestones"][0]
    for plan in ("2019-07-01", "2019-08-12"):
        measure = change_measure(measure, {"milestones": [kept | {"plan": plan}]}, actor=office)
    milestone = Milestone.objects.get()
    assert (str(milestone.baseline), str(milestone.plan)) == ("2019-06-01", "2019-08-12")
    assert [str(day) for day in Replan.objects.values_list("plan", flat=True)] == ["2019-06-01", "2019-07-01"]
    draft = revisions.begin(measure, actor=office)
    with pytest.raises(ValidationError, match="erste Plan"):
        revisions.edit(draft, {"milestones": [kept | {"baseline": "2019-08-12"}]}, version=draft.version, actor=office)


def test_the_document_is_the_same_after_a_round_trip(office: Any) -> None:
    measure = change_measure(
        make_measure().place_at(7.7667, 49.4353),
        {
            "code": "A-1", "since": "2020-01-01", "origin_kind": "contest",
            "decisions": [{"date": "2019-01-01", "body": "Rat", "kind": "approve", "text": "Ja.", "url": ""}],
            "milestones": [{"title": "M", "baseline": "2019-01-01", "plan": "2019-02-01", "done": "2019-02-03"}],
            "risks": [{"text": "R", "likelihood": 1, "impact": 3, "response": "", "closed": None}],
        },
        actor=office,
    )  # fmt: skip
    doc = document.dump(measure)
    from django.db import transaction

    with transaction.atomic():
        assert document.apply(Measure.locked(measure.pk), doc) == []
    assert document.dump(Measure.objects.get(pk=measure.pk)) == doc


@pytest.mark.django_db(transaction=True)
def test_two_people_saving_at_the_same_moment() -> None:
    office, measure = make_account(Role.PROGRAMME_OFFICE), make_measure()
    draft = revisions.begin(measure, actor=office)
    barrier, outcomes = threading.Barrier(2), []

    def save(text: str) -> None:
        try:
            barrier.wait()
            revisions.edit(draft, {"summary": text}, version=1, actor=office)
            outcomes.append("saved")
        except VersionConflict:
            outcomes.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(text,)) for text in ("A", "B")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]


def typed(page: Any) -> dict[str, Any]:
    """What a browser would send of the page as it stands."""
    forms = page.context["forms"]
    data: dict[str, Any] = {}
    for form in forms.all_forms:
        data |= {field.html_name: field.value() or "" for field in form if field.name != "DELETE"}
    for rows in forms.sets:
        data |= {field.html_name: field.value() for field in rows.formset.management_form}
    return data


class TestPages:
    def test_from_draft_to_the_public_page(self, office: Any, second: Any, client: Client) -> None:
        measure = make_measure(title="Fauthweg")
        client.force_login(office)
        address = f"/intern/massnahmen/{measure.public_id}/"
        page = client.get(address)
        assert client.post(address, typed(page) | {"summary": "Jetzt anders."}).status_code == 302
        course = f"{address}entwurf/verlauf/"
        data = typed(client.get(course)) | {
            "milestones-0-title": "In Betrieb", "milestones-0-plan": "2019-08-12", "milestones-0-done": "2019-08-12",
            "decisions-0-date": "2019-01-15", "decisions-0-body": "Stadtrat", "decisions-0-kind": "approve",
        }  # fmt: skip
        assert client.post(course, data).status_code == 302
        draft = Revision.objects.get()
        step = f"/intern/fassungen/{draft.public_id}/schritt/"
        client.post(step, {"action": "submit", "note": "Inbetriebnahme"})
        client.force_login(second)
        assert "Fauthweg" in client.get("/intern/pruefen/").content.decode()
        review = client.get(draft.review_url)
        assert "Jetzt anders." in review.content.decode()
        version = review.context["form"]["version"].value()
        assert client.post(draft.review_url, {"version": version, "action": "publish"}).status_code == 302
        client.logout()
        body = client.get(measure.get_absolute_url()).content.decode()
        for text in ("Jetzt anders.", "In Betrieb", "Stadtrat", "wie geplant"):
            assert text in body, text
        assert "Die Maßnahme „Fauthweg“ wurde geändert" in client.get("/aktuelles/").content.decode()

    def test_two_editors_see_both_texts_and_lose_nothing(self, office: Any, second: Any, client: Client) -> None:
        measure = make_measure()
        client.force_login(office)
        address = f"/intern/massnahmen/{measure.public_id}/"
        data = typed(client.get(address))
        edited(measure, {"summary": "Von der anderen Person."}, second)
        response = client.post(address, data | {"summary": "Von mir.", "reason": "Mein langer Text."})
        body = response.content.decode()
        assert response.status_code == 409
        for text in ("Von der anderen Person.", "Von mir.", "Mein langer Text.", "Uwe Zweit"):
            assert text in body, text
        assert Revision.objects.get().document["summary"] == "Von der anderen Person."
        assert client.post(address, typed(response)).status_code == 302
        assert Revision.objects.get().document["summary"] == "Von mir."

    def test_rows_of_two_editors_stand_side_by_side(self, office: Any, second: Any, client: Client) -> None:
        measure = make_measure()
        client.force_login(office)
        address = f"/intern/massnahmen/{measure.public_id}/entwurf/risiken/"
        data = typed(client.get(address))
        edited(measure, {"risks": [{"text": "Fremdes Risiko", "likelihood": 1, "impact": 1}]}, second)
        mine = {"risks-0-text": "Mein Risiko", "risks-0-likelihood": "2", "risks-0-impact": "3"}
        response = client.post(address, data | mine)
        assert response.status_code == 409
        assert "Fremdes Risiko" in response.content.decode()
        assert "Mein Risiko" in response.content.decode()

    def test_errors_stand_at_the_field_and_nothing_typed_is_lost(self, office: Any, client: Client) -> None:
        client.force_login(office)
        measure = make_measure()
        address = f"/intern/massnahmen/{measure.public_id}/"
        response = client.post(address, typed(client.get(address)) | {"title": "", "summary": "Bleibt stehen."})
        assert response.status_code == 422
        assert set(response.context["forms"].fields.errors) == {"title"}
        assert "Bleibt stehen." in response.content.decode()
        course = f"{address}entwurf/verlauf/"
        late = {"milestones-0-title": "M", "milestones-0-plan": "2019-01-01", "milestones-0-done": "2099-01-01"}
        response = client.post(course, typed(client.get(course)) | late)
        assert response.status_code == 422
        assert set(response.context["forms"].sets[0].formset.forms[0].errors) == {"done"}
        assert not Revision.objects.exists()

    def test_the_author_cannot_publish_by_hand_either(self, office: Any, client: Client) -> None:
        draft = revisions.submit(edited(make_measure(), {"summary": "Neu."}, office), actor=office)
        client.force_login(office)
        response = client.post(draft.review_url, {"version": draft.version, "action": "publish"})
        assert response.status_code == 422
        assert "zweite Person" in response.content.decode()
        assert Revision.objects.get().state == "review"

    def test_log_in_that_expired_in_mid_form(self, office: Any, client: Client) -> None:
        measure = make_measure()
        address = f"/intern/massnahmen/{measure.public_id}/"
        response = client.post(address, {"title": "T", "summary": "Lange getippt.", "version": "1"})
        assert response.status_code == 302
        response = client.post(response["Location"], {"login": office.email, "password": PASSWORD})
        assert response["Location"] == address
        page = client.get(address)
        assert "Lange getippt." in page.content.decode()
        assert ["summary", "Lange getippt."] in page.context["fields"]

    def test_history_shows_who_and_what(self, office: Any, second: Any, client: Client) -> None:
        measure = change_measure(make_measure(reason="Alter Grund."), {"reason": "Neuer Grund."}, actor=second)
        client.force_login(office)
        assert "Uwe Zweit" in client.get(f"/intern/massnahmen/{measure.public_id}/verlauf/").content.decode()
        page = client.get(f"/intern/fassungen/{Revision.objects.get().public_id}/").content.decode()
        assert "<del>" in page and "Alter" in page and "Neuer" in page


def test_a_draft_of_today_says_so_tomorrow(office: Any) -> None:
    """The state is computed from the day, not stored."""
    from datetime import timedelta

    from allmende.programme.domain.queries import standings

    today = timezone.localdate()
    due = {"title": "M", "baseline": today.isoformat(), "plan": today.isoformat()}
    measure = change_measure(make_measure(), {"milestones": [due]}, actor=office)
    assert standings([measure.pk])[measure.pk].state == "planned"
    assert standings([measure.pk], today + timedelta(days=1))[measure.pk].state == "late"
