"""What follows from facts of the programme."""

from allmende.spine.facts import FactRow, handler
from allmende.spine.search.domain.indexing import reconcile

# They become public, and stop to be, with the measures that name them: no fact is about them then.
BESIDE = ("party", "topic")


@handler("programme.search_beside", kinds=["programme.measure.*", "programme.frame.*", "programme.list.imported"])
def keep_beside(batch: list[FactRow]) -> None:
    """Parties and topics of published measures can be found, others cannot. An import may have renamed any of them."""
    whole = any(fact.kind == "programme.list.imported" for fact in batch)
    for kind in BESIDE:
        reconcile(kind, whole=whole)
