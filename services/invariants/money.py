"""Captured money and its way back."""

from services.invariants.rule import Invariant

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
            OR (NOT y.counted AND y.refunded_fen <> CASE WHEN EXISTS (SELECT 1 FROM suspense_cases s
                WHERE s.payment_id = y.id AND s.state = 'open') THEN 0 ELSE y.received_fen END))""",
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
        WHERE l.refunded_fen <> l.waived_fen + COALESCE((SELECT SUM(x.amount_fen) FROM refund_lines x JOIN refunds r
              ON r.id = x.refund_id WHERE x.order_line_id = l.id AND r.state <> 'closed'), 0)
           OR l.rebate_fen <> l.rebate_unit_fen * l.confirmed_units""",
    ),
    Invariant(
        "4 units carry their shares of the line's price, to the fen",
        """
        SELECT w.id FROM (SELECT l.*, l.amount_fen / l.ordered_units AS share,
                l.amount_fen % l.ordered_units AS odd,
                l.ordered_units - l.collected_units - l.lapsed_units AS kept,
                l.ordered_units - l.confirmed_units AS unconfirmed FROM order_lines l) w
        WHERE w.refunded_fen - w.rebate_fen - w.aftersales_fen <> w.share * w.refunded_units
              + CASE WHEN w.refunded_units < w.odd THEN w.refunded_units ELSE w.odd END
              - w.rebate_unit_fen * CASE WHEN w.refunded_units > w.unconfirmed
                                         THEN w.refunded_units - w.unconfirmed ELSE 0 END
           OR w.sales_fen <> w.amount_fen - w.rebate_fen - (w.share * w.kept
              + CASE WHEN w.kept < w.odd THEN w.kept ELSE w.odd END
              - w.rebate_unit_fen * CASE WHEN w.kept > w.unconfirmed THEN w.kept - w.unconfirmed ELSE 0 END)""",
    ),
    Invariant(
        "4 commission is what the rate makes of the line's net, and its parts make the whole",
        """
        SELECT l.id FROM order_lines l JOIN orders d ON d.id = l.order_id JOIN campaigns c ON c.id = d.campaign_id
            JOIN leaders a ON a.id = c.leader_id
        WHERE l.commission_fen <> CASE WHEN l.confirmed_units = 0 OR a.resident_id = d.resident_id THEN 0
              ELSE l.commission_bps * (l.amount_fen - l.refunded_fen) / 10000 END
           OR l.helper_commission_fen <> l.helper_bps * l.commission_fen / 10000""",
    ),
    Invariant(
        "4 a delivery fee goes back or is earned, never both",
        """
        SELECT d.id FROM orders d WHERE d.paid_fen > 0 AND d.fee_refunded_fen <> COALESCE((SELECT SUM(x.amount_fen)
            FROM refund_lines x JOIN refunds r ON r.id = x.refund_id JOIN payments y ON y.id = r.payment_id
            WHERE y.order_id = d.id AND y.counted AND x.kind = 'fee' AND r.state <> 'closed'), 0)
           OR d.total_fen <> d.delivery_fee_fen
              + (SELECT SUM(l.amount_fen) FROM order_lines l WHERE l.order_id = d.id)""",
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
