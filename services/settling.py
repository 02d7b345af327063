"""Settling a closed campaign: one transaction decides, bounded batches carry it out, `settled_at` ends it.

Killing it between any two statements and starting again gives the same end: the decision is one compare-and-set on the
campaign, and each order is carried out once, gated by its own `settled_epoch`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, exists, select, update

from domain.campaigns import MONEY_BACK_WORDS, BelowMinimum, CancelReason, MinimumKind
from domain.line_money import tier_price
from domain.money import yuan
from domain.settling import CountedLine, Outcome, Terms, decide
from models import Campaign, Offer, Order, OrderLine
from services import (
    announcing,
    cancelling,
    closing,
    commissions,
    counting,
    notices,
    pricing,
    promising,
    refunds,
    returning,
    transitions,
)
from services.context import Ctx
from services.desk_money import due
from services.pickup.units import handed
from services.writing import changed

ALONE_AT_ONCE = 100  # an order that is done alone takes many statements, and the offers stay locked meanwhile
UNSETTLED = ("pending_payment", "paid", "confirmed", "ready")


def undecided(ctx: Ctx, limit: int = 100) -> list[int]:
    """Closed campaigns whose last hold has ended, so that their outcome can be decided."""
    held = exists().where(Order.campaign_id == Campaign.id, Order.state == "pending_payment")
    statement = select(Campaign.id).where(Campaign.state == "closed", Campaign.outcome_at.is_(None), ~held)
    return list(ctx.session.scalars(statement.order_by(Campaign.closed_at, Campaign.id).limit(limit)))


def unfinished(ctx: Ctx, limit: int = 100) -> list[int]:
    """Campaigns whose outcome is stored and not yet carried out on every order."""
    statement = select(Campaign.id).where(Campaign.outcome_at.is_not(None), Campaign.settled_at.is_(None))
    return list(ctx.session.scalars(statement.order_by(Campaign.outcome_at, Campaign.id).limit(limit)))


def decide_outcome(ctx: Ctx, campaign_id: int) -> str | None:
    """Store offer outcomes and formed, failed or extended in one transaction; None when it is not time or was done."""
    campaign = ctx.session.get_one(Campaign, campaign_id)
    offers = closing.lock_offers(ctx, campaign)
    transitions.lock(ctx, campaign)
    if campaign.state != "closed" or campaign.outcome_at is not None or _anything_held(ctx, campaign):
        return None
    minimums = {offer.id: offer.minimum_units for offer in offers}
    outcome = decide(_terms(ctx, campaign), minimums, _counted(ctx, campaign))
    if outcome.campaign == "extend" and campaign.extend_until:
        closing.extend(ctx, campaign, campaign.extend_until)
    else:
        _store(ctx, campaign, offers, outcome)
    return outcome.campaign


def _anything_held(ctx: Ctx, campaign: Campaign) -> bool:
    held = select(Order.id).where(Order.campaign_id == campaign.id, Order.state == "pending_payment")
    return ctx.session.scalars(held.limit(1)).first() is not None


def _terms(ctx: Ctx, campaign: Campaign) -> Terms:
    """What was promised; an extension whose own time passed in an outage would admit nobody."""
    kind, below = MinimumKind(campaign.minimum_kind), BelowMinimum(campaign.below_minimum)
    in_time = campaign.extend_until is not None and campaign.extend_until > ctx.now
    return Terms(campaign.minimum, kind, below, may_extend=in_time and campaign.extended_at is None)


def _counted(ctx: Ctx, campaign: Campaign) -> list[CountedLine]:
    units = OrderLine.ordered_units - OrderLine.refunded_units
    statement = (
        select(Order.resident_id, OrderLine.offer_id, units, OrderLine.unit_price_fen * units)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(Order.campaign_id == campaign.id, Order.counted, units > 0)
    )
    return [CountedLine(*row) for row in ctx.session.execute(statement)]


def _store(ctx: Ctx, campaign: Campaign, offers: list[Offer], outcome: Outcome) -> None:
    tiers = pricing.tiers_of(ctx, [offer.id for offer in offers])
    for offer in offers:
        if offer.id in outcome.failed_offers:
            transitions.move(ctx, offer, "fail")
        else:
            closing = tier_price(offer.price_fen, tiers.get(offer.id, []), offer.sold_units)
            transitions.move(ctx, offer, "form", closing_price_fen=closing)
    transitions.move(ctx, campaign, outcome.campaign, outcome_at=ctx.now, revision=Campaign.revision + 1)


def carry_out(ctx: Ctx, campaign_id: int, limit: int = 200, *, together: bool = True) -> int:
    """Carry the stored outcome out on up to `limit` orders and finish the campaign after the last; returns how many.

    The outcome is read after orders and offers are locked; a cancel that comes later begins a new epoch, in which they
    are unsettled again. Locks are taken as everywhere: orders, then offers, then the campaign. What is usual is done
    `together`, every other order alone, and those above `ALONE_AT_ONCE` next time.
    """
    statement = select(Order.id).where(_unsettled(campaign_id)).order_by(Order.settled_epoch, Order.id).limit(limit)
    ids = ctx.session.scalars(statement.with_for_update(skip_locked=True, key_share=True)).all()
    campaign = ctx.session.get_one(Campaign, campaign_id)
    closing.lock_offers(ctx, campaign)
    ctx.session.refresh(campaign)  # only now: a cancel may have slipped in while the offers were its own
    if campaign.outcome_at is None:
        return 0
    usual = promising.promise(ctx, campaign, ids) if together and ids and campaign.state == "formed" else set()
    alone = [order_id for order_id in ids if order_id not in usual][:ALONE_AT_ONCE]
    _carry_out_alone(ctx, campaign, alone)
    if not ids:
        _finish(ctx, campaign)
    return len(usual) + len(alone)


def _carry_out_alone(ctx: Ctx, campaign: Campaign, ids: Sequence[int]) -> None:
    if not ids:
        return
    failed = _failed_offers(ctx, campaign)
    statement = select(Order).where(Order.id.in_(ids)).order_by(Order.id)
    for order in ctx.session.scalars(statement, execution_options={"populate_existing": True}).all():
        _carry_out_on(ctx, campaign, order, failed)


def _unsettled(campaign_id: int) -> ColumnElement[bool]:
    epoch = select(Campaign.epoch).where(Campaign.id == campaign_id).scalar_subquery()
    return (Order.campaign_id == campaign_id) & Order.state.in_(UNSETTLED) & (Order.settled_epoch < epoch)


def _failed_offers(ctx: Ctx, campaign: Campaign) -> Mapping[int, CancelReason]:
    """Why the lines of each failed offer go back."""
    statement = select(Offer.id).where(Offer.campaign_id == campaign.id, Offer.state == "failed")
    reason = {"failed": CancelReason.CAMPAIGN_FAILED, "cancelled": CancelReason.CAMPAIGN_CANCELLED}.get(
        campaign.state, CancelReason.OFFER_FAILED
    )
    return dict.fromkeys(ctx.session.scalars(statement), reason)


def _carry_out_on(ctx: Ctx, campaign: Campaign, order: Order, failed: Mapping[int, CancelReason]) -> None:
    order.settled_epoch = campaign.epoch
    if order.state == "pending_payment":  # only a cancelled campaign settles before its holds have ended
        cancelling.withdraw(ctx, order, CancelReason.CAMPAIGN_CANCELLED)
        _tell_ended(ctx, order, CancelReason.CAMPAIGN_CANCELLED)
        return
    lines = counting.lines_of(ctx, order)
    _return_failed(ctx, order, lines, failed)
    if any(line.refunded_units < line.ordered_units for line in lines):
        _confirm(ctx, campaign, order, lines)
    for line in lines:
        commissions.rebase(ctx, order, line)


def _return_failed(ctx: Ctx, order: Order, lines: list[OrderLine], failed: Mapping[int, CancelReason]) -> None:
    gone = {line: _left(line) for line in lines if line.offer_id in failed and _left(line)}
    if not gone:
        return
    reason = failed[next(iter(gone)).offer_id]
    decided = returning.take_off(ctx, order, gone, reason)
    if all(_left(line) == 0 for line in lines) and not any(handed(line) for line in lines):
        ended = returning.end(ctx, order, reason)
        if ended and not decided and order.state == "cancelled":
            _tell_ended(ctx, order, reason)
    elif not decided:
        names = "、".join(line.offer_name for line in gone)
        words = f"{names}：{MONEY_BACK_WORDS[reason]}，这一项已取消，不收费。"
        notices.tell(ctx, order, "failed", f"lines_ended:{order.id}:{order.settled_epoch}", "部分商品已取消", words)


def _tell_ended(ctx: Ctx, order: Order, reason: CancelReason) -> None:
    """Who has no money coming back hears of the end all the same."""
    notices.tell(ctx, order, "failed", f"ended:{order.id}", "订单已取消", f"{MONEY_BACK_WORDS[reason]}，订单已取消。")


def _left(line: OrderLine) -> int:
    return line.ordered_units - line.refunded_units - line.collected_units - line.lapsed_units


def _confirm(ctx: Ctx, campaign: Campaign, order: Order, lines: list[OrderLine]) -> None:
    """What remains of a paid order is confirmed; in a cancelled campaign only what was collected remains."""
    unpromised = order.state == "confirmed" and not any(line.confirmed_units for line in lines)
    if campaign.state == "formed" and (order.state == "paid" or unpromised):
        _promise(ctx, campaign, order, lines)
    elif order.state == "ready":
        returning.end(ctx, order, CancelReason.CAMPAIGN_CANCELLED)


def _promise(ctx: Ctx, campaign: Campaign, order: Order, lines: list[OrderLine]) -> None:
    """Confirm what remains, at the price that the group reached, and tell the buyer both."""
    for line in lines:
        line.confirmed_units = line.ordered_units - line.refunded_units
    ctx.session.flush()
    if order.state == "paid":
        transitions.move(ctx, order, "confirm")
    lower = [words for line in lines if (words := _rebate(ctx, order, line))]
    if lower:
        notices.tell(ctx, order, "refund", f"rebate:{order.id}", "拼团降价", "；".join(lower))
    cost = f"货款 {yuan(_net(lines))}" if order.paid_at else f"收货时付 {yuan(due.due_fen(order, lines))}"
    notices.tell_all(ctx, "formed", {order: promising.formed(campaign, order, cost)})


def _rebate(ctx: Ctx, order: Order, line: OrderLine) -> str:
    """Give the difference to the tier reached back; returns what the buyer reads, "" when there is none."""
    closing = ctx.session.get_one(Offer, line.offer_id).closing_price_fen
    if closing is None:
        return ""
    unit_fen = pricing.price_of(line).rebate_down_to(closing, line.unit_price_fen)
    amount = refunds.rebate(ctx, order, line, unit_fen)
    if not amount:
        return ""
    prices = f"单价从 {yuan(line.unit_price_fen)} 降到 {yuan(line.unit_price_fen - unit_fen)}"
    way = "原路退回" if order.paid_fen else "取货时少付"
    return f"{line.offer_name} {prices}，{line.confirmed_units} {line.unit}差价 {yuan(amount)} {way}"


def _net(lines: list[OrderLine]) -> int:
    return sum(line.amount_fen - line.refunded_fen for line in lines)


def _finish(ctx: Ctx, campaign: Campaign) -> None:
    """End settling if nothing is left; rows that another process holds still count as left."""
    done = update(Campaign).where(
        Campaign.id == campaign.id, Campaign.settled_at.is_(None), Campaign.outcome_at.is_not(None),
        ~exists().where(_unsettled(campaign.id)),
    )  # fmt: skip
    if changed(ctx.session, done.values(settled_at=ctx.now)):
        ctx.session.refresh(campaign)
        if campaign.state in ("formed", "failed"):
            announcing.outcome(ctx, campaign, campaign.state)
