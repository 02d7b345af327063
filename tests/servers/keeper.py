"""Own one server for one test run: start it, publish its address, end it when the run is over.

It is a process of its own so that every worker of the run shares the server, whichever of them asked first, and so
that the server ends even when the run was killed: `python -m tests.servers.keeper <kind> <folder> <pid of the run>`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

from tests.servers import postgres_process, valkey_process
from tests.servers.binaries import give_away

STARTERS = {"postgres": postgres_process.start, "valkey": valkey_process.start}
LONGEST_RUN_SECONDS = 2 * 3600
STOP_SECONDS = 20


class Stop(Exception):
    """The run asked the keeper to end."""


def keep(kind: str, folder: Path, run_pid: int) -> None:
    """Serve until SIGTERM, until the run's process is gone, or for two hours at most."""
    process: subprocess.Popen[bytes] | None = None
    signal.signal(signal.SIGTERM, _on_term)
    try:
        process, url = STARTERS[kind](folder)
        (folder / "url.new").write_text(url)
        (folder / "url.new").rename(folder / "url")
        deadline = time.monotonic() + LONGEST_RUN_SECONDS
        while process.poll() is None and _alive(run_pid) and time.monotonic() < deadline:
            time.sleep(0.5)
    except Stop:
        pass
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if process is not None:
            _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _on_term(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


if __name__ == "__main__":
    server_folder = Path(sys.argv[2])
    server_folder.chmod(0o755)
    give_away(server_folder)
    keep(sys.argv[1], server_folder, int(sys.argv[3]))
