from procrastinate import RetryStrategy

from allmende.spine.jobs import app

from .domain import copies, retention

_patient = RetryStrategy(max_attempts=10, exponential_wait=5)


@app.task(queue="privacy", name="privacy.make_copy", retry=_patient)
def make_copy(copy_id: int) -> bool:
    return copies.make(copy_id)


@app.task(queue="privacy", name="privacy.send_warning", retry=_patient)
def send_warning(account_id: int) -> bool:
    return retention.send_warning(account_id)


@app.task(queue="privacy", name="privacy.execute_offer", retry=_patient)
def execute_offer(offer_id: int) -> int:
    return retention.execute(offer_id)


@app.periodic(cron="23 2 * * *")
@app.task(queue="privacy", name="privacy.daily", queueing_lock="privacy.daily")
def daily(timestamp: int) -> dict[str, int]:
    """Nightly: warn, offer, go on with what is decided, clear what ends by itself."""
    warned = retention.warn_unused()
    offered = len(retention.offer_due())
    deleted = sum(retention.execute(offer_id) for offer_id in retention.decided_offers())
    copies.sweep()
    retention.clear_short_lived()
    return {"warned": warned, "offered": offered, "deleted": deleted}
