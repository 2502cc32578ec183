"""Django fields for PostgreSQL's `point` and `box` in EPSG:25832 metres, and the operators of their GiST indexes."""

from typing import Any

from django.db import models
from django.db.models import Func, Lookup, Value

from allmende.spine.geo.core import Box, Metres


class PointField(models.Field):
    """PostgreSQL `point`; in Python a `Metres`."""

    description = "Point in EPSG:25832, metres"

    def db_type(self, connection: Any) -> str:
        return "point"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::point"

    def get_prep_value(self, value: Any) -> str | None:
        return value if value is None or isinstance(value, str) else f"({value[0]!r},{value[1]!r})"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Metres | None:
        return None if value is None else Metres(*(float(v) for v in value.strip("()").split(",")))

    def to_python(self, value: Any) -> Any:
        return self.from_db_value(value, None, None) if isinstance(value, str) else value

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


class BoxField(models.Field):
    """PostgreSQL `box`; in Python a `Box`."""

    description = "Rectangle in EPSG:25832, metres"

    def db_type(self, connection: Any) -> str:
        return "box"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "%s::box"

    def get_prep_value(self, value: Any) -> str | None:
        if value is None or isinstance(value, str):
            return value
        west, south, east, north = value
        return f"({east!r},{north!r}),({west!r},{south!r})"

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Box | None:
        if value is None:
            return None
        # PostgreSQL puts the upper right corner first.
        east, north, west, south = (float(v) for v in value.replace("(", "").replace(")", "").split(","))
        return Box(west, south, east, north)

    def to_python(self, value: Any) -> Any:
        return self.from_db_value(value, None, None) if isinstance(value, str) and value else value

    def value_to_string(self, obj: models.Model) -> str:
        return self.get_prep_value(self.value_from_object(obj)) or ""


@BoxField.register_lookup
class Overlaps(Lookup):
    """`extent__overlaps=Box(…)`: the rectangles touch (`&&`, served by GiST box_ops)."""

    lookup_name = "overlaps"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} && {right}", (*left_params, *right_params)


@PointField.register_lookup
class Within(Lookup):
    """`centre__within=Box(…)`: the point lies in the rectangle (`<@`, served by GiST point_ops)."""

    lookup_name = "within"

    def get_prep_lookup(self) -> str | None:
        return BoxField().get_prep_value(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_params = self.process_lhs(compiler, connection)
        return f"{left} <@ %s::box", (*left_params, self.rhs)


class DistanceTo(Func):
    """`<->` between a point or box column and a position: metres in the plane;

    ordering by it walks the GiST index.
    """

    arg_joiner = " <-> "
    template = "(%(expressions)s)"

    def __init__(self, column: str, at: Metres) -> None:
        super().__init__(column, Value(at, output_field=PointField()), output_field=models.FloatField())
