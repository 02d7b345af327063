"""`python -m stack.serving`: the product by granian, several workers, and the process of live counts (`make serve`).

Settings come from the environment; HOST, PORT, WORKERS and THREADS choose where and how wide. The database is brought
up to date first. SIGTERM or Ctrl-C ends both in order; when one ends by itself, the other is ended, too.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence

from stack.processes import STOP_SECONDS, DidNotStart, run_once, told_to_stop

WORKERS, THREADS = 2, 32
"""Threads are a worker's. Orders that wait together are committed together, so they are many."""
BACKLOG = 1024
MOST_ENDING_SECONDS = 15
"""A worker that is told to stop while it begins does not hear it, and would be waited for without end."""
LIVE = ["-m", "live"]
WATCH_SECONDS = 0.5


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


def main() -> int:
    """Serve until told to stop; 0 then, 1 when the database could not be brought up to date or a process ended."""
    told = os.environ
    workers, threads = int(told.get("WORKERS") or WORKERS), int(told.get("THREADS") or THREADS)
    host = told.get("HOST") or "127.0.0.1"
    chosen = settings(told, threads)
    try:
        run_once(["-m", "flask", "--app", "app", "db", "upgrade"], chosen)
    except DidNotStart as trouble:
        print(trouble, file=sys.stderr)
        return 1
    words = command(int(told.get("PORT") or 8000), host=host, workers=workers, threads=threads)
    return together([words, LIVE], {**told, "LINTUAN_HOST": host, **chosen})


def together(commands: Sequence[Sequence[str]], environment: Mapping[str, str]) -> int:
    """Run Python with each of these words until told to stop (0) or until one of them ends by itself (1).

    They are ended in the order in which they were begun, each awaited before the next: streams of live counts stay
    until the last order is answered.
    """
    begun: list[subprocess.Popen[bytes]] = []
    with told_to_stop() as stop:
        try:
            for words in commands:  # each in a group of its own: Ctrl-C reaches it from here, and in order
                process = subprocess.Popen([sys.executable, *words], env=dict(environment), process_group=0)
                begun.append(process)
            while not stop.wait(WATCH_SECONDS):
                if any(process.poll() is not None for process in begun):
                    print("a process ended by itself; stopping the rest", file=sys.stderr)
                    return 1
            return 0
        finally:
            for process in begun:
                _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
