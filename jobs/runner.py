"""Runs the schedule on APScheduler, which is only the clock: it wakes sweeps, and the sweeps' row claims decide."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable
from datetime import UTC

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from structlog.contextvars import bound_contextvars

from domain.actors import CLOCK
from jobs.schedule import Job
from services import job_runs
from services.context import Unit
from services.ports import Outside

log = structlog.get_logger("jobs")
THREADS = 8  # six sweeps may wait for a silent outside; closing and settling never wait behind them


class Runner:
    """A scheduler over `jobs`; several may run at once, in one process or many."""

    def __init__(self, jobs: Iterable[Job], unit: Unit, outside: Outside) -> None:
        self._jobs = tuple(jobs)
        self._unit, self._outside = unit, outside
        # APScheduler's own defaults lose ticks (one second of grace) and use the machine's zone.
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(THREADS)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to wake the sweeps; returns at once."""
        for job in self._jobs:
            self._scheduler.add_job(self.run, "interval", seconds=job.seconds, args=[job], id=job.name)
        self._scheduler.start()

    def stop(self) -> None:
        """Wake nothing more and wait for what is running."""
        self._scheduler.shutdown(wait=True)

    def run(self, job: Job) -> int:
        """Run one sweep now and note how it went; a sweep that fails is logged and tried again at its next turn."""
        with bound_contextvars(request_id=f"{job.name}-{secrets.token_hex(4)}"):
            return self._run(job)

    def _run(self, job: Job) -> int:
        begun = time.monotonic()
        try:
            handled = job.sweep(self._unit, self._outside)
        except Exception:
            log.exception("sweep failed", job=job.name)
            self._note(job, 0, failed=True)
            return 0
        self._note(job, handled, failed=False)
        if handled:
            log.info("sweep", job=job.name, handled=handled, seconds=round(time.monotonic() - begun, 3))
        return handled

    def run_all(self) -> int:
        """Run every sweep once, in the table's order; returns how many things were handled."""
        return sum(self.run(job) for job in self._jobs)

    def _note(self, job: Job, handled: int, *, failed: bool) -> None:
        try:
            with self._unit(CLOCK) as ctx:
                job_runs.note(ctx, job.name, handled, failed=failed)
        except Exception:
            log.exception("a sweep's run could not be noted", job=job.name)


def serve(runner: Runner, stop: threading.Event) -> None:
    """Run until `stop` is set, then finish what is running."""
    runner.start()
    log.info("the clock runs")
    stop.wait()
    runner.stop()
    log.info("the clock has stopped")
