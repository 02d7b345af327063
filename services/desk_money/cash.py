"""Cash at the desk: payment and hand-over are one act in one transaction."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import update

from domain.actors import Role
from domain.errors import NoShift
from domain.ids import new_id
from domain.money import yuan
from domain.posting_rules import Event
from models import Order, Payment, Redemption, Shift
from services import audit, counting, ledger, notices
from services.context import Ctx
from services.desk_money import due, shifts
from services.pickup import redeeming
from services.writing import changed


@dataclass(frozen=True)
class TakeCash:
    """Cash was taken for what is due of these orders (public ids): hand over all that waits in them.

    `found_by` and `pass_shown` are as in `redeeming.Redeem`.
    """

    orders: tuple[str, ...]
    found_by: str
    pass_shown: str = ""


def take(ctx: Ctx, command: TakeCash) -> list[Redemption]:
    """Book the cash in the actor's open shift and hand over: all of it happens, or nothing.

    An order is paid in full for everything that is left of it and handed over whole; what was paid before, or costs
    nothing, is handed over along with it. Raises `NoShift`, `StillToCome`, and what `redeeming.redeem` raises.
    """
    ctx.require(Role.STAFF, Role.LEADER)
    for order in redeeming.hold(ctx, command.orders):
        if order.state == "ready" and due.due_fen(order, counting.lines_of(ctx, order)):
            _pay(ctx, order, due.whole(ctx, order))
    return redeeming.redeem(ctx, redeeming.Redeem(command.orders, command.found_by, pass_shown=command.pass_shown))


def _pay(ctx: Ctx, order: Order, fen: int) -> None:
    shift = shifts.mine_open(ctx)
    still_open = update(Shift).where(Shift.id == shift.id, Shift.state == "open")
    if not changed(ctx.session, still_open.values(taken_fen=Shift.taken_fen + fen)):
        raise NoShift
    payment = Payment(
        public_id=new_id("Payment", ctx.now), state="succeeded", order_id=order.id, payer_id=order.resident_id,
        amount_fen=fen, received_fen=fen, settled_fen=fen, counted=True, method="cash", shift_id=shift.id,
        expires_at=ctx.now, asked_at=ctx.now, succeeded_at=ctx.now, created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(payment)
    ctx.session.flush()
    audit.record(ctx, "payment", payment.id, "take_cash", states=("", "succeeded"))
    owners = {"shift": shift.public_id}
    ledger.post(ctx, Event.DESK_CASH, f"payment:{payment.id}", {"amount": fen}, order=order, owners=owners)
    due.paid(ctx, order, fen)
    notices.tell(ctx, order, "paid", f"paid:{payment.id}", "已收款", f"柜台已收现金 {yuan(fen)}，商品已交给您。")
