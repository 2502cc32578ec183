"""What facts set going: tasks of somebody who left go back to everybody of their role; triggers begin cases."""

from allmende.spine.facts import FactRow, handler


@handler("process.left", kinds=["people.account.disabled", "people.account.deleted", "people.role.ended"])
def give_back(batch: list[FactRow]) -> None:
    # Models are loaded by then; fact modules are read before.
    from .domain import people

    people.give_back(people.stranded(), key=f"process.left:{batch[-1].epoch}:{batch[-1].id}")


@handler("process.triggers", kinds=["*"])
def begin(batch: list[FactRow]) -> None:
    from .domain import starting

    starting.take_note(batch)


@handler("process.council", kinds=["programme.council_decision.received"])
def tell_of_decisions(batch: list[FactRow]) -> None:
    from .domain import council

    council.tell((fact.payload["reference"] for fact in batch), key=f"{batch[-1].epoch}:{batch[-1].id}")
