"""Product, clock, live streams and sandbox together: begun in order, ended in reverse."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from stack import folder as folders
from stack.processes import DidNotStart, Process, run_once

OPERATOR, COLLEAGUE = "运营小周", "运营小吴"
FLASK = ["-m", "flask", "--app", "app"]


class Stack:
    """Processes on loopback over one data folder; a context manager that ends them all. Live streams are optional.

    `more` settings are told to the product's processes.
    """

    def __init__(
        self, folder: Path, product_port: int, sandbox_port: int, clocks: int = 1, live_port: int | None = None,
        more: Mapping[str, str] | None = None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.live_url = "" if live_port is None else f"http://127.0.0.1:{live_port}"
        self._live_port, self._more = live_port, dict(more or {})
        self.product_url = f"http://127.0.0.1:{product_port}"
        self.sandbox_url = f"http://127.0.0.1:{sandbox_port}"
        self._product_port, self._sandbox_port, self._clocks = product_port, sandbox_port, clocks
        self.processes: list[Process] = []
        self.operator, self.colleague, self.operator_password = OPERATOR, COLLEAGUE, ""

    def __enter__(self) -> Stack:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the sandbox, bring the database up to date, start product and clock; each is awaited."""
        for name in ("logs", "product", "sandbox"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        where = ["--data", str(self.folder / "sandbox"), "--port", str(self._sandbox_port)]
        run_once(["-m", "sandbox", "init", *where], {})
        environment = {**folders.environment(self.folder, self.product_url), **self._more}
        self.operator_password = environment["OPERATOR_PASSWORD"]
        urls = ["--product-url", self.product_url, "--live-url", self.live_url]
        sandbox = self._begin("sandbox", ["-m", "sandbox", "serve", *where, *urls], {})
        run_once([*FLASK, "db", "upgrade"], environment)
        for name in (OPERATOR, COLLEAGUE):
            with contextlib.suppress(DidNotStart):  # the operators of an earlier start are kept
                run_once([*FLASK, "operators", "create", name], environment)
        product = self._begin("product", [*FLASK, "serve", "--port", str(self._product_port)], environment)
        for number in range(self._clocks):
            self._begin(f"clock-{number + 1}", [*FLASK, "clock"], environment)
        live = None
        if self._live_port is not None:
            live = self._begin("live", ["-m", "live"], {**environment, "LINTUAN_LIVE_PORT": str(self._live_port)})
        sandbox.await_url(f"{self.sandbox_url}/livez")
        product.await_url(f"{self.product_url}/livez")
        if live is not None:
            live.await_url(f"{self.live_url}/livez")

    def console_link(self) -> str:
        """A fresh address that lets the operator into the console once, in the next ten minutes."""
        said = run_once([*FLASK, "operators", "link", OPERATOR], folders.environment(self.folder, self.product_url))
        return said.split()[-1]

    def ended(self) -> Process | None:
        """A process that should run and has ended, if there is one."""
        return next((process for process in self.processes if not process.is_running()), None)

    def stop(self) -> None:
        """End what was started, the last first."""
        while self.processes:
            self.processes.pop().stop()

    def _begin(self, name: str, command: list[str], environment: dict[str, str]) -> Process:
        process = Process(name, command, environment, self.folder / "logs" / f"{name}.log")
        self.processes.append(process)
        return process


def is_free(port: int) -> bool:
    """Whether nobody listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
