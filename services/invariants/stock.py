"""Stock and limits: nothing is sold twice."""

from services.invariants.rule import Invariant

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
    Invariant(
        "1 takings are never forgotten",
        """
        SELECT o.id, o.takings FROM offers o
        WHERE o.takings <> (SELECT COUNT(*) FROM order_lines l WHERE l.offer_id = o.id)""",
    ),
)
