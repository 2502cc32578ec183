"""Sources that read the small council information system, and what arrived from it."""

import datetime as dt
import ipaddress
from typing import Any

from allmende.programme.council import keeping, sources, walking
from allmende.programme.council.gathering import Decided
from allmende.programme.council.problems import sentence
from allmende.programme.models import CouncilDecision, CouncilSource
from allmende.spine.facts.models import FactRow

from .oparl_server import Council

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


def source_of(council: Council, path: str = "system", **values: Any) -> CouncilSource:
    given = {"name": "Ratsinfo", "url": f"{council.root}/{path}", "earliest": dt.date(2026, 1, 1), "hours": 6}
    return sources.put(given | values, actor="test")


def walked(source: CouncilSource) -> CouncilSource:
    while walking.walk(source):
        pass
    return CouncilSource.objects.get(pk=source.pk)


def problem(source: CouncilSource) -> str:
    row = walked(source)
    assert row.problem_about and sentence(row.problem, row.problem_about)
    return row.problem


def references() -> list[str]:
    return list(CouncilDecision.objects.order_by("reference").values_list("reference", flat=True))


def received() -> list[Any]:
    rows = FactRow.objects.filter(kind="programme.council_decision.received").order_by("id")
    return [row.payload["reference"] for row in rows]


def arrived(number: int = 1, **values: Any) -> CouncilDecision:
    """A decision that arrived, as the walk keeps it."""
    given = {"name": "Ratsinformationssystem", "url": "https://ratsinfo.example/oparl/system"}
    source = CouncilSource.objects.first() or sources.put(given | {"earliest": dt.date(2026, 1, 1)}, actor="test")
    told = {
        "meeting": "https://ratsinfo.example/oparl/meeting/1", "title": f"Punkt {number}", "partial": False,
        "reference": f"0{number}/2026", "paper": f"Vorlage {number}", "body": "Stadtrat", "date": dt.date(2026, 3, 16),
        "result": "einstimmig beschlossen", "text": "Der Rat stimmt zu.", "modified": None,
        "url": f"https://ratsinfo.example/top/{number}",
    }  # fmt: skip
    oparl_id = f"https://ratsinfo.example/oparl/item/{number}"
    keeping.keep(source, [Decided(**(told | {"oparl_id": oparl_id} | values))])
    return CouncilDecision.objects.get(oparl_id=oparl_id)
