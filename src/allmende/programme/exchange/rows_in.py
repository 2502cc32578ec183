"""Rows that measures stand on, into the database: programme, phases, topics, parties, indicators and what they mean."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..facts import IndicatorDefined
from ..models import Definition, Indicator, Party, Phase, Programme, SeriesArea, SeriesBreak, Target, Topic
from .fields import Wrong, clean
from .problems import Path
from .sheets import BY_KEY
from .tally import Tally, told
from .whole import Row, Whole

# Columns that are read by the rows they name, not as values.
_LINKS = ("id", "measure", "milestone", "indicator", "definition")
Read = tuple[Path, dict[str, Any], Row]


def is_system(actor: Any) -> bool:
    """Whether the operator acts (the command line), not a person in the browser."""
    return actor is None or isinstance(actor, str)


class Base:
    """Reads and saves rows; says what is wrong by path. Within the transaction of the import."""

    def __init__(self, whole: Whole, say: Callable[[Path, str], None], actor: Any, tally: Tally) -> None:
        self.whole, self.say, self.actor, self.system = whole, say, actor, is_system(actor)
        self.tally = tally
        # Primary keys of indicators of which something beside their own row is new: pages keep what they wrote of one
        # until its version counts on.
        self.touched: set[int] = set()
        self.indicators: dict[str, Indicator] = {}
        self.definitions: dict[tuple[str, int], Definition] = {}

    def frame(self) -> Programme | None:
        """Programme, phases, topics, parties, indicators and what they mean. None where there is no programme."""
        programme = self._programme()
        if programme is None:
            return None
        for _path, values, _row in self._read("phases"):
            if values["starts"] and values["ends"] and values["ends"] < values["starts"]:
                self.say((*_path, "ends"), _("The end lies before the beginning."))
                continue
            self._put("phases", Phase, {"programme": programme, "number": values.pop("number")}, values)
        for _path, values, _row in self._read("topics"):
            self._put("topics", Topic, {"slug": values.pop("slug")}, values)
        for _path, values, _row in self._read("parties"):
            self._put("parties", Party, {"slug": values.pop("slug")}, values)
        self._indicators()
        return programme

    def _programme(self) -> Programme | None:
        given = self.whole.get("programme")
        there = Programme.objects.first()
        if not given:
            if there is None:
                self.say(("programme",), _("The file says nothing of the programme, and there is none here yet."))
            return there
        values = self._values(("programme",), "programme", given)
        if values is None:
            return None
        if there is not None and not self.system:
            self.tally.keep("programme")
            return there  # what the programme says of itself is not changed by the way
        public_id = values.pop("public_id", None)
        row = Programme.objects.filter(public_id=public_id).first() or there or Programme(public_id=public_id)
        self._save("programme", row, values)
        return row

    def _values(self, path: Path, key: str, row: Any) -> dict[str, Any] | None:
        """A row with its values, `id` as `public_id`; None after saying what is wrong."""
        sheet = BY_KEY[key]
        if not isinstance(row, dict):
            self.say(path, _("A row belongs here."))
            return None
        good = True
        for name in row.keys() - set(sheet.keys):
            self.say((*path, name), _("There is no such field."))
            good = False
        values: dict[str, Any] = {}
        for column in sheet.columns:
            if column.key in _LINKS and column.key != "id":
                continue
            name = "public_id" if column.key == "id" else column.key
            if not row.get(column.key) and (name == "public_id" or (key, name) == ("figures", "vintage")):
                continue  # both are made here
            try:
                values[name] = clean(sheet.model, name, row.get(column.key))
            except Wrong as wrong:
                self.say((*path, column.key), str(wrong))
                good = False
        return values if good else None

    def _read(self, key: str) -> list[Read]:
        """The good rows of a list; those that name the same thing twice are said."""
        rows = self.whole.get(key) or []
        if not isinstance(rows, list):
            self.say((key,), _("A list belongs here."))
            return []
        found: list[Read] = []
        seen = set()
        unique = BY_KEY[key].unique
        for index, row in enumerate(rows):
            values = self._values((key, index), key, row)
            if values is None:
                continue
            name = tuple(str(row.get(each)) for each in unique)
            if unique and unique != ("id",) and name in seen:
                self.say((key, index, unique[-1]), _("This stands in the file twice."))
                continue
            seen.add(name)
            found.append(((key, index), values, row))
        return found

    def _put(self, key: str, model: type[models.Model], by: dict[str, Any], values: dict[str, Any]) -> Any:
        """The row named by `by` with these values: new, or changed where it says something else."""
        public_id = values.pop("public_id", None)
        row = model._default_manager.filter(**by).first()
        if row is None:
            own = {"public_id": public_id} if public_id and not self._taken(model, public_id) else {}
            row = model(**by, **own)
        self._save(key, row, values)
        return row

    def _save(self, key: str, row: Any, values: dict[str, Any]) -> None:
        """A new row with these values, or one that is here, changed where it says something else."""
        new = row.pk is None
        changed = [name for name, value in values.items() if new or getattr(row, name) != value]
        if not new and not changed:
            self.tally.keep(key)
            return
        if not new:
            self.tally.change(key, row, [told(key, row, name, values[name]) for name in changed])
        for name in changed:
            setattr(row, name, values[name])
        row.save()
        if isinstance(row, SeriesArea | SeriesBreak | Target):
            self.touched.add(row.indicator_id)
        if new:
            self.tally.add(key, row)

    @staticmethod
    def _taken(model: type[models.Model], public_id: Any) -> bool:
        return bool(model._default_manager.filter(public_id=public_id).exists())

    def _indicators(self) -> None:
        for _path, values, _row in self._read("indicators"):
            published = values.pop("published")
            slug = values.pop("slug")
            row = self._put("indicators", Indicator, {"slug": slug}, values)
            if self.system and row.published != published:
                row.published = published
                row.save()
        self.indicators = {row.slug: row for row in Indicator.objects.all()}
        known = Definition.objects.select_related("indicator")
        self.definitions = {(row.indicator.slug, row.number): row for row in known}
        for path, values, given in self._read("definitions"):
            self._definition(path, values, given)
        for key, model, name in (("breaks", SeriesBreak, "date"), ("areas", SeriesArea, "area")):
            for path, values, given in self._read(key):
                if (indicator := self._indicator(path, given)) is not None:
                    self._put(key, model, {"indicator": indicator, name: values.pop(name)}, values)

    def _indicator(self, path: Path, given: Row) -> Indicator | None:
        found = self.indicators.get(str(given.get("indicator")))
        if found is None:
            self.say((*path, "indicator"), _("There is no such indicator."))
        return found

    def _definition(self, path: Path, values: dict[str, Any], given: Row) -> None:
        indicator = self._indicator(path, given)
        if indicator is None:
            return
        there = self.definitions.get((indicator.slug, values["number"]))
        if there is None:
            row = Definition.objects.create(indicator=indicator, **values)
            self.definitions[indicator.slug, row.number] = row
            self.tally.add("definitions", f"{indicator}, {row.number}")
            fact = IndicatorDefined(indicator.title, row.number)
            emit(fact, subject=indicator, actor=self.actor, public=bool(indicator.published))
            return
        self.tally.keep("definitions")
        for name, value in values.items():
            if getattr(there, name) != value:
                self.say((*path, name), _("This definition says something else here. A new meaning is a new number."))
