"""Planted bugs in the books: entries, accounts, bills, statements."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import insert, select, update

from chaos.histories.bug import bug
from domain import commissions as commission_rules
from domain.ledger import Account
from domain.posting_rules import Event, legs
from models import JournalEntry, Payout, Posting
from services import commissions, ledger, payouts, refunds, suspense
from services.pickup import handing
from services.reconciling import booking, cases, matching
from services.settlements import drafting
from services.writing import changed, insert_all


@bug("2 every entry sums to zero", ledger, "post_all", "the fee on a payment is booked on one side only")
def a_fee_on_one_side(true: Any) -> Any:
    """One leg too many."""

    def post_all(ctx: Any, event: Event, bookings: Any) -> int:
        booked = int(true(ctx, event, bookings))
        if booked and event is Event.PAYMENT_SUCCEEDED:
            entry = select(JournalEntry.id).where(JournalEntry.event == event, JournalEntry.cause == bookings[0].cause)
            fee = {"entry_id": ctx.session.scalar(entry), "account": Account.GATEWAY_FEE, "owner": "", "amount_fen": 6}
            ctx.session.execute(insert(Posting), [fee])
        return booked

    return post_all


@bug("2 every entry has two legs", ledger, "post_all", "what costs nothing leaves an empty entry")
def an_empty_entry(true: Any) -> Any:
    """Write entries of nothing but zeros, too."""

    def post_all(ctx: Any, event: Event, bookings: Any) -> int:
        empty = [one for one in bookings if not legs(event, one.amounts, one.owners)]
        same = {"event": event, "posted_at": ctx.now}
        insert_all(ctx.session, JournalEntry, [ledger._row(one, ctx.now) for one in empty], JournalEntry.id, same=same)
        return int(true(ctx, event, bookings))

    return post_all


@bug("3 escrow holds exactly what is neither refunded nor handed over", refunds, "_decide",
     "the difference to a lower tier goes back without an entry")  # fmt: skip
def a_rebate_without_an_entry(true: Any) -> Any:
    """Only the part of the refund."""

    def decide(ctx: Any, order: Any, payment: Any, amount: int, reason: Any, *, kind: str, **of: Any) -> Any:
        if kind == "rebate" and payment is not None:
            return refunds._add_part(ctx, payment, amount, reason, kind=kind, **of)
        return true(ctx, order, payment, amount, reason, kind=kind, **of)

    return decide


@bug("2 every other account holds what the rows say", handing.HandOver, "booking",
     "what is handed over stays on the shelf")  # fmt: skip
def the_shelf_stays_full(true: Any) -> Any:
    """Forget the cost."""

    def booked(act: Any) -> Any:
        entry = true.fget(act)
        return replace(entry, amounts={**entry.amounts, "cost": 0})

    return property(booked)


@bug("2 each payee is owed what the rows say", commissions, "_owners", "the helper's part is owed to the leader")
def the_helper_gets_nothing(true: Any) -> Any:
    """The leader twice."""

    def owners(ctx: Any, order: Any, leader: str) -> dict[str, str]:
        return dict.fromkeys(true(ctx, order, leader), leader)

    return owners


@bug("2 gateway clearing and its bill hold what the gateway has of ours", suspense, "unknown_number",
     "money under an unknown number is kept as a case and not booked")  # fmt: skip
def strays_are_not_booked(_true: Any) -> Any:
    """A case alone."""

    def unknown_number(ctx: Any, trade: Any) -> None:
        suspense.open_case(ctx, trade.transaction_id, trade.out_trade_no, trade.total_fen, trade.payer_fen,
                           "unknown_number", "no payment has this number", book=False)  # fmt: skip

    return unknown_number


@bug("2 what the bills did to gateway clearing is told number by number", booking, "PARTS",
     "a bill's payment is noted as if it left clearing alone")  # fmt: skip
def a_payment_of_no_effect(true: Any) -> Any:
    """Another factor in the table."""
    return {**true, "payment": replace(true["payment"], clearing=0)}


@bug("2 what a matched bill shows has left gateway clearing, or has an open case", matching, "targets",
     "a bill's refund is ticked off and its fee booked, its sum is not")  # fmt: skip
def a_refund_is_only_ticked_off(true: Any) -> Any:
    """Leave the sum out."""
    return lambda row, found, before: [one for one in true(row, found, before) if one.kind != "refund"]


@bug("2 each row of a matched bill is booked or has a case", cases, "sync",
     "a difference of which nothing is ours makes no case")  # fmt: skip
def not_ours_not_seen(true: Any) -> Any:
    """Only differences with a sum of ours."""
    return lambda ctx, day, source, found, **how: true(ctx, day, source, [one for one in found if one.ours_fen], **how)


@bug("4 commission is what the rate makes of the line's net, and its parts make the whole", commission_rules, "pending",
     "commission is rounded half up")  # fmt: skip
def commission_is_rounded_up(_true: Any) -> Any:
    """To the nearest fen instead of down."""
    return lambda rate_bps, net_fen: (rate_bps * net_fen + 5_000) // 10_000


@bug("2 a statement is the sum of its postings, all its payee's", drafting, "_name_postings",
     "a statement leaves its last posting out")  # fmt: skip
def a_posting_is_left_out(true: Any) -> Any:
    """All but one."""
    return lambda ctx, settlement, rows: true(ctx, settlement, rows[:-1])


@bug("6 a statement is paid once, in full, or not at all", payouts, "_new", "a withdrawal pays no single fen")
def odd_fen_stay_here(true: Any) -> Any:
    """Whole jiao only."""

    def new(ctx: Any, settlement: Any) -> Payout:
        payout: Payout = true(ctx, settlement)
        less = update(Payout).where(Payout.id == payout.id)
        changed(ctx.session, less.values(amount_fen=Payout.amount_fen - Payout.amount_fen % 10))
        ctx.session.refresh(payout)
        return payout

    return new
