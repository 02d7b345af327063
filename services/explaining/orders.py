"""An order explained: what was paid for it, what of it was handed over, waits, or went back."""

from __future__ import annotations

from sqlalchemy import and_, or_, select

from domain.money import yuan
from domain.posting_rules import Event
from domain.privacy import masked_name
from models import Campaign, JournalEntry, Order, OrderLine, Payment, Resident
from services.context import Ctx
from services.explaining import holdings, journal, proving, telling
from services.explaining.holdings import Holdings
from services.explaining.shapes import Explanation
from services.pickup.units import handed


def explain(ctx: Ctx, order: Order) -> Explanation:
    """From its payments to its lines, its refunds and its commission.

    Goods at supply price are counted in for a whole delivery, and so they are proved with the campaign.
    """
    of = holdings.of_orders(ctx, Order.id == order.id)
    numbers = holdings.numbers_of(Payment.order_id == order.id)
    from_bills = proving.from_bills(numbers)
    proved = and_(JournalEntry.order_id == order.id, JournalEntry.event != Event.GOODS_ARRIVED)
    expected = holdings.accounts(of)
    expected.update(holdings.billed(proving.bookings(ctx, numbers)))
    wrong = proving.differences(ctx, proving.booked(ctx, or_(proved, from_bills)), expected)
    shown = or_(JournalEntry.order_id == order.id, from_bills)
    entries = journal.entries(ctx, shown)
    equation = telling.money_of(of)
    said = [
        _headline(ctx, order), *(_line(line) for line in of.lines), *telling.told(entries),
        *(telling.refund_words(refund) for refund in of.refunds), _commission(of), f"{equation.words}。",
        *telling.troubles(wrong),
    ]  # fmt: skip
    return Explanation("order", order.public_id, said, entries, journal.count(ctx, shown), equation, wrong)


def _headline(ctx: Ctx, order: Order) -> str:
    title, owner = ctx.session.execute(
        select(Campaign.title, Resident)
        .select_from(Order)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .join(Resident, Resident.id == Order.resident_id)
        .where(Order.id == order.id)
    ).one()
    number = f"{order.roster_number} 号 " if order.roster_number else ""
    who = masked_name(owner.nickname, owner.anonymous)
    fee = f"，含配送费 {yuan(order.delivery_fee_fen)}" if order.delivery_fee_fen else ""
    return f"订单 {order.public_id}：「{title}」{number}{who}，下单时 {yuan(order.total_fen)}{fee}。"


def _line(line: OrderLine) -> str:
    said = [f"{line.offer_name} {line.ordered_units} {line.unit}，单价 {yuan(line.unit_price_fen)}"]
    if line.discount_fen:
        said.append(f"满减 {yuan(line.discount_fen)}")
    said.append(f"共 {yuan(line.amount_fen)}")
    if line.rebate_fen:
        said.append(f"拼团降价每{line.unit}退 {yuan(line.rebate_unit_fen)}，共 {yuan(line.rebate_fen)}")
    if line.refunded_units:
        said.append(f"未交付退 {line.refunded_units} {line.unit}")
    if handed(line):
        said.append(f"已交付 {handed(line)} {line.unit}，合 {yuan(line.sales_fen)}")
    if line.aftersales_fen:
        said.append(f"售后退 {yuan(line.aftersales_fen)}")
    if line.waived_fen:
        said.append(f"收款前免去 {yuan(line.waived_fen)}")
    return "，".join(said) + "。"


def _commission(of: Holdings) -> str:
    total = sum(line.commission_fen for line in of.lines)
    helped = sum(line.helper_commission_fen for line in of.lines)
    released = sum(line.commission_fen for line in of.lines if line.commission_released_at is not None)
    parts = f"，其中帮卖团长 {yuan(helped)}" if helped else ""
    return f"这单的佣金 {yuan(total)}{parts}；已可提 {yuan(released)}，待结算 {yuan(total - released)}。"
