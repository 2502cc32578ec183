"""Paper typed in afterwards, and reminding of answers that are overdue."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from allmende.dialogue.domain import answering, paper, reminders
from allmende.dialogue.models import Phase
from allmende.spine.notify.models import Notice
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

from .made import contribute, make_participation, make_phase, rules

pytestmark = pytest.mark.django_db
SHEET = {"title": "Mehr Licht", "text": "Auf dem ganzen Weg."}


def past_phase() -> Phase:
    now = timezone.now()
    phase = rules(opens=now - dt.timedelta(days=90), closes=now - dt.timedelta(days=70), answer_days=60)
    return make_participation(phase=phase).phases.get()


def test_paper_is_typed_in_after_the_end_and_owed_its_answer_on_the_same_day() -> None:
    phase, office = past_phase(), make_account(Role.PROGRAMME_OFFICE)
    received = phase.opens + dt.timedelta(days=3)
    row = paper.enter(phase, SHEET, received=received, actor=office)
    row.refresh_from_db()
    assert (row.channel, row.created, row.author, row.shown) == ("table", received, None, "visible")
    assert row.due == timezone.localdate(phase.closes) + dt.timedelta(days=60)
    assert row.overdue
    phase.refresh_from_db()
    assert phase.frozen == phase.rules.digest


def test_paper_of_another_day_of_a_draft_or_by_somebody_else() -> None:
    phase, office = past_phase(), make_account(Role.PROGRAMME_OFFICE)
    for received in (phase.opens - dt.timedelta(seconds=1), phase.closes, timezone.now()):
        with pytest.raises(ValidationError) as error:
            paper.enter(phase, SHEET, received=received, actor=office)
        assert "received" in error.value.message_dict
    with pytest.raises(ValidationError, match="außerhalb"):
        paper.enter(make_phase(), SHEET, received=timezone.now() + dt.timedelta(hours=1), actor=office)
    with pytest.raises(PermissionDenied):
        paper.enter(phase, SHEET, received=phase.opens, actor=make_account(Role.RESIDENT))
    with pytest.raises(ValidationError):
        draft = make_participation(published=False, phase=phase.rules).phases.get()
        paper.enter(draft, SHEET, received=phase.opens, actor=office)


def test_who_answers_is_told_once_a_week_for_each_participation() -> None:
    office, stranger = make_account(Role.PROGRAMME_OFFICE), make_account(Role.EDITOR, scope=make_measure().urn)
    phase = past_phase()
    lead = make_account(Role.PROJECT_LEAD, scope=phase.participation.urn)
    for _number in range(2):
        late = paper.enter(phase, SHEET, received=phase.opens, actor=office)
    contribute(make_phase())
    today = timezone.localdate()
    assert reminders.remind(today) == 2
    told = Notice.objects.get(account=lead)
    assert told.title == "2 Antworten sind überfällig: Winter am Fauthweg"
    assert str(phase.participation.public_id) in told.url
    assert not Notice.objects.filter(account=stranger).exists()
    assert reminders.remind(today) == 0
    assert reminders.remind(today + dt.timedelta(days=7)) == 2
    answering.answer(late, standing="done", reason="Ist da.", version=late.version, actor=office)
    assert reminders.remind(today + dt.timedelta(days=14)) == 2
    assert Notice.objects.filter(account=lead).order_by("-pk")[0].title.startswith("1 Antwort ist überfällig")
