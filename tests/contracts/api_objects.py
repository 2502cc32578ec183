"""What the tests of the API try operations on, made once each."""

from typing import Any

from allmende.dialogue.models import Phase
from allmende.process.domain import instances, shipped
from allmende.process.models import Instance, Version
from allmende.programme.domain import revisions
from allmende.programme.domain.indicators import define_indicator, publish_indicator
from allmende.programme.domain.recording import record_values
from allmende.programme.domain.targets import set_target
from allmende.programme.models import Indicator, Measure, Target
from allmende.spine.instance.domain.queries import forget
from allmende.spine.instance.domain.settings import change
from allmende.spine.moderation.domain.comments import pseudonym_of
from allmende.spine.people.domain.pseudonyms import choose_pseudonym
from allmende.spine.people.enums import Role
from tests.dialogue.made import contribute, make_participation
from tests.factories import make_account

VALUES = {"values": [{"area": "07312", "period": "2020", "value": "1"}]}
# Defined, recorded, published: the third version.
TARGET: dict[str, Any] = {"version": 3, "area": "07312", "value": "5"}


def indicator(slug: str, public: bool) -> str:
    """The address of an indicator with values of two towns, ours among them, made once."""
    change({"ags": "07312000", "state": "RP"}, actor="test")
    forget()
    if not Indicator.objects.filter(slug=slug).exists():
        values = {"slug": slug, "title": slug, "text": "Was.", "unit": "Stück", "source": "Q", "licence": "CC0 1.0"}
        made = define_indicator(values, actor="test")
        rows = [{"indicator": made, "area": area, "period": "2019", "value": "1"} for area in ("07312", "07335")]
        record_values(rows, actor="test")
        if public:
            publish_indicator(made, actor="test")
    return f"/api/programme/indicators/{slug}"


def target(measure: Measure | None) -> str:
    """The address of a target on the public indicator, which then is at version 4 (where it is the programme's)."""
    indicator("offen", True)
    row = Indicator.objects.get(slug="offen")
    found = Target.objects.filter(indicator=row, measure=measure).first()
    if found is None and measure is None:
        found = set_target(row, {"area": "07312", "value": 5}, actor="test")
    elif found is None:
        found = Target.objects.create(indicator=row, measure=measure, area="07312", value=5)
    return f"/api/programme/targets/{found.public_id}"


def begun(measure: Measure) -> str:
    """The address of a measure's draft, begun and changed once: at version 2."""
    office = make_account(Role.PROGRAMME_OFFICE)
    revisions.edit(revisions.begin(measure, actor=office), {"summary": "Anders."}, version=1, actor=office)
    return f"/api/programme/measures/{measure.public_id}/draft"


PROCESS = "von-der-idee-zur-massnahme"


def process() -> str:
    """The address of a process that can be started."""
    if not Version.objects.filter(model__slug=PROCESS).exists():
        shipped.install(actor="test")
    return f"/api/process/models/{PROCESS}"


def case(measure: Measure) -> Instance:
    """A case about a measure, begun once; its first task is an editor's."""
    process()
    found = Instance.objects.filter(subject=measure.urn).first()
    version = Version.objects.get(model__slug=PROCESS)
    return found or instances.start(version, title="Fall", subject=measure.urn, actor="test")


def task(measure: Measure, then: str = "") -> str:
    """The address of the first task of a case about a measure, which the lead of the measure may do."""
    item = case(measure).items.get(element="intake")
    if item.role != Role.PROJECT_LEAD:
        item.role = Role.PROJECT_LEAD
        item.save()
    return f"/api/process/items/{item.public_id}{then}"


def ideas(*people: Any) -> str:
    """The address of the contributions to an open phase; `people` get the public name that contributing needs."""
    for number, person in enumerate(each for each in people if each is not None):
        if pseudonym_of(person) is None:
            choose_pseudonym(person, f"Amsel {number}", actor=person)
    phase = Phase.objects.filter(participation__slug="offen").first()
    found = phase or make_participation(title="Offen").phases.get()
    return f"/api/dialogue/participations/{found.participation.slug}/phases/{found.number}/contributions"


def idea(**values: Any) -> str:
    """The address of a contribution."""
    ideas()
    row = contribute(Phase.objects.get(participation__slug="offen"), **values)
    return f"/api/dialogue/contributions/{row.public_id}"
