"""Leaving for good: refused while anything of the person runs, saying what; then they are a stranger to the books."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, exists, func, or_, select

from domain.actors import Role
from domain.aftersales import LIVE
from domain.errors import NotFinished
from domain.ledger import Account
from models import (
    Campaign,
    Claim,
    DeskLease,
    Leader,
    Order,
    Payment,
    PickupPoint,
    PickupStaff,
    Posting,
    Refund,
    Resident,
    Settlement,
    Shift,
    ShippingUpload,
    SuspenseCase,
)
from services import audit, forgetting, payments
from services.context import Ctx
from services.pickup.completing import UNFINISHED

RUNNING = ("scheduled", "open", "paused", "closed", "formed", "fulfilling")
OWED = (Account.LEADER_PENDING, Account.LEADER_PAYABLE)


def leave(ctx: Ctx) -> None:
    """Delete the acting resident's account; raises `NotFinished` with what still runs.

    The row is held, so that an order placed at this moment is either seen here or finds the stranger.
    """
    ctx.require(Role.RESIDENT)
    ctx.session.execute(select(Resident.id).where(Resident.id == ctx.resident_id).with_for_update())
    left = running(ctx)
    if left:
        raise NotFinished(what="、".join(f"{count} {words}" for words, count in left.items()))
    forgetting.forget(ctx, ctx.resident_id)
    audit.record(ctx, "resident", ctx.resident_id, "delete")


def running(ctx: Ctx) -> dict[str, int]:
    """What must end before the acting resident may leave, in words, and how many of it: nothing when it is empty."""
    counts = {words: ctx.session.scalar(statement) or 0 for words, statement in _reasons(ctx).items()}
    return {words: count for words, count in counts.items() if count}


def _reasons(ctx: Ctx) -> dict[str, Select[int]]:
    me, count = ctx.resident_id, func.count()
    paid_by_me = exists().where(Payment.order_id == Order.id, Payment.payer_id == me, Payment.counted)
    mine = or_(Order.resident_id == me, Payment.payer_id == me)
    of_payments = select(count).select_from(Payment).join(Order, Order.id == Payment.order_id)
    return {
        "笔没有结束的订单": select(count).where(
            Order.state.in_(UNFINISHED), or_(Order.resident_id == me, paid_by_me)
        ),
        "笔正在付的款": select(count).where(Payment.payer_id == me, Payment.state.in_(payments.LIVE)),
        "笔退款": of_payments.join(Refund, Refund.payment_id == Payment.id).where(
            mine, Refund.state.in_(("requested", "submitted", "abnormal"))
        ),
        "笔待查的款": of_payments.join(SuspenseCase, SuspenseCase.payment_id == Payment.id).where(
            mine, SuspenseCase.state == "open"
        ),
        "笔待上传的发货信息": of_payments.join(ShippingUpload, ShippingUpload.payment_id == Payment.id).where(
            Payment.payer_id == me, ShippingUpload.state == "pending"
        ),
        "件售后": select(count).where(Claim.resident_id == me, Claim.state.in_(LIVE)),
        "张没有付清的结算单": select(count).where(Settlement.resident_id == me, Settlement.state != "paid"),
        "个由您保管的自提点": select(count).where(PickupPoint.keeper_id == me),
        **_as_leader(me),
        **_as_staff(ctx, me),
    }  # fmt: skip


def _as_leader(me: int) -> dict[str, Select[int]]:
    count = func.count()
    led = select(Leader.id).where(Leader.resident_id == me)
    unsettled = Campaign.state.in_(("failed", "cancelled")) & Campaign.closed_at.is_not(None)
    owners = select(Leader.public_id).where(Leader.resident_id == me)
    balances = (
        select(Posting.account)
        .where(Posting.owner.in_(owners), Posting.account.in_(OWED))
        .group_by(Posting.account)
        .having(func.sum(Posting.amount_fen) != 0)
        .subquery()
    )
    return {
        "个没有结束的团": select(count).where(
            Campaign.leader_id.in_(led),
            or_(Campaign.state.in_(RUNNING), unsettled & Campaign.settled_at.is_(None)),
        ),
        "笔佣金余额": select(count).select_from(balances),
    }  # fmt: skip


def _as_staff(ctx: Ctx, me: int) -> dict[str, Select[int]]:
    count = func.count()
    staff = select(PickupStaff.id).where(PickupStaff.resident_id == me)
    lease: tuple[ColumnElement[bool], ...] = (DeskLease.ended_at.is_(None), DeskLease.until > ctx.now)
    return {
        "个没有交班的钱箱": select(count).where(
            Shift.by_label.in_(forgetting.labels(ctx, me)), Shift.state != "handed_over"
        ),
        "份离线租约": select(count).where(DeskLease.staff_id.in_(staff), *lease),
    }  # fmt: skip
