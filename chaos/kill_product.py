"""The product as granian serves it, several workers on one port, ended by SIGKILL as a whole."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path

from stack.processes import Process
from stack.stack import free_port

SOUND, CARELESS = "app:create_app", "chaos.kill_careless:create_app"
THREADS = 8


class Product:
    """One address; behind it a generation of processes at a time. `target` is where granian finds the app's factory."""

    def __init__(self, environment: Mapping[str, str], folder: Path, workers: int, target: str = SOUND) -> None:
        self.port = free_port()
        self.starts = 0
        self._environment, self._log = environment, folder / "product.log"
        self._command = [
            "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers",
            str(workers), "--blocking-threads", str(THREADS), "--factory", "--no-access-log", target,
        ]  # fmt: skip
        self._running: Process | None = None

    def start(self) -> None:
        """Begin the next generation and wait until it answers."""
        self.starts += 1
        self._running = Process(f"product-{self.starts}", self._command, self._environment, self._log)
        self._running.await_url(f"http://127.0.0.1:{self.port}/livez")

    def kill(self) -> None:
        """End every process of this generation in the middle of what it does."""
        if self._running is not None:
            os.killpg(self._running.pid, signal.SIGKILL)
            self._running.stop()
            self._running = None
