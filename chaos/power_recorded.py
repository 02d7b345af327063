"""A product at work on SQLite under a recording: what it did to its files, and what it had promised by when."""

from __future__ import annotations

import random
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, select

from app import create_app
from chaos.batches import placed_together
from chaos.kill_customers import Customer
from chaos.kill_promises import Promise, Promises
from chaos.kill_stall import Stall, set_up
from chaos.notices_signed import Paid, headers_of, sealed, settings_of
from chaos.power_recording import Recording, recording
from chaos.serving import Client, serving
from models import Order, sqlite
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.settings import test_settings

CUSTOMERS, WAITING = 6, 6
PATIENCE_SECONDS = 300.0
WAL_ALWAYS, WAL_NEVER = (3, 0, 0), (99, 0, 0)
DATABASE = "lintuan.sqlite3"


@dataclass(frozen=True)
class Recorded:
    """The recording, each promise with the number of acts that came before it, and how many orders shared a commit."""

    files: Recording
    promises: list[Promise]
    together: int


@contextmanager
def journal_mode(mode: str) -> Iterator[None]:
    """Let the product see an SQLite library of the kind that makes it choose that mode (DELETE or WAL)."""
    before = sqlite.WAL_RESET_FIXED_IN
    sqlite.WAL_RESET_FIXED_IN = WAL_ALWAYS if mode == "WAL" else WAL_NEVER
    try:
        yield
    finally:
        sqlite.WAL_RESET_FIXED_IN = before


def record(
    template: Path, folder: Path, promises: int, seed: int, planted: Mapping[str, str] | None = None
) -> Recorded:
    """Let people at a product over a copy of `template` until it has made that many promises.

    `planted` are pragmas that spoil its connections, for a control.
    """
    disk = folder / "disk"
    disk.mkdir(parents=True)
    shutil.copyfile(template, disk / DATABASE)
    settings: Any = settings_of(folder)
    told = test_settings(folder, f"sqlite:///{disk / DATABASE}", **settings)
    unit: Transactions = create_app(told).extensions["lintuan"].unit
    stall = set_up(unit, [f"power-{seed}-{number}" for number in range(CUSTOMERS)], WAITING)
    unit.engine.dispose()
    with recording(disk) as files:
        app = create_app(told)
        engine = app.extensions["lintuan"].unit.engine
        if planted:
            event.listen(engine, "connect", lambda connection, _: _spoil(connection, planted))
        made = Promises(lambda: len(files.acts))
        with serving(app) as port:
            _play(app.extensions["lintuan"].unit, port, stall, made, promises, seed)
        together = placed_together(app.extensions["lintuan"].unit)
        engine.dispose()
    return Recorded(files, made.kept, together)


def _spoil(connection: Any, pragmas: Mapping[str, str]) -> None:
    for name, value in pragmas.items():
        connection.execute(f"PRAGMA {name}={value}")


def _play(unit: Transactions, port: int, stall: Stall, made: Promises, count: int, seed: int) -> None:
    def pay(customer: Customer, order: str) -> None:
        buyer = stall.scene.buyers[customer.number]
        with unit.reading() as ctx:
            row = ctx.session.scalars(select(Order).where(Order.public_id == order)).one()
            total, live = row.total_fen, row.state == "pending_payment"
        if not live:
            return
        number = campaigns.ask(unit, order, buyer)
        body = sealed(Paid(number, total, f"power-{seed}-{customer.number}"), f"EV-{number}")
        client = Client(port)
        if client.send("POST", "/hooks/wechatpay/pay", body, headers_of(body)).status == 204:
            made.keep("paid", number)
        client.close()

    stop, told = threading.Event(), Counter[str]()
    threads = []
    for number in range(CUSTOMERS):
        wishes = random.Random(f"{seed}-{number}")  # noqa: S311 - the same wishes each time
        customer = Customer(number, stall, made, told, wishes, port, pay)
        threads.append(threading.Thread(target=customer.play, args=(stop,)))
    for thread in threads:
        thread.start()
    came = made.await_count(count, PATIENCE_SECONDS)
    stop.set()
    for thread in threads:
        thread.join()
    assert came, f"too few answers in {PATIENCE_SECONDS:.0f} s: {told}"
