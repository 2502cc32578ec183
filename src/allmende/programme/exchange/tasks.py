from procrastinate import RetryStrategy

from allmende.spine.jobs import app

from . import importing


@app.task(queue="programme", name="programme.import_list", retry=RetryStrategy(max_attempts=3, exponential_wait=5))
def import_list(pk: int) -> bool:
    """An uploaded list into drafts; killed in between it begins again."""
    return importing.perform(pk)


@app.task(queue="programme", name="programme.check_list", retry=RetryStrategy(max_attempts=3, exponential_wait=5))
def check_list(pk: int) -> bool:
    """What importing a long file of our own format would do; killed in between it begins again."""
    return importing.rehearse_file(pk)


@app.periodic(cron="47 3 * * *")
@app.task(queue="programme", name="programme.sweep_imports", queueing_lock="programme.sweep_imports")
def sweep_imports(timestamp: int) -> int:
    """Nightly: lists that were uploaded two days ago or earlier."""
    return importing.drop_old()
