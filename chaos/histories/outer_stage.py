"""Where a history plays over loopback HTTP: the served product, and the sandbox as its own process."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app import create_app
from chaos.databases import copied
from chaos.histories.inner_sandbox import Letter
from chaos.histories.outer_sandbox import OuterSandbox
from chaos.histories.run import Plan, carried_out
from chaos.histories.stage import Emptier, kind_of
from chaos.holding import SERVED
from chaos.serving import Client, serving
from config.settings import from_environment
from services.assembly import Lintuan
from services.ports import Outside
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.integrations.local_server import closed_port

PATHS = (*SERVED, "chaos/histories")


class ToldClock(FrozenClock):
    """The product's clock; whoever stands beside it is told of each move."""

    beside: OuterSandbox | None = None

    def set(self, at: datetime) -> None:
        """Stand at another instant."""
        super().set(at)
        self._tell()

    def advance(self, **amount: float) -> datetime:
        """Move, and tell."""
        at = super().advance(**amount)
        self._tell()
        return at

    def _tell(self) -> None:
        if self.beside is not None:
            self.beside.keep_time()


class OuterStage:
    """Everything that outlives one history: product, database, clock; the sandbox's process lives for one."""

    def __init__(self, url: str, folder: Path, port: int) -> None:
        self.clock = ToldClock()
        product = f"http://127.0.0.1:{port}"
        box = folder / "sandbox"
        box.mkdir(parents=True)
        self.sandbox = OuterSandbox(box, closed_port(), product, self.clock.now)
        self.app = create_app(from_environment({
            **self.sandbox.settings, "LINTUAN_ENV": "test", "LINTUAN_DATA_DIR": str(folder),
            "LINTUAN_DATABASE_URL": url, "LINTUAN_PUBLIC_URL": product,
            "LINTUAN_SECRET_KEY": "histories-sign-with-that-key-0123456789",
            "LINTUAN_PII_KEY": "histories-seal-with-this-key-9876543210",
        }), clock=self.clock)  # fmt: skip
        parts: Lintuan = self.app.extensions["lintuan"]
        self.unit: Transactions = parts.unit
        self.outside: Outside = parts.outside
        self._empty = Emptier(self.unit.engine)
        self._port = port

    def clear(self) -> None:
        """An empty database, an empty sandbox, the clock at its start."""
        self.sandbox.stop()  # so that nothing of the last history is told any more
        self.clock.beside = None
        self.clock.set(FrozenClock().now())
        self._empty()
        self.sandbox.forget()
        self.clock.beside = self.sandbox

    def receive(self, letter: Letter) -> bool:
        """Call the product as the gateway would; False when it answers that this is no notice of the gateway's."""
        client = Client(self._port)
        try:
            answer = client.send("POST", "/hooks/wechatpay/pay", letter.body, letter.headers)
        finally:
            client.close()
        return answer.status < 300

    def close(self) -> None:
        """End the sandbox and let go of the database."""
        self.sandbox.stop()
        self.unit.engine.dispose()


@contextmanager
def opened(url: str, folder: Path) -> Iterator[OuterStage]:
    """A stage over the migrated, empty database at `url`, served until the end of the block."""
    port = closed_port()
    stage = OuterStage(url, folder, port)
    try:
        with serving(stage.app, port):
            yield stage
    finally:
        stage.close()


def run(url: str, folder: Path) -> dict[str, Any]:
    """300 histories in all, 200 of them on SQLite and 100 on PostgreSQL; what each step came to, and what broke."""
    plan = Plan("histories-over-http", {"sqlite": 200, "postgresql": 100}, 10, 10_000, copy_of, PATHS)
    return carried_out(plan, url, folder)


@contextmanager
def copy_of(url: str, folder: Path) -> Iterator[OuterStage]:
    """A stage over a copy of an empty database, served, with everything else of it in `folder`."""
    if kind_of(url) == "sqlite":
        file = folder / "history.sqlite3"
        shutil.copyfile(str(make_url(url).database), file)
        with opened(f"sqlite:///{file}", folder) as stage:
            yield stage
        return
    with copied(url) as copy, opened(copy, folder) as stage:
        yield stage
