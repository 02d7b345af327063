"""The gateway's notices, truly signed and sealed, nine of ten of them repeated."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import text

from benchmarks import load, pgbench, product, wire
from benchmarks.plan import NotMeasured, Setting, Sides
from benchmarks.product import Outside
from benchmarks.seeding import campaigns, lots
from benchmarks.seeding.campaigns import PRICE_FEN
from benchmarks.seeding.lots import Lot, Stage
from benchmarks.workloads import joining
from sandbox.pay.signing import Signer, sealed
from services.transactions import Transactions

PATH = "/hooks/wechatpay/pay"
TIMES = 10
"""How often each notice comes."""
PAYMENTS_A_SECOND = 500
"""More payments than a round of ours can take, each with its notices."""
FLOOR_PAYMENTS_A_SECOND = 1_000
WARM = 64
TAKEN = 204


@contextmanager
def storm(setting: Setting) -> Iterator[Sides]:
    """W6: payments of one hot campaign; the floor does the same SQL on a copy of the same rows."""
    machine, plan = setting.machine, setting.plan
    url = machine.postgresql()
    unit = product.transactions(url)
    payments = plan.rows(round(FLOOR_PAYMENTS_A_SECOND * plan.seconds * plan.rounds * 2), 40)
    lot = lots.write(unit, campaigns.one(unit), Stage.ASKED, payments)
    floor_url = machine.postgresql(like=url)
    pgbench.execute(floor_url, "counters.sql")
    with setting.product(url) as served:
        mine = _Storm(setting, unit, lot, served.port, product.outside(machine.folder))
        mine.warm()
        yield Sides(lambda: floor(setting, floor_url, lot), mine.ours, mine.broken)


def floor(setting: Setting, url: str, lot: Lot) -> float:
    """First and repeated notices a second by pgbench; raises `NotMeasured` when the payments were not enough."""
    plan, variables = setting.plan, {"base": lot.base, "hot": lot.scene.campaign_id}
    files = {"notice_first.sql": 1, "notice_again.sql": TIMES - 1}
    found = pgbench.run(setting.machine, url, files, plan.rows(64), plan.seconds, variables=variables)
    refuse_used_up(url, "floor_next_notice", lot, setting)
    setting.note("floor_per_second", found.rate)
    return found.rate


def refuse_used_up(url: str, sequence: str, lot: Lot, setting: Setting) -> None:
    """Raise `NotMeasured` when a floor asked for more rows than there are, of a run that counts."""
    with pgbench.connect(url) as connection:
        row = connection.execute(f"SELECT last_value FROM {sequence}".encode()).fetchone()
    if setting.plan.full and row and row[0] > lot.count:
        raise NotMeasured(f"the floor used {row[0]} rows of {lot.count}")


class _Storm:
    """Each round signs its part of the payments anew: a notice is stale after five minutes."""

    def __init__(self, setting: Setting, unit: Transactions, lot: Lot, port: int, keys: Outside) -> None:
        self.setting, self.unit, self.port, self.keys = setting, unit, port, keys
        self.first, *numbers = lot.public_ids("pay")
        part = max(1, len(numbers) // setting.plan.rounds)
        self.parts = [numbers[start : start + part] for start in range(0, len(numbers), part)]
        self.told = 0

    def warm(self) -> None:
        """Let every worker load what it checks signatures with, by one notice that comes again and again."""
        told = notice(self.keys, self.first)
        load.closed(self.port, [told] * WARM, WARM, 60)
        self.told += 1

    def ours(self) -> float:
        """Notices taken a second, first and repeated ones alike."""
        plan = self.setting.plan
        most = plan.rows(round(PAYMENTS_A_SECOND * plan.seconds), 2)
        numbers = self.parts.pop(0)[:most]
        requests = storm_of([notice(self.keys, number) for number in numbers])
        heard = load.closed(self.port, requests, plan.rows(64), plan.seconds)
        self.told += len(set(requests[: heard.all.total()]))
        return joining.told(self.setting, heard, TAKEN)

    def broken(self) -> list[str]:
        """Invariants, and notices that did not have exactly one effect."""
        statement = text(
            "SELECT (SELECT count(*) FROM gateway_events), (SELECT count(*) FROM orders WHERE counted),"
            " (SELECT count(*) FROM journal_entries)"
        )
        with self.unit.reading() as ctx:
            found = tuple(ctx.session.execute(statement).one())
        wrong = [] if set(found) == {self.told} else [f"{self.told} notices: events, orders, entries {found}"]
        return [*product.broken(self.unit), *wrong]


def storm_of(first: list[bytes], seed: int = 7) -> list[bytes]:
    """Each notice ten times: the first one in order, its repetitions anywhere behind it."""
    chance = random.Random(seed)
    places = [(number, request) for number, request in enumerate(first)]
    again = [
        (number + chance.random() * (len(first) - number), request)
        for number, request in enumerate(first)
        for _ in range(TIMES - 1)
    ]
    return [request for _, request in sorted([*places, *again], key=lambda place: place[0])]


def notice(keys: Outside, number: str) -> bytes:
    """The request by which the gateway tells that a payment (its number) succeeded."""
    words, now = keys.credentials.words, datetime.now(UTC).isoformat(timespec="seconds")
    trade = {
        "mchid": words.mchid, "appid": words.wxa_appid, "out_trade_no": number, "transaction_id": f"42{number[-26:]}",
        "trade_type": "JSAPI", "trade_state": "SUCCESS", "trade_state_desc": "支付成功", "bank_type": "OTHERS",
        "success_time": now, "payer": {"openid": "payer"},
        "amount": {"total": PRICE_FEN, "payer_total": PRICE_FEN, "currency": "CNY", "payer_currency": "CNY"},
    }  # fmt: skip
    told = {
        "id": f"event-of-{number}", "create_time": now, "resource_type": "encrypt-resource",
        "event_type": "TRANSACTION.SUCCESS", "summary": "支付成功",
        "resource": sealed(words.apiv3_key, json.dumps(trade).encode(), "transaction"),
    }  # fmt: skip
    body = json.dumps(told, ensure_ascii=False).encode()
    headers = Signer(keys.credentials.platform_key, words.public_key_id).headers(body, int(time.time()))
    return wire.post(PATH, body, headers)
