"""The product on loopback HTTP beside the sandbox's true gateway, and people who pay there."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, TypeVar

import requests
from flask import Flask, Response, request
from sqlalchemy import select

from app import create_app
from chaos import dumps
from chaos.serving import Answer, Client, serving
from config.settings import from_environment
from domain.actors import SYSTEM
from jobs.schedule import SCHEDULE
from models import Order, Payment, Refund, Resident
from services import invariants
from services.assembly import Lintuan
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.integrations.local_server import closed_port
from tests.integrations.sandbox_process import Stage

_NUMBERS = itertools.count(1)
SECONDS = 60.0
T = TypeVar("T")


class MovingClock:
    """The machine's time, moved by `offset` as the sandbox's is."""

    offset = timedelta()

    def now(self) -> datetime:
        """The present instant of the product."""
        return datetime.now(UTC) + self.offset


@dataclass
class Till:
    """A served product with one open campaign; buyers are people of the sandbox."""

    app: Flask
    stage: Stage
    clock: MovingClock
    client: Client
    url: str
    scene: Scene
    names: list[str]
    told: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    swallow = False

    @property
    def product(self) -> Lintuan:
        """The parts of the product."""
        product: Lintuan = self.app.extensions["lintuan"]
        return product

    @property
    def unit(self) -> Transactions:
        """The product's transactions."""
        return self.product.unit

    def ask(self, order: str, payer: int = 0) -> dict[str, Any]:
        """Ask for the payment of an order over HTTP, as the mini-program does; its number and parameters."""
        answer = self.as_buyer(payer, f"/api/resident/orders/{order}/payments")
        assert answer.status == 201, answer.body
        return answer.json

    def as_buyer(self, who: int, path: str) -> Answer:
        """A POST with that buyer's token and a fresh key."""
        with self.unit(SYSTEM) as ctx:
            token = people.token(ctx, ctx.session.get_one(Resident, self.scene.buyers[who]))
        headers = {**people.bearer(token), "Idempotency-Key": f"withstand-{next(_NUMBERS)}"}
        return self.client.send("POST", path, b"", headers)

    def pay(self, asked: dict[str, Any], payer: int = 0, **options: Any) -> str:
        """Pay at the sandbox's cashier sheet; the id of the notice it writes."""
        receipt = self.stage.control("pay", params=asked["params"], person=self.names[payer], **options)
        return str(receipt["notice_id"])

    def bought(self, who: int = 0, **options: Any) -> str:
        """An order that was placed, paid, and whose notice has come; its public id."""
        order = campaigns.place(self.unit, self.scene, who)
        self.await_notice(self.pay(self.ask(order, who), who, **options))
        return order

    def await_notice(self, notice_id: str, accepted: int = 1) -> dict[str, Any]:
        """The sandbox's record of a notice once it was accepted that often."""

        def delivered() -> dict[str, Any] | None:
            rows = {row["id"]: row for row in self.stage.seen("notices")["notices"]}
            return rows[notice_id] if rows[notice_id]["accepted"] >= accepted else None

        return eventually(delivered)

    def advance(self, **amount: float) -> None:
        """Move both clocks."""
        self.clock.offset += timedelta(**amount)
        self.stage.control("clock", offset_seconds=int(self.clock.offset.total_seconds()))

    def sweep(self, *names: str) -> int:
        """Run sweeps of the schedule once, by name."""
        jobs = {job.name: job for job in SCHEDULE}
        return sum(jobs[name].sweep(self.product.unit, self.product.outside) for name in names)

    def notify(self, headers: dict[str, str], body: bytes, kind: str = "pay") -> Answer:
        """Call the product as the gateway would."""
        return self.client.send("POST", f"/hooks/wechatpay/{kind}", body, headers)

    def true_notice(self, order: str) -> tuple[dict[str, str], bytes]:
        """Headers and body of a true notice for an order, which the product has not been given yet."""
        self.swallow = True
        self.await_notice(self.pay(self.ask(order)))
        self.swallow = False
        return self.told[-1]

    def digest(self) -> str:
        """A hash of every row."""
        return dumps.digest(self.unit.engine)

    def order(self, public_id: str) -> Order:
        """The order as it stands."""
        with self.unit.reading() as ctx:
            return campaigns.order_row(ctx, public_id)

    def rows(self, table: type[T], *where: Any) -> list[T]:
        """All rows of a table."""
        with self.unit.reading() as ctx:
            return list(ctx.session.scalars(select(table).where(*where).order_by(*table.__table__.primary_key)))  # type: ignore[attr-defined]  # tables have it

    def refunds_end(self, state: str = "succeeded") -> list[Refund]:
        """All refunds, once every one of them stands at `state`."""

        def ended() -> list[Refund] | None:
            rows = self.rows(Refund)
            return rows if rows and all(row.state == state for row in rows) else None

        return eventually(ended)

    def payment(self, number: str) -> Payment:
        """The payment with that number."""
        return self.rows(Payment, Payment.public_id == number)[0]

    def gateway_refunds(self, *numbers: str) -> list[dict[str, Any]]:
        """What the sandbox's ledger says of refunds of these payments."""
        return [row for row in self.stage.seen("ledger")["refunds"] if row["out_trade_no"] in numbers]


def eventually(look: Callable[[], T | None]) -> T:
    """What `look` finds as soon as it finds something; fails after a while."""
    pause = threading.Event()
    for _ in range(int(SECONDS / 0.02)):
        if (found := look()) is not None:
            return found
        pause.wait(0.02)
    raise AssertionError("it did not happen in time")


@contextmanager
def open_till(stage: Stage, database_url: str, folder: Path, buyers: int = 3) -> Iterator[Till]:
    """A product with an open campaign; in the end every invariant must hold."""
    port = closed_port()
    url = f"http://127.0.0.1:{port}"
    clock = MovingClock()
    app = create_app(from_environment({
        **stage.settings, "LINTUAN_ENV": "test", "LINTUAN_DATA_DIR": str(folder), "LINTUAN_DATABASE_URL": database_url,
        "LINTUAN_SECRET_KEY": token_urlsafe(32), "LINTUAN_PII_KEY": token_urlsafe(32), "LINTUAN_PUBLIC_URL": url,
    }), clock=clock)  # fmt: skip
    unit: Transactions = app.extensions["lintuan"].unit
    names = [f"买家{next(_NUMBERS)}" for _ in range(buyers)]
    openids = [stage.control("people", name=name)["openid"] for name in names]
    with unit(SYSTEM) as ctx:
        scene = campaigns.scene(ctx, Terms(), buyers=0)
        scene.buyers += [people.resident(ctx, openid=openid).id for openid in openids]
    client = Client(port)
    till = Till(app, stage, clock, client, url, scene, names)
    _listen(till)
    try:
        with serving(app, port, threads=8):
            try:
                yield till
            finally:
                client.close()
        with unit.reading() as ctx:
            assert invariants.check(ctx) == []
    finally:
        unit.engine.dispose()


def _listen(till: Till) -> None:
    @till.app.before_request
    def overhear() -> Response | None:
        if not request.path.startswith("/hooks/"):
            return None
        body = request.get_data()
        request.environ["wsgi.input"] = BytesIO(body)  # what was read here is there to be read again
        till.told.append((dict(request.headers), body))
        return Response(status=204) if till.swallow else None


def count_calls_out(monkeypatch: Any) -> list[str]:
    """The addresses this process asks from now on."""
    asked: list[str] = []
    send = requests.Session.send

    def seen(session: requests.Session, prepared: requests.PreparedRequest, **options: Any) -> requests.Response:
        asked.append(str(prepared.url))
        return send(session, prepared, **options)

    monkeypatch.setattr(requests.Session, "send", seen)
    return asked
