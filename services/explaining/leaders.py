"""A leader explained: commission earned order by order, what of it is payable, on its way and paid out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from domain.clock import local
from domain.ledger import Account
from domain.money import yuan
from models import Campaign, Claim, HelpSell, JournalEntry, Leader, Order, OrderLine, Payout, Posting, Settlement
from services.context import Ctx
from services.explaining import journal, proving, telling
from services.explaining.holdings import Key
from services.explaining.shapes import Equation, Explanation, Term

A = Account
MOST_ORDERS = 200
ON_ITS_WAY = ("requested", "submitted")
STATES = {
    "draft": "待复核", "approved": "已复核，可提现", "paying": "提现途中", "paid": "已到账",
    "failed": "提现未成功，可再提",
}  # fmt: skip


@dataclass(frozen=True)
class Earned:
    """What one order has earned a leader (fen): `released` of `total` is past its after-sales days."""

    order: str
    campaign: str
    total: int
    released: int


def explain(ctx: Ctx, leader: Leader) -> Explanation:
    """From commission promised to money on the leader's phone."""
    earned = _earned(ctx, leader)
    borne = _borne(ctx, leader)
    paid, on_its_way = (_payouts(ctx, leader, states) for states in (telling.DONE, ON_ITS_WAY))
    total, released = sum(row.total for row in earned), sum(row.released for row in earned)
    payable = released - borne - on_its_way - paid
    equation = Equation(
        Term("earned", "佣金", total),
        [
            Term("pending", "待结算", total - released), Term("payable", "可提", payable),
            Term("on_its_way", "提现途中", on_its_way), Term("paid_out", "已到账", paid),
            Term("borne", "售后承担", borne),
        ],
    )  # fmt: skip
    which = JournalEntry.id.in_(select(Posting.entry_id).where(Posting.owner == leader.public_id))
    expected: dict[Key, int] = {
        (A.LEADER_PENDING, leader.public_id): released - total, (A.LEADER_PAYABLE, leader.public_id): -payable,
        (A.WITHDRAWAL_HOLD, leader.public_id): -on_its_way,
    }  # fmt: skip
    booked = proving.booked(ctx, and_(which, Posting.owner == leader.public_id))
    wrong = proving.differences(ctx, booked, expected)
    entries = journal.entries(ctx, which)
    said = [
        f"团长 {leader.display_name}：{equation.words}。",
        *_orders(earned), *_statements(ctx, leader), *telling.told(entries), *telling.troubles(wrong),
    ]  # fmt: skip
    return Explanation("leader", leader.public_id, said, entries, journal.count(ctx, which), equation, wrong)


def _earned(ctx: Ctx, leader: Leader) -> list[Earned]:
    """What each order earned: the leader's part of own campaigns, the helper's part of campaigns helped."""
    own = OrderLine.commission_fen - OrderLine.helper_commission_fen
    of_own = _per_order(own).where(Campaign.leader_id == leader.id)
    helped = _per_order(OrderLine.helper_commission_fen).join(HelpSell, HelpSell.id == Order.help_sell_id)
    rows = [*_rows(ctx, of_own), *_rows(ctx, helped.where(HelpSell.leader_id == leader.id))]
    return [row for row in rows if row.total]


def _per_order(part: Any) -> Any:
    released = func.sum(part).filter(OrderLine.commission_released_at.is_not(None))
    return (
        select(Order.public_id, Campaign.title, func.sum(part), func.coalesce(released, 0))
        .join(OrderLine, OrderLine.order_id == Order.id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .group_by(Order.id, Order.public_id, Campaign.title)
        .order_by(Order.id)
    )


def _rows(ctx: Ctx, statement: Any) -> Sequence[Earned]:
    return [Earned(order, title, int(total), int(done)) for order, title, total, done in ctx.session.execute(statement)]


def _borne(ctx: Ctx, leader: Leader) -> int:
    statement = (
        select(func.coalesce(func.sum(Claim.borne_fen), 0))
        .join(Campaign, Campaign.id == Claim.campaign_id)
        .where(Campaign.leader_id == leader.id, Claim.state == "accepted", Claim.borne_by == "leader")
    )
    return int(ctx.session.scalar(statement) or 0)


def _payouts(ctx: Ctx, leader: Leader, states: Sequence[str]) -> int:
    statement = (
        select(func.coalesce(func.sum(Payout.amount_fen), 0))
        .join(Settlement, Settlement.id == Payout.settlement_id)
        .where(Settlement.payee == leader.public_id, Payout.state.in_(states))
    )
    return int(ctx.session.scalar(statement) or 0)


def _orders(earned: Sequence[Earned]) -> list[str]:
    said = [
        f"订单 {row.order}（「{row.campaign}」）佣金 {yuan(row.total)}，"
        f"{'可提' if row.released == row.total else '待结算'}。"
        for row in earned[:MOST_ORDERS]
    ]
    more = earned[MOST_ORDERS:]
    return [*said, f"其余 {len(more)} 单共 {yuan(sum(row.total for row in more))}。"] if more else said


def _statements(ctx: Ctx, leader: Leader) -> list[str]:
    rows = ctx.session.scalars(select(Settlement).where(Settlement.payee == leader.public_id).order_by(Settlement.id))
    return [
        f"结算单 {row.public_id}（截至 {local(row.until)}）{yuan(row.amount_fen)}：{STATES[row.state]}。"
        for row in rows
    ]
