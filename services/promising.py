"""Confirming the usual orders of a formed campaign many at a time: the rows that settling writes for each alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from domain.money import yuan
from models import Campaign, Offer, Order, OrderLine
from services import commissions, notices, pricing, transitions
from services.context import Ctx
from services.hot.rows import Bulk, among

COLUMNS: tuple[Any, ...] = (
    Order.id, Order.campaign_id, Order.resident_id, Order.roster_number,
    OrderLine.id.label("line_id"), OrderLine.offer_id, OrderLine.amount_fen, OrderLine.ordered_units,
    OrderLine.confirmed_units, OrderLine.rebate_unit_fen, OrderLine.refunded_units, OrderLine.refunded_fen,
    OrderLine.unit_price_fen, OrderLine.commission_bps,
)  # fmt: skip
CONFIRM_LINES = Bulk(
    "UPDATE order_lines SET confirmed_units = ordered_units, commission_fen = r.commission_fen"
    " FROM {rows} WHERE order_lines.id = r.id",
    id=int,
    commission_fen=int,
)


def promise(ctx: Ctx, campaign: Campaign, ids: Sequence[int]) -> set[int]:
    """Confirm those of a formed campaign's orders that were paid and of which nothing goes back; returns their ids.

    The caller holds the orders' rows and the offers'. Orders with a helper, with a line that failed, was reduced or
    became cheaper are left alone. A dozen statements for any number of orders.
    """
    usual = _usual(ctx, campaign, ids)
    if not usual:
        return set()
    transitions.move_all(ctx, Order, "confirm", Order.id.in_(among(ctx.session, list(usual))),
                         settled_epoch=campaign.epoch)  # fmt: skip
    lines = [line for found in usual.values() for line in found]
    promised = commissions.promised(ctx, campaign, lines)
    CONFIRM_LINES(ctx.session.connection(), [(line.line_id, promised.get(line.line_id, 0)) for line in lines])
    told = {found[0]: formed(campaign, found[0], _price(found)) for found in usual.values()}
    notices.tell_all(ctx, "formed", told)
    return set(usual)


def formed(campaign: Campaign, order: Order | Row[Any], cost: str) -> notices.Notice:
    """What the buyer of a confirmed order is told; `cost` says what is paid, or when it will be."""
    words = f"「{campaign.title}」已成团，接龙号 {order.roster_number}，{cost}"
    return notices.Notice(f"formed:{order.id}", "已成团", words)


def _price(lines: Sequence[Row[Any]]) -> str:
    return f"货款 {yuan(sum(line.amount_fen for line in lines))}"


def _usual(ctx: Ctx, campaign: Campaign, ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    """The lines of each order that is confirmed as it was ordered, by the order's id."""
    offers = ctx.session.scalars(select(Offer).where(Offer.campaign_id == campaign.id))
    closing = {offer.id: offer.closing_price_fen for offer in offers if offer.state == "formed"}
    statement = (
        select(*COLUMNS)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.id.in_(among(ctx.session, ids)), Order.state == "paid", Order.help_sell_id.is_(None))
        .order_by(Order.id, OrderLine.offer_id)
    )
    found: dict[int, list[Row[Any]]] = {}
    for line in ctx.session.execute(statement):
        found.setdefault(line.id, []).append(line)
    return {number: lines for number, lines in found.items() if all(_as_ordered(line, closing) for line in lines)}


def _as_ordered(line: Row[Any], closing: dict[int, int | None]) -> bool:
    """Whether nothing was or is to be taken off a line, and its price stays."""
    if line.offer_id not in closing or line.refunded_units or line.refunded_fen or line.confirmed_units:
        return False
    price = closing[line.offer_id]
    return price is None or not pricing.price_of(line).rebate_down_to(price, line.unit_price_fen)
