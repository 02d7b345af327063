"""The end of a history: everything comes to rest, and our books are laid beside the sandbox's own ledger."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from chaos.histories.world import World
from domain.actors import CLOCK, SYSTEM
from models import JournalEntry, Leader, Order, Payment, Payout, Posting, Refund, SuspenseCase
from services.explaining.subjects import explain

REST = 40
TOP_UP_FEN = 10_000_000
TOLD = 2
"""How many payments of a history are explained, besides the campaign and the leaders."""
UNSETTLED_REFUNDS = ("requested", "submitted")


def rest(world: World) -> None:
    """Heal every outage and let time pass until nothing is on its way, or fail."""
    world.heal()
    # What was paid out, or is frozen, may be what a refund waits for: the operator puts money in.
    world.stage.sandbox.control("funds/top-up", fen=TOP_UP_FEN)
    for notice in world.stage.sandbox.seen("notices")["notices"]:
        if notice["number"].startswith("STRAY"):  # nobody can ask about a number that was never asked for
            world.stage.sandbox.control(f"notices/{notice['id']}/resend")
    world.post()
    for letter in world.letters:
        world.receive(letter)
    for round_number in range(REST):
        world.stage.clock.advance(minutes=6 if round_number < REST // 2 else 300)
        world.sweep()
        world.post()
        if not _under_way(world):
            return
    raise AssertionError(f"it does not come to rest: {_under_way(world)}")


def _under_way(world: World) -> list[str]:
    refunds = [
        f"refund {row.public_id} {row.state} {row.waiting}"
        for row in world.rows(Refund, Refund.state.in_(UNSETTLED_REFUNDS))
        if row.waiting != "staff_task"
    ]
    payments = world.rows(Payment, Payment.state.in_(("created", "awaiting_payer")))
    orders = world.orders("pending_payment")
    waiting = [row for row in payments if any(order.id == row.order_id for order in orders)]
    payouts = [
        f"payout {row.public_id} {row.state} {row.waiting}"
        for row in world.rows(Payout, Payout.state.in_(("requested", "submitted")))
        if row.waiting not in ("waiting_funds", "refused")
    ]
    return payouts + refunds + [f"payment {row.public_id} {row.state}" for row in waiting]


def unexplained(world: World) -> list[str]:
    """Every difference between our rows and the sandbox's ledger, in either direction; empty when not a fen is left."""
    ledger = world.stage.sandbox.seen("ledger")
    return [*_payments(world, ledger), *_refunds(world, ledger), *_transfers(world, ledger), *_clearing(world, ledger)]


def untold(world: World) -> list[str]:
    """Everything that the campaign, its payments, its leader and its helper cannot explain of their own money."""
    paid = [row.public_id for row in world.rows(Payment)]
    leaders = [row.public_id for row in world.rows(Leader)]
    subjects_of = [("campaign", world.scene.campaign), *(("payment", number) for number in paid[-TOLD:]),
                   *(("leader", number) for number in leaders)]  # fmt: skip
    found = []
    for kind, number in subjects_of:
        with world.unit(SYSTEM) as ctx:
            told = explain(ctx, kind, number)
        if told.unexplained_fen or told.differences:
            found.append(f"{kind} {number} leaves {told.unexplained_fen} unexplained: {told.equation.words}")
        found += [f"{entry.id} does not sum to zero" for entry in told.entries
                  if sum(leg.amount_fen for leg in entry.legs)]  # fmt: skip
    return found


def _payments(world: World, ledger: Any) -> list[str]:
    ours = {row.public_id: row.received_fen for row in world.rows(Payment, Payment.state == "succeeded",
                                                                  Payment.method == "wechat")}  # fmt: skip
    ours |= {row.out_trade_no: row.received_fen for row in world.rows(SuspenseCase, SuspenseCase.payment_id.is_(None))}
    return _unequal("payment", ours, {row["out_trade_no"]: row["total_fen"] for row in ledger["payments"]})


def _refunds(world: World, ledger: Any) -> list[str]:
    sent = Refund.state.in_(("submitted", "succeeded", "abnormal", "closed"))
    through = select(Payment.id).where(Payment.method == "wechat")
    ours = {
        row.public_id: row.amount_fen
        for row in world.rows(Refund, sent, Refund.payment_id.in_(through))
        if row.channel == "gateway" or row.settled_fen  # or paid by hand after the gateway could not
    }
    return _unequal("refund", ours, {row["out_refund_no"]: row["refund_fen"] for row in ledger["refunds"]})


def _transfers(world: World, ledger: Any) -> list[str]:
    ours = {row.out_bill_no: row.amount_fen for row in world.rows(Payout, Payout.state == "succeeded")}
    theirs = {row["out_bill_no"]: row["amount_fen"] for row in ledger["transfers"] if row["state"] == "SUCCESS"}
    return _unequal("transfer", ours, theirs)


def _clearing(world: World, ledger: Any) -> list[str]:
    """What our books say the gateway holds for us, without its own fees, is what it holds."""
    with world.stage.unit.reading(CLOCK) as ctx:
        booked = select(func.coalesce(func.sum(Posting.amount_fen), 0)).join(
            JournalEntry, JournalEntry.id == Posting.entry_id
        )
        held = ctx.session.scalars(
            booked.where(Posting.account.in_(("gateway_clearing", "gateway_balance", "gateway_fee")),
                         JournalEntry.event.not_in(("bill_funds", "difference_accepted")))
        ).one()  # fmt: skip
        back = ctx.session.scalars(select(func.coalesce(func.sum(Order.paid_fen - Order.refunded_fen), 0))).one()
    found = []
    fees = ledger["fee_fen"] - ledger["fee_back_fen"]
    # What the gateway took for a refund has left our books, and leaves its account when the refund succeeds.
    stuck = sum(row.settled_fen for row in world.rows(Refund, Refund.state.in_(("submitted", "abnormal"))))
    theirs = ledger["balance_fen"] - ledger["topped_up_fen"] + ledger["withdrawn_fen"]
    if held != theirs + fees - stuck:
        found.append(f"clearing: {held} with us, {theirs} + {fees} - {stuck} at the gateway")
    if back < 0:
        found.append(f"orders gave back {-back} more than was paid")
    return found if ledger["balanced"] else [*found, "the gateway's own books do not balance"]


def _unequal(kind: str, ours: dict[str, int], theirs: dict[str, int]) -> list[str]:
    return [
        f"{kind} {number}: {ours.get(number)} with us, {theirs.get(number)} at the gateway"
        for number in sorted(ours.keys() | theirs.keys())
        if ours.get(number) != theirs.get(number)
    ]
