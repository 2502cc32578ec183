import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.utils import timezone

from allmende.spine.facts.handlers import FactRow as Row
from allmende.spine.facts.models import FactRow
from allmende.spine.moderation import notices  # noqa: F401 - its reactions are registered by now
from allmende.spine.moderation.domain import accessibility, cases, queries
from allmende.spine.moderation.domain.comments import delete_comment, report_comment
from allmende.spine.moderation.models import Case, Comment
from allmende.spine.moderation.tasks import send_answer
from allmende.spine.notify.models import Notice
from allmende.spine.notify.reactions import react
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.moderation.makers import STATEMENT, make_comment, make_hidden, make_moderator, make_writer

pytestmark = pytest.mark.django_db


def test_hiding_takes_a_reason_and_a_statement(measure, no_rules):
    comment, moderator = make_comment(measure, text="Du ***"), make_moderator()
    case = report_comment(comment, "insult").case
    for reason, statement, wrong in (
        ("", STATEMENT, ["reason"]),
        ("boring", STATEMENT, ["reason"]),
        ("insult", "kurz", ["statement"]),
        ("", "", ["reason", "statement"]),
    ):
        with pytest.raises(ValidationError) as caught:
            cases.decide_case(case, "hidden", reason, statement, actor=moderator)
        assert sorted(caught.value.message_dict) == wrong
    with pytest.raises(ValidationError):
        cases.decide_case(case, "reversed", actor=moderator)
    row = cases.decide_case(case, "hidden", "insult", STATEMENT, actor=moderator)
    comment.refresh_from_db()
    assert (comment.state, comment.reason, comment.text) == ("hidden", "insult", "Du ***")
    assert (row.state, row.outcome, row.reason, row.statement, row.decided_by) == (
        "decided", "hidden", "insult", STATEMENT, moderator,
    )  # fmt: skip
    fact = FactRow.objects.get(subject=row.urn)
    assert (fact.kind, fact.public, fact.payload) == (
        "moderation.comment.decided",
        False,
        {
            "comment": str(comment.public_id),
            "about": measure.urn,
            "outcome": "hidden",
            "reason": "insult",
            "shown": False,
        },
    )
    assert "***" not in str(fact.payload) + fact.url
    assert "Nachbarin" not in str(fact.payload)


def test_a_reported_comment_may_stay(measure, no_rules):
    comment = make_comment(measure)
    cases.decide_case(report_comment(comment, "spam").case, "shown", actor=make_moderator())
    comment.refresh_from_db()
    assert (comment.state, comment.reason) == ("visible", "")
    assert FactRow.objects.filter(kind="moderation.comment.posted", subject=comment.urn).count() == 1


def test_who_may_decide(measure, no_rules):
    writer = make_account(Role.MODERATOR)
    choose_pseudonym(writer, "Amsel", actor=writer)
    case = report_comment(make_comment(measure, writer), "spam").case
    for person in (writer, make_account(Role.RESIDENT), make_account(Role.EDITOR), make_account(Role.PROJECT_LEAD)):
        with pytest.raises(PermissionDenied):
            cases.decide_case(case, "shown", actor=person)
    assert cases.decide_case(case, "shown", actor=make_moderator()).state == "decided"


def test_a_claim_keeps_others_off_for_two_hours(measure, no_rules):
    one, two = make_moderator(), make_moderator()
    case = report_comment(make_comment(measure), "spam").case
    cases.claim_case(case, actor=one)
    cases.claim_case(case, actor=one)
    for attempt in (
        lambda: cases.claim_case(case, actor=two),
        lambda: cases.decide_case(case, "shown", actor=two),
    ):
        with pytest.raises(ValidationError) as caught:
            attempt()
        assert caught.value.code == "claimed"
    with pytest.raises(PermissionDenied):
        cases.release_case(case, actor=two)
    Case.objects.update(claimed_at=timezone.now() - timedelta(hours=3))
    assert cases.claim_case(case, actor=two).claimed_by == two
    assert cases.release_case(case, actor=two).claimed_by is None
    assert cases.decide_case(case, "shown", actor=one).decided_by == one


def at_once(work, people):
    """Run `work(person)` for all at the same moment; what each got, or the code of the refusal."""
    gate, results = threading.Barrier(len(people)), []

    def one(person):
        try:
            gate.wait()
            work(person)
            results.append("done")
        except ValidationError as error:
            results.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["claim", "decide"])
def test_two_moderators_at_once(what, no_rules):
    people = [make_moderator() for _ in range(4)]
    case = report_comment(make_comment(make_measure()), "spam").case
    work = {
        "claim": lambda person: cases.claim_case(case, actor=person),
        "decide": lambda person: cases.decide_case(case, "hidden", "spam", STATEMENT, actor=person),
    }[what]
    refused = {"claim": "claimed", "decide": "decided"}[what]
    assert at_once(work, people) == sorted(["done"] + [refused] * 3)
    assert FactRow.objects.filter(subject=case.urn).count() == 1


def test_an_appeal_is_decided_by_somebody_else(measure, no_rules):
    writer, first, second = make_writer(), make_moderator(), make_moderator()
    comment = make_comment(measure, writer)
    hidden = make_hidden(comment, first)
    assert cases.may_appeal(writer, hidden)
    with pytest.raises(PermissionDenied):
        cases.appeal(hidden, "Das war gar nicht so gemeint.", actor=make_writer("Star"))
    with pytest.raises(ValidationError):
        cases.appeal(hidden, "nein", actor=writer)
    appeal = cases.appeal(hidden, "Das war gar nicht so gemeint.", actor=writer)
    assert (appeal.kind, appeal.appeal_of) == ("appeal", hidden)
    with pytest.raises(PermissionDenied):
        cases.appeal(hidden, "Und noch einmal, bitte.", actor=writer)
    with pytest.raises(PermissionDenied):
        cases.decide_case(appeal, "upheld", statement=STATEMENT, actor=first)
    with pytest.raises(ValidationError) as caught:
        cases.decide_case(appeal, "upheld", actor=second)
    assert list(caught.value.message_dict) == ["statement"]
    cases.decide_case(appeal, "reversed", actor=second)
    comment.refresh_from_db()
    assert (comment.state, comment.reason) == ("visible", "")


def test_an_appeal_turned_down_keeps_the_reason(measure, no_rules):
    writer = make_writer()
    comment = make_comment(measure, writer)
    appeal = cases.appeal(make_hidden(comment, make_moderator()), "Das war gar nicht so gemeint.", actor=writer)
    cases.decide_case(appeal, "upheld", statement=STATEMENT, actor=make_moderator())
    comment.refresh_from_db()
    assert (comment.state, comment.reason) == ("hidden", "insult")


def test_after_half_a_year_or_deletion_there_is_no_appeal(measure, no_rules):
    writer = make_writer()
    comment = make_comment(measure, writer)
    hidden = make_hidden(comment, make_moderator())
    assert not cases.may_appeal(writer, hidden, timezone.now() + timedelta(days=184))
    assert cases.may_appeal(writer, hidden, timezone.now() + timedelta(days=180))
    delete_comment(comment, actor=writer)
    assert not cases.may_appeal(writer, Case.objects.select_related("comment__author").get(pk=hidden.pk))


def test_the_queue_is_sorted_by_urgency_and_by_role(measure, no_rules):
    late = report_comment(make_comment(measure), "spam").case
    soon = report_comment(make_comment(measure), "spam").case
    feedback = accessibility.give_feedback("Der Knopf hat keinen Namen.")
    Case.objects.filter(pk=late.pk).update(due=timezone.now() - timedelta(hours=1))
    seen = {
        role: [case.pk for case in queries.queue(make_account(role))]
        for role in (Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR, Role.RESIDENT)
    }
    assert seen == {
        Role.MODERATOR: [late.pk, soon.pk],
        Role.EDITOR: [feedback.pk],
        Role.ADMINISTRATOR: [late.pk, soon.pk, feedback.pk],
        Role.RESIDENT: [],
    }
    moderator = make_moderator()
    assert queries.counts(moderator) == {"reported": 2, "late": 1}
    assert queries.next_case(moderator, late).pk == soon.pk
    cases.claim_case(soon, actor=make_moderator())
    assert queries.next_case(moderator, late) is None


def test_ten_thousand_open_cases_are_listed_by_index(measure, no_rules):
    comments = Comment.objects.bulk_create(
        [Comment(subject=measure.urn, text=f"Text {n}") for n in range(10_000)], batch_size=2_000
    )
    due = timezone.now()
    Case.objects.bulk_create(
        [Case(kind="reported", comment=c, due=due + timedelta(seconds=n)) for n, c in enumerate(comments)],
        batch_size=2_000,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE moderation_case")
        rows = Case.objects.filter(state="open").order_by("due", "pk")[:50]
        sql, params = rows.query.sql_with_params()
        cursor.execute("EXPLAIN " + sql, params)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "moderation_case_open" in plan, plan
    assert [case.comment.text for case in queries.queue(make_moderator())[:2]] == ["Text 0", "Text 1"]


def notices_of(account, kind):
    react([as_row(fact) for fact in FactRow.objects.filter(kind=kind).order_by("id")])
    return list(Notice.objects.filter(account=account).order_by("pk").values_list("title", flat=True))


def as_row(fact):
    return Row(
        fact.epoch, 0, fact.id, fact.time, fact.actor, fact.kind, fact.subject, fact.url, fact.origin, fact.payload,
        fact.public,
    )  # fmt: skip


def test_the_author_is_told(measure, no_rules):
    writer = make_writer()
    writer.language = "de"
    writer.save()
    hidden = make_hidden(make_comment(measure, writer), make_moderator())
    assert notices_of(writer, "moderation.comment.decided") == ["Ihr Kommentar wurde verborgen"]
    url = Notice.objects.get(account=writer).url
    assert url == f"/kommentare/{hidden.comment.public_id}/"


def test_feedback_is_answered_once_by_mail():
    case = accessibility.give_feedback("Der Knopf hat keinen Namen.", page="/massnahmen/", email="leser@example.org")
    editor = make_account(Role.EDITOR)
    with pytest.raises(PermissionDenied):
        cases.decide_case(case, "answered", statement="Danke, das ist behoben.", actor=make_moderator())
    cases.decide_case(case, "answered", statement="Danke, das ist behoben.", actor=editor)
    for _ in range(2):
        send_answer(case_id=str(case.public_id), key="test:1")
    assert [(message.to, message.body.split("\n")[0]) for message in mail.outbox] == [
        (["leser@example.org"], "Danke, das ist behoben.")
    ]
    facts = FactRow.objects.filter(kind__startswith="moderation.feedback")
    assert "leser" not in str([(f.payload, f.actor, f.subject) for f in facts])


def test_without_an_address_no_mail_is_sent():
    case = accessibility.give_feedback("Der Knopf hat keinen Namen.")
    cases.decide_case(case, "answered", statement="Danke, das ist behoben.", actor=make_account(Role.EDITOR))
    send_answer(case_id=str(case.public_id), key="test:2")
    assert mail.outbox == []


def test_the_counts_of_a_period(measure, no_rules):
    writer, first, second = make_writer(), make_moderator(), make_moderator()
    hidden = make_hidden(make_comment(measure, writer), first)
    cases.decide_case(report_comment(make_comment(measure), "spam").case, "shown", actor=first)
    appeal = cases.appeal(hidden, "Das war gar nicht so gemeint.", actor=writer)
    cases.decide_case(appeal, "reversed", actor=second)
    now = timezone.now()
    found = queries.transparency(now - timedelta(days=1), now + timedelta(seconds=1))
    assert (found.comments, found.held, found.reports, found.shown, found.hidden_total) == (2, 0, 2, 1, 1)
    assert (found.hidden, found.appeals, found.reversed, found.median_hours) == (
        [("Beleidigung oder Herabwürdigung", 1)], 1, 1, 0.0,
    )  # fmt: skip
    empty = queries.transparency(now - timedelta(days=3), now - timedelta(days=2))
    assert (empty.comments, empty.hidden, empty.median_hours) == (0, [], None)
