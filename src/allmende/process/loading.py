"""The models that come along, in the demo town: released, with a few cases on their way."""

from pathlib import Path
from typing import Any

from allmende.programme.models import Measure
from allmende.spine.people.domain.queries import holders
from allmende.spine.people.enums import INSTANCE

from .domain import decisions_shipped, doing, instances, items, shipped
from .enums import ItemKind, ItemState
from .models import Instance, Version, WorkItem

_CROWD = "Erwartet werden Familien und Jugendliche über den Tag verteilt."

# File, title of the case, title of the measure that it is about, and what was done so far: step and entries. None goes
# so far that a step of the system would write into a measure: those of the demo say only what sources say.
_CASES: tuple[tuple[str, str, str, tuple[tuple[str, dict[str, str]], ...]], ...] = (
    ("idea-to-measure", "Bänke am Radweg", "", ()),
    ("idea-to-measure", "Trinkbrunnen in der Innenstadt", "", (
        ("intake", {"title": "Trinkbrunnen in der Innenstadt", "summary": "Zwei Brunnen mit Anzeige, ob sie laufen.",
                    "reason": "An heißen Tagen fehlt Wasser.", "topic": "energie-umwelt", "origin": "counter"}),
        ("check", {"verdict": "unclear", "assessment": "Wo genau, und wer spült die Leitungen im Winter?"}),
    )),
    ("site-development", "Quartier am Bahnhof", "Prozessmanagement für die integrierte Standortentwicklung", (
        ("occasion", {"area": "Quartier am Bahnhof", "occasion": "function", "analysis_plan": "2027-03-31",
                      "quality": "Kurze Wege und sichere Plätze am Abend.", "council_plan": "2027-09-30"}),
    )),
    ("new-sensor", "Zählung am Fauthweg", "Licht am Fauthweg", (
        ("propose", {"device": "Zwei Zähler ohne Kamera", "place": "Fauthweg", "camera": "no", "personal": "none",
                     "purpose": "Wie viele gehen hier abends?", "measured": "Anzahl je Stunde, ein Jahr lang."}),
        ("threshold", {"listed": "no", "named_by_law": "no",
                       "threshold": "Kein Merkmal trifft zu: Es wird nur gezählt."}),
    )),
    ("event-safety", "Maimarkt", "Mobiles Glasfasernetz für Großveranstaltungen", (
        ("application", {"event": "Maimarkt", "organiser": "Marktamt", "place": "Messeplatz", "visitors": "4500",
                         "event_from": "2027-05-14", "event_to": "2027-05-24"}),
        ("completeness", {"complete": "yes", "concept_needed": "yes", "risk": _CROWD}),
        ("safety", {"safety": "Höchstens 4.500 Menschen zugleich, zwei getrennte Fluchtwege, Durchsagen."}),
        ("ask-statements", {"statements_due": "2027-03-15"}),
        ("police-statement", {"police_ok": "conditions", "police_conditions": "Überfahrschutz an beiden Zufahrten."}),
    )),
)  # fmt: skip


def load(folder: Path, office: Any) -> None:
    """Release what is shipped and bring a few cases on their way, each step done by the demo account of its role.
    `folder` is the demo town's; nothing of it is read. Cases about measures that this town does not have are left
    out."""
    decisions_shipped.install(actor="demo")
    found = {row.filename: row for row in shipped.install(actor="demo")}
    measures = {row.title: row.urn for row in Measure.objects.all()}
    for name, title, about, done in _CASES:
        version = found.get(f"{name}.bpmn")
        if version is not None and (not about or about in measures):
            _case(version, title, measures.get(about, ""), done, office)


def _case(
    version: Version, title: str, subject: str, done: tuple[tuple[str, dict[str, str]], ...], office: Any
) -> Instance:
    case = instances.start(version, title=title, subject=subject, actor=office)
    for element, entries in done:
        item = WorkItem.objects.get(instance=case, element=element, state=ItemState.OPEN)
        items.complete(item, entries, actor=holders(item.role, INSTANCE)[0])
        # A decision by rules: at once instead of by a job, so that the next step is there.
        for each in WorkItem.objects.filter(instance=case, kind=ItemKind.ACTION, state=ItemState.OPEN):
            doing.act(each, actor=None)
    return case
