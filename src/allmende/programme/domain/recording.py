"""Recording values. They are added, never changed: what is recorded twice stands once, a correction is a later
vintage."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from ..core.series import read_period
from ..enums import Level, Quality
from ..facts import ValuesRecorded
from ..models import Definition, Indicator, Value
from .form import EARLIEST, LATEST

# From the smallest place to the largest.
WIDTH = list(Level)


def touch(indicator: Indicator) -> None:
    """Count a change of a locked indicator or of what belongs to it."""
    indicator.version += 1
    indicator.save()


@dataclass(frozen=True)
class RowProblem:
    """`row`: position in what was sent, from 0; -1: all of it. `field`: a key of the row."""

    row: int
    field: str
    message: str


class RowsRefused(ValidationError):
    """Nothing was recorded. `problems`: all of them, in order."""

    def __init__(self, problems: Sequence[RowProblem]) -> None:
        self.problems = list(problems)
        named: dict[str, list[str]] = {}
        for each in problems:
            named.setdefault(f"{each.row}.{each.field}" if each.row >= 0 else each.field, []).append(each.message)
        super().__init__(named)


@dataclass(frozen=True)
class Recorded:
    """How many values are `new`, how many of an earlier vintage were `corrected`, how many were the `same` already."""

    new: int = 0
    corrected: int = 0
    same: int = 0


Place = tuple[int, str, dt.date, dt.date]  # indicator, area, starts, ends


@transaction.atomic
def record_values(rows: Sequence[Mapping[str, Any]], *, vintage: dt.datetime | None = None, actor: Any) -> Recorded:
    """Add values, all or none. A row: `indicator` (row or slug), `area`, `level` (else that of the definition),
    `period` as people write it or `starts` and `ends` (exclusive), `value` (None with quality "missing"), `quality`,
    `note`, `definition` (a number, else the one valid when the period begins).

    The same value again makes no row; a value added later with an earlier vintage then counts on, until another one.
    `vintage`: since when it is known, else now. The level is the definition's, or a wider one to compare with.
    Raises PermissionDenied, RowsRefused.
    """
    require_actor(actor, "programme.record_value")
    reading = _Rows(rows, vintage)
    if reading.problems:
        raise RowsRefused(reading.problems)
    done: dict[int, list[int]] = {}
    values, same = [], 0
    for each, earlier in zip(reading.values, reading.earlier, strict=True):
        if earlier is not None and _same(each, earlier):
            same += 1
            continue
        values.append(each)
        counts = done.setdefault(each.indicator_id, [0, 0])
        counts[0] += 1
        counts[1] += earlier is not None
    Value.objects.bulk_create(values, batch_size=5000)
    for indicator in reading.indicators.values():
        if indicator.pk in done:
            touch(indicator)
            count, corrected = done[indicator.pk]
            emit(
                ValuesRecorded(title=indicator.title, count=count, corrected=corrected),
                subject=indicator,
                actor=actor,
                public=indicator.published is not None,
            )
    corrected = sum(counts[1] for counts in done.values())
    return Recorded(new=len(values) - corrected, corrected=corrected, same=same)


def _same(each: Value, earlier: Value) -> bool:
    unchanged = (each.value, each.quality, each.definition_id) == (
        earlier.value, earlier.quality, earlier.definition_id,
    )  # fmt: skip
    return unchanged and each.note in ("", earlier.note)


class _Rows:
    """Rows read into unsaved values, with everything that is wrong about them. Locks the indicators."""

    def __init__(self, rows: Sequence[Mapping[str, Any]], vintage: dt.datetime | None) -> None:
        self.problems: list[RowProblem] = []
        self.values: list[Value] = []
        self.today = timezone.localdate()
        self.earlier: list[Value | None] = []
        self._row = -1
        slugs = {self._slug(row.get("indicator")) for row in rows}
        locked = Indicator.objects.select_for_update().filter(slug__in=slugs).order_by("pk")
        self.indicators = {row.slug: row for row in locked}
        # "Now" is read once the rows are locked: who waited for another writer knows these values later than that one.
        now = timezone.now()
        self.vintage = vintage or now
        if timezone.is_naive(self.vintage) or self.vintage > now:
            self._say("vintage", _("This day lies in the future."))
        self.definitions: dict[int, list[Definition]] = {row.pk: [] for row in self.indicators.values()}
        for definition in Definition.objects.filter(indicator__in=self.definitions).order_by("number"):
            self.definitions[definition.indicator_id].append(definition)
        for number, row in enumerate(rows):
            self._row = number
            self._read(row)
        self._across()

    @staticmethod
    def _slug(given: Any) -> str:
        return given.slug if isinstance(given, Indicator) else str(given or "")

    def _say(self, field: str, message: str) -> None:
        self.problems.append(RowProblem(self._row, field, message))

    def _read(self, row: Mapping[str, Any]) -> None:
        before = len(self.problems)
        indicator = self.indicators.get(self._slug(row.get("indicator")))
        if indicator is None:
            self._say("indicator", _("There is no such indicator."))
        area = str(row.get("area") or "").strip()
        if not area or len(area) > 40 or "\0" in area:
            self._say("area", _("Name the area: its official code, or a name of at most 40 letters."))
        note = str(row.get("note") or "").strip()
        if len(note) > 300 or "\0" in note:
            self._say("note", _("At most 300 letters."))
        quality = row.get("quality") or (Quality.MISSING if row.get("value") in (None, "") else Quality.FINAL)
        if quality not in Quality.values:
            self._say("quality", _("There is no such quality."))
        value = self._value(row.get("value"), quality)
        period = self._period(row, quality)
        if indicator is None or period is None:
            return
        definition = self._definition(row, self.definitions[indicator.pk], *period)
        if definition is None:
            return
        level = self._level(row.get("level"), definition)
        if len(self.problems) == before:
            self.values.append(
                Value(
                    indicator=indicator, definition=definition, level=level, area=area, starts=period[0],
                    ends=period[1], value=value, quality=quality, vintage=self.vintage, note=note,
                )
            )  # fmt: skip

    def _value(self, given: Any, quality: Any) -> Decimal | None:
        if given is None or given == "":
            if quality != Quality.MISSING:
                self._say("value", _("A value belongs here, or the quality “not measured”."))
            return None
        if quality == Quality.MISSING:
            self._say("value", _("What was not measured has no value."))
            return None
        try:
            value = Decimal(str(given))
        except InvalidOperation:
            value = Decimal("NaN")
        if isinstance(given, bool) or not value.is_finite():
            self._say("value", _("This is no number."))
            return None
        try:
            cleaned: Decimal = Value._meta.get_field("value").clean(value, None)
        except ValidationError:
            self._say("value", _("At most 14 digits before the point and six after it."))
            return None
        return cleaned

    def _period(self, row: Mapping[str, Any], quality: Any) -> tuple[dt.date, dt.date] | None:
        try:
            if row.get("period"):
                starts, ends = read_period(str(row["period"]))
            else:
                starts, ends = _day(row.get("starts")), _day(row.get("ends"))
        except (ValueError, TypeError, OverflowError):
            self._say(
                "period", _("This is no period: a year such as 2024, a month such as 03/2024, Q2 2024 or two days.")
            )
            return None
        if ends <= starts:
            self._say("period", _("The end lies before the beginning."))
        elif not EARLIEST <= starts <= ends <= LATEST:
            self._say("period", _("The year lies outside of 1900 to 2100."))
        elif starts > self.today:
            self._say("period", _("This period lies in the future."))
        elif ends > self.today + dt.timedelta(days=1) and quality in (Quality.FINAL, Quality.MISSING):
            self._say("period", _("This period is not over yet: its value is provisional or estimated."))
        elif timezone.localdate(self.vintage) < starts:
            self._say("vintage", _("Nothing is known of a period before it begins."))
        else:
            return starts, ends
        return None

    def _definition(
        self, row: Mapping[str, Any], known: list[Definition], starts: dt.date, ends: dt.date
    ) -> Definition | None:
        number = row.get("definition")
        if number is None:
            valid = [each for each in known if each.valid_from is None or each.valid_from <= starts]
            return (valid or known)[-1 if valid else 0]
        for each in known:
            if each.number == number and (each.valid_from is None or each.valid_from < ends):
                return each
        self._say("definition", _("There is no such definition for this period."))
        return None

    def _level(self, given: Any, definition: Definition) -> str:
        level = given or definition.level
        if level not in Level.values:
            self._say("level", _("There is no such level."))
        elif WIDTH.index(Level(level)) < WIDTH.index(Level(definition.level)):
            text = _("The definition is about %(level)s; a value of a smaller area is not comparable.")
            self._say("level", text % {"level": Level(definition.level).label})
        return str(level)

    def _across(self) -> None:
        """What only shows between rows, and against what is recorded."""
        if self.problems:
            return
        seen: set[Place] = set()
        levels = self._levels()
        for number, each in enumerate(self.values):
            self._row = number
            if _place(each) in seen:
                self._say("period", _("This period stands here twice."))
            seen.add(_place(each))
            known = levels.setdefault((each.indicator_id, each.area), each.level)
            if known != each.level:
                text = _("Values of “%(area)s” are recorded for another level: %(level)s.")
                self._say("level", text % {"area": each.area, "level": Level(known).label})
        if self.problems:
            return
        self.earlier = self._in_force()
        for number, (each, earlier) in enumerate(zip(self.values, self.earlier, strict=True)):
            self._row = number
            if earlier is not None and earlier.vintage == each.vintage and not _same(each, earlier):
                self._say("vintage", _("Another value of this period is already known from this moment."))

    def _levels(self) -> dict[tuple[int, str], str]:
        rows = self._recorded().order_by("indicator_id", "area").distinct("indicator_id", "area")
        return {(pk, area): level for pk, area, level in rows.values_list("indicator_id", "area", "level")}

    def _recorded(self) -> Any:
        return Value.objects.filter(
            indicator__in={each.indicator_id for each in self.values}, area__in={each.area for each in self.values}
        )

    def _in_force(self) -> list[Value | None]:
        """For each value the one that was known before it, if any. One query."""
        rows = self._recorded().filter(vintage__lte=self.vintage)
        newest = rows.order_by("indicator_id", "area", "starts", "ends", "-vintage")
        found = {_place(row): row for row in newest.distinct("indicator_id", "area", "starts", "ends")}
        return [found.get(_place(each)) for each in self.values]


def _place(value: Value) -> Place:
    return value.indicator_id, value.area, value.starts, value.ends


def _day(given: Any) -> dt.date:
    """Raises ValueError, TypeError."""
    if isinstance(given, dt.datetime):
        return given.date()
    return given if isinstance(given, dt.date) else dt.date.fromisoformat(given)
