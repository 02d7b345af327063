"""Several scheduler processes and many campaigns due in the same second: each is closed once and settled right."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import NullPool, create_engine, func, select

from chaos import due_together
from chaos.due_together import Due
from chaos.settling_process import transactions
from demo import judge
from domain.actors import SYSTEM
from integrations.clock import SystemClock
from models import Campaign, Order, Refund
from models.records import AuditRecord
from sandbox.config import Config
from services import invariants
from services.transactions import Transactions
from stack import folder as folders
from stack.processes import Process, run_once
from stack.stack import FLASK, free_port
from tests.builders import people
from tests.builders.clock import FrozenClock

PROCESSES, CAMPAIGNS = 8, 1000
FLASK_CLOCK = [*FLASK, "clock"]
QUICK_CLOCK = ["-m", "chaos.clock_process"]
PATIENCE_SECONDS = 3600


@dataclass
class Field:
    """A running product, sandbox and schedulers over one database."""

    folder: Path
    product_url: str
    sandbox_url: str
    unit: Transactions

    def move_clocks(self, to: datetime) -> None:
        """Let every process stand at `to`."""
        seconds = int((to - datetime.now(UTC)).total_seconds()) + 1
        requests.post(
            f"{self.sandbox_url}/control/clock", json={"offset_seconds": seconds}, timeout=10
        ).raise_for_status()
        SystemClock(self.folder / "product" / "clock-offset").shift(seconds)

    def count(self, table: type[Any], *where: Any) -> int:
        """How many rows there are."""
        with self.unit.reading() as ctx:
            return int(ctx.session.scalars(select(func.count()).select_from(table).where(*where)).one())

    def until(self, done: Callable[[], bool]) -> float:
        """Wait until something is so; the seconds that took."""
        begun = time.monotonic()
        while not done():
            if time.monotonic() - begun > PATIENCE_SECONDS:
                raise TimeoutError("the schedulers did not get there")
            time.sleep(0.2)
        return round(time.monotonic() - begun, 1)


@contextmanager
def field(url: str, folder: Path, processes: int, clock: list[str], count: int) -> Iterator[tuple[Field, Due]]:
    """Seed both sides, then start sandbox, product and schedulers; all are ended at the end."""
    product_port, sandbox_port = free_port(), free_port()
    product_url, sandbox_url = f"http://127.0.0.1:{product_port}", f"http://127.0.0.1:{sandbox_port}"
    for name in ("product", "sandbox", "logs"):
        (folder / name).mkdir(exist_ok=True)
    where = ["--data", str(folder / "sandbox"), "--port", str(sandbox_port)]
    run_once(["-m", "sandbox", "init", *where], {})
    notify_url = f"{product_url}/hooks/wechatpay/pay"
    due = due_together.seed(url, Config(folder / "sandbox", sandbox_port, product_url), notify_url, count)
    environment = {**folders.environment(folder, product_url), "LINTUAN_DATABASE_URL": url}
    engine = create_engine(url, poolclass=NullPool)
    running: list[Process] = []

    def begin(name: str, command: list[str], told: dict[str, str]) -> Process:
        running.append(Process(name, command, told, folder / "logs" / f"{name}.log"))
        return running[-1]

    try:
        sandbox = begin("sandbox", ["-m", "sandbox", "serve", *where, "--product-url", product_url], {})
        product = begin("product", [*FLASK, "serve", "--port", str(product_port)], environment)
        for number in range(processes):
            begin(f"clock-{number + 1}", clock, environment)
        sandbox.await_url(f"{sandbox_url}/livez")
        product.await_url(f"{product_url}/livez")
        yield Field(folder, product_url, sandbox_url, transactions(engine, FrozenClock(datetime.now(UTC)))), due
    finally:
        for process in reversed(running):
            process.stop()
        engine.dispose()


def together(url: str, folder: Path, processes: int, count: int, clock: list[str]) -> dict[str, Any]:
    """Let them all become due, then let the holds end, and tell what came of it."""
    with field(url, folder, processes, clock, count) as (place, due):
        place.move_clocks(due.closes_at)
        mine = Campaign.closes_at == due.closes_at
        closing = place.until(lambda: not place.count(Campaign, mine, Campaign.state.in_(("open", "paused"))))
        place.move_clocks(due.holds_end + timedelta(seconds=5))
        settling = place.until(lambda: place.count(Campaign, mine, Campaign.settled_at.is_not(None)) == count)
        returned = place.until(lambda: place.count(Refund, Refund.state == "succeeded") == count // 2 * 2)
        found = {**_found(place, due), "differences": _differences(place)[:5]}
    failed = count // 2
    expected = {
        "closings": count, "closed_twice": 0, "campaigns": {"formed": count - failed, "failed": failed},
        "orders": {"confirmed": 2 * (count - failed), "refunded": 2 * failed, "expired": count},
        "refunds": {"succeeded": 2 * failed}, "breaches": [], "differences": [],
    }  # fmt: skip
    return {"held": found == expected, "processes": processes, "due_at_once": count, "seconds_to_close": closing,
            "seconds_to_settle": settling, "seconds_to_refund": returned, **found}  # fmt: skip


def _found(place: Field, due: Due) -> dict[str, Any]:
    with place.unit.reading() as ctx:
        mine = select(Campaign.id).where(Campaign.closes_at == due.closes_at)
        closed = select(AuditRecord.subject_id).where(
            AuditRecord.subject == "campaign", AuditRecord.event == "close", AuditRecord.subject_id.in_(mine)
        )
        closings = Counter(ctx.session.scalars(closed))
        again = ctx.session.scalars(select(func.count()).where(Campaign.id.in_(mine), Campaign.epoch != 1)).one()
        states = ctx.session.scalars(select(Campaign.state).where(Campaign.id.in_(mine)))
        return {
            "closings": sum(closings.values()),
            "closed_twice": int(again) + sum(times > 1 for times in closings.values()),
            "campaigns": dict(Counter(states)),
            "orders": dict(Counter(ctx.session.scalars(select(Order.state)))),
            "refunds": dict(Counter(ctx.session.scalars(select(Refund.state)))),
            "breaches": [breach.rule for breach in invariants.check(ctx)],
        }


def _differences(place: Field) -> list[str]:
    """Our books as the operator reads them over HTTP against the sandbox's, by the demo's own comparison."""
    with place.unit(SYSTEM) as ctx:
        headers = people.bearer(people.token(ctx, people.operator(ctx)))
    ledger = requests.get(f"{place.sandbox_url}/control/ledger", timeout=60).json()
    rows = [all_pages(place.product_url, f"/api/admin/{name}", headers) for name in ("payments", "refunds")]
    return judge.compare(rows[0], rows[1], ledger)


def all_pages(url: str, path: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """Every row of a paged list."""
    rows: list[dict[str, Any]] = []
    asked: dict[str, str] = {"limit": "100"}
    while True:
        page = requests.get(f"{url}{path}", params=asked, headers=headers, timeout=60).json()
        rows += page["items"]
        if not page["next_cursor"]:
            return rows
        asked["cursor"] = page["next_cursor"]


def run(url: str, folder: Path) -> dict[str, Any]:
    """Eight `flask clock` processes and 1,000 campaigns on the database at `url`."""
    return together(url, folder, PROCESSES, CAMPAIGNS, FLASK_CLOCK)
