"""Planted bugs in captured money and its way back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select, update

from chaos.histories.bug import bug
from domain.campaigns import CancelReason
from domain.line_money import LinePrice
from models import OrderLine, Payment, Refund
from services import counting, paid_orders, payments, refund_results, refunds, returning
from services.writing import changed


@bug("3 a captured fen of an order that is over goes back", paid_orders, "start_counting",
     "a payment that is told of after its hold is kept, and its order is not")  # fmt: skip
def told_too_late(true: Any) -> Any:
    """Nothing happens once the hold is over."""

    def start_counting(ctx: Any, order: Any, campaign: Any, paid_fen: int, **how: Any) -> None:
        if not paid_fen or ctx.now <= order.hold_until:
            true(ctx, order, campaign, paid_fen, **how)

    return start_counting


@bug("3 a settled campaign keeps nothing for what failed and was not handed over", returning, "take_off",
     "of a line that failed the last unit does not go back")  # fmt: skip
def the_last_unit_is_kept(true: Any) -> Any:
    """One unit less, where there is more than one."""

    def take_off(ctx: Any, order: Any, gone: Any, reason: Any) -> int:
        failed = reason in (CancelReason.CAMPAIGN_FAILED, CancelReason.CAMPAIGN_CANCELLED, CancelReason.OFFER_FAILED)
        some = {line: max(1, units - 1) for line, units in gone.items()} if failed else gone
        return int(true(ctx, order, some, reason))

    return take_off


@bug("3 each captured fen is in an order, a refund or a suspense case", paid_orders, "start_counting",
     "an order is paid with what it cost before the discount")  # fmt: skip
def paid_before_the_discount(true: Any) -> Any:
    """Add the discount again."""

    def start_counting(ctx: Any, order: Any, campaign: Any, paid_fen: int, **how: Any) -> None:
        discount = sum(line.discount_fen for line in counting.lines_of(ctx, order))
        true(ctx, order, campaign, paid_fen + discount, **how)

    return start_counting


@bug("3 nothing is captured by a payment that did not succeed", payments, "_capture",
     "a payment told of after its time keeps its state")  # fmt: skip
def captured_in_silence(true: Any) -> Any:
    """Only the sums."""

    def capture(ctx: Any, payment: Any, trade: Any, *, counted: bool) -> None:
        if ctx.now <= payment.expires_at:
            true(ctx, payment, trade, counted=counted)
            return
        sums = {"received_fen": trade.total_fen, "settled_fen": trade.payer_fen, "counted": counted}
        mine = update(Payment).where(Payment.id == payment.id)
        changed(ctx.session, mine.values(transaction_id=trade.transaction_id, succeeded_at=trade.success_at, **sums))
        ctx.session.refresh(payment)

    return capture


@bug("3 what a payment gives back is the sum of its refunds", refunds, "_add_part",
     "a rebate does not use up what its payment can give back")  # fmt: skip
def rebates_are_free(true: Any) -> Any:
    """Put it back."""

    def add_part(ctx: Any, payment: Any, amount: int, reason: Any, *, kind: str, **of: Any) -> Any:
        part = true(ctx, payment, amount, reason, kind=kind, **of)
        if kind == "rebate":
            mine = update(Payment).where(Payment.id == payment.id)
            changed(ctx.session, mine.values(refunded_fen=Payment.refunded_fen - amount))
        return part

    return add_part


@bug("4 a refund is the sum of its lines", refunds, "_grow_waiting",
     "a second part joins a waiting refund without its sum")  # fmt: skip
def a_refund_does_not_grow(true: Any) -> Any:
    """Find it, and add nothing."""
    return lambda ctx, payment, _amount: true(ctx, payment, 0)


@bug("4 a line's refunds are what it says", refunds, "rebate", "a line notes the rebate of one unit as that of all")
def one_rebate_for_all(true: Any) -> Any:
    """Not times the units."""

    def rebate(ctx: Any, order: Any, line: Any, unit_fen: int) -> int:
        given = int(true(ctx, order, line, unit_fen))
        changed(ctx.session, update(OrderLine).where(OrderLine.id == line.id).values(rebate_fen=unit_fen))
        ctx.session.refresh(line)
        return given

    return rebate


@bug("4 units carry their shares of the line's price, to the fen", LinePrice, "of_first",
     "the odd fen of a discount belong to no unit")  # fmt: skip
def odd_fen_are_lost(_true: Any) -> Any:
    """Equal shares only."""

    def of_first(price: LinePrice, units: int) -> int:
        rebated = max(0, units - (price.units - price.confirmed_units))
        return price.amount_fen // price.units * units - price.rebate_unit_fen * rebated

    return of_first


@bug("4 a delivery fee goes back or is earned, never both", refunds, "_give_back_fee",
     "the delivery fee is noted as given back, and is not")  # fmt: skip
def the_fee_is_kept(true: Any) -> Any:
    """As for an order that was never paid."""
    return lambda ctx, order, _payment, reason: true(ctx, order, None, reason)


@bug("4 an order has back what its refunds have paid", refund_results, "finish",
     "an order that was cancelled does not hear of its refund")  # fmt: skip
def the_cancelled_hear_nothing(true: Any) -> Any:
    """It is over, after all."""

    def finish(ctx: Any, order: Any, payment: Any, refund: Any, words: str) -> None:
        if order.state != "cancelled":
            true(ctx, order, payment, refund, words)

    return finish


@bug("6 one refund per payment is in flight", refund_results, "claimable claim",
     "a refund does not wait for the one before, neither when it is looked for nor when it is claimed")  # fmt: skip
def refunds_overtake(_claimable: Any, _claim: Any) -> Any:
    """Only its own lease counts."""

    def free(ctx: Any) -> Any:
        unleased = or_(Refund.lease_until.is_(None), Refund.lease_until < ctx.now)
        return (Refund.state == "requested") & (Refund.waiting != refunds.STAFF_TASK) & unleased

    def claimable(ctx: Any, limit: int = 50) -> list[int]:
        due = select(Refund.id).where(free(ctx), Refund.due_at <= ctx.now)
        return list(ctx.session.scalars(due.order_by(Refund.id).limit(limit)))

    def claim(ctx: Any, refund_id: int) -> Any:
        leased = update(Refund).where(Refund.id == refund_id, free(ctx))
        sent = {"lease_until": ctx.now + refund_results.LEASE, "first_sent_at": ctx.now}
        if not changed(ctx.session, leased.values(attempts=Refund.attempts + 1, **sent)):
            return None
        refund = ctx.session.get_one(Refund, refund_id, populate_existing=True)
        return refund_results.request_of(refund, ctx.session.get_one(Payment, refund.payment_id))

    return claimable, claim
