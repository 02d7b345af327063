"""`python -m stack.serving`: the product by granian, several workers; settings from the environment (`make serve`).

HOST, PORT, WORKERS and THREADS choose where and how wide. The database is brought up to date first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from stack.processes import run_once

WORKERS, THREADS = 2, 32
"""Threads are a worker's. Orders that wait together are committed together, so they are many."""
BACKLOG = 1024
MOST_ENDING_SECONDS = 15
"""A worker that is told to stop while it begins does not hear it, and would be waited for without end."""


def command(port: int, target: str = "app:create_app", host: str = "127.0.0.1", workers: int = WORKERS,
            threads: int = THREADS) -> list[str]:  # fmt: skip
    """The words after `python` that serve the app factory `target`."""
    return [
        "-m", "granian", "--interface", "wsgi", "--factory", "--host", host, "--port", str(port),
        "--workers", str(workers), "--blocking-threads", str(threads), "--backlog", str(BACKLOG),
        "--no-ws", "--respawn-failed-workers", "--workers-kill-timeout", str(MOST_ENDING_SECONDS),
        "--log-level", "warning", target,
    ]  # fmt: skip


def settings(environment: Mapping[str, str], threads: int) -> dict[str, str]:
    """The `LINTUAN_*` settings given, with a pool no smaller than a worker's threads unless one was chosen."""
    given = {name: value for name, value in environment.items() if name.startswith("LINTUAN_")}
    return {"LINTUAN_DATABASE_POOL": str(threads + 2), **given}


def main() -> None:
    """Become granian."""
    told = os.environ
    workers, threads = int(told.get("WORKERS") or WORKERS), int(told.get("THREADS") or THREADS)
    chosen = settings(told, threads)
    run_once(["-m", "flask", "--app", "app", "db", "upgrade"], chosen)
    words = command(int(told.get("PORT") or 8000), host=told.get("HOST") or "127.0.0.1", workers=workers,
                    threads=threads)  # fmt: skip
    os.execve(sys.executable, [sys.executable, *words], {**told, **chosen})  # noqa: S606 - our own words


if __name__ == "__main__":
    main()
