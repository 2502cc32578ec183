"""The pages of moderation in a real browser, and giving feedback by keyboard alone, without script."""

from typing import Any

import pytest

from allmende.spine.instance.domain.settings import change, finish_setup
from allmende.spine.moderation.domain import accessibility, cases
from allmende.spine.moderation.domain.comments import report_comment
from allmende.spine.moderation.models import Case, Feedback
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure
from tests.moderation.browsing import MARKS, browser, flaws  # noqa: F401 - a fixture
from tests.moderation.makers import make_comment, make_hidden, make_moderator, make_writer
from tests.support.full import whole_matrix

pytestmark = [*MARKS, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def town(live_server: Any) -> str:
    finish_setup()
    change({"town": "Kaiserslautern", "state": "RP", "contact_email": "stadt@example.org"}, actor="test")
    return live_server.url


@whole_matrix
def test_no_page_has_a_flaw(town, browser, no_rules):  # noqa: F811
    measure = make_measure(title="Fauthweg")
    writer, moderator, admin = make_writer("Amsel"), make_moderator(), make_account(Role.ADMINISTRATOR)
    shown, bad = make_comment(measure, writer, "Sehr gut."), make_comment(measure, writer, "Weniger gut.")
    hidden = make_hidden(bad, moderator)
    reported = report_comment(shown, "insult", "bitte ansehen").case
    feedback = accessibility.give_feedback("Der Knopf hat keinen Namen.", email="leser@example.org")
    limits = [{"what": "Karten", "why": "Vektorkarten haben keinen Text.", "instead": "Die Liste daneben."}]
    accessibility.change_statement({"limitations": limits}, version=0, actor="test")
    comment = f"/kommentare/{shown.public_id}/"
    pages = [
        (None, "/barrierefreiheit/"),
        (None, "/barrierefreiheit/danke/"),
        (None, "/kommentare/transparenz/"),
        (None, comment + "melden/"),
        (writer, comment),
        (writer, comment + "bearbeiten/"),
        (writer, comment + "loeschen/"),
        (writer, f"/kommentare/{bad.public_id}/"),
        (writer, f"/kommentare/{bad.public_id}/widerspruch/"),
        (admin, "/intern/moderation/"),
        (admin, "/intern/moderation/?show=decided"),
        (admin, f"/intern/moderation/{reported.public_id}/"),
        (admin, f"/intern/moderation/{feedback.public_id}/"),
        (admin, f"/intern/moderation/{hidden.public_id}/"),
        (admin, "/intern/moderation/regeln/"),
        (admin, "/intern/barrierefreiheit/"),
    ]
    assert flaws(browser, town, pages, "moderation") == []


def test_feedback_by_keyboard_without_script(town, browser):  # noqa: F811
    context = browser.new_context(locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto(town + "/barrierefreiheit/")
    page.get_by_label("Was ist die Barriere?").focus()
    page.keyboard.type("Der Knopf hat keinen Namen.")
    page.keyboard.press("Tab")
    page.keyboard.type("/karte/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    # The trap for programs lies between the address and the button: the keyboard does not stop there.
    page.keyboard.press("Enter")
    page.wait_for_url("**/danke/")
    assert page.get_by_role("heading", level=1).inner_text() == "Vielen Dank"
    assert list(Feedback.objects.values_list("text", "page", "email")) == [
        ("Der Knopf hat keinen Namen.", "/karte/", "")
    ]
    assert not page.get_by_label("Dieses Feld leer lassen").count()
    context.close()


def test_a_moderator_decides_by_keyboard(town, browser, no_rules):  # noqa: F811
    from tests.moderation.browsing import cookies

    first = report_comment(make_comment(make_measure()), "spam").case
    second = report_comment(make_comment(make_measure()), "spam").case
    context = browser.new_context(locale="de-DE")
    context.add_cookies(cookies(make_moderator(), town))
    page = context.new_page()
    page.goto(town + "/intern/moderation/")
    page.get_by_role("link", name=str(first)).press("Enter")
    page.get_by_role("button", name="Übernehmen").press("Enter")
    page.get_by_role("radio", name="Der Kommentar wird gezeigt").press("Space")
    page.get_by_role("button", name="Entscheiden und weiter zum nächsten Fall").press("Enter")
    page.wait_for_url(f"**/{second.public_id}/")
    assert Case.objects.get(pk=first.pk).outcome == "shown"
    assert cases.claim_holds(Case.objects.get(pk=second.pk)) is False
    context.close()
