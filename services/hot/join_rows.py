"""The statements of a batch of joins, each one for any number of orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from models import AuditRecord, IdempotencyRecord, Order, OrderLine
from services.hot.rows import Bulk, Plain, insertion, instant

CAMPAIGN = (
    "id", "public_id", "leader_id", "title", "state", "opens_at", "closes_at", "hold_minutes", "payment_policy",
    "close_on_target", "delivery_method", "delivery_fee_fen", "delivery_minimum_fen", "discount_over_fen",
    "discount_fen",
)  # fmt: skip
POINT = ("id", "public_id", "name")
OFFER = (
    "id", "public_id", "campaign_id", "sku_id", "name", "state", "price_fen", "quota", "per_person", "commission_bps",
    "held_units", "sold_units",
)  # fmt: skip
SKU = ("id", "spec", "unit", "supply_price_fen")
_READ = ", ".join(
    f"{table}.{name}" for table, names in (("c", CAMPAIGN), ("p", POINT), ("o", OFFER), ("s", SKU)) for name in names
)
READ = Bulk(
    f"SELECT {{listed}}({_READ}, g.fresh, t.from_units, t.price_fen) FROM {{rows}}"  # noqa: S608 - names of our own columns
    " JOIN campaigns c ON c.public_id = r.campaign JOIN pickup_points p ON p.public_id = r.point"
    " JOIN campaign_points i ON i.campaign_id = c.id AND i.point_id = p.id"
    " LEFT JOIN offers o ON o.public_id = r.offer LEFT JOIN skus s ON s.id = o.sku_id"
    " LEFT JOIN products g ON g.id = s.product_id LEFT JOIN price_tiers t ON t.offer_id = o.id"
    " WHERE c.state <> 'draft' ORDER BY t.from_units",
    campaign=str,
    point=str,
    offer=str,
)


def parted(row: Sequence[Any]) -> tuple[Any, Any, Any, Any, Sequence[Any]]:
    """A row of `READ`: campaign, point, offer, SKU (the last two of Nones where the offer is unknown), and the rest."""
    parts: list[Any] = []
    begin = 0
    for names in (CAMPAIGN, POINT, OFFER, SKU):
        parts.append(Plain(dict(zip(names, row[begin:], strict=False))))
        begin += len(names)
    campaign, point, offer, sku = parts
    campaign.opens_at, campaign.closes_at = instant(campaign.opens_at), instant(campaign.closes_at)
    return campaign, point, offer, sku, row[begin:]


LOCK_OFFERS = Bulk(
    f"SELECT {{listed}}({', '.join(OFFER)}) FROM offers"  # noqa: S608 - the same
    " WHERE id IN (SELECT r.id FROM {rows}) ORDER BY id {for_update}",
    id=int,
)
ADMIT = Bulk(
    "SELECT id FROM campaigns WHERE state = 'open' AND opens_at <= {same[0]} AND closes_at > {same[1]}"
    " AND id IN (SELECT r.id FROM {rows}) ORDER BY id {for_share}",
    same=(datetime, datetime),
    id=int,
)
# Counted for each resident apart, and `state || ''` has no index: else either database, before it has statistics, reads
# all orders that wait, or all there are.
TWINS = Bulk(
    "SELECT r.resident_id, r.lines_digest FROM (SELECT {same[0]} AS since) s CROSS JOIN {rows}"
    " WHERE (SELECT count(*) FROM orders o WHERE o.resident_id = r.resident_id AND o.lines_digest = r.lines_digest"
    " AND o.created_at >= s.since AND o.state || '' IN ('pending_payment', 'paid', 'confirmed')"
    " AND o.channel <> 'app') > 0",
    same=(datetime,),
    resident_id=int,
    lines_digest=str,
)
INSERT_KEYS = insertion(
    IdempotencyRecord,
    ("actor", "key", "fingerprint"),
    "ON CONFLICT (actor, key) DO NOTHING RETURNING id, actor, key",
    ("answer", "created_at"),
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
    " takings = offers.takings + r.takings FROM {rows} WHERE offers.id = r.id"
    " RETURNING offers.campaign_id, offers.quota IS NULL OR offers.sold_units < offers.quota AS unsold",
    id=int,
    held=int,
    sold=int,
    takings=int,
)
ORDER_COLUMNS = (
    "public_id", "state", "campaign_id", "resident_id", "point_id", "recipient", "note", "lines_digest",
    "total_fen", "delivery_fee_fen", "hold_until", "counted", "roster_number", "paid_at",
)  # fmt: skip
INSERT_ORDERS = insertion(Order, ORDER_COLUMNS, "RETURNING id, public_id", ("channel", "created_at"))
LINE_COLUMNS = (
    "public_id", "order_id", "offer_id", "offer_name", "spec", "unit", "fresh", "unit_price_fen", "supply_price_fen",
    "commission_bps", "discount_fen", "amount_fen", "ordered_units",
)  # fmt: skip
INSERT_LINES = insertion(OrderLine, LINE_COLUMNS)
AUDIT_COLUMNS = ("actor", "subject", "subject_id", "event", "from_state", "to_state", "request_id", "at")
INSERT_AUDIT = insertion(AuditRecord, AUDIT_COLUMNS)
