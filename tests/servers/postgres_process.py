"""Start one PostgreSQL in a fresh data folder, on a Unix socket and on a free port of 127.0.0.1."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import psycopg

from tests.servers.binaries import give_away, identity, postgres_bin
from tests.servers.ports import free_port

START_SECONDS = 60.0


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Return the running server and its SQLAlchemy address without a database name.

    Its data is thrown away and nobody cuts the power, so it does not wait for the disk: dropping one test's database
    would take over a second. `LINTUAN_TEST_POSTGRES_FSYNC=on` makes it wait.
    """
    programs = postgres_bin(folder)
    data = folder / "data"
    data.mkdir(mode=0o700)
    give_away(data)
    environment = {"LC_ALL": "C.UTF-8", "PATH": os.environ.get("PATH", ""), "HOME": str(folder), "TZ": "UTC"}
    init: list[str | Path] = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    with (folder / "initdb.log").open("wb") as log:
        subprocess.run([*init, "--no-sync"], check=True, stdout=log, stderr=log, env=environment, **identity())
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": os.environ.get("LINTUAN_TEST_POSTGRES_FSYNC", "off"),
        "max_connections": "300",
        "shared_buffers": "128MB",
        "timezone": "UTC",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "postgres.log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=environment,
            **identity(),
        )
    _wait_until_it_answers(process, port, folder / "postgres.log")
    return process, f"postgresql+psycopg://postgres@127.0.0.1:{port}"


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres", connect_timeout=5).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()[-2000:]}") from None
            time.sleep(0.05)
        else:
            return
