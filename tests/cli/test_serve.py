"""On SIGTERM the server takes no more, answers what is in flight, and ends by itself."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).parents[2]
SERVER = """
import sys
from flask import Flask
from cli.serve import serve

app = Flask("slow")

@app.get("/slow")
def slow():
    print("begun", flush=True)
    sys.stdin.readline()
    return "slow" * 100_000

serve(app, "127.0.0.1", int(sys.argv[1]), 2)
"""


@pytest.fixture
def address() -> str:
    """An address that was free a moment ago."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def server(address: str) -> Iterator[subprocess.Popen[str]]:
    """A process that serves one slow page, which waits for a line on its standard input."""
    command = [sys.executable, "-c", SERVER, address.rpartition(":")[2]]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        until(lambda: requests.get(address, timeout=60).status_code == 404)
        yield process
    finally:
        process.kill()
        process.communicate()


def until(holds: Callable[[], bool]) -> None:
    """Ask again until it holds, two minutes at most."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(requests.ConnectionError):
            if holds():
                return
    raise AssertionError("it never held")


def refuses(address: str) -> bool:
    """Whether nobody listens any more."""
    try:
        requests.get(address, timeout=60)
    except requests.ConnectionError:
        return True
    return False


def test_work_in_flight_is_finished_and_nothing_new_is_taken(address: str, server: subprocess.Popen[str]) -> None:
    assert server.stdin is not None and server.stdout is not None
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(requests.get, f"{address}/slow", timeout=120)
        while "begun" not in server.stdout.readline():
            continue
        server.send_signal(signal.SIGTERM)
        until(lambda: refuses(address))
        assert not asked.done()
        server.stdin.write("go on\n")
        server.stdin.flush()
        assert asked.result(120).text == "slow" * 100_000
    assert server.wait(120) == 0
