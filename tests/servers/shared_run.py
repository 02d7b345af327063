"""What all workers of one test run share: a short folder, locks, and the servers that somebody asked for."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
START_SECONDS = 90.0
STOP_SECONDS = 30.0


class SharedRun:
    """One test run, seen from its controller or from one of its workers.

    `pid` is the process whose end is the end of the run. Servers are started by the first worker that asks and
    stopped by `finish`, which only the controller calls.
    """

    def __init__(self, folder: Path, pid: int) -> None:
        self.folder = folder
        self.pid = pid
        self._keepers: list[subprocess.Popen[bytes]] = []

    @classmethod
    def begin(cls) -> SharedRun:
        """Open a run; the folder is short because Unix socket paths end at about 100 characters."""
        base = Path("/tmp")  # noqa: S108 - a short path is the point, and mkdtemp makes the folder private
        folder = Path(tempfile.mkdtemp(prefix="lintuan-", dir=base if base.is_dir() else None))
        folder.chmod(0o755)
        return cls(folder, os.getpid())

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Let one process of the run in at a time."""
        with (self.folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def server(self, kind: str) -> str:
        """The address of the run's server of that kind (`postgres`, `valkey`), started when it is not there yet."""
        address = self.folder / kind / "url"
        with self.lock(kind):
            if not address.exists():
                self._start(kind, address)
            return address.read_text()

    def finish(self) -> None:
        """Stop the servers this run started, by their keepers' process ids, and remove the folder."""
        for pid_file in self.folder.glob("*.pid"):
            if (self.folder / pid_file.stem).exists():
                with suppress(ProcessLookupError):
                    os.kill(int(pid_file.read_text()), signal.SIGTERM)
            self.wait_until_gone(pid_file.stem)
        for process in self._keepers:
            process.wait(STOP_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)

    def wait_until_gone(self, kind: str) -> None:
        """Return when the server's keeper has cleared its folder, which is the last thing it does."""
        deadline = time.monotonic() + STOP_SECONDS
        while (self.folder / kind).exists():
            if time.monotonic() > deadline:
                raise RuntimeError(f"the {kind} server is still there after {STOP_SECONDS:.0f} s")
            time.sleep(0.02)

    def _start(self, kind: str, address: Path) -> None:
        address.parent.mkdir()
        log = self.folder / f"{kind}.log"
        command = [sys.executable, "-m", "tests.servers.keeper", kind, str(address.parent), str(self.pid)]
        with log.open("wb") as output:
            keeper = subprocess.Popen(
                command,
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._keepers.append(keeper)
        (self.folder / f"{kind}.pid").write_text(str(keeper.pid))
        deadline = time.monotonic() + START_SECONDS
        while not address.exists():
            if keeper.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the {kind} server did not start:\n{log.read_text()}")
            time.sleep(0.02)
