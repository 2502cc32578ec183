"""Cases of the access tests: about a draft of one's own and one of others', with their tasks and what else there is."""

from typing import Any

from allmende.process.domain import arranging, decisions_shipped, shipped, starting
from allmende.process.domain import instances as cases_of
from allmende.process.models import Migration, Schedule, Trigger
from allmende.programme.models import Measure
from allmende.spine.people.enums import Role
from allmende.spine.people.models import Account


def running(own: Measure, foreign: Measure, office: Account) -> dict[str, Any]:
    """A case about each draft, its first task, and a plain one."""
    (decision,) = decisions_shipped.install(actor="test")
    made = shipped.install(actor="test")
    version = next(each for each in made if each.model.slug == "von-der-idee-zur-massnahme")
    made = {
        name: cases_of.start(version, title=name, subject=measure.urn, actor="test")
        for name, measure in (("own", own), ("foreign", foreign))
    }
    items = {name: case.items.get() for name, case in made.items()}
    for name, case in made.items():
        items[f"{name} plain"] = arranging.add(title=name, instance=case, role=Role.PROJECT_LEAD, actor=office)
    schedule = {"title": "Monatlich", "rhythm": "monthly"}
    trigger = {"title": "{title}", "fact_kind": "programme.measure.published"}
    return {
        "version": version,
        "instances": made,
        "items": items,
        "decision": decision,
        "migration": Migration.objects.create(source=version, target=version, author=office),
        "schedule": starting.set_schedule(Schedule(model=version.model), schedule, actor=office),
        "trigger": starting.set_trigger(Trigger(model=version.model), trigger, actor=office),
    }
