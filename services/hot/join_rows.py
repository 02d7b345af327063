"""The statements of a batch of joins, each one for any number of orders."""

from __future__ import annotations

from models import AuditRecord, IdempotencyRecord, Order, OrderLine
from services.hot.rows import Bulk, insertion

INSERT_KEYS = insertion(
    IdempotencyRecord,
    ("actor", "key", "fingerprint", "answer", "created_at"),
    "ON CONFLICT (actor, key) DO NOTHING RETURNING id, actor, key",
)
KNOWN_KEYS = Bulk(
    "SELECT i.actor, i.key FROM {rows} JOIN idempotency_records i ON i.actor = r.actor AND i.key = r.key",
    actor=str,
    key=str,
)
ANSWER_KEYS = Bulk(
    "UPDATE idempotency_records SET status = r.status, answer = r.answer{as_json} FROM {rows}"
    " WHERE idempotency_records.id = r.id",
    id=int,
    status=int,
    answer=str,
)
TAKE_OF_LIMITS = Bulk(
    "INSERT INTO offer_takings (offer_id, resident_id, units)"
    " SELECT r.offer_id, r.resident_id, r.units FROM {rows} WHERE true"
    " ON CONFLICT (offer_id, resident_id) DO UPDATE SET units = offer_takings.units + excluded.units"
    " WHERE (SELECT o.per_person IS NULL OR offer_takings.units + excluded.units <= o.per_person"
    " FROM offers o WHERE o.id = excluded.offer_id)"
    " RETURNING offer_id, resident_id",
    offer_id=int,
    resident_id=int,
    units=int,
)
TAKINGS = Bulk(
    "SELECT t.offer_id, t.resident_id, t.units FROM {rows}"
    " JOIN offer_takings t ON t.offer_id = r.offer_id AND t.resident_id = r.resident_id",
    offer_id=int,
    resident_id=int,
)
TAKE_STOCK = Bulk(
    "UPDATE offers SET held_units = offers.held_units + r.held, sold_units = offers.sold_units + r.sold,"
    " takings = offers.takings + r.takings FROM {rows} WHERE offers.id = r.id",
    id=int,
    held=int,
    sold=int,
    takings=int,
)
ORDER_COLUMNS = (
    "public_id", "state", "campaign_id", "resident_id", "point_id", "recipient", "note", "channel", "lines_digest",
    "total_fen", "created_at", "delivery_fee_fen", "hold_until", "counted", "roster_number", "paid_at",
)  # fmt: skip
INSERT_ORDERS = insertion(Order, ORDER_COLUMNS, "RETURNING id, public_id")
LINE_COLUMNS = (
    "public_id", "order_id", "offer_id", "offer_name", "spec", "unit", "fresh", "unit_price_fen", "supply_price_fen",
    "commission_bps", "discount_fen", "amount_fen", "ordered_units",
)  # fmt: skip
INSERT_LINES = insertion(OrderLine, LINE_COLUMNS)
AUDIT_COLUMNS = ("actor", "subject", "subject_id", "event", "from_state", "to_state", "request_id", "at")
INSERT_AUDIT = insertion(AuditRecord, AUDIT_COLUMNS)
