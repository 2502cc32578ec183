"""Things that the demo town lacks and that pages need: made through the verbs, in a process beside the served site.

`beside.py` calls `make()` with Django set up for the site's database; name → value that goes into an address.
"""

import io
from datetime import date, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.utils import timezone
from openpyxl import Workbook

from allmende.config.demo import address_of
from allmende.dialogue.core.rules import Rules
from allmende.dialogue.domain import answering, contributing, participations, reviewing
from allmende.funding.models import Grant
from allmende.process.domain import arranging, starting
from allmende.process.models import Instance, Migration, Schedule, Trigger, Version
from allmende.programme.domain import revisions, work
from allmende.programme.domain.areas import record_series
from allmende.programme.domain.measures import draft_measure
from allmende.programme.domain.targets import set_target
from allmende.programme.exchange import importing as importing_list
from allmende.programme.models import Indicator, Measure, Programme, Topic
from allmende.programme.reports.freeze import make_report
from allmende.spine.assets.domain import importing
from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.instance.domain.brand import grant
from allmende.spine.moderation import subjects
from allmende.spine.moderation.domain import accessibility, cases, comments
from allmende.spine.notify.domain.choices import unsubscribe_token
from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.models import Notice
from allmende.spine.notify.topics import TOPICS
from allmende.spine.people.domain.accounts import create_account, set_password
from allmende.spine.people.domain.assignments import assign
from allmende.spine.people.domain.organisations import add_organisation
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Assignment
from allmende.spine.places.domain.areas import add_area
from allmende.spine.places.domain.places import add_place
from allmende.spine.privacy.domain import copies, retention
from allmende.spine.privacy.domain.access_log import record_access
from allmende.spine.privacy.models import AccessLogEntry
from tests.programme.council_support import arrived

PASSWORD = "herzlich-digital"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
BENCHES = "Nummer;Name;Länge;Breite\n12;Bank am Brunnen;7,7690;49,4445\n13;Bank ohne Ort;;\n14;Bank im Meer;400;1\n"


def by_role(role: Role) -> Account:
    return Account.objects.get(email=address_of(role))


def member(email: str, *roles: Role, name: str = "") -> Account:
    """An account that is no demo account: it may change its own data in tests without spoiling the demo's."""
    account = create_account(email, name=name, actor="demo", how="demo", demo=True)
    set_password(account, PASSWORD)
    for role in roles:
        assign(account, role, reason="demo", actor="demo")
    return account


def make() -> dict[str, Any]:
    """Make them all; a name for each value that an address needs."""
    resident, admin = by_role(Role.RESIDENT), by_role(Role.ADMINISTRATOR)
    office, moderator = by_role(Role.PROGRAMME_OFFICE), by_role(Role.MODERATOR)
    guarded = member("zwei-faktoren@demo.example", Role.RESIDENT)
    bare = member("ohne-rolle@demo.example")
    measure = Measure.objects.exclude(published=None).order_by("pk")[0]
    draft = draft_measure(
        Programme.objects.get(),
        {"title": "Ein Entwurf mit Umlauten: Äcker, Öfen, Übergänge", "summary": "Noch nicht öffentlich.",
         "topic": Topic.objects.order_by("pk")[0]},
        actor=office,
    )  # fmt: skip
    return {
        "measure": measure.slug,
        "measure_id": measure.public_id,
        "grant_id": Grant.objects.order_by("pk")[0].public_id,
        "draft": draft.slug,
        "draft_id": draft.public_id,
        **_reviewed(office, measure),
        **_people(admin, resident),
        **_second_factor(guarded, bare),
        **_places(admin),
        **_assets(admin),
        **_discussion(resident, moderator, measure),
        **_dialogue(resident, office, measure),
        **_notices(resident, admin),
        **_privacy(resident),
        **_brand(admin),
        **_reset(bare),
    }


def _reviewed(office: Account, measure: Measure) -> dict[str, Any]:
    """A draft in review with comments, and a task."""
    lead = by_role(Role.PROJECT_LEAD)
    other = Measure.objects.exclude(published=None).order_by("pk")[2]
    row = revisions.begin(other, actor=lead)
    row = revisions.edit(row, {"summary": "Ein neuer Satz, der noch niemandem gezeigt wurde."}, version=1, actor=lead)
    revisions.comment(row, "Bitte die Quelle prüfen.", actor=office)
    row = revisions.submit(row, note="Neuer Satz", actor=lead)
    work.set_task(measure, title="Zahlen nachfragen", due=timezone.localdate(), assignee=office, actor=office)
    work.assess(measure, date=timezone.localdate(), light="warn", reason="Lieferung stockt.", actor=office)
    version = measure.revisions.order_by("number")[0]
    listed = importing_list.upload(office, "liste.xlsx", _workbook())
    importing_list.choose_sheet(listed, "Sheet", 1)
    importing_list.choose_columns(listed, {0: "title", 1: "summary"}, measure.topic.slug)
    grant = Grant.objects.exclude(published=None).order_by("pk")[0]
    report = make_report(2025, actor=office)
    cars = Indicator.objects.get(slug="pkw-je-1000")
    other = {"name": "Stadt Beispielhausen", "source": "Stadt Beispielhausen", "source_url": "https://daten.example"}
    rows = [{"indicator": cars, "area": "99999", "period": str(year), "value": 500 - year % 9} for year in (2020, 2021)]
    record_series(cars, rows, {"99999": other}, actor=office)
    wanted = {"area": "07312", "baseline": 478, "value": 450, "due": date(2030, 12, 31)}
    case = Instance.objects.order_by("pk")[0]
    plain = arranging.add(title="Nachfragen", instance=case, role=Role.EDITOR, actor=office)
    model = case.version_of.model
    daily = starting.set_schedule(Schedule(model=model), {"title": "Bericht", "rhythm": "monthly"}, actor=office)
    happened = {"title": "{title}", "fact_kind": "programme.measure.published", "condition": "false"}
    trigger = starting.set_trigger(Trigger(model=model), happened, actor=office)
    moving = Migration.objects.create(source=case.version_of, target=case.version_of, author=office)
    moving.moves.create(instance=case)
    decided = arrived()
    return {
        "arrived": decided.public_id, "council": decided.source.public_id,
        "schedule": daily.public_id, "trigger": trigger.public_id, "migration": moving.public_id,
        "running": case.public_id, "item": case.items.get(element="intake").public_id, "plain_item": plain.public_id,
        "model": case.version_of.model.slug,
        "model_version": case.version_of.public_id,
        "decision": Version.objects.get(model__slug="schwellwertpruefung").public_id,
        "target": set_target(cars, wanted, actor=office).public_id,
        "report": report.public_id,
        "revision": row.public_id, "version": version.public_id, "list": listed.public_id, "grant": grant.slug,
        "grant_id": grant.public_id, "indicator": cars.public_id,
    }  # fmt: skip


def _workbook() -> bytes:
    book = Workbook()
    for row in (["Titel", "Kurz"], ["Neue Maßnahme", "Ein Satz."], ["", "Ohne Titel"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _people(admin: Account, resident: Account) -> dict[str, Any]:
    organisation = add_organisation("Stadtwerke Musterstadt", "company", actor=admin)
    create_token(resident, "Mein Auswertungsprogramm", actor=resident)
    return {
        "account": resident.pk,
        "role": Assignment.objects.get(account=resident).pk,
        "organisation": organisation.public_id,
    }


def _second_factor(guarded: Account, bare: Account) -> dict[str, Any]:
    encrypt = get_adapter().encrypt
    Authenticator.objects.create(user=guarded, type=Authenticator.Type.TOTP, data={"secret": encrypt(TOTP_SECRET)})
    Authenticator.objects.create(
        user=guarded, type=Authenticator.Type.RECOVERY_CODES,
        data={"seed": encrypt("0123456789abcdef"), "used_mask": 0},
    )  # fmt: skip
    return {"guarded": guarded.email, "bare": bare.email}


def _places(admin: Account) -> dict[str, Any]:
    place = add_place(
        {"kind": "square", "name": "Platz vor dem Rathaus", "summary": "Hier beginnt der Rundgang."},
        geometry={"type": "Point", "coordinates": [7.7689, 49.4447]}, actor=admin,
    )  # fmt: skip
    square = [[7.76, 49.44], [7.78, 49.44], [7.78, 49.45], [7.76, 49.45], [7.76, 49.44]]
    area = add_area(
        {"kind": "quarter", "name": "Sanierungsgebiet Mitte", "source": "Stadtplanung"},
        geometry={"type": "Polygon", "coordinates": [square]}, actor=admin,
    )  # fmt: skip
    return {"place": place.public_id, "area": area.public_id}


def _assets(admin: Account) -> dict[str, Any]:
    asset = create_asset(
        "bench", {"number": "11", "name": "Bank am Fauthweg"}, actor=admin,
        geometry={"type": "Point", "coordinates": [7.7689, 49.4447]},
    )  # fmt: skip
    table = importing.upload(admin, "baenke.csv", BENCHES.encode())
    return {"code": asset.code, "asset": asset.public_id, "import": table.public_id}


def _discussion(resident: Account, moderator: Account, measure: Measure) -> dict[str, Any]:
    """A comment that is shown, one that waits, one that was hidden and may be appealed, and accessibility feedback."""
    if "measure" not in subjects._KINDS:
        subjects.register("measure", resolve=_measure)
    choose_pseudonym(resident, "Amsel vom Fauthweg", actor=resident)
    texts = ["Gute Idee, bitte auch am Spielplatz.", "Seht https://a.example und https://b.example und https://c.example",
             "Das ist eine Beleidigung."]  # fmt: skip
    shown, held, hidden = (comments.post_comment(resident, measure.urn, text) for text in texts)
    for comment, outcome, reason, statement in (
        (shown, "shown", "", ""),
        (hidden, "hidden", "insult", "Der Text setzt eine Person herab."),
    ):
        case = comment.cases.filter(state="open").first() or comments.open_case(comment, "reported")
        cases.decide_case(case, outcome, reason, statement, actor=moderator)
    waiting = held.cases.filter(state="open").first() or comments.open_case(held, "held")
    feedback = accessibility.give_feedback(
        "Die Karte lässt sich nicht vorlesen.", page="/karte/", email="leserin@example.org"
    )
    return {
        "comment": shown.public_id, "hidden": hidden.public_id, "held": held.public_id, "case": waiting.public_id,
        "feedback": feedback.public_id, "decided": hidden.cases.get().public_id,
    }  # fmt: skip


def _dialogue(resident: Account, office: Account, measure: Measure) -> dict[str, Any]:
    """A participation that is open, with contributions: an answered one that experts judged, one's own, one that waits,
    one that was taken back."""
    expert, other = by_role(Role.EXPERT), member("nachbar@demo.example", Role.RESIDENT)
    choose_pseudonym(other, "Buche am Bach", actor=other)
    values = {
        "title": "Licht am Bach", "summary": "Wo fehlt abends Licht?", "purpose": "Offen ist, wo Leuchten stehen.",
        "easy": "Wo ist es zu dunkel? Sagen Sie es uns.", "subject": measure.urn, "contact": "licht@demo.example",
        "office": add_organisation("Referat Grünflächen", "department", actor=None),
    }  # fmt: skip
    row = participations.draft(values, actor=office)
    now = timezone.now()
    rules = Rules(
        "ideas", now - timedelta(days=1), now + timedelta(days=13), "account", reviews=1, criteria=["Nutzen", "Natur"]
    )
    phase = participations.add_phase(row, title="Orte nennen", text="Nennen Sie Orte.", rules=rules, actor=office)
    participations.publish(row, actor=office)

    def made(person: Account, title: str, text: str = "Abends ist es hier zu dunkel.") -> Any:
        told = {"title": title, "text": text, "lon": 7.7689, "lat": 49.4447, "place_name": "Bachweg"}
        return contributing.submit(phase, told, actor=person)

    answered, own, gone = (made(*each) for each in (
        (other, "Leuchte an der Brücke"), (resident, "Leuchte am Steg"), (other, "Doch nicht")))  # fmt: skip
    held = made(other, "Links", " ".join(f"http://{number}.example" for number in range(9)))
    contributing.take_back(gone, actor=other)
    (review,) = reviewing.ask(answered, [expert], actor=office)
    judged = {
        "scores": [5, 3], "feasibility": "conditions", "cost_low_cents": 400_000, "cost_high_cents": 600_000,
        "text": "Warmes Licht schont Insekten.", "interests": "keine", "name": "Fachfrau für Stadtnatur",
    }  # fmt: skip
    reviewing.give(review, judged, version=1, actor=expert)
    answered.refresh_from_db()
    answering.answer(
        answered, standing="accepted", reason="Wird gebaut.", measure=measure.urn, version=answered.version,
        actor=office,
    )  # fmt: skip
    (asked,) = reviewing.ask(own, [expert], actor=office)
    return {
        "participation": row.slug, "participation_id": row.public_id, "phase_id": phase.public_id,
        "answered": answered.public_id, "contribution": made(resident, "Leuchte am Tor").public_id,
        "taken_back": gone.public_id, "held_contribution": held.public_id, "judgement": asked.public_id,
    }  # fmt: skip


def _measure(urn: str, person: Any) -> subjects.Target | None:
    row = Measure.objects.filter(public_id=urn.partition(":")[2]).first()
    return subjects.Target(row.title, row.get_absolute_url()) if row else None


def _notices(resident: Account, admin: Account) -> dict[str, Any]:
    topic = sorted(TOPICS)[0]
    for number, person in enumerate((resident, admin)):
        notify(
            person,
            topic,
            "Die Maßnahme „Sprechende Parkbank“ wurde geändert",
            url="/massnahmen/",
            key=f"journey-{number}",
        )
    notice = Notice.objects.filter(account=resident).first()
    return {"notice": notice.public_id if notice else None, "unsubscribe": unsubscribe_token(resident, [topic])}


def _privacy(resident: Account) -> dict[str, Any]:
    officer = by_role(Role.DATA_PROTECTION_OFFICER)
    record_access(officer, resident.urn, "Auskunft vorbereitet", about=resident)
    old = record_access(officer, resident.urn, "Alte Prüfung", about=resident)
    if old is not None:
        AccessLogEntry.objects.filter(pk=old.pk).update(time=timezone.now() - timedelta(days=2000))
    offers = retention.offer_due()
    copy = copies.request_copy(resident)
    return {"offer": offers[0].public_id, "copy": copy.public_id}


def _brand(admin: Account) -> dict[str, Any]:
    from allmende.spine.people.models import Organisation

    today = timezone.localdate()
    row = grant(
        Organisation.objects.first(), purpose="Plakate zur Woche der Nachbarschaft",
        contact_role="Leitung Kommunikation",
        valid_from=today, valid_to=today + timedelta(days=90), actor=admin,
    )  # fmt: skip
    return {"permission": row.public_id}


def _reset(account: Account) -> dict[str, Any]:
    return {"uid": user_pk_to_url_str(account), "reset": default_token_generator.make_token(account)}
