"""`python -m chaos.clock_process`: `flask clock` with every sweep awake each second, for runs that must be short."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace

from app import create_app
from jobs.runner import Runner, serve
from jobs.schedule import SCHEDULE


def main() -> None:
    """Run until SIGTERM."""
    product = create_app().extensions["lintuan"]
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    serve(Runner([replace(job, seconds=1) for job in SCHEDULE], product.unit, product.outside), stop)


if __name__ == "__main__":
    main()
