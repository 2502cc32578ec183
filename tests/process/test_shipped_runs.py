"""The models that come along, run by people of the real roles to their end; taken over on the page of models."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import translation

from allmende.process import loading
from allmende.process.core.engine.clock import SetClock
from allmende.process.domain import forms, history, instances, items, known, shipped, telling, timers, versions
from allmende.process.domain.doing import act
from allmende.process.enums import InstanceState, ItemState, VersionState
from allmende.process.models import Instance, Model, WorkItem
from allmende.programme.models import Measure, Milestone, Programme, Topic
from allmende.spine.people.enums import Role
from tests.factories import make_account, make_measure

pytestmark = pytest.mark.django_db(transaction=True)
SAMPLES = {"text": "Text", "long_text": "Text", "number": "90", "integer": "5", "money": "1000", "yes_no": "yes"}


class Town:
    """A town with two people of each role that works in the models, and one case."""

    def __init__(self, name, subject=""):
        Programme.objects.get_or_create(title="Programm")
        Topic.objects.get_or_create(slug="energie", defaults={"title": "Energie"})
        self.people = {}
        version = next(each for each in shipped.install(actor="test") if each.filename == f"{name}.bpmn")
        self.case = instances.start(version, title="Fall", subject=subject, actor=self.person(Role.PROGRAMME_OFFICE))

    def person(self, role, place=0):
        if (role, place) not in self.people:
            self.people[role, place] = make_account(role)
        return self.people[role, place]

    def open(self):
        return sorted(self.case.items.filter(state=ItemState.OPEN).values_list("element", flat=True))

    def do(self, element, second=False, **values):
        """Somebody of the item's role does it; what is not said and has to be is made up. Steps of the system that it
        sets going are done in their name, as the job does."""
        item = WorkItem.objects.select_related("instance__version_of").get(
            instance=self.case, element=element, state=ItemState.OPEN
        )
        person = self.person(item.role, int(second))
        items.complete(item, filled(item) | values, actor=person)
        while found := self.case.items.filter(state=ItemState.OPEN, kind="action").first():
            act(WorkItem.objects.select_related("instance__version_of").get(pk=found.pk), actor=person)
            found.refresh_from_db()
            assert found.state == ItemState.DONE, found.trouble
        self.case.refresh_from_db()

    def ring(self, **later):
        return timers.ring(SetClock(datetime.now(UTC) + timedelta(**later)))

    def draft(self):
        return Measure.objects.get().revisions.get(state="draft").document


def filled(item):
    found = {}
    for field in forms.step_of(item).form.fields:
        if not field.required:
            continue
        if field.type == "choice":
            found[field.name] = field.options[0].value
        elif field.type == "date":
            found[field.name] = "2026-03-02"
        elif field.type == "topic":
            found[field.name] = "energie"
        else:
            found[field.name] = SAMPLES[field.type]
    return found


def milestones(draft):
    return [(row["title"], row["plan"], row["done"]) for row in draft["milestones"]]


def decisions(draft):
    return [(row["date"], row["body"], row["kind"], row["text"]) for row in draft["decisions"]]


def new_measure(town, **values):
    town.do("m-ask", measure_there="new")
    town.do("m-describe", measure_title="Bahnhofsviertel", measure_summary="Wohnen und Arbeiten.", **values)


def test_a_site_is_developed_and_updated():
    town = Town("site-development")
    town.do("occasion", analysis_plan="2026-02-01", council_plan="2026-05-01")
    new_measure(town)
    measure = Measure.objects.get()
    assert (town.case.subject, measure.title) == (measure.urn, "Bahnhofsviertel")
    town.do("confirm")
    town.do("indicators")
    town.do("strengths", data_complete="no")
    town.do("collect")
    town.do("indicators")
    town.do("strengths")
    town.do("accept-analysis", analysis_done="2026-02-10")
    town.do("formats")
    assert town.open() == ["bodies", "public"]
    town.do("bodies", bodies_result="Die Kammer ist dafür.")
    town.do("public")
    town.do("goals-text")
    town.do("fields", candidates="Platz begrünen\r\n\r\n Parkhaus \r\nRadweg\r\n")
    for name, verdict, cost in (("Platz", "take", "1000"), ("Parkhaus", "drop", "9000"), ("Radweg", "take", "500,5")):
        town.do("weighing", weighing=verdict, candidate_cost=cost, weighing_reason=name)
    town.do("finance", financed="no")
    assert town.case.items.get(element="cut").draft == {"candidates": "Platz begrünen\r\n\r\n Parkhaus \r\nRadweg"}
    town.do("cut", candidates="Platz begrünen\nRadweg")
    town.do("weighing", candidate_cost="1000")
    town.do("weighing", candidate_cost="500,5")
    finance = town.case.items.get(element="finance", state=ItemState.OPEN)
    told = {each.label: each.value for each in known.before(finance, town.person(Role.TREASURER))}
    assert told["Maßnahmenpaket"] == "Platz begrünen, Radweg"
    assert told["Kosten des Pakets"] == "1.500,50\xa0€"
    assert told["Stellungnahmen"] == "Die Kammer ist dafür."
    town.do("finance")
    town.do("paper")
    with pytest.raises(ValidationError):
        town.do("paper-check")
    town.do("paper-check", second=True)
    town.do("council", decided_on="2026-05-04", body="Stadtrat", work_plan="2026-09-01", evaluation_plan="2026-10-01")
    assert town.draft()["maturity"] == "pilot"

    town.do("work-step", work_state="on")
    assert town.ring(days=100) == 1
    assert town.open() == ["progress", "work-step"]
    town.do("progress")
    town.do("work-step", work_state="done")
    town.do("accept-work", work_done="2026-08-20")
    assert town.draft()["maturity"] == "operation"
    assert town.open() == []
    assert town.ring(days=200) == 1
    town.do("monitor", monitor_verdict="evaluate")
    town.do("effects")
    town.do("lessons")
    town.do("conclude", conclusion="update", concluded_on="2026-10-05", conclusion_reason="Weiter so.")
    town.do("renew", analysis_plan="2027-02-01", council_plan="2027-05-01")
    town.do("indicators")
    town.do("strengths")
    assert town.open() == ["accept-analysis"]
    assert milestones(town.draft()) == [
        ("Analyse liegt vor", "2026-02-01", "2026-02-10"),
        ("Ratsbeschluss", "2026-05-01", "2026-05-04"),
        ("Umsetzung abgeschlossen", "2026-09-01", "2026-08-20"),
        ("Evaluation", "2026-10-01", "2026-10-05"),
        ("Analyse liegt vor (Fortschreibung 1)", "2027-02-01", None),
        ("Ratsbeschluss (Fortschreibung 1)", "2027-05-01", None),
    ]
    assert decisions(town.draft()) == [
        ("2026-05-04", "Stadtrat", "approve", ""),
        ("2026-10-05", "Programmbüro", "change", "Weiter so."),
    ]


def test_a_grant_is_applied_for_drawn_and_proven():
    measure = make_measure(title="Bahnhofsviertel", maturity="idea")
    town = Town("grant", subject=measure.urn)
    town.do("call", grant_name="Digitale Orte")
    assert town.open() == ["own-share"]
    town.do("own-share", own_share="100000", own_share_ok="yes")
    town.do("application")
    town.do("sign", signed="yes", notice_plan="2026-04-01")
    town.do("answer", answer="questions")
    town.do("supply")
    assert town.ring(days=130) == 1
    town.do("ask-state")
    town.do("answer", answer="awarded")
    town.do("notice", amount="900000", proof_due="2027-06-30")
    with pytest.raises(PermissionDenied):
        items.complete(town.case.items.get(element="accept", state="open"), {}, actor=town.person(Role.TREASURER))
    town.do("accept", notice_on="2026-03-20", stage="pilot")
    for amount, more in (("60000", "yes"), ("840000", "no")):
        town.do("request", drawn=amount)
        with pytest.raises(ValidationError):
            town.do("countersign")
        town.do("countersign", second=True)
        town.do("receipt", more=more)
    town.do("prepare-proof")
    assert town.open() == ["figures", "report"]
    proof = {
        each.label: each.value
        for each in known.before(town.case.items.get(element="figures", state="open"), town.person(Role.TREASURER))
    }
    assert proof["Bisher abgerufen"] == "900.000\xa0€"
    town.do("figures")
    town.do("report")
    town.do("proof", proof_state="rework")
    town.do("prepare-proof")
    town.do("report")
    town.do("figures")
    town.do("proof", proof_state="submitted", proof_on="2026-10-01")
    town.do("audit", audit="questions")
    town.do("explain")
    town.do("audit", audit="accepted")
    town.do("keep")
    assert (town.case.state, town.open()) == (InstanceState.DONE, [])
    assert history.broken(town.case) is None
    measure.refresh_from_db()
    assert measure.maturity == "pilot"
    assert list(measure.milestones.order_by("plan").values_list("title", "plan", "done")) == [
        ("Zuwendungsbescheid: Digitale Orte", date(2026, 4, 1), date(2026, 3, 20)),
        ("Verwendungsnachweis: Digitale Orte", date(2027, 6, 30), date(2026, 10, 1)),
    ]


def test_a_device_is_checked_by_the_data_protection_officer_and_refused():
    town = Town("new-sensor")
    town.do("propose", personal="possible")
    town.do("threshold", criteria=["monitoring", "scale"], listed="no", named_by_law="no")
    # The rules have spoken; the officer sees what they said, and the history which of them.
    assert town.case.items.get(element="assess").state == ItemState.DONE
    opinion = town.case.items.get(element="opinion")
    told = {each.label: each.value for each in known.before(opinion, town.person(Role.DATA_PROTECTION_OFFICER))}
    assert told["Schwellwert nach Regeln"] == "Mindestens zwei Merkmale eines hohen Risikos treffen zu."
    (said,) = telling.history(town.case, list(town.case.events.filter(kind="acted")))
    assert said.what == "Vom System erledigt: nach „Schwellwertprüfung“, Fassung 1; Schwellwertprüfung: Regel 4"
    with pytest.raises(PermissionDenied):
        items.complete(town.case.items.get(element="opinion"), {}, actor=town.person(Role.PROJECT_LEAD))
    town.do("opinion", dpia_needed="yes")
    for element in ("describe", "risks", "remedies"):
        town.do(element)
    town.do("advise", advice="authority")
    town.do("authority", authority_answer="forbidden")
    town.do("forbidden")
    assert town.case.state == InstanceState.DONE
    assert not Measure.objects.exists()


def test_an_event_goes_through_all_offices():
    town = Town("event-safety")
    town.do("application", event="Maikerwe")
    town.do("completeness", concept_needed="no")
    town.do("ask-statements")
    assert town.open() == ["fire-statement", "medical-statement", "network-plan", "police-statement"]
    for element in town.open():
        town.do(element)
    town.do("conference")
    new_measure(town)
    town.do("permit", permitted="yes")
    town.do("accompany")
    town.do("build")
    town.do("inspect")
    assert town.ring() == 1  # the day in the past has come
    town.do("event-day")
    town.do("review")
    town.do("close", took_place="yes", held_on="2026-03-04", stage="operation")
    assert town.case.state == InstanceState.DONE
    assert milestones(town.draft()) == [("Veranstaltung: Maikerwe", "2026-03-02", "2026-03-04")]
    assert decisions(town.draft()) == [("2026-03-02", "Ordnungsamt", "note", "Genehmigt: Maikerwe")]
    assert town.draft()["maturity"] == "operation"


def test_the_demo_town_has_cases_on_their_way():
    Topic.objects.create(slug="energie-umwelt", title="Energie und Umwelt")
    office = make_account(Role.PROGRAMME_OFFICE)
    for role in (Role.EDITOR, Role.PROJECT_LEAD):
        make_account(role)
    for title in ("Prozessmanagement für die integrierte Standortentwicklung", "Licht am Fauthweg"):
        make_measure(title=title)
    make_measure(title="Mobiles Glasfasernetz für Großveranstaltungen")
    loading.load(Path(), office)
    waiting = WorkItem.objects.filter(state=ItemState.OPEN).order_by("instance_id", "element")
    assert list(waiting.values_list("instance__title", "element")) == [
        ("Bänke am Radweg", "intake"),
        ("Trinkbrunnen in der Innenstadt", "ask-back"),
        ("Quartier am Bahnhof", "confirm"),
        ("Zählung am Fauthweg", "opinion"),
        ("Maimarkt", "fire-statement"),
        ("Maimarkt", "medical-statement"),
        ("Maimarkt", "network-plan"),
    ]
    assert {case.state for case in Instance.objects.all()} == {InstanceState.RUNNING}
    assert not Milestone.objects.exists()


# Taking over

URL = "/intern/prozesse/"


def test_a_model_is_taken_over_and_released_by_a_second_person(client):
    office, second = make_account(Role.PROGRAMME_OFFICE), make_account(Role.PROGRAMME_OFFICE)
    client.force_login(office)
    page = client.get(URL)
    assert [str(each) for each in page.context["shipped"]] == [
        "Integrierte Standortentwicklung",
        "Neuer Sensor oder neues Gerät",
        "Veranstaltung mit Sicherheitskonzept",
        "Von der Idee zur Maßnahme",
        "Zuwendung: Antrag bis Verwendungsnachweis",
    ]
    done = client.post(URL, {"shipped": "grant"})
    row = Model.objects.get().versions.get()
    assert (done.status_code, done["Location"]) == (302, f"/intern/fassung/{row.public_id}/")
    assert (row.state, row.author, row.findings, row.filename) == (VersionState.DRAFT, office, [], "grant.bpmn")
    assert row.lanes == [
        ["Programmbüro", "programme_office"],
        ["Kämmerei", "treasurer"],
        ["Fachbereich (Projektleitung)", "project_lead"],
    ]
    versions.submit(row, actor=office)
    with pytest.raises(ValidationError):
        versions.release(row, actor=office)
    assert versions.release(row, actor=second).state == VersionState.RELEASED
    assert client.post(URL, {"shipped": "grant"}).status_code == 404
    assert len(client.get(URL).context["shipped"]) == 4
    with translation.override("en"):
        assert str(row.model) == "Grant: application to proof of use"


@pytest.mark.parametrize("name", ["", "../grant", "grant.bpmn", "nothing"])
def test_only_what_comes_along_is_taken_over(name):
    with pytest.raises(Http404):
        shipped.take_over(name, actor=make_account(Role.PROGRAMME_OFFICE))
    assert not Model.objects.exists()


def test_others_see_no_button_and_take_nothing_over(client):
    lead = make_account(Role.PROJECT_LEAD)
    client.force_login(lead)
    assert client.get(URL).context["shipped"] == []
    assert client.post(URL, {"shipped": "grant"}).status_code == 403
    with pytest.raises(PermissionDenied):
        shipped.take_over("grant", actor=lead)
    assert not Model.objects.exists()


def test_what_a_step_says_is_shown_in_the_readers_language(client):
    town = Town("idea-to-measure")
    client.force_login(town.person(Role.EDITOR))
    url = town.case.items.get().get_absolute_url()
    assert "dass jemand sie versteht" in client.get(url).content.decode()
    english = client.get(url, headers={"accept-language": "en"}, follow=True).content.decode()
    assert "so that somebody who was not there understands it" in english
