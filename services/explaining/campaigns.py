"""A campaign explained: money in, refunds by reason, rebates, shortages, cost, commission, fees, and what is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import ColumnElement, or_, select

from domain.aftersales import BEARER_WORDS, Bearer
from domain.ledger import Account
from domain.line_money import tier_price
from domain.money import yuan
from models import Campaign, Delivery, JournalEntry, Merchant, Offer, Order, OrderLine, Payment
from services import pricing
from services.context import Ctx
from services.explaining import facts, holdings, journal, proving, telling
from services.explaining.holdings import Holdings, Key
from services.explaining.shapes import Equation, Explanation, Term

A = Account
INCOME = (A.SALES, A.RETURNS, A.DELIVERY_INCOME, A.COST_OF_GOODS, A.COMMISSION_EXPENSE, A.POINT_FEE_EXPENSE,
          A.GATEWAY_FEE, A.PROMOTION)  # fmt: skip
MOST_ENTRIES = 500


def explain(ctx: Ctx, campaign: Campaign) -> Explanation:
    """All its orders together, the goods that arrived for them, and what the bills say of its payments."""
    of = holdings.of_orders(ctx, Order.campaign_id == campaign.id)
    numbers = holdings.numbers_of(Payment.order_id.in_(select(Order.id).where(Order.campaign_id == campaign.id)))
    which = or_(
        JournalEntry.campaign_id == campaign.id, _arrived(ctx, campaign), proving.from_bills(numbers)
    )  # fmt: skip
    expected = holdings.accounts(of)
    expected.update(holdings.arrivals(of))
    expected.update(holdings.billed(proving.bookings(ctx, numbers)))
    booked = proving.booked(ctx, which)
    wrong = proving.differences(ctx, booked, expected)
    equation, margin = telling.money_of(of), _margin(booked, expected)
    said = [
        _headline(campaign, of), *_goods(ctx, campaign, of), *_reasons(of), *_owed(ctx, of), _fees(expected),
        f"{equation.words}。", f"{margin.words}。", *telling.troubles(wrong),
    ]  # fmt: skip
    entries = journal.entries(ctx, which, MOST_ENTRIES)
    count = journal.count(ctx, which)
    return Explanation("campaign", campaign.public_id, said, entries, count, equation, wrong, margin)


def _arrived(ctx: Ctx, campaign: Campaign) -> ColumnElement[bool]:
    """Entries of goods counted in, or shared out after a shortage, in this campaign's deliveries, by merchant."""
    deliveries = ctx.session.scalars(select(Delivery.id).where(Delivery.campaign_id == campaign.id)).all()
    merchants = ctx.session.scalars(select(Merchant.public_id).where(Merchant.leader_id == campaign.leader_id)).all()
    causes = [f"{why}:{row}:{owner}" for why in ("delivery", "shortage") for row in deliveries for owner in merchants]
    return JournalEntry.cause.in_(causes)


def _margin(booked: Mapping[Key, int], expected: Mapping[Key, int]) -> Equation:
    """What the books say was earned against the rows' own sums of it."""
    fen: Counter[str] = Counter()
    for (account, _), amount in expected.items():
        fen[account] -= amount
    earned = -sum(amount for (account, _), amount in booked.items() if account in INCOME)
    return Equation(
        Term("margin", "毛利", earned),
        [
            Term("sales", "货款收入", fen[A.SALES]), Term("delivery", "配送费收入", fen[A.DELIVERY_INCOME]),
            Term("returns", "售后退款", fen[A.RETURNS]), Term("cost", "商品成本", fen[A.COST_OF_GOODS]),
            Term("commission", "佣金费用", fen[A.COMMISSION_EXPENSE]),
            Term("point_fees", "自提点费用", fen[A.POINT_FEE_EXPENSE]),
            Term("gateway_fees", "已知通道手续费", fen[A.GATEWAY_FEE]), Term("promotion", "通道优惠", fen[A.PROMOTION]),
        ],
    )  # fmt: skip


def _headline(campaign: Campaign, of: Holdings) -> str:
    received = sum(payment.received_fen for payment, _ in of.payments)
    counted = sum(each.order.counted for each in of.placed)
    return (
        f"「{campaign.title}」（{campaign.public_id}）：{len(of.placed)} 单，计入 {counted} 单，"
        f"{len(of.payments)} 笔付款共 {yuan(received)}。"
    )


def _goods(ctx: Ctx, campaign: Campaign, of: Holdings) -> list[str]:
    """Each offer: how many, the tier reached and what it gave back."""
    said = []
    offers = list(ctx.session.scalars(select(Offer).where(Offer.campaign_id == campaign.id).order_by(Offer.position)))
    tiers = pricing.tiers_of(ctx, [offer.id for offer in offers])
    for offer in offers:
        lines = [line for line in of.lines if line.offer_id == offer.id]
        words = (
            f"{offer.name}：成团 {sum(line.confirmed_units for line in lines)} {lines[0].unit}" if lines else offer.name
        )
        said.append(f"{words}，{_price(offer, tiers.get(offer.id, []), lines)}。")
    return said


def _price(offer: Offer, tiers: list[tuple[int, int]], lines: list[OrderLine]) -> str:
    closing = offer.closing_price_fen
    if closing is None or closing == offer.price_fen:
        return f"单价 {yuan(offer.price_fen)}"
    start = next((units for units, price in tiers if tier_price(offer.price_fen, tiers, units) == closing == price), 0)
    rebate = sum(line.rebate_fen for line in lines)
    return f"达到 {start} 起的阶梯价 {yuan(closing)}（原价 {yuan(offer.price_fen)}），退差价 {yuan(rebate)}"


def _reasons(of: Holdings) -> list[str]:
    """Refunds by reason, units among them (a shortage is one)."""
    return [
        f"退款——{words}：{yuan(fen)}" + (f"，{units} 件。" if units else "。")
        for words, fen, units in telling.reasons(of)
    ]


def _owed(ctx: Ctx, of: Holdings) -> list[str]:
    """Commission by leader and helper, goods by merchant, fees by point."""
    owed: Counter[tuple[str, str]] = Counter()
    for each in of.placed:
        owed["自提点服务费", each.point] += each.order.point_fee_fen
        for line, merchant in each.lines:
            owed["到货货款", merchant] += line.arrived_units * line.supply_price_fen
            owed["团长佣金", each.leader] += line.commission_fen - line.helper_commission_fen
            if each.helper is not None:
                owed["帮卖佣金", each.helper] += line.helper_commission_fen
    names = facts.names_of(ctx, {owner for _, owner in owed})
    said = [f"{what}——{names[owner]}：{yuan(fen)}。" for (what, owner), fen in owed.items() if fen]
    borne = {claim.public_id: (claim.borne_by, claim.borne_fen) for claim, _, _ in of.claims if claim.borne_fen}
    return [*said, *(f"售后——{BEARER_WORDS[Bearer(by)]}承担 {yuan(fen)}。" for by, fen in borne.values())]


def _fees(expected: Mapping[Key, int]) -> str:
    fee = expected.get((A.GATEWAY_FEE, ""), 0)
    return f"通道手续费按账单 {yuan(fee)}。"
