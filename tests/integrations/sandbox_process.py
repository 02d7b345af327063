"""The sandbox as its own process on loopback, with a scripted product behind it, and our adapters pointed at it."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests

from integrations.wechat.mini_program import WeChatMiniProgram
from integrations.wechatpay.gateway import WeChatPayGateway
from tests.integrations.local_server import Answer, Asked, LocalServer, closed_port, local_server

_ROOT = Path(__file__).parents[2]
_SECONDS = 60.0


class Stage:
    """A running sandbox, the product's settings for it, and what it told the product."""

    def __init__(self, url: str, folder: Path, product: LocalServer) -> None:
        self.url, self.product = url, product
        lines = (folder / "product.env").read_text().splitlines()
        self.settings = dict(line.split("=", 1) for line in lines)
        self._told: dict[str, queue.Queue[Asked]] = {}
        self._opening = threading.Lock()
        self.offset = timedelta()
        product.answer = self._hear

    def clock(self) -> datetime:
        """The machine's time, moved as the sandbox's is."""
        return datetime.now(UTC) + self.offset

    def control(self, path: str, **body: Any) -> Any:
        """One call to the sandbox's control API."""
        answer = requests.post(f"{self.url}/control/{path}", json=body, timeout=_SECONDS)
        assert answer.ok, answer.text
        return answer.json()

    def control_delete(self, path: str) -> Any:
        """One removal through the sandbox's control API."""
        return requests.delete(f"{self.url}/control/{path}", timeout=_SECONDS).json()

    def seen(self, path: str, **params: str) -> Any:
        """One look through the sandbox's control API."""
        return requests.get(f"{self.url}/control/{path}", params=params, timeout=_SECONDS).json()

    def move_clock(self, seconds: int) -> None:
        """Set both clocks that far ahead of the machine's."""
        self.offset = timedelta(seconds=seconds)
        self.control("clock", offset_seconds=seconds)

    def notice(self, path: str = "/hooks/wechatpay/pay") -> Asked:
        """The next request that the sandbox sent to that path of the product."""
        return self.letters(path).get(timeout=_SECONDS)

    def reset(self) -> None:
        """Knobs at rest, clocks right, nothing unread."""
        self.control("knobs", reset=True)
        self.move_clock(0)
        self.product.answer = self._hear
        with self._opening:
            self._told.clear()

    def mini_program(self) -> WeChatMiniProgram:
        """Our adapter."""
        return WeChatMiniProgram(
            self.settings["LINTUAN_WXA_BASE_URL"],
            self.settings["LINTUAN_WXA_APPID"],
            self.settings["LINTUAN_WXA_SECRET"],
            timeout=_SECONDS,
            public_url=self.product.url,
        )

    def gateway(self) -> WeChatPayGateway:
        """Our guard."""
        told = self.settings
        return WeChatPayGateway(
            told["LINTUAN_PAY_BASE_URL"],
            told["LINTUAN_WXA_APPID"],
            told["LINTUAN_PAY_MCHID"],
            told["LINTUAN_PAY_SERIAL"],
            Path(told["LINTUAN_PAY_PRIVATE_KEY_FILE"]).read_text(),
            told["LINTUAN_PAY_APIV3_KEY"],
            told["LINTUAN_PAY_PUBLIC_KEY_ID"],
            Path(told["LINTUAN_PAY_PUBLIC_KEY_FILE"]).read_text(),
            f"{self.product.url}/hooks/wechatpay/pay",
            f"{self.product.url}/hooks/wechatpay/refund",
            f"{self.product.url}/hooks/wechatpay/transfer",
            self.clock,
            timeout=_SECONDS,
        )

    def _hear(self, asked: Asked) -> Answer:
        self.letters(asked.path).put(asked)
        return Answer(204)

    def letters(self, path: str) -> queue.Queue[Asked]:
        """What came to that path and was not looked at yet."""
        with self._opening:
            return self._told.setdefault(path, queue.Queue())


@contextmanager
def running_sandbox(folder: Path) -> Iterator[Stage]:
    """Start `python -m sandbox serve`, wait until it answers, and stop it in the end."""
    port = closed_port()
    url = f"http://127.0.0.1:{port}"
    with local_server() as product:
        command = [sys.executable, "-m", "sandbox", "serve", "--data", str(folder), "--port", str(port)]
        process = subprocess.Popen([*command, "--product-url", product.url], cwd=_ROOT)
        try:
            _wait(process, url)
            yield Stage(url, folder, product)
        finally:
            process.terminate()
            process.wait(timeout=_SECONDS)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    pause = threading.Event()
    for _ in range(int(_SECONDS / 0.05)):
        assert process.poll() is None, "the sandbox ended at once"
        try:
            if requests.get(f"{url}/livez", timeout=5).ok:
                return
        except requests.RequestException:
            pause.wait(0.05)
    raise AssertionError("the sandbox does not answer")
