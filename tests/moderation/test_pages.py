import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from allmende.spine.moderation.domain import accessibility, cases
from allmende.spine.moderation.domain.comments import report_comment
from allmende.spine.moderation.models import Case, Comment, Report
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Pseudonym
from tests.factories import make_account, make_measure
from tests.moderation.makers import STATEMENT, make_comment, make_hidden, make_moderator, make_writer

pytestmark = pytest.mark.django_db


def client_of(account: Account | None) -> Client:
    client = Client()
    if account is not None:
        client.force_login(account)
    return client


def text(response) -> str:
    return response.content.decode()


def thread(measure, account=None) -> str:
    """The include as a page of a room shows it."""
    request = RequestFactory().get("/")
    request.user = account or AnonymousUser()
    template = Template('{% include "moderation/comments.html" with subject=measure %}')
    return template.render(Context({"measure": measure, "request": request, "user": request.user}))


def test_the_include_shows_the_talk_and_how_to_join(measure, no_rules):
    writer = make_writer("Amsel")
    comment = make_comment(measure, writer, "<script>alert(1)</script> schön")
    make_comment(measure, make_writer("Star"), "Antwort", parent=comment)
    html = thread(measure)
    assert "&lt;script&gt;alert(1)&lt;/script&gt; schön" in html
    assert "<script>" not in html
    assert re.findall(r"<strong>([^<]+)</strong>", html) == ["Amsel", "Star"]
    assert "2 Kommentare" in html
    assert "/konto/anmelden/?next=" in html
    assert "<textarea" not in html
    own = thread(measure, writer)
    assert own.count("<textarea") == 2
    assert "Sie schreiben als Amsel." in own
    assert writer.email not in own
    assert 'name="pseudonym"' in thread(measure, make_account(Role.RESIDENT))


def test_the_tag_does_the_same_as_the_include(measure, no_rules):
    make_comment(measure, text="Hallo")
    request = RequestFactory().get("/")
    request.user = make_writer("Star")
    html = Template("{% load moderation %}{% comments measure %}").render(
        Context({"measure": measure, "request": request, "user": request.user, "csrf_token": "t"})
    )
    assert "Hallo" in html


def test_nothing_is_shown_for_what_one_may_not_see(no_rules):
    assert thread(make_measure(published=None)).strip() == ""


def test_writing_with_a_first_public_name(measure, no_rules):
    account = make_account(Role.RESIDENT)
    client = client_of(account)
    data = {"subject": measure.urn, "pseudonym": "Zaunkönig", "text": "Gut gemacht."}
    answer = client.post("/kommentare/neu/", data)
    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/massnahmen/{measure.slug}/#comment-{comment.public_id}")
    assert (comment.author.name, comment.author.account) == ("Zaunkönig", account)
    again = client.post("/kommentare/neu/", {"subject": measure.urn, "text": ""})
    assert again.status_code == 422
    assert Comment.objects.count() == 1
    assert Client().post("/kommentare/neu/", data)["Location"].startswith("/konto/anmelden/")
    assert client.post("/kommentare/neu/", {"subject": "ufo:1", "text": "x"}).status_code == 404


def test_a_taken_name_keeps_the_text(measure, no_rules):
    make_writer("Amsel")
    client = client_of(make_account(Role.RESIDENT))
    page = client.post("/kommentare/neu/", {"subject": measure.urn, "pseudonym": "amsel", "text": "Mein langer Text"})
    assert page.status_code == 422
    assert "Mein langer Text" in text(page)
    assert Comment.objects.count() == 0
    assert Pseudonym.objects.count() == 1


def test_edit_delete_and_appeal_are_ones_own(measure, no_rules):
    writer, other = make_writer("Amsel"), make_writer("Star")
    comment = make_comment(measure, writer)
    for page in ("", "bearbeiten/", "loeschen/", "widerspruch/"):
        assert client_of(other).get(f"/kommentare/{comment.public_id}/{page}").status_code == 403, page
        assert Client().get(f"/kommentare/{comment.public_id}/{page}").status_code == 302
    mine = client_of(writer)
    changed = mine.post(f"/kommentare/{comment.public_id}/bearbeiten/", {"text": "Neu", "version": "1"})
    assert changed.status_code == 302
    assert mine.post(f"/kommentare/{comment.public_id}/bearbeiten/", {"text": "Alt", "version": "1"}).status_code == 422
    assert Comment.objects.get().text == "Neu"
    assert "Neu" in text(mine.get(f"/kommentare/{comment.public_id}/loeschen/"))
    assert mine.post(f"/kommentare/{comment.public_id}/loeschen/").status_code == 302
    assert Comment.objects.get().state == "deleted"


def test_the_way_from_a_report_to_a_reversed_decision(measure, no_rules):
    writer, first, second = make_writer("Amsel"), make_moderator(), make_moderator()
    comment = make_comment(measure, writer, "Fragwürdig")
    page = f"/kommentare/{comment.public_id}/"
    assert Client().get(page + "melden/").status_code == 200
    assert Client().post(page + "melden/", {"reason": "insult", "text": "bitte prüfen"}).status_code == 302
    case = Case.objects.get()
    staff = client_of(first)
    assert "bitte prüfen" in text(staff.get(f"/intern/moderation/{case.public_id}/"))
    staff.post(f"/intern/moderation/{case.public_id}/uebernehmen/", {"action": "claim"})
    held = client_of(second).post(f"/intern/moderation/{case.public_id}/", {"outcome": "shown"})
    assert (held.status_code, "Jemand anderes arbeitet daran" in text(held)) == (409, True)
    wrong = staff.post(f"/intern/moderation/{case.public_id}/", {"outcome": "hidden"})
    assert (wrong.status_code, Comment.objects.get().state) == (422, "visible")
    decision = {"outcome": "hidden", "reason": "insult", "statement": STATEMENT}
    assert staff.post(f"/intern/moderation/{case.public_id}/", decision).status_code == 302
    mine = client_of(writer)
    told = text(mine.get(page))
    assert "Beleidigung oder Herabwürdigung" in told
    assert STATEMENT in told
    assert first.email not in told
    assert "widerspruch" in told
    public = thread(measure)
    assert "Dieser Kommentar wurde verborgen: Beleidigung oder Herabwürdigung." in public
    assert "Fragwürdig" not in public
    assert STATEMENT not in public
    assert mine.post(page + "widerspruch/", {"text": "Das war als Lob gemeint."}).status_code == 302
    appeal = Case.objects.get(kind="appeal")
    assert "Sache von jemand anderem" in text(staff.get(f"/intern/moderation/{appeal.public_id}/"))
    assert staff.post(f"/intern/moderation/{appeal.public_id}/", {"outcome": "reversed"}).status_code == 403
    done = client_of(second).post(f"/intern/moderation/{appeal.public_id}/", {"outcome": "reversed", "next": "1"})
    assert done["Location"] == "/intern/moderation/"
    assert "Fragwürdig" in thread(measure)
    late = client_of(second).post(f"/intern/moderation/{case.public_id}/", {"outcome": "shown"})
    assert late.status_code == 409


def test_who_sees_the_queue(measure, no_rules):
    case = report_comment(make_comment(measure), "spam").case
    feedback = accessibility.give_feedback("Der Knopf hat keinen Namen.")
    answers = {}
    for role in (Role.MODERATOR, Role.EDITOR, Role.ADMINISTRATOR, Role.RESIDENT):
        client = client_of(make_account(role))
        answers[role] = [
            client.get(address).status_code
            for address in (
                "/intern/moderation/",
                f"/intern/moderation/{case.public_id}/",
                f"/intern/moderation/{feedback.public_id}/",
            )
        ]
    assert answers == {
        Role.MODERATOR: [200, 200, 404],
        Role.EDITOR: [200, 404, 200],
        Role.ADMINISTRATOR: [200, 200, 200],
        Role.RESIDENT: [403, 403, 403],
    }


def test_the_queue_asks_the_same_number_of_questions(measure, no_rules):
    client, counts = client_of(make_moderator()), []
    client.get("/intern/moderation/")
    for _ in range(2):
        for _more in range(len(counts) + 1):
            report_comment(make_comment(measure), "spam")
        with CaptureQueriesContext(connection) as caught:
            page = client.get("/intern/moderation/")
        counts.append(len(caught))
    assert counts[0] == counts[1]
    assert text(page).count('<th scope="row">') == 3


def test_the_queue_is_narrowed(measure, no_rules):
    moderator = make_moderator()
    make_hidden(make_comment(measure, text="alt"), moderator)
    report_comment(make_comment(measure, text="offen"), "spam")
    client = client_of(moderator)
    rows = {
        query: re.findall(r'data-label="Text">([^<]*)', text(client.get(f"/intern/moderation/{query}")))
        for query in ("", "?kind=held", "?show=decided", "?show=mine")
    }
    assert rows == {"": ["offen"], "?kind=held": [], "?show=decided": ["alt"], "?show=mine": []}


def test_visitors_report_ten_times_an_hour_and_programs_never(measure, no_rules):
    comment = make_comment(measure)
    address = f"/kommentare/{comment.public_id}/melden/"
    trapped = Client().post(address, {"reason": "spam", "website": "http://spam"})
    assert (trapped.status_code, Report.objects.count()) == (302, 0)
    codes = [Client().post(address, {"reason": "spam"}).status_code for _ in range(11)]
    assert codes == [302] * 10 + [422]
    assert Report.objects.count() == 10


def test_hidden_things_cannot_be_reported(measure, no_rules):
    comment = make_comment(measure)
    make_hidden(comment, make_moderator())
    assert Client().get(f"/kommentare/{comment.public_id}/melden/").status_code == 404


def test_the_hold_rules_page():
    client = client_of(make_moderator())
    assert client.get("/intern/moderation/regeln/").status_code == 200
    data = {"version": "0", "max_links": "4", "words": "depp"}
    assert client.post("/intern/moderation/regeln/", data).status_code == 302
    assert client.post("/intern/moderation/regeln/", data | {"words": "depp\nesel"}).status_code == 409
    assert client.post("/intern/moderation/regeln/", data | {"version": "1", "words": "x" * 70}).status_code == 422


def test_the_transparency_page_counts(measure, no_rules):
    make_hidden(make_comment(measure), make_moderator())
    page = text(Client().get("/kommentare/transparenz/"))
    year = timezone.localdate().year
    row = re.search(r"Entschieden: verborgen</th>(.*?)</tr>", page, re.DOTALL)[1]
    assert re.findall(r">(\d+)</td>", row) == ["1", "0"]
    assert f"Gründe im Jahr {year}" in page
    assert "Beleidigung oder Herabwürdigung: 1" in page


def test_decisions_page_in_english(measure, no_rules):
    writer = make_writer("Amsel")
    hidden = make_hidden(make_comment(measure, writer), make_moderator())
    assert cases.may_appeal(writer, hidden)
    client = client_of(writer)
    client.cookies["allmende_language"] = "en"
    page = text(client.get(f"/kommentare/{hidden.comment.public_id}/"))
    assert "Insult or degradation" in page
    assert "Appeal" in page
