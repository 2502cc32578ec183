"""Where base maps lie and how their makers are named; light, since every page with a map asks."""

import datetime
from pathlib import Path

from django.conf import settings


def map_folder() -> Path:
    """The folder of base maps; made where it is missing."""
    folder = Path(settings.DATA) / "basemap"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def credited(credit: str, data_date: datetime.date | None) -> str:
    """The credit as it is shown on every map, with the day of the data."""
    return f"{credit}, {data_date:%d.%m.%Y}" if data_date else credit
