"""Start one Valkey, the Redis-protocol server, on a free port of 127.0.0.1 and without any file on disk."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import redis

from tests.servers.binaries import identity, valkey_server
from tests.servers.ports import free_port

START_SECONDS = 30.0


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Return the running server and its address without a database number; it has 64 databases."""
    port = free_port()
    command: list[str | Path] = [valkey_server(folder), "--bind", "127.0.0.1", "--port", str(port), "--dir", folder]
    options = ["--save", "", "--appendonly", "no", "--databases", "64", "--daemonize", "no"]
    with (folder / "valkey.log").open("wb") as log:
        process = subprocess.Popen([*command, *options], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **identity())
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with redis.Redis(host="127.0.0.1", port=port, socket_timeout=5) as client:
                client.ping()
        except redis.ConnectionError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Valkey did not start: {(folder / 'valkey.log').read_text()[-2000:]}") from None
            time.sleep(0.02)
        else:
            return process, f"redis://127.0.0.1:{port}"
