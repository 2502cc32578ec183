from allmende.spine.jobs import app

from .council import tasks as council_tasks
from .domain.reminders import remind
from .exchange import tasks as exchange_tasks

__all__ = ["council_tasks", "exchange_tasks", "send_reminders"]


@app.periodic(cron="11 5 * * *")
@app.task(queue="programme", name="programme.remind", queueing_lock="programme.remind")
def send_reminders(timestamp: int) -> int:
    """Daily: tasks that come due, entries that grow stale. A second run tells nobody twice."""
    return remind()
