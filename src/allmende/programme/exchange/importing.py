"""From an uploaded list to drafts: upload, sheet, columns, plan, import. All rows or none."""

from dataclasses import asdict, replace
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

from ..domain import document
from ..models import ImportState, ListImport, Programme
from . import files, listing, mapping, planning, workbook
from .facts import ProgrammeImported
from .fields import Wrong
from .listing import Listed, propose, propose_page
from .mapping import Answers
from .planning import Line, Plan
from .problems import FileRefused, ImportProblems, Located, row_name
from .restore import lock, no_step, rehearse, restore
from .saving import Outcome, Step, create, problems_of, revise

# As many rows are imported while the person waits; more by a job, with progress.
AT_ONCE = 50
ROWS_AT_ONCE = 1_000  # of all kinds, in a file of our own format
_TELL_EVERY = timedelta(seconds=0.5)


def upload(account: Account, file_name: str, data: bytes) -> ListImport:
    """Keep a file until it is imported; one of our own format is checked. Raises PermissionDenied, FileRefused."""
    require_actor(account, "programme.add_measure")
    if len(data) > workbook.LARGEST:
        raise workbook.refuse("too_large")
    found = files.read(data)
    row = ListImport(account=account, file_name=file_name[-200:], data=data, language=get_language() or "de")
    if isinstance(found, files.Source):
        row.whole = True
    else:
        page = propose_page(found)
        if page is None:
            raise workbook.refuse("no_rows")
        row.sheet, row.header = page.title, propose(page)
    with transaction.atomic():
        # One upload a person: an older one that was never imported is of no use.
        ListImport.objects.filter(account=account, state__in=(ImportState.NEW, ImportState.CHECKING)).delete()
        row.save()
    if isinstance(found, files.Source):
        check_file(row, found)
    return row


def check_file(row: ListImport, source: files.Source | None = None) -> None:
    """Look what importing a file of our own format would do: a short one at once, a long one by a job. What comes of it
    stands in the row: its `report`, or its `problems`."""
    source = source or _source(row)
    row.state, row.report, row.problems, row.done = ImportState.CHECKING, None, [], 0
    row.save()
    if _is_short(source):
        rehearse_file(row.pk, step=no_step)
        row.refresh_from_db()
    else:
        from .tasks import check_list  # which imports this module

        check_list.defer(pk=row.pk)


def rehearse_file(pk: int, *, step: Step | None = None) -> bool:
    """Run a check that waits. Repeatable, for it changes nothing. Returns whether the file can be imported. `step`: by
    itself others see in the row how far it is."""
    row = ListImport.objects.select_related("account").filter(pk=pk, state=ImportState.CHECKING).first()
    if row is None:
        return False
    report, problems = None, []
    with override(row.language):
        try:
            report = rehearse(_source(row), actor=row.account, step=step or _telling(pk)).tally.as_json()
        except REFUSALS as error:
            problems = _as_problems(error)
    ListImport.objects.filter(pk=pk, state=ImportState.CHECKING).update(
        state=ImportState.NEW, report=report, problems=problems
    )
    return report is not None


def _source(row: ListImport) -> files.Source:
    source = files.read(bytes(row.data))
    assert isinstance(source, files.Source)
    return source


def _is_short(source: files.Source) -> bool:
    """Whether a person would wait for a whole to be imported."""
    whole = source.whole
    lengths = {key: len(rows) for key, rows in whole.items() if isinstance(rows, list)}
    return lengths.get("measures", 0) <= AT_ONCE and sum(lengths.values()) <= ROWS_AT_ONCE


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
        return listing.listed(page, row.header)
    except Wrong as wrong:
        raise ValidationError(str(wrong)) from None


def choose_sheet(row: ListImport, sheet: str, header: int) -> None:
    """Say where the list stands. Raises ValidationError."""
    if (row.sheet, row.header) != (sheet, header):
        row.columns = {}
    row.sheet, row.header = sheet, header
    listed(row)
    row.save()


def choose_columns(row: ListImport, columns: dict[int, str], topic: str, **answers: Any) -> None:
    """Say what the columns are. `answers`: `decision_body` and `decision_kind` of `Answers`. Raises ValidationError."""
    chosen = [target for target in columns.values() if target]
    if "title" not in chosen:
        raise ValidationError(_("Say which column holds the title."))
    twice = next((target for target in chosen if chosen.count(target) > 1 and target not in mapping.PARTIES), None)
    if twice is not None:
        raise ValidationError(_("Two columns are said to be the same."))
    if set(chosen) - set(mapping.TARGETS):
        raise ValidationError(_("There is no such field."))
    if "topic" not in chosen and not topic:
        raise ValidationError(_("No column holds the topic: choose one for all rows."))
    said = replace(answers_of(row), **answers)
    decided = {target for target in chosen if target.startswith("decision.")}
    if decided and "decision.date" not in decided:
        raise ValidationError(_("Say which column holds the day of the decision."))
    if decided and "decision.body" not in decided and not said.decision_body:
        raise ValidationError(_("No column says who decided: say it for all rows."))
    if decided and "decision.kind" not in decided and not said.decision_kind:
        raise ValidationError(_("No column says what the decisions did: choose it for all rows."))
    row.columns = {str(index): target for index, target in columns.items() if target}
    row.topic = topic
    row.answers = asdict(said)
    row.save()


def answers_of(row: ListImport) -> Answers:
    """What was said about the list."""
    return Answers(**row.answers)


def answer(row: ListImport, **changes: Any) -> None:
    """Say more about the list: fields of `Answers`."""
    row.answers = asdict(replace(answers_of(row), **changes))
    row.save()


def plan(row: ListImport, found: Listed | None = None) -> Plan:
    """What importing the list would do now. `found`: its rows, where they were read already. Raises ValidationError
    where sheet or columns do not fit."""
    columns = {int(index): target for index, target in row.columns.items()}
    return planning.plan(found or listed(row), columns, row.topic, answers_of(row))


def start(row: ListImport) -> None:
    """Import what was prepared: a short list at once, a long one by a job. The outcome stands in the row."""
    if row.whole:
        source = _source(row)
        size, short = len(source.whole.get("measures") or []), _is_short(source)
    else:
        size = len(listed(row).rows)
        short = size <= AT_ONCE
    with transaction.atomic():
        # A second click finds it waiting already.
        found = ListImport.objects.select_for_update().filter(pk=row.pk, state__in=("new", "failed")).first()
        if found is None:
            return
        found.state, found.done, found.total, found.problems = ImportState.WAITING, 0, size, []
        found.save()
        if not short:
            from .tasks import import_list  # which imports this module

            import_list.defer(pk=row.pk)
    if short:
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
                    state=ImportState.DONE, result=outcome.counts, problems=[], report=None, data=b""
                )
        except REFUSALS as error:
            ListImport.objects.filter(pk=pk).update(state=ImportState.FAILED, problems=_as_problems(error))
            return False
    return True


REFUSALS = (ImportProblems, FileRefused, PermissionDenied, ValidationError)


def _as_problems(error: Exception) -> list[list[str]]:
    """What stopped an import: [where, message]."""
    if isinstance(error, ImportProblems):
        return [[each.where, each.message] for each in error.problems]
    if isinstance(error, ValidationError):
        return [["", message] for message in error.messages]
    return [["", str(error)]]


def _import(row: ListImport, step: Step) -> Outcome:
    if row.whole:
        return restore(_source(row), actor=row.account, step=step)
    made = plan(row)
    if not made.problems and (rows := planning.make_frame(made, actor=row.account)):
        made = plan(row, made.found)  # now that everything they name is there
    else:
        rows = {}
    outcome = import_plan(made, actor=row.account, step=step)
    outcome.tally.new.update(rows)
    return outcome


@transaction.atomic
def import_plan(made: Plan, *, actor: Any, step: Step) -> Outcome:
    """Save all rows of a plan as drafts. Raises PermissionDenied, ImportProblems."""
    require_actor(actor, "programme.add_measure")
    if made.problems:
        raise ImportProblems(made.problems)
    programme = Programme.objects.first()
    if programme is None:
        raise ImportProblems([Located("", _("There is no programme yet. Set it up first."))])
    outcome, problems = Outcome(), list[Located]()
    for number, line in enumerate(made.lines):
        step(number, len(made.lines))
        try:
            if line.measure is None:
                row = create(programme, document.tidy(document.empty() | line.changes), actor=actor)
                outcome.tally.add("measures", row)
            else:
                revise(line.measure, line.changes, outcome, actor=actor)
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
        index = made.reader.by_target.get(str(path[0])) if path else None
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
