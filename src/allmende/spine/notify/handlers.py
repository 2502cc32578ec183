"""The one handler of this app: facts in, notices out. What to tell whom is registered by the rooms (`reactions.on`)."""

from allmende.spine.facts import FactRow, handler


@handler("notify.notices", kinds=["*"])
def tell(batch: list[FactRow]) -> None:
    # Models are loaded by then; fact modules are read before.
    from .reactions import react

    react(batch)
