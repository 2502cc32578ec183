"""The measures of a whole, into the database: what is published as published by the system, a person's as drafts."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..domain import document, measures, revisions
from ..domain.form import PARTS
from ..models import Dependency, FormerSlug, Measure, Programme
from .fields import Wrong, clean
from .order import in_order, reaches
from .problems import Path
from .rows_in import is_system
from .saving import Outcome, Step, create, problems_of, revise, tell

MOST_MEASURES = 5_000


class Measures:
    """The measures of a whole, each after those it needs."""

    def __init__(
        self, programme: Programme, whole: dict[str, Any], say: Callable[[Path, str], None], actor: Any,
        outcome: Outcome,
    ) -> None:  # fmt: skip
        self.programme, self.say, self.actor, self.outcome = programme, say, actor, outcome
        self.given = whole.get("measures") or []
        self.rows: dict[str, Measure] = {}  # identifier or code -> row
        self.slugs = {*Measure.objects.values_list("slug", flat=True)}
        self.slugs |= {*FormerSlug.objects.values_list("slug", flat=True)}
        self.named: set[str] = set()  # every identifier and code of the file
        self.bad: set[int] = set()  # what is wrong with these stands in the list already
        self.system = is_system(actor)

    def run(self, step: Step) -> None:
        if not isinstance(self.given, list) or len(self.given) > MOST_MEASURES:
            self.say(("measures",), _("At most %(most)s measures fit into one file.") % {"most": MOST_MEASURES})
            return
        read = [self._read(index, row) for index, row in enumerate(self.given)]
        wanted = [each for each in read if each is not None]
        self._once(wanted)
        self._children(wanted)
        for one in wanted:
            if one.row is not None:
                self._keep(one)
        in_circles = self._circles(wanted)
        for number, one in enumerate(in_order(wanted)):
            step(number, len(wanted))
            if one.index in self.bad:
                continue
            if one.index in in_circles:
                one.doc["dependencies"] = []  # what is wrong there is said already
            for row in one.dependencies:
                # In the file a measure without an identifier goes by its code.
                if (other := self.rows.get(str(row.get("needs")))) is not None:
                    row["needs"] = str(other.public_id)
            self._save(one)
        step(len(wanted), len(wanted))

    def _keep(self, one: "_One") -> None:
        assert one.row is not None
        self.rows[str(one.row.public_id)] = one.row
        if one.doc["code"]:
            self.rows.setdefault(str(one.doc["code"]), one.row)

    def _save(self, one: "_One") -> None:
        try:
            if one.row is None:
                self._new(one)
            else:
                self._update(one)
        except ValidationError as error:
            self._refused(one, error)
        except Wrong as wrong:
            self.say(("measures", one.index, "slug"), str(wrong))

    def _read(self, index: int, row: Any) -> "_One | None":
        at: Path = ("measures", index)
        doc = row.get("document") if isinstance(row, dict) else None
        if isinstance(row, dict) and isinstance(doc, dict):
            self.named |= {str(row.get("id")), str(doc.get("code"))}
        if not isinstance(doc, dict):
            self.say(at, _("A row belongs here."))
            return None
        for part in PARTS:
            if not isinstance(doc.get(part.name) or [], list):
                self.say((*at, part.name), _("A list belongs here."))
                return None
        doc = document.tidy(document.empty() | doc)
        try:
            public_id = clean(Measure, "public_id", row.get("id")) if row.get("id") else None
            published = clean(Measure, "published", row.get("published"))
        except Wrong as wrong:
            self.say((*at, "id"), str(wrong))
            return None
        slug = row.get("slug") if isinstance(row.get("slug"), str) else ""
        one = _One(index, doc, public_id, slug, published)
        one.row = Measure.objects.filter(public_id=public_id).first() if public_id else None
        if public_id is None and isinstance(doc["code"], str) and doc["code"]:
            one.row = Measure.objects.filter(programme=self.programme, code=doc["code"]).first()
        return one

    def _once(self, wanted: Iterable["_One"]) -> None:
        """No code and no identifier twice in the file."""
        codes: set[str] = set()
        ids: set[uuid.UUID] = set()
        for one in wanted:
            code = str(one.doc["code"])
            if code and code in codes:
                self.say(("measures", one.index, "code"), _("This code stands in the file twice."))
                self.bad.add(one.index)
            codes.add(code)
            if one.public_id is not None and one.public_id in ids:
                self.say(("measures", one.index, "id"), _("Two rows have the same identifier."))
                self.bad.add(one.index)
            if one.public_id is not None:
                ids.add(one.public_id)

    def _children(self, wanted: Iterable["_One"]) -> None:
        """No row of a part under two measures, in the file or in the database."""
        for part in PARTS:
            owners: dict[str, _One] = {}
            for one in wanted:
                rows = one.doc.get(part.name)
                for number, row in enumerate(rows if isinstance(rows, list) else []):
                    name = str(row.get("id")) if isinstance(row, dict) else ""
                    first = owners.setdefault(name, one)
                    if first is not one:
                        at = ("measures", one.index, part.name, number, "id")
                        self.say(at, _("Two rows have the same identifier."))
                        self.bad.add(one.index)
            known = part.model.objects.filter(public_id__in=[name for name in owners if _is_uuid(name)])
            for public_id, measure in known.values_list("public_id", "measure_id"):
                one = owners[str(public_id)]
                if one.row is None or one.row.pk != measure:
                    number = next(n for n, row in enumerate(one.doc[part.name]) if str(row.get("id")) == str(public_id))
                    at = ("measures", one.index, part.name, number, "id")
                    self.say(at, _("This row belongs to another measure."))
                    self.bad.add(one.index)

    def _circles(self, wanted: Iterable["_One"]) -> set[int]:
        """Says every dependency of the file that closes a circle, over the file and what the database adds to it."""
        edges: dict[str, set[str]] = {}
        mine: dict[str, _One] = {}
        for one in wanted:
            name = str(one.public_id or (one.row.public_id if one.row else one.doc["code"]) or one.index)
            mine[name] = one
            edges[name] = {str(row["needs"]) for row in one.dependencies if row.get("needs")}
        others = Dependency.objects.exclude(measure__public_id__in=[name for name in mine if _is_uuid(name)])
        for measure, needs in others.values_list("measure__public_id", "needs__public_id"):
            edges.setdefault(str(measure), set()).add(str(needs))
        found = set()
        for name, one in mine.items():
            for number, row in enumerate(one.dependencies):
                if row.get("needs") and reaches(edges, str(row["needs"]), name):
                    message = _("This would be a circle: it depends on this measure.")
                    self.say(("measures", one.index, "dependencies", number, "needs"), message)
                    found.add(one.index)
        return found

    def _new(self, one: "_One") -> None:
        slug = clean(Measure, "slug", one.slug) if one.slug and one.slug not in self.slugs else ""
        published = one.published if self.system else None
        one.row = create(
            self.programme, one.doc, public_id=one.public_id, slug=slug, published=published, actor=self.actor
        )
        self.slugs.add(one.row.slug)
        self._keep(one)
        self.outcome.tally.add("measures", one.row)

    def _update(self, one: "_One") -> None:
        assert one.row is not None
        if not self.system or one.published is None:
            self._into_draft(one, one.row)
            return
        row = Measure.locked(one.row.pk)
        draft = revisions.open_revision(row)
        if row.published is None and draft is not None:
            revisions.pass_by(draft)
        version, before = row.version, document.dump(row)
        # Most of a file is as it is here: to compare costs a fraction of writing it all again.
        if row.published is None or document.changes(before, one.doc):
            measures.put(row, one.doc, actor=self.actor)
        if row.version == version:
            self.outcome.tally.keep("measures")
        else:
            tell(self.outcome, row, before, one.doc)

    def _into_draft(self, one: "_One", row: Measure) -> None:
        """What the file says otherwise than what is public, into the draft; what else is under way there stays."""
        changes = one.doc
        if row.published is not None:
            changes = {key: one.doc[key] for key in document.changes(document.dump(row), one.doc)}
        if changes:
            revise(row, changes, self.outcome, actor=self.actor)
        else:
            self.outcome.tally.keep("measures")

    def _refused(self, one: "_One", error: ValidationError) -> None:
        for path, message in problems_of(error):
            if path[-1:] == ("needs",) and str(one.dependencies[int(path[1])].get("needs")) in self.named:
                continue  # what is wrong there is said there
            self.say(("measures", one.index, *path), message)


@dataclass
class _One:
    """A measure of the file. `row`: in the database."""

    index: int
    doc: document.Document
    public_id: uuid.UUID | None
    slug: str
    published: Any
    row: Measure | None = None

    @property
    def dependencies(self) -> list[dict[str, Any]]:
        rows = self.doc.get("dependencies")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _is_uuid(text: str) -> bool:
    try:
        return bool(uuid.UUID(text))
    except ValueError:
        return False
