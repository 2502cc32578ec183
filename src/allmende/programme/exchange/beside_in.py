"""Rows that refer to measures and indicators, into the database once these are there: values, targets of the programme,
earlier plans, assessments, figures."""

import datetime as dt
import functools
from collections import Counter
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.facts import emit

from ..enums import Quality
from ..facts import ValuesRecorded
from ..models import Assessment, Indicator, Measure, Milestone, Programme, Replan, Target, Value
from .problems import Path
from .rows_in import Base
from .whole import Row

_BATCH = 2_000


class Beside(Base):
    """`Base` with what follows the measures."""

    def beside(self, programme: Programme, measures: dict[str, Measure], named: set[str]) -> None:
        """Values, targets of the programme, earlier plans, assessments and figures. `measures`: by identifier or
        code; `named`: those of the file, also where they could not be read."""
        self.measures, self.named = measures, named
        self._save_values()
        self._targets()
        self._replans()
        self._assessments()
        self._figures(programme)
        changed = {"version": F("version") + 1, "changed": timezone.now()}
        Indicator.objects.filter(pk__in=self.touched).update(**changed)

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
            self.touched.add(indicator.pk)
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
