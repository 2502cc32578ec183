"""From an uploaded list to drafts: upload, sheet, columns, plan, import. All rows or none."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections, transaction
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor
from allmende.spine.people.models import Account

from ..domain import document, queries, revisions
from ..models import ImportState, ListImport, Measure, Programme
from . import files, mapping, workbook
from .facts import ProgrammeImported
from .fields import Wrong
from .mapping import Entry, Listed, Reader
from .measures_in import MOST_MEASURES, Outcome, Step, create, problems_of, revise
from .problems import FileRefused, ImportProblems, Located, row_name
from .restore import lock, restore

# As many rows are imported while the person waits; more by a job, with progress.
AT_ONCE = 50
_TELL_EVERY = timedelta(seconds=0.5)


@dataclass
class Line:
    """A row of the list and what would become of it. `measure` None: a new one."""

    entry: Entry
    changes: document.Document
    measure: Measure | None = None


@dataclass
class Plan:
    """What an import would do. With `problems` it does nothing. `by_target`: what a column is -> its index;
    `left_out`: (row, why)."""

    found: Listed
    by_target: dict[str, int]
    lines: list[Line] = field(default_factory=list)
    problems: list[Located] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def upload(account: Account, file_name: str, data: bytes) -> ListImport:
    """Keep a file until it is imported. Raises PermissionDenied, FileRefused."""
    require_actor(account, "programme.add_measure")
    if len(data) > workbook.LARGEST:
        raise workbook.refuse("too_large")
    found = files.read(data)
    # One upload a person: an older one that was never imported is of no use.
    ListImport.objects.filter(account=account, state=ImportState.NEW).delete()
    row = ListImport(account=account, file_name=file_name[-200:], data=data, language=get_language() or "de")
    if isinstance(found, files.Source):
        row.whole = True
    else:
        page = next((page for page in found if page.rows), None)
        if page is None:
            raise workbook.refuse("no_rows")
        row.sheet, row.header = page.title, mapping.propose(page)
    row.save()
    return row


def pages_of(row: ListImport) -> list[workbook.Page]:
    """The sheets of an uploaded list."""
    found = files.read(bytes(row.data))
    assert not isinstance(found, files.Source)
    return found


def listed(row: ListImport) -> Listed:
    """The rows under the chosen headings. Raises ValidationError."""
    page = next((page for page in pages_of(row) if page.title == row.sheet), None)
    if page is None:
        raise ValidationError(_("There is no such sheet."))
    try:
        return mapping.listed(page, row.header)
    except Wrong as wrong:
        raise ValidationError(str(wrong)) from None


def choose_sheet(row: ListImport, sheet: str, header: int) -> None:
    """Say where the list stands. Raises ValidationError."""
    if (row.sheet, row.header) != (sheet, header):
        row.columns = {}
    row.sheet, row.header = sheet, header
    listed(row)
    row.save()


def choose_columns(row: ListImport, columns: dict[int, str], topic: str) -> None:
    """Say what the columns are. Raises ValidationError."""
    chosen = [target for target in columns.values() if target]
    if "title" not in chosen:
        raise ValidationError(_("Say which column holds the title."))
    twice = next((target for target in chosen if chosen.count(target) > 1), None)
    if twice is not None:
        raise ValidationError(_("Two columns are said to be the same."))
    if set(chosen) - set(mapping.TARGETS):
        raise ValidationError(_("There is no such field."))
    if "topic" not in chosen and not topic:
        raise ValidationError(_("No column holds the topic: choose one for all rows."))
    row.columns = {str(index): target for index, target in columns.items() if target}
    row.topic = topic
    row.save()


def _frame() -> mapping.Frame:
    topics = list(queries.topics())
    phases = {str(phase.number): phase.number for phase in queries.phases()}
    for phase in queries.phases():
        phases |= {phase.title.casefold(): phase.number, f"phase {phase.number}": phase.number}
    words = {
        word.casefold(): topic.slug for topic in topics for word in (topic.title_en, topic.title, topic.slug) if word
    }
    return mapping.Frame(words, phases, [topic.title for topic in topics])


def plan(row: ListImport) -> Plan:
    """What importing the list would do now. Raises ValidationError where sheet or columns do not fit."""
    found = listed(row)
    columns = {int(index): target for index, target in row.columns.items()}
    reader = Reader(found, columns, _frame(), row.topic)
    result = Plan(found, reader.by_target)
    if len(found.rows) > MOST_MEASURES:
        raise ValidationError(_("At most %(most)s measures fit into one file.") % {"most": MOST_MEASURES})
    there = {each.code: each for each in Measure.objects.exclude(code="").select_related("topic", "phase")}
    seen: dict[str, int] = {}
    for number, cells in found.rows:
        if all(cells[index].value in (None, "") for index in columns if index < len(cells)):
            continue
        if reader.is_sum(cells):
            result.left_out.append((number, _("adds up other rows")))
            continue
        entry = reader.read(number, cells)
        code = str(entry.doc.get("code") or "")
        if code in seen and code:
            entry.problems.append(
                (reader.by_target["code"], _("The code stands in row %(row)s already.") % {"row": seen[code]})
            )
        seen.setdefault(code, number)
        measure = there.get(code) if code else None
        result.problems += [Located(found.page.cell(number, index), text) for index, text in entry.problems]
        if not entry.problems:
            result.lines.append(Line(entry, _changes(entry, measure, reader), measure))
    if not result.lines and not result.problems:
        raise ValidationError(_("Below this row there are no entries."))
    return result


def _changes(entry: Entry, measure: Measure | None, reader: Reader) -> document.Document:
    """The keys of a measure's document that a row sets."""
    before = revisions.draft_of(measure).document if measure is not None else document.empty()
    doc = {key: value for key, value in entry.doc.items() if key in reader.by_target or measure is None}
    if measure is None and not doc.get("summary"):
        doc["summary"] = str(doc["title"])
    if measure is not None and doc.get("summary") == "":
        del doc["summary"]
    if "topic" in doc and not doc["topic"]:
        del doc["topic"]
    if entry.cost:
        doc["input"] = mapping.with_cost(str(doc.get("input", before["input"])), entry.cost)
    if entry.milestones:
        doc["milestones"] = _milestones(before["milestones"], entry)
    return doc


def _milestones(before: list[document.Document], entry: Entry) -> list[document.Document]:
    """The milestones of the draft with those of the row: the same title is the same milestone."""
    rows = [dict(each) for each in before]
    by_title = {str(each.get("title", "")).casefold(): each for each in rows}
    for title, planned, done in entry.milestones:
        day, reached = planned.isoformat(), done.isoformat() if done else None
        if (known := by_title.get(title.casefold())) is not None:
            known |= {"plan": day, "done": reached or known.get("done")}
        else:
            rows.append({"title": title, "baseline": day, "plan": day, "done": reached, "note": ""})
    return rows


def start(row: ListImport) -> None:
    """Import what was prepared: a short list at once, a long one by a job. The outcome stands in the row."""
    size = len(listed(row).rows) if not row.whole else AT_ONCE + 1
    with transaction.atomic():
        # A second click finds it waiting already.
        found = ListImport.objects.select_for_update().filter(pk=row.pk, state__in=("new", "failed")).first()
        if found is None:
            return
        found.state, found.done, found.total, found.problems = ImportState.WAITING, 0, size, []
        found.save()
        if size > AT_ONCE:
            from .tasks import import_list  # which imports this module

            import_list.defer(pk=row.pk)
    if size <= AT_ONCE:
        perform(row.pk)


def perform(pk: int) -> bool:
    """Run an import that waits. Repeatable: whoever is killed in between has changed nothing, and the next run begins
    again. Returns whether it was imported."""
    row = ListImport.objects.select_related("account").filter(pk=pk, state__in=("waiting", "running")).first()
    if row is None:
        return False
    ListImport.objects.filter(pk=pk).update(state=ImportState.RUNNING, done=0)
    with override(row.language):
        try:
            with transaction.atomic():
                lock()
                # Another worker may have finished it while this one waited for the lock.
                if ListImport.objects.filter(pk=pk, state=ImportState.DONE).exists():
                    return True
                outcome = _import(row, _telling(pk))
                ListImport.objects.filter(pk=pk).update(
                    state=ImportState.DONE, result=outcome.counts, problems=[], data=b""
                )
        except ImportProblems as error:
            _failed(pk, [[each.where, each.message] for each in error.problems])
        except (FileRefused, PermissionDenied) as error:
            _failed(pk, [["", str(error)]])
        except ValidationError as error:
            _failed(pk, [["", message] for message in error.messages])
        else:
            return True
    return False


def _failed(pk: int, problems: list[list[str]]) -> None:
    ListImport.objects.filter(pk=pk).update(state=ImportState.FAILED, problems=problems)


def _import(row: ListImport, step: Step) -> Outcome:
    if row.whole:
        source = files.read(bytes(row.data))
        assert isinstance(source, files.Source)
        return restore(source, actor=row.account, step=step)
    return import_plan(plan(row), actor=row.account, step=step)


@transaction.atomic
def import_plan(made: Plan, *, actor: Any, step: Step) -> Outcome:
    """Save all rows of a plan as drafts. Raises PermissionDenied, ImportProblems."""
    require_actor(actor, "programme.add_measure")
    if made.problems:
        raise ImportProblems(made.problems)
    programme = Programme.objects.first()
    if programme is None:
        raise ImportProblems([Located("", _("There is no programme yet. Set it up first."))])
    outcome, problems = Outcome(), []
    for number, line in enumerate(made.lines):
        step(number, len(made.lines))
        try:
            if line.measure is None:
                create(programme, document.tidy(document.empty() | line.changes), actor=actor)
                outcome.created += 1
            elif revise(line.measure, line.changes, actor=actor):
                outcome.changed += 1
            else:
                outcome.same += 1
        except ValidationError as error:
            problems += _located(made, line, error)
    if problems:
        raise ImportProblems(problems)
    emit(ProgrammeImported(outcome.created, outcome.changed, 0), subject=programme, actor=actor)
    step(len(made.lines), len(made.lines))
    return outcome


def _located(made: Plan, line: Line, error: ValidationError) -> list[Located]:
    """Each problem of a row's document at its cell, where a column says what it is about; else at the row."""
    page, found = made.found.page, []
    for path, message in problems_of(error):
        index = made.by_target.get(str(path[0])) if path else None
        where = row_name(page.title, line.entry.row) if index is None else page.cell(line.entry.row, index)
        found.append(Located(where, message))
    return found


def _telling(pk: int) -> Step:
    """Progress beside the transaction, over a connection of its own: others see it while nothing is committed yet."""
    last = timezone.now() - _TELL_EVERY

    def step(done: int, total: int) -> None:
        nonlocal last
        now = timezone.now()
        if now - last < _TELL_EVERY:
            return
        last = now
        side = connections.create_connection("default")
        try:
            with side.cursor() as cursor:
                table = ListImport._meta.db_table
                cursor.execute(f"UPDATE {table} SET done = %s, total = %s WHERE id = %s", [done, total, pk])  # noqa: S608 - our own table's name
        finally:
            side.close()

    return step


def drop_old(older_than: timedelta = timedelta(days=2)) -> int:
    """Forget uploads after two days. Returns how many."""
    return ListImport.objects.filter(created__lt=timezone.now() - older_than).delete()[0]
