"""How far units have come, and what is counted."""

from services.invariants.rule import Invariant

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
    Invariant(
        "6 what was handed out without the network was redeemed or is a loss case",
        """
        SELECT h.id, h.units FROM offline_hand_overs h WHERE h.order_id IS NOT NULL AND h.units <>
            COALESCE((SELECT SUM(x.units) FROM redemption_lines x WHERE x.redemption_id = h.redemption_id), 0)
            + COALESCE((SELECT SUM(c.units) FROM loss_cases c WHERE c.hand_over_id = h.id), 0)""",
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
