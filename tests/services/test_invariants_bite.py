"""Each invariant can fail: one row changed behind the product's back, and the rule that it breaks says so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.actors import CLOCK
from services import cancelling, invariants
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buy, buyer, lines, place, refunded, settle, stage_of
from tests.builders.clock import FrozenClock
from tests.services.test_settling import close


@pytest.fixture
def lived(unit: Transactions, clock: FrozenClock) -> Scene:
    """A formed campaign with a failed offer, a refund that is done, one that waits, and an order taken back."""
    stage = stage_of(unit, Terms("大闸蟹", 5800, quota=9), Terms("草莓", 2990, minimum_units=9), buyers=4)
    crab = buy(unit, stage, 0, {"大闸蟹": 2, "草莓": 1})
    gone = buy(unit, stage, 1, {"大闸蟹": 1})
    with unit(buyer(stage.buyers[1])) as ctx:
        cancelling.cancel(ctx, gone)
    assert refunded(unit) == 5800
    buy(unit, stage, 2, {"大闸蟹": 1})
    close(unit, clock, stage)
    settle(unit, stage)
    with unit.reading() as ctx:
        assert invariants.check(ctx) == []
        assert [line.commission_fen for line in lines(ctx, crab)] == [1160, 0]
    other = stage_of(unit)
    place(unit, other, 0)
    clock.advance(seconds=timedelta(minutes=1).total_seconds())
    return stage


_STATEMENT = (
    "INSERT INTO settlements (public_id, payee_kind, payee, since, until, amount_fen, drafted_by, approved_by,"
    " created_at, state) SELECT 'stm', 'leader', public_id, opens_at, closes_at, 1, 'x', 'y', opens_at, '{state}'"
    " FROM campaigns LIMIT 1"
)
_BILL = (
    "INSERT INTO bill_files (id, public_id, kind, day, sha256, outcome, row_count, fetched_at)"
    " SELECT 1, 'bil', 'trade', '2026-11-26', 'x', 'imported', 1, opens_at FROM campaigns LIMIT 1;"
    " INSERT INTO bill_days (kind, day, status, asked_at, matched_at)"
    " SELECT 'trade', '2026-11-26', 'imported', opens_at, opens_at FROM campaigns LIMIT 1;"
    " INSERT INTO bill_rows (bill_file_id, day, kind, number, payment_number, gateway_number, occurrence, is_ours,"
    " state, amount_fen, total_fen, fee_fen, traded_at, withdrawn, matched) SELECT 1, '2026-11-26', 'payment',"
    " public_id, '', 'x', 1, (1 = 1), 'SUCCESS', 1, 1, 0, created_at, (1 = 0), (1 = {matched}) FROM payments"
    " WHERE counted LIMIT 1"
)
_OFFLINE = (
    "INSERT INTO pickup_staff (public_id, point_id, resident_id, display_name, created_at, state)"
    " SELECT 'stf', point_id, resident_id, 'x', created_at, 'active' FROM orders LIMIT 1;"
    " INSERT INTO desk_leases (public_id, point_id, staff_id, device, day, taken_at, until, how_ended)"
    " SELECT 'lse', point_id, id, 'x', '20261126', created_at, created_at, '' FROM pickup_staff;"
    " INSERT INTO offline_hand_overs (lease_id, point_id, client_id, fingerprint, order_id, units, result, detail,"
    " by_label, by_name, handed_at, reported_at) SELECT id, point_id, 'x', 'x', (SELECT MIN(id) FROM orders), 1,"
    " 'done', '', 'x', 'x', taken_at, taken_at FROM desk_leases"
)
BREAKS = {
    "1 held": "UPDATE offers SET held_units = held_units + 1 WHERE quota IS NOT NULL",
    "1 per-person": "UPDATE offer_takings SET units = units + 1",
    "1 takings": "UPDATE offers SET takings = takings - 1 WHERE takings > 0",
    "2 every other account": "UPDATE order_lines SET commission_fen = commission_fen + 1 WHERE commission_fen > 0",
    "2 each payee": "UPDATE order_lines SET commission_fen = commission_fen + 1 WHERE commission_fen > 0",
    "2 gateway clearing": "UPDATE payments SET settled_fen = settled_fen - 1 WHERE counted",
    "2 what the bills did": "INSERT INTO bill_bookings (cause, number, kind, amount_fen, clearing_fen, booked_at)"
    " SELECT 'x', 'x', 'payment', 1, 1, opens_at FROM campaigns LIMIT 1",
    "2 what a matched bill shows": _BILL.format(matched=1),
    "2 each row of a matched bill": _BILL.format(matched=0),
    "2 a counted order that is ready": "UPDATE orders SET state = 'ready' WHERE state = 'confirmed'",
    "3 escrow": "UPDATE orders SET paid_at = NULL WHERE state = 'confirmed'",
    "3 each captured": "UPDATE orders SET paid_fen = paid_fen + 1 WHERE state = 'confirmed'",
    "3 a captured fen of an order that is over": "UPDATE orders SET state = 'cancelled' WHERE state = 'confirmed'",
    "3 a settled campaign keeps": "UPDATE offers SET state = 'failed' WHERE state = 'formed'",
    "3 nothing is captured": "UPDATE payments SET state = 'closed' WHERE counted",
    "3 what a payment gives back": "UPDATE payments SET refunded_fen = refunded_fen - 1 WHERE refunded_fen > 0",
    "4 a refund is the sum": "UPDATE refunds SET amount_fen = amount_fen + 1 WHERE state = 'requested'",
    "4 a line's refunds": "UPDATE order_lines SET refunded_fen = refunded_fen - 1 WHERE refunded_fen > 0",
    "4 units carry": "UPDATE order_lines SET refunded_fen = refunded_fen - 1 WHERE refunded_fen > 0",
    "4 commission is": "UPDATE order_lines SET commission_fen = commission_fen - 1 WHERE commission_fen > 0",
    "4 a delivery fee": "UPDATE orders SET delivery_fee_fen = 1",
    "4 an order has back": "UPDATE orders SET refunded_fen = 0 WHERE refunded_fen > 0",
    "5 roster numbers": "UPDATE orders SET roster_number = roster_number + 7 WHERE state = 'cancelled'",
    "5 a paid order has": "UPDATE orders SET roster_number = NULL, counted = (1 = 0) WHERE state = 'confirmed'",
    "5 a settled campaign leaves": "UPDATE orders SET settled_epoch = 0 WHERE state IN ('confirmed', 'paid')",
    "6 one refund per payment": "UPDATE refunds SET state = 'submitted', payment_id = (SELECT MIN(id) FROM payments)",
    "6 collected units": "UPDATE order_lines SET arrived_units = 1, collected_units = 1 WHERE confirmed_units > 0",
    "6 what was handed out": _OFFLINE,
    "2 a statement is the sum": _STATEMENT.format(state="draft"),
    "6 a statement is paid once": _STATEMENT.format(state="paid"),
    "7 counters": "UPDATE campaigns SET counted_units = counted_units + 1",
}


@pytest.mark.parametrize("rule", BREAKS)
def test_a_row_changed_behind_the_products_back_breaks_its_rule(unit: Transactions, lived: Scene, rule: str) -> None:
    with unit(CLOCK) as ctx:
        for statement in BREAKS[rule].split(";"):
            ctx.session.execute(text(statement))
        found = [breach.rule for breach in invariants.check(ctx)]
        ctx.session.rollback()
    assert any(breach.startswith(rule) for breach in found), found


def test_every_rule_but_those_the_database_itself_upholds_is_shown_to_bite() -> None:
    upheld = {"2 every entry sums to zero", "2 every entry has two legs", "4 units of a line keep their order"}
    shown = {invariant.rule for invariant in invariants.ALL for rule in BREAKS if invariant.rule.startswith(rule)}
    assert {invariant.rule for invariant in invariants.ALL} - shown == upheld
