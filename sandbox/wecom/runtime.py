"""What the imitated chat platform keeps in memory only: its counting windows and its background conversations."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask, current_app

from sandbox.wecom.limits import InFlight, SlidingWindow


class Runtime:
    """One per Flask app; `stopping` ends every background conversation."""

    def __init__(self) -> None:
        self.webhook_window = SlidingWindow(20, 60)
        self.robot_window = SlidingWindow(30, 60)
        self.windows = {
            "sandbox:chat": SlidingWindow(600, 60),
            "http:chat": SlidingWindow(60, 60),
            "telegram:chat": SlidingWindow(1, 1),
            "telegram:group": SlidingWindow(20, 60),
            "telegram:all": SlidingWindow(30, 1),
        }
        self.flights = InFlight(3)
        self.stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, work: Callable[[], None]) -> threading.Thread:
        """Run `work` beside the request that caused it."""
        thread = threading.Thread(target=work, daemon=True)
        with self._lock:
            self._threads = [one for one in self._threads if one.is_alive()] + [thread]
            thread.start()
        return thread

    def stop(self) -> None:
        """End the conversations; an answer under way, and its repetition, end within the platform's 5 s each."""
        self.stopping.set()
        self.wait(11)

    def wait(self, seconds: float) -> None:
        """Wait until all conversations are over, `seconds` for each at most."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join(seconds)


def attach(app: Flask) -> None:
    """Give `app` its own runtime."""
    app.extensions["wecom"] = Runtime()


def of(app: Flask) -> Runtime:
    """The runtime of `app`."""
    runtime: Runtime = app.extensions["wecom"]
    return runtime


def current() -> Runtime:
    """The runtime of the app that answers this request."""
    return of(current_app)
