"""Rows beside the measures, into the database: the frame before them, what refers to them after."""

import datetime as dt
import functools
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..enums import Quality
from ..facts import IndicatorDefined, ValuesRecorded
from ..models import (
    Assessment,
    Definition,
    Indicator,
    Measure,
    Milestone,
    Party,
    Phase,
    Programme,
    Replan,
    SeriesBreak,
    Target,
    Topic,
    Value,
)
from .fields import Wrong, clean
from .problems import Path
from .sheets import BY_KEY
from .tally import Tally, told
from .whole import Row, Whole

_BATCH = 2_000
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
        for path, values, given in self._read("breaks"):
            if (indicator := self._indicator(path, given)) is not None:
                self._put("breaks", SeriesBreak, {"indicator": indicator, "date": values.pop("date")}, values)

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

    def beside(self, programme: Programme, measures: dict[str, Measure], named: set[str]) -> None:
        """Values, targets of the programme, earlier plans, assessments and figures. `measures`: by identifier or
        code; `named`: those of the file, also where they could not be read."""
        self.measures, self.named = measures, named
        self._save_values()
        self._targets()
        self._replans()
        self._assessments()
        self._figures(programme)

    def _save_values(self) -> None:
        rows = self._read("values")
        slugs = {str(given.get("indicator")) for _path, _values, given in rows}
        known = Value.objects.filter(indicator__slug__in=slugs)
        names = ("indicator__slug", "area", "starts", "ends", "vintage", "value", "quality", "level")
        there = {line[:5]: line[5:] for line in known.values_list(*names)}
        new: list[Value] = []
        for path, values, given in rows:
            row = self._value(path, values, given)
            if row is None:
                continue
            key = (row.indicator.slug, row.area, row.starts, row.ends, row.vintage)
            if key not in there:
                new.append(row)
            elif there[key] != (row.value, row.quality, row.level):
                self.say((*path, "value"), _("Another value with the same vintage is recorded here already."))
            else:
                self.tally.keep("values")
        ids = Value.objects.filter(public_id__in=[row.public_id for row in new]).values_list("public_id", flat=True)
        if ids:
            taken = set(ids)
            for path, values, _given in rows:
                if values.get("public_id") in taken:
                    self.say((*path, "id"), _("Two rows have the same identifier."))
            return
        Value.objects.bulk_create(new, batch_size=_BATCH)
        self._tell_values(new)

    def _value(self, path: Path, values: dict[str, Any], given: Row) -> Value | None:
        indicator = self._indicator(path, given)
        number = given.get("definition")
        definition = self.definitions.get((indicator.slug, number)) if indicator and isinstance(number, int) else None
        if indicator is None:
            return None
        today = timezone.localdate()
        wrong: list[tuple[str, str]] = []
        if definition is None:
            wrong.append(("definition", _("This indicator has no definition of this number.")))
        if values["ends"] <= values["starts"]:
            wrong.append(("ends", _("The end lies before the beginning.")))
        if values["starts"] > today:
            wrong.append(("starts", _("This day lies in the future.")))
        if values["vintage"] > timezone.now() + dt.timedelta(minutes=5):
            wrong.append(("vintage", _("This day lies in the future.")))
        if values["value"] is None and values["quality"] != Quality.MISSING:
            wrong.append(("value", _("A value is missing, or its quality is “not measured”.")))
        for name, message in wrong:
            self.say((*path, name), message)
        return None if wrong else Value(indicator=indicator, definition=definition, **values)

    def _tell_values(self, new: list[Value]) -> None:
        for indicator, count in Counter(row.indicator for row in new).items():
            self.tally.add("values", indicator, count)
            fact = ValuesRecorded(indicator.title, count, 0)
            emit(fact, subject=indicator, actor=self.actor, public=bool(indicator.published))

    def _targets(self) -> None:
        for path, values, given in self._read("targets"):
            if (indicator := self._indicator(path, given)) is not None:
                by = {"indicator": indicator, "measure": None, "area": values.pop("area")}
                self._put("targets", Target, by, values)

    @functools.cached_property
    def _file_milestones(self) -> set[Any]:
        found = set()
        for measure in self.whole.get("measures") or []:
            doc = measure.get("document") if isinstance(measure, dict) else None
            rows = doc.get("milestones") if isinstance(doc, dict) else None
            found |= {str(row.get("id")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
        return found

    def _replans(self) -> None:
        read = self._read("replans")
        ids = {str(given.get("milestone")) for _path, _values, given in read}
        try:
            known = {str(row.public_id): row for row in Milestone.objects.filter(public_id__in=ids)} if ids else {}
        except (ValueError, TypeError):
            known = {}
        there = set(Replan.objects.filter(milestone__in=known.values()).values_list("milestone_id", "plan", "until"))
        for path, values, given in read:
            milestone = known.get(str(given.get("milestone")))
            if milestone is None and given.get("milestone") in self._file_milestones:
                continue  # its measure could not be read, which is said there
            if milestone is None:
                self.say((*path, "milestone"), _("There is no such milestone."))
            elif (milestone.pk, values["plan"], values["until"]) not in there:
                row = Replan.objects.create(milestone=milestone, plan=values["plan"])
                Replan.objects.filter(pk=row.pk).update(until=values["until"])  # it stamps itself on saving
                self.tally.add("replans", f"{milestone}: {row.plan}")
            else:
                self.tally.keep("replans")

    def _measure(self, path: Path, given: Row) -> Measure | None:
        """The measure a row names: of the file, or one that is here. Says where there is none."""
        name = str(given.get("measure"))
        found = self.measures.get(name)
        if found is None and name not in self.named:
            try:
                found = Measure.objects.filter(public_id=name).first()
            except ValidationError:
                found = None
            if found is None:
                self.say((*path, "measure"), _("There is no such measure."))
        return found

    def _assessments(self) -> None:
        for path, values, given in self._read("assessments"):
            measure = self._measure(path, given)
            if measure is None:
                continue
            if values["date"] > timezone.localdate():
                self.say((*path, "date"), _("This day lies in the future."))
            elif not self._taken(Assessment, values.get("public_id")):
                Assessment.objects.create(measure=measure, **values)
                self.tally.add("assessments", measure)
            else:
                self.tally.keep("assessments")

    def _figures(self, programme: Programme) -> None:
        for path, values, given in self._read("figures"):
            measure = self._measure(path, given) if given.get("measure") else None
            if given.get("measure") and measure is None:
                continue
            # A file of earlier days does not name its figures: what says the same is the same.
            same = {"public_id": values["public_id"]} if "public_id" in values else {"measure": measure} | values
            if not values["source_url"]:
                self.say((*path, "source_url"), _("A figure has a source."))
            elif programme.figures.filter(**same).exists():
                self.tally.keep("figures")
            else:
                programme.figures.create(measure=measure, **values)
                self.tally.add("figures", values["matter"])
