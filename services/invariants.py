"""The invariants of the domain as queries that return no rows; run after every database test and by a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text

from services.context import Ctx


@dataclass(frozen=True)
class Invariant:
    """One rule (numbered as in docs/domain.md), and a query whose rows are its breaches."""

    rule: str
    sql: str


@dataclass(frozen=True)
class Breach:
    """A rule that does not hold, with the first row that shows it."""

    rule: str
    row: str


STOCK = (
    Invariant(
        "1 held + sold + free = quota",
        """
        SELECT o.id, o.held_units, o.sold_units, o.quota FROM offers o
        WHERE o.held_units <> COALESCE((SELECT SUM(l.ordered_units) FROM order_lines l
                JOIN orders d ON d.id = l.order_id WHERE l.offer_id = o.id AND d.state = 'pending_payment'), 0)
           OR o.sold_units <> COALESCE((SELECT SUM(l.ordered_units - l.refunded_units) FROM order_lines l
                JOIN orders d ON d.id = l.order_id WHERE l.offer_id = o.id AND d.counted), 0)
           OR (o.quota IS NOT NULL AND o.held_units + o.sold_units > o.quota)""",
    ),
    Invariant(
        "1 per-person limits",
        """
        SELECT t.offer_id, t.resident_id, t.units FROM offer_takings t JOIN offers o ON o.id = t.offer_id
        WHERE (o.per_person IS NOT NULL AND t.units > o.per_person)
           OR t.units <> COALESCE((SELECT SUM(l.ordered_units - l.refunded_units) FROM order_lines l
                JOIN orders d ON d.id = l.order_id WHERE l.offer_id = t.offer_id AND d.resident_id = t.resident_id
                  AND (d.counted OR d.state = 'pending_payment')), 0)""",
    ),
)
BOOKS = (
    Invariant(
        "2 every entry sums to zero",
        "SELECT entry_id, SUM(amount_fen) FROM postings GROUP BY entry_id HAVING SUM(amount_fen) <> 0",
    ),
    Invariant(
        "2 every entry has two legs",
        "SELECT e.id FROM journal_entries e WHERE (SELECT COUNT(*) FROM postings p WHERE p.entry_id = e.id) < 2",
    ),
    Invariant(
        "3 escrow holds exactly what is neither refunded nor handed over",
        """
        SELECT d.id, b.escrow FROM orders d LEFT JOIN (
            SELECT e.order_id, -SUM(p.amount_fen) AS escrow FROM postings p JOIN journal_entries e ON e.id = p.entry_id
            WHERE p.account = 'buyer_escrow' GROUP BY e.order_id) b ON b.order_id = d.id
        WHERE COALESCE(b.escrow, 0) <> CASE WHEN d.paid_at IS NULL THEN 0 ELSE COALESCE((SELECT SUM(l.amount_fen
            - l.refunded_fen - (l.collected_units + l.lapsed_units) * l.unit_price_fen)
            FROM order_lines l WHERE l.order_id = d.id), 0) END""",
    ),
    Invariant(
        "2 every other account holds what the rows say",
        """
        SELECT w.account, w.fen FROM (
            SELECT 'refund_payable' AS account, -SUM(amount_fen) AS fen FROM refunds WHERE state = 'requested'
            UNION ALL SELECT 'suspense', -SUM(received_fen) FROM suspense_cases WHERE state = 'open'
            UNION ALL SELECT 'deferred_commission', SUM(commission_fen - commission_expensed_fen) FROM order_lines
            UNION ALL SELECT 'leader_pending', -SUM(commission_fen) FROM order_lines
                WHERE commission_released_at IS NULL
            UNION ALL SELECT 'leader_payable', -SUM(commission_fen) FROM order_lines
                WHERE commission_released_at IS NOT NULL
            UNION ALL SELECT 'goods_on_hand', SUM((arrived_units - collected_units - lapsed_units) * supply_price_fen)
                FROM order_lines
            UNION ALL SELECT 'gateway_clearing', SUM(fen) FROM (
                SELECT settled_fen AS fen FROM payments WHERE state = 'succeeded'
                UNION ALL SELECT settled_fen FROM suspense_cases WHERE payment_id IS NULL
                UNION ALL SELECT -settled_fen FROM refunds WHERE state IN ('submitted', 'succeeded', 'abnormal')) g
        ) w WHERE COALESCE(w.fen, 0) <> COALESCE((SELECT SUM(p.amount_fen) FROM postings p
            WHERE p.account = w.account), 0)""",
    ),
)
MONEY = (
    Invariant(
        "3 a captured fen of an order that is over goes back",
        """
        SELECT d.id, d.state FROM orders d JOIN payments y ON y.order_id = d.id AND y.counted
        WHERE d.state IN ('pending_payment', 'expired')
           OR (d.state IN ('cancelled', 'refunded') AND y.refunded_fen <> y.received_fen)""",
    ),
    Invariant(
        "3 a settled campaign keeps nothing for what failed and was not handed over",
        """
        SELECT l.id FROM order_lines l JOIN orders d ON d.id = l.order_id JOIN offers o ON o.id = l.offer_id
            JOIN campaigns c ON c.id = o.campaign_id
        WHERE o.state = 'failed' AND c.settled_at IS NOT NULL AND d.paid_at IS NOT NULL
            AND l.refunded_units + l.collected_units + l.lapsed_units < l.ordered_units""",
    ),
    Invariant(
        "3 each captured fen is in an order, a refund or a suspense case",
        """
        SELECT y.id FROM payments y JOIN orders d ON d.id = y.order_id WHERE y.state = 'succeeded' AND (
            (y.counted AND d.paid_fen <> y.received_fen)
            OR (NOT y.counted AND y.refunded_fen <> y.received_fen
                AND NOT EXISTS (SELECT 1 FROM suspense_cases s WHERE s.payment_id = y.id)))""",
    ),
    Invariant(
        "3 nothing is captured by a payment that did not succeed",
        "SELECT id FROM payments WHERE state <> 'succeeded' AND (received_fen <> 0 OR counted)",
    ),
    Invariant(
        "3 what a payment gives back is the sum of its refunds",
        """
        SELECT y.id FROM payments y WHERE y.refunded_fen <> COALESCE((SELECT SUM(r.amount_fen) FROM refunds r
            WHERE r.payment_id = y.id AND r.state <> 'closed'), 0)""",
    ),
    Invariant(
        "4 a refund is the sum of its lines",
        """
        SELECT r.id FROM refunds r WHERE r.amount_fen <> COALESCE((SELECT SUM(x.amount_fen) FROM refund_lines x
            WHERE x.refund_id = r.id), 0)""",
    ),
    Invariant(
        "4 a line's refunds are what it says",
        """
        SELECT l.id FROM order_lines l JOIN orders d ON d.id = l.order_id
        WHERE l.refunded_fen <> COALESCE((SELECT SUM(x.amount_fen) FROM refund_lines x JOIN refunds r
              ON r.id = x.refund_id WHERE x.order_line_id = l.id AND r.state <> 'closed'), 0)
           OR l.refunded_fen <> l.refunded_units * l.unit_price_fen""",
    ),
    Invariant(
        "4 an order has back what its refunds have paid",
        """
        SELECT d.id FROM orders d WHERE d.refunded_fen <> COALESCE((SELECT SUM(r.amount_fen) FROM refunds r
            JOIN payments y ON y.id = r.payment_id
            WHERE y.order_id = d.id AND y.counted AND r.state = 'succeeded'), 0)""",
    ),
    Invariant(
        "6 one refund per payment is in flight",
        "SELECT payment_id FROM refunds WHERE state = 'submitted' GROUP BY payment_id HAVING COUNT(*) > 1",
    ),
)
PROGRESS = (
    Invariant(
        "4 units of a line keep their order",
        """
        SELECT l.id FROM order_lines l WHERE l.ordered_units < l.confirmed_units OR l.confirmed_units < l.arrived_units
           OR l.arrived_units < l.collected_units + l.lapsed_units
           OR l.collected_units + l.lapsed_units + l.refunded_units > l.ordered_units""",
    ),
    Invariant(
        "6 collected units are the sum of their redemptions",
        """
        SELECT l.id FROM order_lines l WHERE l.collected_units <> COALESCE((SELECT SUM(x.units)
            FROM redemption_lines x WHERE x.order_line_id = l.id), 0)""",
    ),
    Invariant(
        "2 a counted order that is ready has a code in use, and no other order has",
        """
        SELECT d.id, d.state FROM orders d WHERE (d.state = 'ready' AND d.counted) <> EXISTS (
            SELECT 1 FROM pickup_codes c WHERE c.order_id = d.id AND c.state = 'issued')""",
    ),
)
COUNTS = (
    Invariant(
        "5 roster numbers are 1..n without gaps",
        """
        SELECT c.id, c.roster_count FROM campaigns c WHERE c.roster_count <> (SELECT COUNT(*) FROM orders d
            WHERE d.campaign_id = c.id AND d.roster_number IS NOT NULL)
          OR c.roster_count <> COALESCE((SELECT MAX(d.roster_number) FROM orders d WHERE d.campaign_id = c.id), 0)""",
    ),
    Invariant(
        "7 counters agree with the rows",
        """
        SELECT c.id FROM campaigns c WHERE
            c.participant_count <> (SELECT COUNT(DISTINCT d.resident_id) FROM orders d
                                    WHERE d.campaign_id = c.id AND d.counted)
         OR c.counted_units <> COALESCE((SELECT SUM(l.ordered_units - l.refunded_units) FROM order_lines l
                JOIN orders d ON d.id = l.order_id WHERE d.campaign_id = c.id AND d.counted), 0)
         OR c.counted_fen <> COALESCE((SELECT SUM((l.ordered_units - l.refunded_units) * l.unit_price_fen)
                FROM order_lines l JOIN orders d ON d.id = l.order_id WHERE d.campaign_id = c.id AND d.counted), 0)
         OR EXISTS (SELECT 1 FROM participations t WHERE t.campaign_id = c.id AND t.counted_orders <>
                    (SELECT COUNT(*) FROM orders d WHERE d.campaign_id = c.id AND d.resident_id = t.resident_id
                     AND d.counted))""",
    ),
    Invariant(
        "5 a paid order has a number",
        """
        SELECT id FROM orders WHERE (state IN ('paid', 'confirmed', 'ready', 'collected', 'completed', 'refunded')
            AND roster_number IS NULL) OR (state IN ('pending_payment', 'expired') AND roster_number IS NOT NULL)""",
    ),
    Invariant(
        "5 a settled campaign leaves no order behind",
        """
        SELECT d.id FROM orders d JOIN campaigns c ON c.id = d.campaign_id WHERE c.settled_at IS NOT NULL
            AND d.settled_epoch < c.epoch AND d.state IN ('pending_payment', 'paid', 'confirmed', 'ready')""",
    ),
)
ALL: Sequence[Invariant] = (*STOCK, *BOOKS, *MONEY, *PROGRESS, *COUNTS)


def check(ctx: Ctx) -> list[Breach]:
    """Every breach of every invariant, one row each at most; an empty list when all hold."""
    ctx.session.flush()
    found = []
    for invariant in ALL:
        row = ctx.session.execute(text(invariant.sql)).first()
        if row is not None:
            found.append(Breach(invariant.rule, str(tuple(row))))
    return found
