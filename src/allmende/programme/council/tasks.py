from allmende.spine.jobs import app

from ..models import CouncilSource
from . import sources, walking


@app.periodic(cron="*/10 * * * *")
@app.task(queue="programme", name="programme.council_due", queueing_lock="programme.council_due")
def ask_due(timestamp: int) -> int:
    """Every ten minutes: council information systems whose hour has come."""
    return sum(sources.enqueue(row.pk) for row in sources.due())


@app.task(queue="programme", name="programme.council_walk")
def walk_source(source: int) -> None:
    """A part of what a source has to tell, then room for other jobs."""
    row = CouncilSource.objects.filter(pk=source, enabled=True).first()
    if row is not None and walking.walk(row):
        sources.enqueue(source)
