"""What clients were told, and whether the database still knows of it after whatever happened."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Select, func, select

from models import Order, Payment, Redemption, Refund
from services import invariants
from services.transactions import Transactions

Kind = Literal["placed", "cancelled", "collected", "paid", "returned"]


@dataclass(frozen=True)
class Promise:
    """A 2xx answer about an order, a payment or a refund (public id), and the moment when it was in the client's hands.

    `key` is the Idempotency-Key under which it was asked for, "" for a notice.
    """

    kind: Kind
    number: str
    moment: int = 0
    key: str = ""


class Promises:
    """Promises as clients receive them, from any thread; `moment` names the present one."""

    def __init__(self, moment: Callable[[], int] = lambda: 0) -> None:
        self.kept: list[Promise] = []
        self._moment = moment
        self._more = threading.Condition()

    def keep(self, kind: Kind, number: str, key: str = "") -> None:
        """Remember a 2xx answer that has just come."""
        with self._more:
            self.kept.append(Promise(kind, number, self._moment(), key))
            self._more.notify_all()

    def await_count(self, count: int, seconds: float) -> bool:
        """Whether that many came within that time."""
        with self._more:
            return self._more.wait_for(lambda: len(self.kept) >= count, seconds)


KNOWN: dict[Kind, Select[Any]] = {
    "placed": select(Order.public_id),
    "cancelled": select(Order.public_id).where(Order.state.in_(("cancelled", "refunded"))),
    "collected": select(Order.public_id).join(Redemption, Redemption.order_id == Order.id)
    .group_by(Order.public_id).having(func.count() == 1),
    "paid": select(Payment.public_id).where(Payment.state == "succeeded"),
    "returned": select(Refund.public_id).where(Refund.state == "succeeded"),
}  # fmt: skip
"""The numbers of which each kind of promise is true."""


def broken(unit: Transactions, promises: Iterable[Promise]) -> list[str]:
    """Every promise that the database does not keep, every order given twice, and every breach of an invariant."""
    told = list(promises)
    with unit.reading() as ctx:
        known = {kind: set(ctx.session.scalars(those)) for kind, those in KNOWN.items()}
        breaches = [f"invariant {breach.rule}: {breach.row}" for breach in invariants.check(ctx)]
    lost = [f"{one.kind} {one.number} was acknowledged and is not so" for one in told
            if one.number not in known[one.kind]]  # fmt: skip
    return [*lost, *_twice(told), *breaches]


def _twice(told: list[Promise]) -> list[str]:
    """Keys under which clients were given several orders, and orders that were given under several keys."""
    placed = {(one.key, one.number) for one in told if one.kind == "placed"}
    times = Counter(key for key, _ in placed) + Counter(number for _, number in placed)
    return [f"{what} stands for {count} orders or keys" for what, count in times.items() if count > 1]
