"""Whatever happens to a thing that can be found makes the index look at it again."""

from allmende.spine.facts import FactRow, handler

from .domain.indexing import refresh


@handler("search.index", kinds=["*"])
def index(batch: list[FactRow]) -> None:
    """Each thing once a batch, however many facts there are about it; its present state counts, not what the fact
    says."""
    refresh(fact.subject for fact in batch)
