"""Child processes: started with their own environment, awaited over HTTP, ended by their own id when we are told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 120
STOP_SECONDS = 20


class DidNotStart(Exception):
    """A process ended or stayed silent while it was awaited; the message names its log."""


class Process:
    """One child, its output going to a log file."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str], log: Path) -> None:
        self.name, self.log = name, log
        with log.open("ab") as output:
            self._child = subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=_surroundings(environment),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self._child.pid

    def is_running(self) -> bool:
        """Whether the child has not ended."""
        return self._child.poll() is None

    def await_url(self, url: str) -> None:
        """Wait until `url` answers 200; raises `DidNotStart` when the child ends or two minutes pass."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if not self.is_running():
                break
            try:
                with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - an address that the stack made
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise DidNotStart(f"{self.name} did not start; its log is {self.log}\n{tail(self.log)}")

    def stop(self) -> None:
        """Ask the child to finish what it is doing; end it by force when it does not."""
        if self.is_running():
            self._child.terminate()
        try:
            self._child.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()


def run_once(command: list[str], environment: Mapping[str, str]) -> str:
    """Run a command to its end and return its output; raises `DidNotStart` with that output when it fails."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=_surroundings(environment), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise DidNotStart(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def _surroundings(environment: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment without settings of some other installation, and ours."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("LINTUAN_")}
    return {**others, "PYTHONUNBUFFERED": "1", **environment}


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


@contextmanager
def told_to_stop() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C or SIGTERM while this lasts."""
    stop = threading.Event()

    def leave(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
