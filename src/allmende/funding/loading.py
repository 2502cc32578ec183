"""The demo town's grants, recorded through the verbs that people use."""

import tomllib
from pathlib import Path
from typing import Any

from allmende.programme.enums import Unit
from allmende.programme.models import Figure, Measure, Phase, Programme

from .domain import grants


def load(folder: Path, office: Any) -> None:
    """Grants with their shares, and further sums that sources state, from `grants.toml`; sources as in
    `programme.toml`. Without the file nothing happens."""
    if not (folder / "grants.toml").exists():
        return
    wanted = tomllib.loads((folder / "grants.toml").read_text())
    sources = tomllib.loads((folder / "programme.toml").read_text())["sources"]
    programme = Programme.objects.all()[:1].get()
    phases = {}
    for row in wanted["phases"]:
        number = row["number"]
        rest = {name: value for name, value in row.items() if name != "number"}
        phases[number] = Phase.objects.get_or_create(programme=programme, number=number, defaults=rest)[0]
    measures = {row.title: row for row in Measure.objects.all()}
    for row in wanted["grants"]:
        _grant(row, sources, phases, measures, office)
    for row in wanted["statements"]:
        values = dict(row)
        origin = sources[values.pop("source")]
        Figure.objects.create(
            programme=programme, unit=Unit.EURO_CENT, value=values.pop("amount") * 100,
            source_title=origin["title"], source_url=origin["url"], **values,
        )  # fmt: skip


def _grant(row: Any, sources: Any, phases: Any, measures: dict[str, Measure], office: Any) -> None:
    values = dict(row)
    origin = sources[values.pop("source")]
    shares = values.pop("shares", [])
    values |= {"source_title": origin["title"], "source_url": origin["url"]}
    values["amount_cents"] = values.pop("amount") * 100
    if "own_share" in values:
        values["own_share_cents"] = values.pop("own_share") * 100
    if "phase" in values:
        values["phase"] = phases[values["phase"]]
    grant = grants.record_grant(values, actor=office)
    # The measures of another demo may lack one that is named here.
    given = [(measures[each["measure"]], each.get("amount")) for each in shares if each["measure"] in measures]
    if given:
        cents = [(measure, amount * 100 if amount is not None else None) for measure, amount in given]
        grant = grants.share_out(grant, cents, version=grant.version, actor=office)
    grants.publish_grant(grant, actor=office)
