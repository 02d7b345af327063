"""The sandbox as its own process for histories: emptied by starting it anew, its clock kept beside the product's."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import requests

from chaos.histories.inner_sandbox import Declined, Letter
from sandbox import credentials
from sandbox.config import Config
from tests.servers.shared_run import REPOSITORY

SECONDS = 30.0
PAUSE = 0.02
APART = 2.0
"""How far (s) the two clocks may run apart before the sandbox's is set right."""
AT_ONCE = {"refund_delay_ms": 0, "transfer_delay_ms": 0, "duplicate_notices": 2}
"""Nothing waits in real time, and whatever is told is told twice."""
NOWHERE = "http://product.invalid"
MOVING = ("PROCESSING", "ACCEPTED", "TRANSFERING", "CANCELING")


class OuterSandbox:
    """A process on a port of its own; `now` is the product's clock and `product` its address."""

    def __init__(self, folder: Path, port: int, product: str, now: Callable[[], datetime]) -> None:
        self.url, self._product, self._now = f"http://127.0.0.1:{port}", product, now
        self._folder, self._port = folder, port
        self._process: subprocess.Popen[bytes] | None = None
        self._http = requests.Session()
        self._set_at = 0.0
        credentials.ensure(Config(folder, port, product))
        lines = (folder / "product.env").read_text().splitlines()
        self.settings = dict(line.split("=", 1) for line in lines)

    def forget(self) -> None:
        """As new, with the same keys: another process on an empty store."""
        self.stop()
        for left in self._folder.glob("sandbox.db*"):
            left.unlink()
        command = [sys.executable, "-m", "sandbox", "serve", "--data", str(self._folder), "--port", str(self._port)]
        self._process = subprocess.Popen(
            [*command, "--product-url", self._product], cwd=REPOSITORY, stdout=subprocess.DEVNULL
        )
        _until(self._answers, lambda: "the sandbox does not answer")
        self.keep_time()
        self.control("knobs", reset=True)

    def stop(self) -> None:
        """End the process at once; its store is thrown away."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=SECONDS)
            self._process = None

    def keep_time(self) -> None:
        """Set its clock to the product's, which stands still between two moves."""
        offset = int((self._now() - datetime.now(UTC)).total_seconds())
        self._http.post(f"{self.url}/control/clock", json={"offset_seconds": offset}, timeout=SECONDS)
        self._set_at = time.monotonic()

    def control(self, path: str, **body: Any) -> Any:
        """One call to its control API; raises `Declined` with the sandbox's word when it says no."""
        if path == "knobs" and body.get("reset"):
            body = {**AT_ONCE, **body}
        if "notify_url" in body:
            body["notify_url"] = body["notify_url"].replace(NOWHERE, self._product)
        self._in_time()
        answer = self._http.post(f"{self.url}/control/{path}", json=body, timeout=SECONDS)
        if answer.status_code >= 400:
            raise Declined(answer.text)
        return answer.json()

    def seen(self, path: str) -> Any:
        """One look through its control API."""
        return self._http.get(f"{self.url}/control/{path}", timeout=SECONDS).json()

    def letters(self) -> list[Letter]:
        """Nothing, once it has delivered by itself what it has to say by now."""
        self._in_time()
        _until(lambda: not self._pending(), lambda: f"the sandbox does not come to rest: {self._pending()}")
        return []

    def _pending(self) -> list[str]:
        ledger = self.seen("ledger")
        moving = [f"{row['state']} {row}" for kind in ("refunds", "transfers") for row in ledger[kind]
                  if row["state"] in MOVING]  # fmt: skip
        notices = self.seen("notices")["notices"]
        return moving + [str(row) for row in notices if row["state"] in ("pending", "held")]

    def _in_time(self) -> None:
        if time.monotonic() - self._set_at > APART:
            self.keep_time()

    def _answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/livez", timeout=1).ok
        except requests.RequestException:
            return False


def _until(look: Callable[[], bool], words: Callable[[], str]) -> None:
    pause = threading.Event()
    for _ in range(int(SECONDS / PAUSE)):
        if look():
            return
        pause.wait(PAUSE)
    raise AssertionError(words())
