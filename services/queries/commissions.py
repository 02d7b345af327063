"""Commission line by line as its leader reads it: how it was reckoned, and every entry of the books that made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, or_, select

from domain.actors import Role
from domain.clock import local
from domain.ledger import Account
from domain.money import yuan
from domain.posting_rules import Event
from models import Campaign, HelpSell, JournalEntry, Leader, Order, OrderLine, Posting
from services.campaigns.finding import own
from services.context import Ctx
from services.explaining import facts, words
from services.paging import Page, Slice
from services.queries.line_words import net_fen
from services.queries.pages import older, sliced

EARNED_ON = {Event.COMMISSION_PENDING: Account.LEADER_PENDING, Event.COMMISSION_RELEASED: Account.LEADER_PAYABLE}
"""The account on which an entry of the event owes the leader something."""


@dataclass(frozen=True)
class CommissionLine:
    """One line's commission in fen, as the books owe it to the acting leader; `net_fen` is what the goods brought in.

    `state` is pending, released (payable after its after-sales days) or none; `why` says it in Chinese.
    """

    order_id: str
    number: int | None
    item: str
    net_fen: int
    rate_bps: int
    commission_fen: int
    state: str
    why: str


def commissions(ctx: Ctx, page: Page, campaign_id: str | None = None) -> Slice[CommissionLine]:
    """Confirmed lines that earn the acting leader something, in own campaigns and through help-selling, newest first.

    Of one own campaign when it is named; a handful of statements. Raises `NotFound`.
    """
    ctx.require(Role.LEADER)
    leader = ctx.session.get_one(Leader, ctx.actor.id)
    mine = Campaign.leader_id == leader.id
    fits = [or_(mine, HelpSell.leader_id == leader.id)]
    if campaign_id:
        fits = [Campaign.id == own(ctx, campaign_id).id]
    statement = (
        select(OrderLine, Order, HelpSell)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Campaign, Campaign.id == Order.campaign_id)
        .outerjoin(HelpSell, HelpSell.id == Order.help_sell_id)
        .where(*fits, OrderLine.confirmed_units > 0, OrderLine.commission_bps > 0)
        .where(~and_(mine, Order.resident_id == leader.resident_id), older(OrderLine.id, page))
        .order_by(OrderLine.id.desc())
        .limit(page.limit + 1)
    )
    rows = ctx.session.execute(statement).all()
    entries = _entries(ctx, leader, [order.id for _, order, _ in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _shown(leader, row, entries.get(row[0].id, [])))


@dataclass(frozen=True)
class _Entry:
    """One entry about a line, with what it gave the leader (fen) and its sentence."""

    event: Event
    fen: int
    said: str


def _entries(ctx: Ctx, leader: Leader, orders: Sequence[int]) -> dict[int, list[_Entry]]:
    """By line: the commission entries of the orders, as far as they touch this leader's account, oldest first."""
    touches = [and_(JournalEntry.event == event, Posting.account == account) for event, account in EARNED_ON.items()]
    statement = (
        select(JournalEntry, Posting.amount_fen)
        .join(Posting, Posting.entry_id == JournalEntry.id)
        .where(JournalEntry.order_id.in_(orders), Posting.owner == leader.public_id, or_(*touches))
        .order_by(JournalEntry.id)
    )
    rows = ctx.session.execute(statement).all()
    known = facts.of_causes(ctx, [entry.cause for entry, _ in rows])
    found: dict[int, list[_Entry]] = {}
    for entry, amount in rows:
        event, line = Event(entry.event), int(entry.cause.split(":")[1])
        said = words.sentence(event, "commission", -amount, known[entry.cause], leader.display_name)
        found.setdefault(line, []).append(_Entry(event, -amount, f"{local(entry.posted_at)} {said}"))
    return found


def _shown(leader: Leader, row: Row[OrderLine, Order, HelpSell | None] | Any, entries: Sequence[_Entry]
           ) -> CommissionLine:  # fmt: skip
    line, order, help_sell = row
    fen = sum(entry.fen for entry in entries if entry.event is Event.COMMISSION_PENDING)
    state = "none" if not fen else "pending" if line.commission_released_at is None else "released"
    helps = help_sell is not None and help_sell.leader_id == leader.id
    said = [reckoned(line, help_sell, helps=helps), *(entry.said for entry in entries)]
    return CommissionLine(
        order.public_id, order.roster_number, f"{line.offer_name} {line.ordered_units}{line.unit}", net_fen(line),
        line.commission_bps, fen, state, "；".join(said) + "。",
    )  # fmt: skip


def reckoned(line: OrderLine, help_sell: HelpSell | None, *, helps: bool) -> str:
    """`成交 ¥39.98 × 10% = ¥3.99（不足一分的舍去）`, and how a helper shares in it."""
    whole = f"成交 {yuan(net_fen(line))} × {_percent(line.commission_bps)} = {yuan(line.commission_fen)}"
    if net_fen(line) * line.commission_bps % 10_000:
        whole += "（不足一分的舍去）"
    if help_sell is None:
        return whole
    helped = yuan(line.helper_commission_fen)
    part = f"其中 {_percent(line.helper_bps)} 归帮卖团长，{helped}"
    return f"{whole}，{part}" if helps else f"{whole}，{part}，余下归您"


def _percent(bps: int) -> str:
    """`10%`, `7.5%`."""
    whole, rest = divmod(bps, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%" if rest else f"{whole}%"
