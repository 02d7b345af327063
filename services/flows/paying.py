"""Being paid: prepay, the gateway's notices, and asking the gateway when it stays silent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update

from domain.actors import GATEWAY, Actor
from domain.errors import GatewayDown, WrongState
from models import GatewayEvent, Order, Payment
from services import payments, payout_results, refund_results
from services.context import Ctx, Unit
from services.ports import Notice, Outside, OutsideError, Refused, Trade
from services.writing import changed, insert_ignoring

UNHEARD_OF = ("ORDER_NOT_EXIST", "ORDERNOTEXIST")  # the gateway's own pages spell it both ways


@dataclass(frozen=True)
class PayerParams:
    """What `wx.requestPayment` needs, and the payment's own number."""

    payment: str
    params: dict[str, str]


def ask_to_pay(unit: Unit, outside: Outside, actor: Actor, order: str) -> PayerParams:
    """Begin or resume the actor's payment of an order: intent, prepay at the gateway, result.

    Raises what `payments.ask` raises, or `GatewayDown` when the gateway gave no answer; asking again is safe.
    """
    with unit(actor) as ctx:
        asked = payments.ask(ctx, order)
    prepay_id = asked.prepay_id
    if prepay_id is None:
        try:
            prepay_id = outside.gateway.prepay(asked.request)
        except Refused as refusal:
            raise WrongState("the gateway refused this payment", state=refusal.code, event="prepay") from refusal
        except OutsideError as trouble:
            raise GatewayDown from trouble
        with unit(actor) as ctx:
            payments.prepaid(ctx, asked.payment, prepay_id)
    return PayerParams(asked.request.out_trade_no, outside.gateway.payer_params(prepay_id))


def receive_notice(unit: Unit, outside: Outside, headers: Mapping[str, str], body: bytes,
                   at_once: Callable[[Notice], bool | None] | None = None) -> Notice:  # fmt: skip
    """Take a gateway notice: verified first (raises `BadNotice`, nothing written), then its one effect, committed.

    A notice that came before only counts its delivery. `at_once` may do it with others, and says whether it did.
    """
    notice = outside.gateway.read_notice(dict(headers), body)
    if at_once is not None and at_once(notice):
        return notice
    with unit(GATEWAY) as ctx:
        if _first_time(ctx, notice):
            if notice.trade is not None:
                payments.book_trade(ctx, notice.trade)
            if notice.refund is not None:
                refund_results.book(ctx, notice.refund)
            if notice.transfer is not None:
                payout_results.book(ctx, notice.transfer)
    return notice


def _first_time(ctx: Ctx, notice: Notice) -> bool:
    fresh = insert_ignoring(
        ctx.session, GatewayEvent, ["event_id"], event_id=notice.event_id, event_type=notice.event_type,
        number=notice.number, deliveries=1, received_at=ctx.now,
    )  # fmt: skip
    if not fresh:
        seen = update(GatewayEvent).where(GatewayEvent.event_id == notice.event_id)
        changed(ctx.session, seen.values(deliveries=GatewayEvent.deliveries + 1))
    return fresh


def look_up(unit: Unit, outside: Outside, actor: Actor, order: str) -> str:
    """A buyer's 查一下: ask the gateway about this order's live payments now; returns the order's state.

    Raises `NotFound`, or `GatewayDown` when the gateway gave no answer.
    """
    with unit.reading(actor) as ctx:
        row = payments.order_for_payer(ctx, order)
        order_id, numbers = row.id, payments.live_numbers(ctx, row.id)
    try:
        for _, number in numbers:
            book_if_captured(unit, outside, number)
    except OutsideError as trouble:
        raise GatewayDown from trouble
    with unit.reading(actor) as ctx:
        return ctx.session.get_one(Order, order_id).state


def book_if_captured(unit: Unit, outside: Outside, number: str) -> Trade | None:
    """Query one payment at the gateway and book what it captured; None when the gateway has never heard of it."""
    try:
        trade = outside.gateway.query(number)
    except Refused as refusal:
        if refusal.code not in UNHEARD_OF:
            raise
        return None
    with unit(GATEWAY) as ctx:
        payments.book_trade(ctx, trade)
    return trade


def poll_silent(unit: Unit, outside: Outside, limit: int = 300) -> int:
    """Ask about payments that have been waiting for over a minute; returns how many were asked.

    A time stamp on each row lets several schedulers share the work.
    """
    asked = 0
    with unit.reading(GATEWAY) as ctx:
        before = ctx.now - timedelta(seconds=ctx.policy.silent_payment_poll_seconds)
        silent = select(Payment.id, Payment.public_id).where(
            Payment.state == "awaiting_payer", Payment.asked_at <= before
        )
        rows = ctx.session.execute(silent.order_by(Payment.asked_at).limit(limit)).all()
    for payment_id, number in rows:
        with unit(GATEWAY) as ctx:
            won = payments.claim_look(ctx, payment_id, before)
        if won:
            asked += 1
            try:
                book_if_captured(unit, outside, number)
            except OutsideError:
                break  # silent for everybody: the next sweep asks again
    return asked
