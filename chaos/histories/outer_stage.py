"""Where a history plays over loopback HTTP: the served product, and the sandbox as its own process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

from app import create_app
from chaos.databases import copied
from chaos.histories.history import Tally
from chaos.histories.inner_sandbox import Letter
from chaos.histories.outer_sandbox import OuterSandbox
from chaos.histories.run import chunk, quick, summed
from chaos.histories.stage import Emptier, kind_of
from chaos.serving import Client, serving
from config.settings import from_environment
from services.assembly import Lintuan
from services.ports import Outside
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.integrations.local_server import closed_port

CHUNK = 25
HISTORIES = {"sqlite": 200, "postgresql": 100}


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
    return summed(_chunk(url, folder, number) for number in range(HISTORIES[kind_of(url)] // CHUNK))


def _chunk(url: str, folder: Path, number: int, histories: int = CHUNK) -> dict[str, Any]:
    tally = Tally()
    with tempfile.TemporaryDirectory(dir=quick(folder)) as near, _copy(url, Path(near)) as stage:
        try:
            tally = chunk(stage, 10_000 + number, histories)
        except Exception as error:  # whatever it is, it is what this run looks for
            words = f"chunk {number}: {type(error).__name__} {error} {' '.join(getattr(error, '__notes__', []))}"
            return {**vars(tally), "broke": words[:3000]}
    print(f"histories over HTTP on {kind_of(url)}: chunk {number} held", flush=True)
    return {**vars(tally), "broke": ""}


@contextmanager
def _copy(url: str, folder: Path) -> Iterator[OuterStage]:
    if kind_of(url) == "sqlite":
        file = folder / "history.sqlite3"
        shutil.copyfile(str(make_url(url).database), file)
        with opened(f"sqlite:///{file}", folder) as stage:
            yield stage
        return
    with copied(url) as copy, opened(copy, folder) as stage:
        yield stage
