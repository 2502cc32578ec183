"""Putting a whole programme into the database: all of it, or nothing with every problem named by its place.

The system (the command line) restores what was published as published. A person's import makes drafts: nobody sees a
measure before a second person has reviewed it.
"""

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from allmende.spine.facts import emit
from allmende.spine.people.access import require_actor

from .beside_in import Beside
from .facts import ProgrammeImported
from .measures_in import Measures
from .problems import ImportProblems, Located, Path
from .saving import Outcome, Step
from .sheets import FORMAT
from .xlsx_in import Source


def no_step(done: int, total: int) -> None:
    """Nobody wants to know how far it is."""


def lock() -> None:
    """One import at a time, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('programme-import', 0))")


@transaction.atomic
def restore(source: Source, *, actor: Any, step: Step = no_step, telling: bool = False) -> Outcome:
    """Import a whole. `telling`: see Outcome. Raises PermissionDenied, ImportProblems."""
    require_actor(actor, "programme.add_measure")
    whole = source.whole
    if any(whole.get(key) for key in ("indicators", "definitions", "breaks", "targets")):
        require_actor(actor, "programme.change_indicator")
    if whole.get("values") or whole.get("areas"):
        require_actor(actor, "programme.record_value")
    problems = list(source.problems)
    # A cell that could not be read is missing in the document: that is no second problem.
    unread = {problem.where for problem in problems}

    def say(path: Path, message: str) -> None:
        if (where := source.where(path)) not in unread:
            problems.append(Located(where, message))

    if whole.get("format") != FORMAT:
        raise ImportProblems([Located("", _("The file is of a format that this version does not know."))])
    lock()
    outcome = Outcome(telling=telling)
    base = Beside(whole, say, actor, outcome.tally)
    programme = base.frame()
    if programme is None or len(problems) > len(source.problems):
        # Measures name phases, topics and parties: their problems would only be echoes.
        raise ImportProblems(problems)
    found = Measures(programme, whole, say, actor, outcome)
    found.run(step)
    base.beside(programme, found.rows, found.named)
    if problems:
        raise ImportProblems(problems)
    fact = ProgrammeImported(outcome.created, outcome.changed, outcome.tally.new["values"])
    emit(fact, subject=programme, actor=actor)
    return outcome


def rehearse(source: Source, *, actor: Any, step: Step = no_step) -> Outcome:
    """What `restore` would do, by doing it and taking it back: nothing of it is ever seen.

    So the same rules and the same errors hold; for as long as it takes, the measures of the file are locked as by an
    import. Raises PermissionDenied, ImportProblems.
    """
    with transaction.atomic():
        outcome = restore(source, actor=actor, step=step, telling=True)
        transaction.set_rollback(True)
    return outcome
