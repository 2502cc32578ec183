"""The demo town's indicators, from `indicators.toml`: through the same verbs that people use."""

import tomllib
from pathlib import Path
from typing import Any

from .domain.indicators import add_break, define_indicator, publish_indicator, record_values
from .enums import Level

DEFINITION = ("slug", "title", "title_en", "common", "text", "unit", "decimals", "direction", "formula")


def load(folder: Path, actor: Any) -> None:
    """Define, fill and publish the indicators of `folder`. Does nothing where the town has none."""
    file = folder / "indicators.toml"
    if not file.exists():
        return
    source = tomllib.loads(file.read_text())
    common = {name: source[name] for name in ("source", "source_url", "licence")}
    for row in source["indicators"]:
        indicator = define_indicator({name: row[name] for name in DEFINITION} | common, actor=actor)
        for each in row.get("breaks", ()):
            add_break(indicator, date=each["date"], reason=each["reason"], actor=actor)
        values = [
            {"indicator": indicator, "area": area, "level": level, "period": str(year), "value": value}
            for area, level, series in (
                (source["area"], Level.TOWN, row["town"]),
                (source["compare"], Level.NATION, row["median"]),
            )
            for year, value in enumerate(series, row["from"])
        ]
        record_values(values, actor=actor)
        publish_indicator(indicator, actor=actor)
