"""The product as `make serve` serves it, several workers on one port, ended by SIGKILL as a whole."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from pathlib import Path

from stack import serving
from stack.processes import Process
from stack.stack import free_port

SOUND = "app:create_app"
CARELESS = {
    "edge": "chaos.kill_careless:create_app",
    "committer": "chaos.kill_careless:create_app_of_a_late_committer",
}
"""What answers before it commits, and where granian finds such a product."""


class Product:
    """One address; behind it a generation of processes at a time. `target` is where granian finds the app's factory."""

    def __init__(self, environment: Mapping[str, str], folder: Path, workers: int, target: str = SOUND) -> None:
        self.port = free_port()
        self.starts = 0
        self._environment, self._log = serving.settings(environment, serving.THREADS), folder / "product.log"
        self._command = serving.command(self.port, target, workers=workers)
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
