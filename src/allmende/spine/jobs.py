"""Jobs: slow work and schedules, kept in PostgreSQL by Procrastinate."""

import asyncio
import logging
from typing import Any

from procrastinate.contrib.django import app as app

log = logging.getLogger("allmende.jobs")

STALLED_SECONDS = 60


async def _take_up_stalled(jobs: Any) -> None:
    """Jobs that a killed worker left in "doing" go back into the queue: a worker that no longer beats is dead."""
    while True:
        for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_SECONDS):
            log.warning("stalled job taken up again", extra={"job": job.id, "task": job.task_name})
            await jobs.job_manager.retry_job(job)
        await jobs.job_manager.prune_stalled_workers(STALLED_SECONDS)
        await asyncio.sleep(STALLED_SECONDS / 2)


async def worker_main(concurrency: int = 2) -> None:
    """Run jobs until SIGTERM; a job at work gets five seconds to end, then goes back into the queue."""
    jobs = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with jobs.open_async():
        sweeper = asyncio.create_task(_take_up_stalled(jobs))
        try:
            await jobs.run_worker_async(
                concurrency=concurrency,
                install_signal_handlers=True,
                shutdown_graceful_timeout=5,
                delete_jobs="successful",
                fetch_job_polling_interval=2,
                update_heartbeat_interval=10,
                stalled_worker_timeout=STALLED_SECONDS,
            )
        finally:
            sweeper.cancel()


__all__ = ["app", "worker_main"]
