"""Gateway notices, many in one transaction: what pays an order is booked set by set, the rest goes the plain way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from domain.actors import GATEWAY
from domain.payments import Arrival, classify
from services import payments
from services.context import Ctx
from services.hot import notice_rows as sql
from services.hot.notice_writing import Paid, book
from services.hot.rejudging import Rejudge
from services.ports import Notice, Trade
from services.transactions import Transactions

TRIES = 4


@dataclass(frozen=True, eq=False)
class Heard:
    """A verified notice, and the request that brought it."""

    notice: Notice
    request_id: str


class Noticing:
    """Work for the committer: True for each notice that is taken in and committed, None for the plain path.

    A round takes each event once and counts how often it came; one order is paid once in a round.
    """

    def __init__(self, unit: Transactions) -> None:
        self._unit = unit

    def __call__(self, heard: Sequence[Heard]) -> list[bool | None]:
        """An outcome for each, in order."""
        first: dict[str, Heard] = {}
        for each in heard:
            first.setdefault(each.notice.event_id, each)
        times = Counter(each.notice.event_id for each in heard)
        settled: dict[str, bool | None] = {}
        left, tries = list(first.values()), 0
        while left and tries < TRIES:
            now_settled = self._round(left, times)
            tries = 0 if now_settled else tries + 1
            settled |= now_settled
            left = [each for each in left if each.notice.event_id not in settled]
        return [settled.get(each.notice.event_id) for each in heard]

    def _round(self, heard: Sequence[Heard], times: Counter[str]) -> dict[str, bool | None]:
        settled: dict[str, bool | None] = {}
        try:
            with self._unit(GATEWAY) as ctx:
                paying, known = _judge(ctx, heard, settled)
                taken = [*(each for each, _ in paying), *known]
                fresh = _take_in(ctx, taken, times) if taken else set()
                book(ctx, [paid for each, paid in paying if each.notice.event_id in fresh])
        except Rejudge as again:
            return settled | {each.notice.event_id: None for each in again.alone}
        return settled | {each.notice.event_id: True for each in taken}


def _judge(ctx: Ctx, heard: Sequence[Heard],
           settled: dict[str, bool | None]) -> tuple[list[tuple[Heard, Paid]], list[Heard]]:  # fmt: skip
    """Those that pay an order, one for each order, and those that change nothing any more; others wait or go alone."""
    found = _payments(ctx, [each.notice.number for each in heard])
    paying: list[tuple[Heard, Paid]] = []
    known: list[Heard] = []
    orders: set[int] = set()
    deciding: set[int] = set()
    for each in heard:
        row, trade = found.get(each.notice.number), each.notice.trade
        arrival = _arrival(row, trade)
        if row is None or trade is None or arrival not in (Arrival.COUNT, Arrival.ALREADY_BOOKED):
            settled[each.notice.event_id] = None
        elif arrival is Arrival.ALREADY_BOOKED:
            known.append(each)
        elif row.order_id not in orders and row.campaign_id not in deciding:
            orders.add(row.order_id)
            deciding |= {row.campaign_id} if row.close_on_target else set()
            paying.append((each, Paid(each, trade, row.order_id, row.id)))
    return paying, known


def _payments(ctx: Ctx, numbers: Sequence[str]) -> dict[str, Any]:
    rows = sql.PAYMENTS(ctx.session.connection(), [(number,) for number in dict.fromkeys(numbers)])
    return {row.public_id: row for row in rows}


def _arrival(row: Any, trade: Trade | None) -> Arrival | None:
    """What a success means on what is committed; None for what is no success, or was opened at a desk."""
    if row is None or trade is None or trade.state not in payments.CAPTURED:
        return None
    if row.state != "succeeded" and row.desk_by:
        return None
    return classify(row.state, row.order_state, row.amount_fen, trade.total_fen or 0)


def _take_in(ctx: Ctx, taken: Sequence[Heard], times: Counter[str]) -> set[str]:
    """Which of these events were not known before."""
    now = ctx.now
    notices = sorted((each.notice for each in taken), key=lambda notice: notice.event_id)
    rows = [(it.event_id, it.event_type, it.number, times[it.event_id], now) for it in notices]
    found = sql.TAKE_IN(ctx.session.connection(), rows)
    return {row.event_id for row in found if row.deliveries == times[row.event_id]}
