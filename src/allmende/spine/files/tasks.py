from procrastinate import RetryStrategy

from allmende.spine.jobs import app

from .domain import scanning, storage


@app.task(queue="files", name="files.scan", retry=RetryStrategy(max_attempts=20, exponential_wait=5))
def scan(file_id: int) -> str:
    """Scan an upload; a scanner that does not answer is asked again for days."""
    return scanning.scan(file_id)


@app.periodic(cron="17 3 * * *")
@app.task(queue="files", name="files.sweep", queueing_lock="files.sweep")
def sweep(timestamp: int) -> list[int]:
    """Nightly: what killed processes left behind."""
    return list(storage.sweep())
