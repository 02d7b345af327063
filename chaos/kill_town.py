"""A stall, its customers, the gateway's notices and a product that can be killed between them."""

from __future__ import annotations

import base64
import itertools
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from zlib import crc32

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask
from sqlalchemy import select

from app import create_app
from chaos.kill_customers import GONE, Customer
from chaos.kill_product import SOUND, Product
from chaos.kill_promises import Kind, Promises
from chaos.kill_stall import Stall, set_up
from chaos.serving import Client
from config.settings import from_environment
from models import Payment
from services.assembly import Lintuan
from services.transactions import Transactions
from tests.integrations.local_server import Answer, Asked
from tests.integrations.sandbox_process import Stage

CUSTOMERS = 12
NOT_FORWARDED = {"host", "content-length", "connection", "accept-encoding"}
_NUMBERS = itertools.count(1)


@dataclass
class Town:
    """What lives through the product's deaths; `app` is the product as this process assembles it, to look and sweep.

    `seeded` are the numbers of payments that the gateway never saw, `notices_port` is where its notices go.
    """

    stage: Stage
    app: Flask
    product: Product
    stall: Stall
    promises: Promises
    customers: list[Customer]
    names: list[str]
    seeded: set[str]
    ledger_before: Any
    notices_port: int
    told: Counter[str]

    @property
    def unit(self) -> Transactions:
        """The transactions of this process."""
        parts: Lintuan = self.app.extensions["lintuan"]
        return parts.unit

    def busy_until(self, promises: int, seconds: float) -> bool:
        """Let all customers play until that many promises are kept in all, then kill the product; whether they came."""
        stop = threading.Event()
        threads = [threading.Thread(target=customer.play, args=(stop,)) for customer in self.customers]
        for thread in threads:
            thread.start()
        came = self.promises.await_count(promises, seconds)
        self.product.kill()
        stop.set()
        for thread in threads:
            thread.join()
        return came

    def repeat(self) -> None:
        """Send again what was not answered."""
        for customer in self.customers:
            customer.repeat()

    def forward(self, asked: Asked) -> Answer:
        """Hand a notice of the gateway on to the product, now and then twice, and note that it was accepted."""
        headers = {name: value for name, value in asked.headers.items() if name not in NOT_FORWARDED}
        answer = Answer(drop=True)
        for _ in range(2 if crc32(asked.body) % 8 == 0 else 1):
            client = Client(self.notices_port)
            try:
                given = client.send("POST", asked.path, asked.body, headers)
            except GONE:
                return Answer(drop=True)
            finally:
                client.close()
            answer = Answer(given.status, given.body)
            self.told[f"notice {given.status}"] += 1
            if given.status < 300:
                self.promises.keep(*self._told_of(asked))
        return answer

    def _told_of(self, asked: Asked) -> tuple[Kind, str]:
        """What a notice that the product took promises; its signature and age were the product's to check."""
        resource = asked.json["resource"]
        sealed, nonce, more = base64.b64decode(resource["ciphertext"]), resource["nonce"], resource["associated_data"]
        key = AESGCM(self.stage.settings["LINTUAN_PAY_APIV3_KEY"].encode())
        told = json.loads(key.decrypt(nonce.encode(), sealed, more.encode()))
        return ("returned", told["out_refund_no"]) if "out_refund_no" in told else ("paid", told["out_trade_no"])

    def pay(self, customer: Customer, order: str) -> None:
        """Ask the product for the payment and pay at the gateway, which tells the product."""
        asked = customer.ask(f"/api/resident/orders/{order}/payments", {})
        if asked.status < 300:
            self.stage.control("pay", params=asked.json["params"], person=self.names[customer.number])


@contextmanager
def town(url: str, folder: Path, stage: Stage, workers: int, waiting: int, seed: int,
         target: str = SOUND) -> Iterator[Town]:  # fmt: skip
    """A town over the migrated database at `url`; `waiting` orders can be collected. Nothing runs yet."""
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **stage.settings, "LINTUAN_ENV": "test", "LINTUAN_DATA_DIR": str(folder), "LINTUAN_DATABASE_URL": url,
        "LINTUAN_SECRET_KEY": token_urlsafe(32), "LINTUAN_PII_KEY": token_urlsafe(32),
        "LINTUAN_PUBLIC_URL": stage.product.url, "LINTUAN_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    app = create_app(from_environment(environment))
    unit: Transactions = app.extensions["lintuan"].unit
    names = [f"行人{next(_NUMBERS)}" for _ in range(CUSTOMERS)]
    stall = set_up(unit, [stage.control("people", name=name)["openid"] for name in names], waiting)
    with unit.reading() as ctx:
        seeded = set(ctx.session.scalars(select(Payment.public_id)))
    product = Product({**environment, "LINTUAN_ENV": "development"}, folder, workers, target)
    promises, told = Promises(), Counter[str]()
    made = Town(stage, app, product, stall, promises, [], names, seeded, stage.seen("ledger"), product.port,
                told)  # fmt: skip
    for number in range(CUSTOMERS):
        wishes = random.Random(f"{seed}-{number}")  # noqa: S311 - the same wishes each time
        made.customers.append(Customer(number, stall, promises, told, wishes, product.port, made.pay))
    stage.product.answer = made.forward
    try:
        yield made
    finally:
        product.kill()
        unit.engine.dispose()
