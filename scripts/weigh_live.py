"""What live streams weigh: `python -m scripts.weigh_live 1000` opens them on a process of its own and counts.

Memory and CPU are read from /proc, so this runs on Linux. Lateness counts from the commit to the last of all watchers.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import Engine, update

from app import create_app
from config.settings import Settings
from domain.actors import SYSTEM
from models import Base, Campaign
from tests.builders.campaigns import scene

CHANGES, PAUSE_SECONDS = 20, 0.5
SECRET_KEY, PII_KEY = "weighed-with-this-key-0123456789ab", "weighed-with-that-key-9876543210cd"


class Crowd(asyncio.Protocol):
    """One watcher of a stream; all of them share `seen`, how many have which revision."""

    def __init__(self, path: str, seen: dict[int, int]) -> None:
        self._path, self._seen, self._rest = path, seen, b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - what TCP gives
        transport.write(f"GET {self._path} HTTP/1.1\r\nHost: live\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Count the revisions that came."""
        *whole, self._rest = (self._rest + data).split(b"\n\n")
        for block in whole:
            for line in block.split(b"\n"):
                if line.startswith(b"id: "):
                    revision = int(line[4:])
                    self._seen[revision] = self._seen.get(revision, 0) + 1


def weight(pid: int) -> tuple[float, float]:
    """MiB of resident memory and seconds of CPU of a process."""
    status = Path(f"/proc/{pid}/status").read_text().split()
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    seconds = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")
    return int(status[status.index("VmRSS:") + 1]) / 1024, seconds


async def watched(pid: int, port: int, path: str, streams: int, engine: Engine) -> None:
    """Open the streams, change the count some times, and print what it weighed."""
    loop, seen = asyncio.get_running_loop(), dict[int, int]()
    empty, _ = weight(pid)
    for _ in range(streams):
        await loop.create_connection(lambda: Crowd(path, seen), "127.0.0.1", port)
    await everybody(seen, 0, streams)
    full, before = weight(pid)
    began, late = time.monotonic(), []
    for revision in range(1, CHANGES + 1):
        await asyncio.to_thread(change, engine)
        committed = time.monotonic()
        await everybody(seen, revision, streams)
        late.append(time.monotonic() - committed)
        await asyncio.sleep(PAUSE_SECONDS)
    after, spent = weight(pid)
    idle = time.monotonic() - began
    print(
        f"streams {streams}: {empty:.1f} MiB empty, {full:.1f} MiB with them, {after:.1f} MiB after {CHANGES} changes"
    )
    print(f"{(full - empty) * 1024 / streams:.1f} KiB a stream")
    print(f"{(spent - before) * 1e6 / CHANGES / streams:.1f} us CPU an event and stream, looks included ({idle:.0f} s)")
    print(f"late: median {sorted(late)[len(late) // 2] * 1000:.0f} ms, most {max(late) * 1000:.0f} ms")


async def everybody(seen: dict[int, int], revision: int, streams: int) -> None:
    """Wait until all have that revision or a newer one."""
    while sum(count for number, count in seen.items() if number >= revision) < streams:
        await asyncio.sleep(0.001)
    if revision:
        seen.clear()


def change(engine: Engine) -> None:
    """One more joins."""
    more = {"revision": Campaign.revision + 1, "participant_count": Campaign.participant_count + 1}
    with engine.begin() as connection:
        connection.execute(update(Campaign).values(**more))


async def main(streams: int, folder: Path) -> None:
    """A database with one campaign, a live process, and its watchers."""
    app = create_app(Settings(env="test", data_dir=folder, secret_key=SECRET_KEY, pii_key=PII_KEY))
    unit = app.extensions["lintuan"].unit
    Base.metadata.create_all(unit.engine)
    with unit(SYSTEM) as ctx:
        path = f"/api/resident/campaigns/{scene(ctx).campaign}/live"
    ours = {"ENV": "test", "DATA_DIR": str(folder), "LIVE_PORT": "0", "LIVE_STREAMS": str(streams),
            "SECRET_KEY": SECRET_KEY, "PII_KEY": PII_KEY}  # fmt: skip
    environment = {**os.environ, **{f"LINTUAN_{name}": value for name, value in ours.items()}}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "live", env=environment, stderr=asyncio.subprocess.PIPE
    )
    assert child.stderr is not None  # noqa: S101 - it was asked for
    try:
        port = json.loads(await child.stderr.readline())["port"]
        drained = asyncio.ensure_future(child.stderr.read())
        await watched(child.pid, port, path, streams, unit.engine)
    finally:
        child.terminate()
        await child.wait()
    await drained


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(made)))
