"""Writing a batch of hand-overs: the orders are held, then every row is written in one statement a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from domain.pickup import aftersales_until
from domain.posting_rules import Event
from domain.privacy import masked_name
from domain.state_tables import ORDER, PICKUP_CODE
from services import ledger
from services.context import Ctx
from services.hot import join_rows
from services.hot import redeem_rows as sql
from services.hot.rejudging import Rejudge
from services.hot.requests import HandOut, Said
from services.pickup import finishing, redeeming
from services.pickup.handing import HandOver
from services.pickup.units import fresh, waiting
from services.queries.redemptions import HandedItem, HandedOver, RedemptionShown

COLLECT, REDEEM = ORDER.moves["collect"], PICKUP_CODE.moves["redeem"]
_CELLS = itemgetter(*sql.REDEMPTION_COLUMNS)


@dataclass(eq=False)
class Handed:
    """An order that changes hands whole: who asked and by which key, its held row, its lines, and what follows."""

    asked: HandOut
    key_id: int
    by_name: str
    order: Any
    lines: Sequence[Any]
    redemption: dict[str, Any] = field(default_factory=dict)
    acts: list[HandOver] = field(default_factory=list)
    fee_fen: int = 0

    def shown(self) -> RedemptionShown:
        """It as the desk reads it."""
        order, made = self.order, self.redemption
        items = [HandedItem(act.line.public_id, act.line.offer_name, act.line.unit, act.units) for act in self.acts]
        return RedemptionShown(
            made["public_id"], order.public_id, COLLECT.target, order.roster_number,
            masked_name(order.nickname, order.anonymous), self.by_name, made["found_by"], made["reason"],
            made["created_at"], None, None, items,
        )  # fmt: skip


def write(ctx: Ctx, handed: Sequence[Handed]) -> dict[HandOut, Said]:
    """Hand the orders over as `redeeming.redeem` does, and store the answers; raises `Rejudge`."""
    _record(ctx, handed)
    _hand_over(ctx, handed)
    _finish(ctx, handed)
    _book(ctx, handed)
    return _answer(ctx, handed)


def _record(ctx: Ctx, handed: Sequence[Handed]) -> None:
    connection, now = ctx.session.connection(), ctx.now
    for each in handed:
        asked = each.asked
        each.redemption = redeeming.values(each.order, asked.asked.actor, each.by_name, asked.found_by, now)
    found = sql.INSERT_REDEMPTIONS(connection, [_CELLS(each.redemption) for each in handed])
    made = {row.order_id: row.id for row in found}
    rows = [(made[line.order_id], line.id, waiting(line)) for each in handed for line in each.lines if waiting(line)]
    parts = {row.order_line_id: row.id for row in sql.INSERT_REDEMPTION_LINES(connection, rows)}
    for each in handed:
        each.acts = [
            HandOver(each.order, line, waiting(line), f"redemption_line:{parts[line.id]}")
            for line in each.lines
            if waiting(line)
        ]


def _hand_over(ctx: Ctx, handed: Sequence[Handed]) -> None:
    """Units, sales and commission of every line, if it still stands as it was judged."""
    rows = [
        (act.line.id, act.units, act.sales_fen, act.expensed_fen, act.line.collected_units, act.line.lapsed_units,
         act.line.refunded_units, act.line.arrived_units, act.line.sales_fen)
        for each in handed
        for act in each.acts
    ]  # fmt: skip
    if len(sql.HAND_OVER(ctx.session.connection(), rows)) != len(rows):
        raise Rejudge


def _finish(ctx: Ctx, handed: Sequence[Handed]) -> None:
    """The orders are collected and their codes used up; the keeper's fee is counted on the order."""
    connection, now = ctx.session.connection(), ctx.now
    rows = []
    for each in handed:
        order = each.order
        fee_fen = finishing.point_fee_fen(order.delivery_method, order.fee_fen)
        each.fee_fen = fee_fen - order.point_fee_fen
        order.finishes += 1 if each.fee_fen else 0
        until = aftersales_until(now, fresh(each.lines), ctx.policy)
        rows.append((order.id, COLLECT.target, now, until, fee_fen, order.finishes))
    sql.FINISH(connection, rows)
    by_order = {each.order.id: each for each in handed}
    (source,) = REDEEM.sources
    used = sql.USE_CODES(connection, [(order_id, source, REDEEM.target) for order_id in by_order])
    moved = [(each, ORDER.name, each.order.id, COLLECT, each.order.state) for each in handed]
    moved += [(by_order[row.order_id], PICKUP_CODE.name, row.id, REDEEM, source) for row in used]
    audit = [
        (each.asked.asked.actor.label, machine, row_id, move.event, before, move.target, each.asked.asked.request_id,
         now)
        for each, machine, row_id, move, before in moved
    ]  # fmt: skip
    join_rows.INSERT_AUDIT(connection, audit)


def _book(ctx: Ctx, handed: Sequence[Handed]) -> None:
    """Sales, cost and commission of the lines, and what the points' keepers are owed."""
    ledger.post_all(ctx, Event.UNITS_HANDED_OVER, [act.booking for each in handed for act in each.acts])
    fees = [finishing.fee_booking(each.order, each.fee_fen, each.order.point) for each in handed if each.fee_fen]
    ledger.post_all(ctx, Event.POINT_FEE, fees)


def _answer(ctx: Ctx, handed: Sequence[Handed]) -> dict[HandOut, Said]:
    said = {
        each.asked: Said(each.asked.asked.status, each.asked.asked.write(HandedOver([each.shown()]))) for each in handed
    }
    rows = [(each.key_id, said[each.asked].status, said[each.asked].text) for each in handed]
    join_rows.ANSWER_KEYS(ctx.session.connection(), rows)
    return said
