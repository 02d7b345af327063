"""A storm of true notices: each payment's comes again and again, in any order and at once, and must have one effect."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from sqlalchemy import Select, func, select

from chaos.notices_signed import Paid, headers_of, sealed
from chaos.serving import Client
from domain.actors import SYSTEM
from models import GatewayEvent, JournalEntry, Order, Payment, Refund, SuspenseCase
from services import invariants, ordering, payments
from services.transactions import Transactions
from tests.builders import campaigns
from tests.builders.campaigns import Scene

BATCH = 50
TRIES = 5
"""How often the gateway comes again with what was not accepted."""
PATH = "/hooks/wechatpay/pay"


@dataclass(frozen=True)
class Delivery:
    """One delivery of a notice, `due` seconds after the start of the storm."""

    event_id: str
    body: bytes
    due: float = 0.0


@dataclass(frozen=True)
class Answered:
    """The last answer to a delivery, how many tries that took, and the seconds from when it was due."""

    event_id: str
    status: int
    tries: int
    seconds: float


def owed(unit: Transactions, count: int, scenes: int) -> list[Paid]:
    """That many payments which wait for their payers, on that many open campaigns in turn."""
    with unit(SYSTEM) as ctx:
        stages = [campaigns.scene(ctx, buyers=1) for _ in range(scenes)]
    made: list[Paid] = []
    for start in range(0, count, BATCH):
        made += _batch(unit, [stages[number % scenes] for number in range(start, min(start + BATCH, count))])
    return made


def _batch(unit: Transactions, stages: Iterable[Scene]) -> list[Paid]:
    made = []
    with unit(SYSTEM) as ctx:
        for stage in stages:
            mine = ctx.acting_as(campaigns.buyer(stage.buyers[0]))
            asked = payments.ask(mine, ordering.place(mine, campaigns.wanted(stage, again=True)).public_id)
            payments.prepaid(mine, asked.payment, f"prepay-{asked.request.out_trade_no}")
            made.append(Paid(asked.request.out_trade_no, asked.request.amount_fen, asked.request.payer_openid))
    return made


def storm(paid: Sequence[Paid], copies: int, seed: int, per_second: float = 0.0) -> list[Delivery]:
    """Up to `copies` deliveries of each payment's notice, shuffled; a tenth of them under an event id of their own.

    With a rate they are due one after another, without one all at once.
    """
    chance = random.Random(f"notices-{seed}")  # noqa: S311 - the same storm each time
    events = [
        (one, f"EV-{one.number}" + ("-again" if chance.random() < 0.1 else ""))
        for one in paid for _ in range(chance.randint(1, copies))
    ]  # fmt: skip
    chance.shuffle(events)
    bodies = {event_id: sealed(one, event_id) for one, event_id in events}
    pause = 1 / per_second if per_second else 0.0
    return [Delivery(event_id, bodies[event_id], place * pause) for place, (_, event_id) in enumerate(events)]


def delivered(port: int, deliveries: Sequence[Delivery], clients: int) -> list[Answered]:
    """Deliver them over that many connections, none before it is due; what came of each."""
    waiting, lock, answers = iter(deliveries), threading.Lock(), list[Answered]()
    begun = time.monotonic()

    def work() -> None:
        client = Client(port)
        while True:
            with lock:
                one = next(waiting, None)
            if one is None:
                break
            answers.append(_deliver(client, one, begun))
        client.close()

    threads = [threading.Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _deliver(client: Client, one: Delivery, begun: float) -> Answered:
    threading.Event().wait(max(0.0, begun + one.due - time.monotonic()))
    status = tries = 0
    while status != 204 and tries < TRIES:
        status, tries = client.send("POST", PATH, one.body, headers_of(one.body)).status, tries + 1
    return Answered(one.event_id, status, tries, time.monotonic() - begun - one.due)


BOOKED = "payments booked"
COUNTED: dict[str, Select[Any]] = {
    BOOKED: select(func.count()).where(JournalEntry.event == "payment_succeeded"),
    "payments succeeded": select(func.count()).where(Payment.state == "succeeded", Payment.counted),
    "orders paid": select(func.count()).where(Order.state == "paid"),
    "events kept": select(func.count()).select_from(GatewayEvent),
    "refunds": select(func.count()).select_from(Refund),
    "suspense cases": select(func.count()).select_from(SuspenseCase),
    "fen received": select(func.coalesce(func.sum(Payment.received_fen), 0)),
}


def counted(unit: Transactions) -> dict[str, int]:
    """What there is now."""
    with unit.reading() as ctx:
        return {what: int(ctx.session.scalars(query).one()) for what, query in COUNTED.items()}


def wrong(unit: Transactions, paid: Sequence[Paid], answers: Sequence[Answered]) -> list[str]:
    """Everything that is not as if each payment had been told of once and every delivery accepted."""
    expected = {
        **dict.fromkeys((BOOKED, "payments succeeded", "orders paid"), len(paid)),
        "events kept": len({answer.event_id for answer in answers}),
        "refunds": 0,
        "suspense cases": 0,
        "fen received": sum(one.total_fen for one in paid),
    }
    seen, refused = counted(unit), Counter(answer.status for answer in answers if answer.status != 204)
    found = [f"{seen[what]} {what}, not {number}" for what, number in expected.items() if seen[what] != number]
    found += [f"{times} deliveries were answered {status}" for status, times in refused.items()]
    with unit.reading() as ctx:
        return found + [f"invariant {breach.rule}: {breach.row}" for breach in invariants.check(ctx)]


def p99(answers: Iterable[Answered]) -> float:
    """The seconds within which 99 of 100 were answered, counted from when they were due."""
    times = sorted(answer.seconds for answer in answers)
    return times[ceil(0.99 * len(times)) - 1]
