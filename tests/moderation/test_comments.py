from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.spine.facts.models import FactRow
from allmende.spine.models import VersionConflict
from allmende.spine.moderation.core import holding
from allmende.spine.moderation.domain import comments as verbs
from allmende.spine.moderation.domain import queries
from allmende.spine.moderation.domain.cases import decide_case
from allmende.spine.moderation.domain.holding import change_rules, rules
from allmende.spine.moderation.models import Case, Comment, HoldRules
from allmende.spine.people.enums import Role
from allmende.spine.privacy.domain import erasure
from allmende.spine.privacy.register import line_of
from tests.factories import make_account, make_measure
from tests.moderation.conftest import CLOSED
from tests.moderation.makers import make_comment, make_hidden, make_moderator, make_writer

pytestmark = pytest.mark.django_db


def told(comment):
    return [(f.kind, f.public, f.payload) for f in FactRow.objects.filter(subject=comment.urn).order_by("id")]


def test_a_comment_stands_under_a_public_name(measure, no_rules):
    comment = make_comment(measure, make_writer("Amsel"), "  Zeile\r\nzwei <b>fett</b>  ")
    assert (comment.text, comment.state, comment.author.name) == ("Zeile\nzwei <b>fett</b>", "visible", "Amsel")
    assert told(comment) == [("moderation.comment.posted", True, {"about": measure.urn, "title": "Fauthweg"})]
    assert FactRow.objects.get(subject=comment.urn).url == f"/massnahmen/{measure.slug}/#comment-{comment.public_id}"


def test_who_may_write(measure, no_rules):
    draft = make_measure(title="Entwurf", published=None)
    writer = make_writer()
    for account, urn in ((None, measure.urn), (writer, draft.urn), (writer, "measure:nothing"), (writer, "ufo:1")):
        with pytest.raises((PermissionDenied, ValidationError)):
            verbs.post_comment(account, urn, "x")
    with pytest.raises(ValidationError) as caught:
        verbs.post_comment(make_account(Role.RESIDENT), measure.urn, "x")
    assert caught.value.error_dict["pseudonym"][0].code == "no_pseudonym"
    CLOSED.add(measure.urn)
    with pytest.raises(PermissionDenied):
        verbs.post_comment(writer, measure.urn, "x")
    assert Comment.objects.count() == 0


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 3001])
def test_texts_that_are_refused(measure, no_rules, text):
    with pytest.raises(ValidationError) as caught:
        make_comment(measure, text=text)
    assert list(caught.value.message_dict) == ["text"]


def test_answers_stand_one_level_deep(measure, no_rules):
    first = make_comment(measure)
    answer = make_comment(measure, parent=first)
    deeper = make_comment(measure, parent=answer)
    assert (answer.parent, deeper.parent) == (first, first)
    thread = queries.thread(measure.urn, None)
    assert [(e.comment, [a.comment for a in e.answers]) for e in thread] == [(first, [answer, deeper])]
    with pytest.raises(ValidationError):
        make_comment(make_measure(), parent=first)


def test_the_first_comment_is_held_and_the_next_is_not(measure):
    writer = make_writer()
    first = make_comment(measure, writer)
    assert (first.state, first.holds) == ("held", ["first"])
    assert [kind for kind, public, _ in told(first)] == ["moderation.comment.held"]
    assert told(first)[0][1] is False
    case = Case.objects.get()
    assert (case.kind, case.comment, case.state) == ("held", first, "open")
    decide_case(case, "shown", actor=make_moderator())
    assert told(first)[1][:2] == ("moderation.comment.posted", True)
    assert make_comment(measure, writer).state == "visible"


def test_links_and_listed_words_hold(measure):
    change_rules({"first": False, "max_links": 1, "words": "depp*\nBlöd Mann\n"}, version=0, actor="test")
    writer = make_writer()
    texts = {
        "Siehe https://a.de und www.b.de": ["links"],
        "Siehe https://a.de": [],
        "So ein DEPPERT": ["words"],
        "Blöd  Mann": [],
        "ein blöd mann": ["words"],
        "Steppdepp": [],
        "D\u00adepp": ["words"],
    }
    assert {text: make_comment(measure, writer, text).holds for text in texts} == texts


@pytest.mark.parametrize(
    ("text", "number"),
    [("nichts", 0), ("http://a.de/http://b.de c.com", 2), ("kl.digital 3.5 z.B. a.", 0), ("x.shop", 1)],
)
def test_links_are_counted(text, number):
    assert holding.links(text) == number


def test_held_and_hidden_texts_are_not_shown_to_others(measure, no_rules):
    writer, reader = make_writer("Amsel"), make_writer("Star")
    shown = make_comment(measure, writer, "offen")
    hidden = make_comment(measure, writer, "geheimes Schimpfwort")
    make_hidden(hidden, make_moderator())
    change_rules({"words": "wart"}, version=1, actor="test")
    held = make_comment(measure, writer, "wart auf mich")
    for person in (None, reader, make_moderator()):
        seen = [(e.comment.pk, e.text, e.reason) for e in queries.thread(measure.urn, person)]
        assert seen == [(shown.pk, "offen", ""), (hidden.pk, "", "Beleidigung oder Herabwürdigung")]
    own = [(e.comment.pk, e.text) for e in queries.thread(measure.urn, writer)]
    assert own == [(shown.pk, "offen"), (hidden.pk, "geheimes Schimpfwort"), (held.pk, "wart auf mich")]
    assert queries.comment_count(measure.urn) == 1


def test_a_thread_asks_the_same_number_of_questions(measure, no_rules):
    counts = []
    for _ in range(2):
        first = make_comment(measure)
        make_comment(measure, parent=first)
        with CaptureQueriesContext(connection) as caught:
            queries.thread(measure.urn, None)
        counts.append(len(caught))
    assert counts == [1, 1]


def test_ones_own_text_can_be_changed_for_a_quarter_of_an_hour(measure, no_rules):
    writer = make_writer()
    comment = make_comment(measure, writer)
    row = verbs.edit_comment(comment, "Besser so.", version=1, actor=writer)
    assert (row.text, row.version, row.state, row.edited is not None) == ("Besser so.", 2, "visible", True)
    with pytest.raises(VersionConflict):
        verbs.edit_comment(comment, "Noch anders.", version=1, actor=writer)
    with pytest.raises(PermissionDenied):
        verbs.edit_comment(row, "Von mir?", version=2, actor=make_writer("Star"))
    Comment.objects.filter(pk=row.pk).update(created=timezone.now() - timedelta(minutes=16))
    with pytest.raises(PermissionDenied):
        verbs.edit_comment(row, "Zu spät.", version=2, actor=writer)
    assert Comment.objects.get().text == "Besser so."


def test_editing_does_not_get_around_the_rules(measure):
    change_rules({"first": False, "words": "depp"}, version=0, actor="test")
    writer = make_writer()
    comment = make_comment(measure, writer)
    row = verbs.edit_comment(comment, "Du depp", version=1, actor=writer)
    assert (row.state, row.holds, Case.objects.get().comment) == ("held", ["words"], row)
    assert queries.thread(measure.urn, None) == []


def test_the_authors_deletion_removes_the_text_and_its_cases(measure, no_rules):
    writer = make_writer()
    first, alone = make_comment(measure, writer, "weg damit"), make_comment(measure, writer, "auch weg")
    answer = make_comment(measure, parent=first)
    verbs.report_comment(first, "spam")
    for comment in (first, alone):
        verbs.delete_comment(comment, actor=writer)
    with pytest.raises(PermissionDenied):
        verbs.delete_comment(answer, actor=writer)
    assert list(Comment.objects.order_by("pk").values_list("text", "state")) == [
        ("", "deleted"), ("", "deleted"), ("Gut so.", "visible"),
    ]  # fmt: skip
    assert Case.objects.count() == 0
    thread = queries.thread(measure.urn, None)
    assert [(e.comment.pk, e.text, [a.comment.pk for a in e.answers]) for e in thread] == [(first.pk, "", [answer.pk])]


def test_a_deleted_person_leaves_no_text(measure, no_rules):
    writer = make_writer("Amsel")
    make_comment(measure, writer, "Ich wohne in der Gasse 3")
    comment = Comment.objects.select_related("author").get()
    erasure.erase(line_of("moderation.Comment"), comment)
    row = Comment.objects.get()
    assert (row.text, row.author, row.state) == ("", None, "deleted")


def test_reports_gather_in_one_case(measure, no_rules):
    comment = make_comment(measure)
    one, two = make_writer("Star"), make_writer("Meise")
    verbs.report_comment(comment, "spam", actor=one)
    verbs.report_comment(comment, "insult", "doch eher das", actor=one)
    verbs.report_comment(comment, "insult", actor=two)
    verbs.report_comment(comment, "threat")
    case = Case.objects.get()
    assert (case.kind, [(r.reporter, r.reason) for r in case.reports.all()]) == (
        "reported", [(one, "insult"), (two, "insult"), (None, "threat")],
    )  # fmt: skip
    assert [(k, public) for k, public, _ in told(comment)][1:] == [("moderation.comment.reported", False)] * 4
    with pytest.raises(ValidationError):
        verbs.report_comment(comment, "boring")


def test_what_is_not_shown_cannot_be_reported(measure):
    with pytest.raises(ValidationError):
        verbs.report_comment(make_comment(measure), "spam")


def test_the_rules_have_editors_and_versions():
    moderator = make_moderator()
    assert (rules().version, rules().first, rules().max_links) == (0, True, 2)
    change_rules({"max_links": 5}, version=0, actor=moderator)
    with pytest.raises(VersionConflict):
        change_rules({"max_links": 6}, version=0, actor=moderator)
    with pytest.raises(PermissionDenied):
        change_rules({"max_links": 6}, version=1, actor=make_account(Role.RESIDENT))
    with pytest.raises(ValidationError):
        change_rules({"words": "x" * 61}, version=1, actor=moderator)
    with pytest.raises(ValueError, match="not changeable"):
        change_rules({"pk": 2}, version=1, actor=moderator)
    assert list(HoldRules.objects.values_list("max_links", "version")) == [(5, 1)]
