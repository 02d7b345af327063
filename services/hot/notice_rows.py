"""The statements of a batch of gateway notices, each one for any number of them."""

from __future__ import annotations

from datetime import datetime

from services.hot.rows import Bulk

PAYMENTS = Bulk(
    "SELECT p.id, p.public_id, p.state, p.amount_fen, p.desk_by, p.order_id, o.state AS order_state, o.campaign_id,"
    " c.close_on_target FROM {rows} JOIN payments p ON p.public_id = r.number"
    " JOIN orders o ON o.id = p.order_id JOIN campaigns c ON c.id = o.campaign_id",
    number=str,
)
HOLD_ORDERS = Bulk(
    "SELECT id, campaign_id, resident_id, state FROM orders"
    " WHERE id IN (SELECT r.id FROM {rows}) ORDER BY id {for_update}",
    id=int,
)
HOLD_PAYMENTS = Bulk(
    "SELECT id, state, amount_fen, desk_by FROM payments"
    " WHERE id IN (SELECT r.id FROM {rows}) ORDER BY id {for_update}",
    id=int,
)
HOLD_OFFERS = Bulk("SELECT id FROM offers WHERE id IN (SELECT r.id FROM {rows}) ORDER BY id {for_update}", id=int)
LINES = Bulk(
    "SELECT l.order_id, l.offer_id, l.ordered_units, l.unit_price_fen FROM order_lines l"
    " WHERE l.order_id IN (SELECT r.order_id FROM {rows})",
    order_id=int,
)
TAKE_IN = Bulk(
    "INSERT INTO gateway_events (event_id, event_type, number, deliveries, received_at)"
    " SELECT r.event_id, r.event_type, r.number, r.deliveries, r.received_at FROM {rows} WHERE true"
    " ON CONFLICT (event_id) DO UPDATE SET deliveries = gateway_events.deliveries + excluded.deliveries"
    " RETURNING event_id, deliveries",
    event_id=str,
    event_type=str,
    number=str,
    deliveries=int,
    received_at=datetime,
)
CAPTURE = Bulk(
    "UPDATE payments SET state = r.state, counted = true, transaction_id = r.transaction_id,"
    " received_fen = r.received_fen, settled_fen = r.settled_fen, succeeded_at = r.succeeded_at, trouble_since = NULL"
    " FROM {rows} WHERE payments.id = r.id",
    id=int,
    state=str,
    transaction_id=str,
    received_fen=int,
    settled_fen=int,
    succeeded_at=datetime,
)
PAY_ORDERS = Bulk(
    "UPDATE orders SET state = r.state, paid_fen = r.paid_fen, paid_at = r.paid_at, counted = true,"
    " roster_number = r.roster_number FROM {rows} WHERE orders.id = r.id",
    id=int,
    state=str,
    paid_fen=int,
    paid_at=datetime,
    roster_number=int,
)
