"""The things of the access tests, made through the verbs that people use: own, foreign, hidden and draft ones."""

import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook

from allmende.dialogue.models import Contribution, Participation, Review
from allmende.dialogue.models import Phase as DialoguePhase
from allmende.funding.domain.grants import publish_grant, record_grant
from allmende.funding.models import Grant
from allmende.process.models import Instance, Migration, Schedule, Trigger, Version, WorkItem
from allmende.programme.domain import revisions
from allmende.programme.domain.indicators import define_indicator, publish_indicator
from allmende.programme.domain.measures import withdraw_measure
from allmende.programme.domain.targets import set_target
from allmende.programme.domain.work import set_task
from allmende.programme.exchange.importing import upload as upload_list
from allmende.programme.models import (
    CouncilDecision,
    Indicator,
    Involvement,
    ListImport,
    Measure,
    Party,
    Report,
    Revision,
    Target,
    Task,
)
from allmende.programme.reports.freeze import make_report
from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.assets.domain.importing import upload
from allmende.spine.assets.models import Asset, ImportDraft
from allmende.spine.files.domain.uploads import store
from allmende.spine.files.models import StoredFile
from allmende.spine.instance.domain.brand import grant
from allmende.spine.instance.models import BrandPermission
from allmende.spine.moderation import subjects
from allmende.spine.moderation.domain import accessibility, cases, comments, holding
from allmende.spine.moderation.enums import CaseKind
from allmende.spine.moderation.models import Case, Comment
from allmende.spine.notify.domain.choices import unsubscribe_token
from allmende.spine.notify.domain.notices import notify
from allmende.spine.notify.models import Notice
from allmende.spine.people.access import visible_to
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.domain.tokens import create_token
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account, Assignment, Organisation, Token
from allmende.spine.places.domain.areas import Outline, add_area, merge
from allmende.spine.places.domain.places import add_place
from allmende.spine.places.models import Area, Place
from allmende.spine.privacy.domain import copies, retention
from allmende.spine.privacy.models import AccessLogEntry, ArchiveOffer, DataCopy
from tests.factories import make_account, make_measure, publish_measure
from tests.programme.council_support import arrived

from .access_cases import running
from .access_dialogue import dialogue
from .passkey import registered

POINT = {"type": "Point", "coordinates": [7.7689, 49.4447]}
SQUARE = {"type": "Polygon", "coordinates": [[[7.76, 49.44], [7.78, 49.44], [7.78, 49.45], [7.76, 49.44]]]}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"


@dataclass
class Things:
    own_organisation: Organisation
    foreign_organisation: Organisation
    published: Measure
    own_draft: Measure
    foreign_draft: Measure
    own_area: Area
    foreign_area: Area
    imported_area: Area
    former_area: Area
    own_place: Place
    foreign_place: Place
    public_asset: Asset
    own_asset: Asset
    foreign_asset: Asset
    single_asset: Asset
    table: ImportDraft
    files: dict[str, StoredFile]
    token: Token
    notice: Notice
    unsubscribe: str
    reset: tuple[str, str]
    passkey: Authenticator
    permission: BrandPermission
    offers: dict[str, ArchiveOffer]
    copy: DataCopy
    comments: dict[str, Comment]
    cases: dict[str, Case]
    revisions: dict[str, Revision]
    tasks: dict[str, Task]
    indicators: dict[str, Indicator]
    targets: dict[str, Target]
    grants: dict[str, Grant]
    list_import: ListImport
    report: Report
    arrived: CouncilDecision
    version: Version
    decision: Version
    instances: dict[str, Instance]
    items: dict[str, WorkItem]
    migration: Migration
    schedule: Schedule
    trigger: Trigger
    participations: dict[str, Participation]
    phases: dict[str, DialoguePhase]
    contributions: dict[str, Contribution]
    review: Review
    accounts: dict[str, Account] = field(default_factory=dict)
    assignments: dict[str, Assignment] = field(default_factory=dict)


def make_things(people: dict[str, Account | None], own: Organisation, foreign: Organisation) -> Things:
    """All of them. `people` has an account for every role and the `author`."""
    author, office = _account(people, "author"), _account(people, "programme_office")
    published = make_measure(slug="veroeffentlicht", title="Veröffentlicht")
    own_draft = make_measure(slug="eigener-entwurf", title="Eigener Entwurf", published=None)
    foreign_draft = make_measure(slug="fremder-entwurf", title="Fremder Entwurf", published=None)
    areas = _areas(office)
    assets = _assets(own, foreign)
    talk = _comments(people, author, published, foreign_draft)
    measures = {"of a published": published, "of the own draft": own_draft, "of a foreign draft": foreign_draft}
    party = Party.objects.create(slug="verein", name="Verein")
    Involvement.objects.create(measure=published, party=party, role="partner")
    indicators = {"public": _indicator("oeffentlich", True), "hidden": _indicator("verborgen", False)}
    return Things(
        own_organisation=own,
        foreign_organisation=foreign,
        published=published,
        own_draft=own_draft,
        foreign_draft=foreign_draft,
        **areas,
        own_place=_place("Eigener Platz", office),
        foreign_place=_place("Fremder Platz", office),
        **assets,
        table=upload(office, "dinge.csv", b"Nummer;Name\n1;Bank am Rathaus\n"),
        files={
            "public": _file("oeffentlich.pdf", author, subject=published, public=True),
            "private": _file("vertraulich.pdf", author),
            "of a draft": _file("entwurf.pdf", office, subject=foreign_draft),
        },
        token=create_token(author, "Wetterstation", actor=author)[0],
        notice=_notice(author, published),
        unsubscribe=unsubscribe_token(author, ["programme.measures"]),
        reset=(user_pk_to_url_str(author), default_token_generator.make_token(author)),
        passkey=Authenticator.objects.create(
            user=author, type=Authenticator.Type.WEBAUTHN, data={"name": "Telefon", "credential": registered()}
        ),
        permission=grant(
            foreign,
            purpose="Plakat",
            contact_role="Vorstand",
            valid_from=timezone.localdate(),
            valid_to=timezone.localdate() + timedelta(days=30),
            actor=office,
        ),
        offers=_offers(_account(people, "archivist")),
        copy=_copy(author),
        comments=talk,
        cases=_cases(talk, people, author),
        revisions={name: _in_review(measure) for name, measure in measures.items()},
        indicators=indicators,
        targets=_targets(indicators["public"], published),
        report=make_report(2025, actor="test"),
        arrived=arrived(),
        **running(own_draft, foreign_draft, office),
        **dialogue(own_draft, foreign_draft, _account(people, "expert"), author, (own, foreign)),
        list_import=upload_list(office, "liste.xlsx", _workbook()),
        tasks={name: set_task(measure, title="Anrufen", due=DAY, actor=office) for name, measure in measures.items()},
        grants=_grants(),
    )


DAY = date(2030, 1, 1)


def _grants() -> dict[str, Grant]:
    """One for everybody to see, one for those who keep or examine the town's money."""

    def made(title: str) -> Grant:
        values = {
            "title": title, "scheme": "Digitale Stadt", "authority": "Ministerium", "amount_cents": 100,
            "recipient": "Stadt", "source_title": "Quelle", "source_url": "https://quelle.example",
        }  # fmt: skip
        return record_grant(values, actor="test")

    return {"public": publish_grant(made("Offen"), actor="test"), "hidden": made("Verborgen")}


def _in_review(measure: Measure) -> Revision:
    """A draft that somebody else has written."""
    author = make_account(Role.PROGRAMME_OFFICE)
    draft = revisions.edit(revisions.begin(measure, actor=author), {"reason": "Darum."}, version=1, actor=author)
    return revisions.submit(draft, actor=author)


def _targets(indicator: Indicator, measure: Measure) -> dict[str, Target]:
    return {
        "of the programme": set_target(indicator, {"area": "07312", "value": 5}, actor="test"),
        "of a measure": Target.objects.create(indicator=indicator, measure=measure, area="07312", value=5),
    }


def _indicator(slug: str, public: bool) -> Indicator:
    values = {"slug": slug, "title": slug, "text": "Was.", "unit": "Stück", "source": "Quelle", "licence": "CC0 1.0"}
    made = define_indicator(values, actor="test")
    return publish_indicator(made, actor="test") if public else made


def _workbook() -> bytes:
    book = Workbook()
    for row in (["Titel", "Kurz"], ["Neue Maßnahme", "Ein Satz."]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _account(people: dict[str, Account | None], name: str) -> Account:
    account = people[name]
    assert account is not None
    return account


def _areas(office: Account) -> dict[str, Area]:
    made = {
        key: add_area({"kind": "district", "name": name}, geometry=SQUARE, actor=office)
        for key, name in (("own_area", "Eigener Ortsteil"), ("foreign_area", "Fremder Ortsteil"))
    }
    gone = Outline("gone", "village", "Ehemaliges Dorf", "", SQUARE)
    stays = Outline("stays", "village", "Eingelesenes Dorf", "", SQUARE)
    merge([gone, stays], source="Quelle", credit="Quelle", source_date=None)
    merge([stays], source="Quelle", credit="Quelle", source_date=None)
    made["imported_area"] = Area.objects.get(name="Eingelesenes Dorf")
    made["former_area"] = Area.objects.get(name="Ehemaliges Dorf")
    assert (made["imported_area"].current, made["former_area"].current) == (True, False)
    return made


def _place(name: str, office: Account) -> Place:
    return add_place({"kind": "square", "name": name}, geometry=POINT, actor=office)


def _assets(own: Organisation, foreign: Organisation) -> dict[str, Asset]:
    """A lamp for everybody to see, and switch cabinets, which are nobody's business but their keepers'."""

    def made(kind: str, number: str, owner: Organisation | None = None) -> Asset:
        return create_asset(kind, {"number": number, "owner": owner}, actor="test", geometry=POINT)

    found = {
        "public_asset": made("luminaire", "11"),
        "own_asset": made("cabinet", "S1", own),
        "foreign_asset": made("cabinet", "S2", foreign),
        "single_asset": made("cabinet", "S3"),
    }
    assert {name: asset.public for name, asset in found.items()} == {name: name == "public_asset" for name in found}
    return found


def _file(name: str, actor: Account, **values: Any) -> StoredFile:
    return store(SimpleUploadedFile(name, PDF), actor=actor, kinds={"document"}, **values)


def _notice(author: Account, measure: Measure) -> Notice:
    notify(author, "programme.measures", "Neues", url=measure.get_absolute_url(), key="access:1")
    return Notice.objects.get(account=author)


def _offers(archivist: Account) -> dict[str, ArchiveOffer]:
    """One to be decided, one taken by the archive and not yet handed over."""
    old = timezone.now() - timedelta(days=500)
    AccessLogEntry.objects.create(time=old, subject_urn="account:0", purpose="alt")
    (taken,) = retention.offer_due()
    retention.decide(taken, "taken", "von bleibendem Wert", actor=archivist)
    taken.refresh_from_db()
    waiting = ArchiveOffer.objects.create(
        model="people.Account", description="Konten", count=1, oldest=old.date(), newest=old.date()
    )
    return {"open": waiting, "taken": taken}


def _copy(author: Account) -> DataCopy:
    """A finished copy of the author's data."""
    row = copies.request_copy(author)
    assert copies.make(row.pk)
    row.refresh_from_db()
    return row


def _comments(people: dict[str, Account | None], author: Account, open_: Measure, draft: Measure) -> dict[str, Comment]:
    office, moderator = _account(people, "programme_office"), _account(people, "moderator")
    if subjects.target(open_.urn, author) is None:
        subjects.register("measure", resolve=_measure)
    holding.change_rules({"first": False, "max_links": 99, "words": "verboten"}, version=0, actor="test")
    choose_pseudonym(author, "Amsel", actor=author)
    choose_pseudonym(moderator, "Buchfink", actor=moderator)
    publish_measure(draft, actor=office)
    made = {
        "visible": comments.post_comment(author, open_.urn, "Gute Sache."),
        "held": comments.post_comment(author, open_.urn, "Das ist verboten."),
        "hidden": comments.post_comment(author, open_.urn, "Beleidigung."),
        "contested": comments.post_comment(author, open_.urn, "Noch eine Beleidigung."),
        "of a moderator": comments.post_comment(moderator, open_.urn, "Auch verboten."),
        "of a draft": comments.post_comment(author, draft.urn, "Zu einem Entwurf."),
    }
    withdraw_measure(draft, actor=office)
    return made


def _measure(urn: str, person: Any) -> subjects.Target | None:
    """For a town whose rooms let nobody comment on measures."""
    row = visible_to(person, Measure.objects.filter(public_id=urn.partition(":")[2])).first()
    return subjects.Target(row.title, row.get_absolute_url()) if row else None


def _cases(talk: dict[str, Comment], people: dict[str, Account | None], author: Account) -> dict[str, Case]:
    moderator = _account(people, "moderator")

    def hide(comment: Comment) -> Case:
        comments.report_comment(comment, "insult", actor=None)
        case = Case.objects.get(comment=comment)
        return cases.decide_case(case, "hidden", "insult", "Das beleidigt jemanden.", actor=moderator)

    decided = hide(talk["hidden"])
    appeal = cases.appeal(hide(talk["contested"]), "Das war anders gemeint.", actor=author)
    comments.report_comment(talk["visible"], "spam", actor=None)
    for comment in talk.values():
        comment.refresh_from_db()
    return {
        "held": Case.objects.get(comment=talk["held"]),
        "reported": Case.objects.get(comment=talk["visible"], kind=CaseKind.REPORTED),
        "decided": decided,
        "appeal": appeal,
        "on a moderator's comment": Case.objects.get(comment=talk["of a moderator"]),
        "feedback": accessibility.give_feedback("Der Knopf ist zu klein.", page="/"),
    }
