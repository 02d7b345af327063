"""The statements of a batch of hand-overs, each one for any number of orders."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from models import Campaign, Order, OrderLine, PickupPoint, PickupStaff, Redemption, RedemptionLine, Resident, Session
from services import sessions
from services.hot.rows import Among, Bulk, insertion

_DESKS = select(Session.id, PickupStaff.display_name).join(PickupStaff, PickupStaff.id == Session.staff_id)
DESKS = Among(Session.id, lambda these: _DESKS.where(these, *sessions.at_work(bindparam("now"))))
_ORDERS = (
    select(
        Order.id, Order.public_id, Order.state, Order.campaign_id, Order.point_id, Order.roster_number, Order.counted,
        Order.paid_at, Order.pickup_deadline, Order.delivery_fee_fen, Order.fee_refunded_fen, Order.fee_earned_fen,
        Order.point_fee_fen, Order.finishes, Resident.nickname, Resident.anonymous, Campaign.delivery_method,
        PickupPoint.public_id.label("point"), PickupPoint.fee_fen,
    )
    .join(Resident, Resident.id == Order.resident_id)
    .join(Campaign, Campaign.id == Order.campaign_id)
    .join(PickupPoint, PickupPoint.id == Order.point_id)
    .order_by(Order.id)
    .with_for_update(of=Order, key_share=True, skip_locked=True)
)  # fmt: skip
HOLD_ORDERS = Among(Order.public_id, _ORDERS.where)
_LINES = select(
    OrderLine.id, OrderLine.public_id, OrderLine.order_id, OrderLine.offer_name, OrderLine.unit, OrderLine.fresh,
    OrderLine.supply_price_fen, OrderLine.amount_fen, OrderLine.ordered_units, OrderLine.confirmed_units,
    OrderLine.arrived_units, OrderLine.collected_units, OrderLine.lapsed_units, OrderLine.refunded_units,
    OrderLine.refunded_fen, OrderLine.rebate_unit_fen, OrderLine.sales_fen, OrderLine.commission_fen,
    OrderLine.commission_expensed_fen,
).order_by(OrderLine.order_id, OrderLine.id)  # fmt: skip
LINES = Among(OrderLine.order_id, _LINES.where)
FORGET_KEYS = Bulk("DELETE FROM idempotency_records WHERE id IN (SELECT r.id FROM {rows})", id=int)
REDEMPTION_COLUMNS = ("public_id", "order_id", "point_id", "by_label", "by_name", "found_by", "reason", "created_at")
INSERT_REDEMPTIONS = insertion(Redemption, REDEMPTION_COLUMNS, "RETURNING id, order_id")
INSERT_REDEMPTION_LINES = insertion(
    RedemptionLine, ("redemption_id", "order_line_id", "units"), "RETURNING id, order_line_id"
)
HAND_OVER = Bulk(
    "UPDATE order_lines SET collected_units = order_lines.collected_units + r.units, sales_fen = r.sales_fen,"
    " commission_expensed_fen = r.expensed_fen FROM {rows} WHERE order_lines.id = r.line_id"
    " AND (order_lines.collected_units, order_lines.lapsed_units, order_lines.refunded_units,"
    " order_lines.arrived_units, order_lines.sales_fen) = (r.collected, r.lapsed, r.refunded, r.arrived, r.sold)"
    " RETURNING order_lines.id",
    line_id=int,
    units=int,
    sales_fen=int,
    expensed_fen=int,
    collected=int,
    lapsed=int,
    refunded=int,
    arrived=int,
    sold=int,
)
FINISH = Bulk(
    "UPDATE orders SET state = r.state, collected_at = r.collected_at, aftersales_until = r.aftersales_until,"
    " point_fee_fen = r.point_fee_fen, finishes = r.finishes FROM {rows} WHERE orders.id = r.order_id",
    order_id=int,
    state=str,
    collected_at=datetime,
    aftersales_until=datetime,
    point_fee_fen=int,
    finishes=int,
)
USE_CODES = Bulk(
    "UPDATE pickup_codes SET state = r.target FROM {rows}"
    " WHERE pickup_codes.order_id = r.used_for AND pickup_codes.state = r.source"
    " RETURNING pickup_codes.id, pickup_codes.order_id",
    used_for=int,
    source=str,
    target=str,
)
