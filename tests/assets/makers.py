from typing import Any

from allmende.spine.assets.domain.assets import create_asset
from allmende.spine.assets.models import Asset

HALL = (7.7689, 49.4447)  # lon, lat


def make_asset(
    number: str = "11", kind: str = "luminaire", at: tuple[float, float] | None = None, **values: Any
) -> Asset:
    geometry = {"type": "Point", "coordinates": list(at)} if at else None
    return create_asset(kind, {"number": number} | values, actor="test", geometry=geometry)
