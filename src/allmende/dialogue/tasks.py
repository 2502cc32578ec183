from allmende.spine.jobs import app

from .domain.reminders import remind


@app.periodic(cron="23 5 * * *")
@app.task(queue="dialogue", name="dialogue.remind", queueing_lock="dialogue.remind")
def send_reminders(timestamp: int) -> int:
    """Daily: answers that are overdue. A second run in the same week tells nobody twice."""
    return remind()
