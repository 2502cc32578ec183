"""Reading a measure's document: into unsaved rows, with everything that is wrong about it."""

import datetime as dt
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from allmende.spine.geo.shape import GeometryError

from ..models import Dependency, Measure, Milestone, Phase, Topic
from .form import EARLIEST, FIELDS, KEYS, LATEST, PARTS, SCHEMA, Document, Part, Problem, Reference


def place(measure: Measure, geometry: Any) -> None:
    """Set or take away the geometry. Raises GeometryError."""
    if geometry:
        measure.place_on(geometry)
    else:
        measure.unplace()


class Reading:
    """A document read into unsaved rows, with everything that is wrong about it."""

    def __init__(self, doc: Document, measure: Measure | None) -> None:
        self.doc, self.measure = doc, measure
        self.problems: list[Problem] = []
        self.values: dict[str, Any] = {}
        self.rows: dict[str, list[Any]] = {part.name: [] for part in PARTS}
        if not isinstance(doc, dict) or doc.get("schema") != SCHEMA:
            self._say((), _("This is no document of a measure, or one of another version."))
            return
        for key in doc.keys() - set(KEYS):
            self._say((key,), _("There is no such field."))
        self._fields()
        for part in PARTS:
            self._part(part)
        if not self.problems:
            self._across()

    def _say(self, path: tuple[str | int, ...], message: str) -> None:
        self.problems.append(Problem(path, message))

    def _fields(self) -> None:
        for name in FIELDS:
            self._field((name,), Measure, name, self.doc.get(name), self.values)
        topic = Topic.objects.filter(slug=str(self.doc.get("topic") or "")).first()
        if topic is None:
            self._say(("topic",), _("There is no such topic."))
        else:
            self.values["topic"] = topic
        number = self.doc.get("phase")
        phase = Phase.objects.filter(number=number).first() if isinstance(number, int) else None
        if number is not None and phase is None:
            self._say(("phase",), _("There is no such phase."))
        self.values["phase"] = phase
        try:
            place(Measure(), self.doc.get("geometry"))
        except GeometryError as error:
            self._say(("geometry",), str(error))
        code, others = (
            self.values.get("code"),
            Measure.objects.exclude(pk=(self.measure.pk if self.measure else None) or 0),
        )
        if code and others.filter(code=code).exists():
            self._say(("code",), _("Another measure has this code."))

    def _field(self, path: tuple[str | int, ...], model: Any, name: str, value: Any, into: dict[str, Any]) -> None:
        column = model._meta.get_field(name)
        if value is None and isinstance(column, models.CharField | models.TextField):
            value = ""
        if isinstance(value, str) and "\0" in value:
            self._say(path, _("There is a character here that cannot be stored."))
            return
        if isinstance(value, list | dict):
            self._say(path, _("A single value belongs here."))
            return
        if value == "" and column.null:
            value = None
        try:
            value = column.clean(value, None)
        except ValidationError as error:
            for message in error.messages:
                self._say(path, message)
            return
        except (TypeError, ValueError, ArithmeticError):
            self._say(path, _("This cannot be read."))
            return
        if isinstance(value, dt.date) and not EARLIEST <= value <= LATEST:
            self._say(path, _("The year lies outside of 1900 to 2100."))
        into[name] = value

    def _part(self, part: Part) -> None:
        rows = self.doc.get(part.name) or []
        if not isinstance(rows, list):
            self._say((part.name,), _("A list belongs here."))
            return
        seen: set[uuid.UUID] = set()
        for number, given in enumerate(rows):
            at = (part.name, number)
            if not isinstance(given, dict):
                self._say(at, _("A row belongs here."))
                continue
            for key in given.keys() - {"id", *part.fields}:
                self._say((*at, key), _("There is no such field."))
            row = self._row(part, at, given)
            if row is None:
                continue
            if row.public_id in seen:
                self._say((*at, "id"), _("Two rows have the same identifier."))
            seen.add(row.public_id)
            self.rows[part.name].append(row)

    def _row(self, part: Part, at: tuple[str | int, ...], given: Document) -> Any:
        before = len(self.problems)
        values: dict[str, Any] = {}
        for name in part.fields:
            if name in part.references:
                self._reference(part.references[name], (*at, name), name, given.get(name), values)
            else:
                self._field((*at, name), part.model, name, given.get(name), values)
        for name in part.past:
            if values.get(name) and values[name] > timezone.localdate():
                self._say((*at, name), _("This day lies in the future."))
        row = part.model(**values)
        if given.get("id"):
            try:
                row.public_id = uuid.UUID(str(given["id"]))
            except ValueError:
                self._say((*at, "id"), _("This is no identifier."))
        if len(self.problems) > before:
            return None
        row.measure = self.measure if self.measure is not None else Measure()
        try:
            # Uniqueness against the saved row itself would always fail: the rows as a whole are looked at instead.
            row.validate_constraints(
                exclude={"measure", "public_id"} | ({"needs"} if part.model is Dependency else set())
            )
        except ValidationError as error:
            for message in error.messages:
                self._say(at, message)
        return row

    def _reference(
        self, reference: Reference, path: tuple[str | int, ...], name: str, value: Any, into: dict[str, Any]
    ) -> None:
        try:
            found = reference.model._default_manager.filter(**{reference.by: value}).first() if value else None
        except (ValidationError, ValueError, TypeError):
            found = None
        if found is None:
            self._say(path, reference.missing())
        else:
            into[name] = found

    def _across(self) -> None:
        """What only shows when everything is read."""
        self._baselines()
        self._doubles("dependencies", "needs", _("This measure stands here twice."))
        self._targets()
        self._circle()
        today = timezone.localdate()
        if self.values.get("since") and self.values["since"] > today:
            self._say(("since",), _("This day lies in the future."))

    def _baselines(self) -> None:
        if self.measure is None or self.measure.pk is None:
            return
        there = dict(Milestone.objects.filter(measure=self.measure).values_list("public_id", "baseline"))
        for number, row in enumerate(self.rows["milestones"]):
            if row.public_id in there and row.baseline != there[row.public_id]:
                self._say(
                    ("milestones", number, "baseline"),
                    _("The first plan is never changed: enter the new day as the present plan."),
                )

    def _doubles(self, part: str, name: str, message: str) -> None:
        seen: set[Any] = set()
        for number, row in enumerate(self.rows[part]):
            value = getattr(row, name)
            if value in seen:
                self._say((part, number, name), message)
            seen.add(value)

    def _targets(self) -> None:
        seen: set[tuple[Any, str]] = set()
        for number, row in enumerate(self.rows["targets"]):
            key = (row.indicator, row.area)
            if key in seen:
                self._say(("targets", number, "indicator"), _("This indicator stands here twice for the same area."))
            seen.add(key)
            if row.baseline_date and row.due and row.due <= row.baseline_date:
                self._say(("targets", number, "due"), _("The day of the target lies before the day of the baseline."))

    def _circle(self) -> None:
        if self.measure is None or self.measure.pk is None:
            return
        wanted = [row.needs_id for row in self.rows["dependencies"]]
        edges: dict[int, list[int]] = {}
        for measure, needs in Dependency.objects.exclude(measure=self.measure).values_list("measure_id", "needs_id"):
            edges.setdefault(measure, []).append(needs)
        for number, first in enumerate(wanted):
            stack, seen = [first], set()
            while stack:
                node = stack.pop()
                if node == self.measure.pk:
                    self._say(
                        ("dependencies", number, "needs"), _("This would be a circle: it depends on this measure.")
                    )
                    break
                if node not in seen:
                    seen.add(node)
                    stack += edges.get(node, [])
