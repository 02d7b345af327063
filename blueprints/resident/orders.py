"""Ordering, paying and taking back, for the mini-program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate

from blueprints.resident.door import door
from blueprints.shared.claim_shapes import ClaimSchema
from blueprints.shared.product import current_actor
from blueprints.shared.schemas import Flag, Shown, Taken, Text, Whole, public_id
from domain import errors
from domain.actors import Actor
from domain.couriers import COURIERS
from models import Order
from services import cancelling, ordering, placing
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import paying
from services.hot.requests import Asked, Outcome
from services.hot.rush import Rush
from services.paging import Page, Slice
from services.queries import line_words
from services.queries import orders as reading
from services.queries.orders import OrderPage


class WantedLine(Taken):
    """Units of one offer; the price is never the client's to say."""

    offer = public_id(required=True)
    units = Whole(least=1, most=placing.MAX_UNITS, required=True)


class NewOrder(Taken):
    """An order to be placed; `via` names the helper through whose link it comes, and changes no price.

    Goods that are carried to the door need building and room; a courier needs recipient, phone (digits) and address.
    """

    campaign = public_id(required=True)
    point = public_id(required=True)
    lines = fields.List(fields.Nested(WantedLine()), required=True, validate=validate.Length(1, 50))
    recipient = Text(30, least=0, load_default="")
    note = Text(100, least=0, load_default="")
    again = Flag(load_default=False)
    via = public_id(load_default="")
    building = Text(20, least=0, load_default="")
    room = Text(20, least=0, load_default="")
    phone = Text(15, least=0, load_default="")
    address = Text(100, least=0, load_default="")


class LineView(Shown):
    """One line with the price and words of its ordering, and what lowered it since.

    `amount_fen` is units at `unit_price_fen` less `discount_fen`; `net_fen` is that less all that went back. A unit
    costs `final_unit_price_fen` at the price the group reached, before the discount.
    """

    id = fields.String(attribute="public_id")
    offer_name = fields.String()
    spec = fields.String()
    unit = fields.String()
    unit_price_fen = fields.Integer()
    discount_fen = fields.Integer()
    amount_fen = fields.Integer()
    ordered_units = fields.Integer()
    confirmed_units = fields.Integer()
    arrived_units = fields.Integer()
    collected_units = fields.Integer()
    refunded_units = fields.Integer()
    refunded_after_units = fields.Integer()
    refunded_fen = fields.Integer()
    rebate_unit_fen = fields.Integer()
    rebate_fen = fields.Integer()
    aftersales_fen = fields.Integer()
    final_unit_price_fen = fields.Function(line_words.final_unit_fen, metadata={"type": "integer"})
    net_fen = fields.Function(line_words.net_fen, metadata={"type": "integer"})
    explained = fields.Function(line_words.explained, metadata={"type": "array", "items": {"type": "string"}})


class RefundPartSchema(Shown):
    """A part of a refund and its reason in words; `line` is null for what belongs to none."""

    line = fields.String(allow_none=True)
    name = fields.String()
    units = fields.Integer()
    amount_fen = fields.Integer()
    words = fields.String()


class RefundSchema(Shown):
    """One refund, in the buyer's words."""

    id = fields.String()
    amount_fen = fields.Integer()
    words = fields.String()
    succeeded_at = fields.AwareDateTime(allow_none=True)
    parts = fields.List(fields.Nested(RefundPartSchema()))


class ParcelSchema(Shown):
    """An order on its way by courier; without a word from its buyer it counts as received at `confirm_by`."""

    company = fields.String()
    company_name = fields.Function(lambda parcel: COURIERS.get(parcel.company, ""), metadata={"type": "string"})
    tracking_number = fields.String()
    shipped_at = fields.AwareDateTime()
    confirm_by = fields.AwareDateTime()


class OrderSchema(Shown):
    """One's own order."""

    id = fields.String()
    campaign = fields.String()
    campaign_title = fields.String()
    campaign_state = fields.String()
    point = fields.String()
    point_name = fields.String()
    state = fields.String()
    payment_policy = fields.String()
    delivery_method = fields.String()
    building = fields.String()
    room = fields.String()
    parcel = fields.Nested(ParcelSchema(), allow_none=True)
    roster_number = fields.Integer(allow_none=True)
    delivery_fee_fen = fields.Integer()
    total_fen = fields.Integer()
    paid_fen = fields.Integer()
    refunded_fen = fields.Integer()
    refunding_fen = fields.Integer()
    due_fen = fields.Integer(metadata={"description": "to be paid when it is handed over"})
    pay_until = fields.AwareDateTime(allow_none=True, metadata={"description": "a desk lets you pay until then"})
    hold_until = fields.AwareDateTime()
    pickup_deadline = fields.AwareDateTime(allow_none=True)
    aftersales_until = fields.AwareDateTime(allow_none=True)
    cancellable = fields.Boolean(metadata={"description": "whether it can be taken back whole now"})
    cancel_words = fields.String()
    movable = fields.Boolean(metadata={"description": "another point of the campaign may be chosen"})
    recipient = fields.String()
    note = fields.String()
    created_at = fields.AwareDateTime()
    lines = fields.List(fields.Nested(LineView()))
    refunds = fields.List(fields.Nested(RefundSchema()))
    claims = fields.List(fields.Nested(ClaimSchema()))
    words_check = fields.String(metadata={"description": "of note and recipient: waiting, asked, review, refused"})


class PayerParamsSchema(Shown):
    """Hand `params` to `wx.requestPayment` as they are."""

    payment = fields.String()
    params = fields.Dict(keys=fields.String(), values=fields.String())


class CancelledUnits(Taken):
    """Units of one line to take back."""

    line = public_id(required=True)
    units = Whole(least=1, most=placing.MAX_UNITS, required=True)


class CancelBody(Taken):
    """Whole lines, or units of lines; without either the whole order is cancelled."""

    lines = fields.List(public_id(), load_default=list, validate=validate.Length(max=50))
    units = fields.List(fields.Nested(CancelledUnits()), load_default=list, validate=validate.Length(max=50))


class OrdersQuery(Taken):
    """Of which states, parted by commas; all of them without."""

    state = Text(200, least=0, load_default="")


class StateSchema(Shown):
    """Where the order stands."""

    state = fields.String()


@dataclass(frozen=True)
class _State:
    state: str


def _join(rush: Rush, asked: Callable[[], Asked], body: Mapping[str, Any]) -> Outcome:
    wanted = _wanted(body)
    return rush.sold_out(current_actor().id, wanted) or rush.join(asked(), wanted)


def _wanted(body: Mapping[str, Any]) -> ordering.PlaceOrder:
    lines = tuple((line["offer"], line["units"]) for line in body["lines"])
    return ordering.PlaceOrder(**{**body, "lines": lines})


@door.post(
    "/orders",
    takes=NewOrder(),
    shows=OrderSchema(),
    status=201,
    idempotent=True,
    hot=_join,
    refuses=(
        errors.NotFound,
        errors.NotOpen,
        errors.SoldOut,
        errors.LimitReached,
        errors.DuplicateOrder,
        errors.BelowDeliveryMinimum,
        errors.AddressNeeded,
        errors.PrepaidOnly,
        errors.ConsentNeeded,
    ),
)
def place_order(ctx: Ctx, body: Mapping[str, Any]) -> OrderPage:
    """Place an order; its stock is held until `hold_until`."""
    order = ordering.place(ctx, _wanted(body))
    return reading.mine(ctx, order.public_id)


@door.get("/orders", shows=OrderSchema(), paged=True, query=OrdersQuery())
def list_orders(ctx: Ctx, page: Page, query: Mapping[str, str]) -> Slice[OrderPage]:
    """One's own orders, newest first."""
    return reading.list_mine(ctx, page, tuple(filter(None, query["state"].split(","))))


@door.get("/orders/<string:order_id>", shows=OrderSchema(), refuses=(errors.NotFound,))
def show_order(ctx: Ctx, order_id: str) -> OrderPage:
    """One's own order, by its id or its payment's number."""
    return reading.mine(ctx, order_id)


@door.post(
    "/orders/<string:order_id>/payments",
    shows=PayerParamsSchema(),
    status=201,
    idempotent=True,
    flow=True,
    refuses=(errors.NotFound, errors.AlreadyPaid, errors.WrongState, errors.TooLateToPay, errors.GatewayDown),
)
def pay_order(product: Lintuan, actor: Actor, order_id: str) -> paying.PayerParams:
    """Ask to pay an order, one's own or a neighbour's; asking again continues the same payment."""
    return paying.ask_to_pay(product.unit, product.outside, actor, order_id)


@door.post(
    "/orders/<string:order_id>/look-up",
    shows=StateSchema(),
    flow=True,
    refuses=(errors.NotFound, errors.GatewayDown),
)
def look_up_payment(product: Lintuan, actor: Actor, order_id: str) -> _State:
    """查一下: ask the gateway now whether it was paid."""
    return _State(paying.look_up(product.unit, product.outside, actor, order_id))


@door.post(
    "/orders/<string:order_id>/cancellation",
    takes=CancelBody(),
    shows=OrderSchema(),
    idempotent=True,
    refuses=(errors.NotFound, errors.WrongState, errors.TooLateToCancel),
)
def cancel_order(ctx: Ctx, order_id: str, body: dict[str, Any]) -> OrderPage:
    """Take an own order back, or some lines or units of a paid one, until the campaign closes."""
    units = {part["line"]: part["units"] for part in body["units"]}
    if len(units) < len(body["units"]) or (units and body["lines"]):
        raise errors.Invalid("Name each line once, whole or by units.", field="units")
    order: Order = cancelling.cancel(ctx, order_id, tuple(body["lines"]), units)
    ctx.session.flush()
    return reading.mine(ctx, order.public_id)
