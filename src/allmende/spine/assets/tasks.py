from allmende.spine.jobs import app

from .domain import importing


@app.periodic(cron="41 3 * * *")
@app.task(queue="assets", name="assets.sweep", queueing_lock="assets.sweep")
def sweep(timestamp: int) -> int:
    """Nightly: tables that were uploaded and never imported."""
    return importing.drop_old_drafts()
