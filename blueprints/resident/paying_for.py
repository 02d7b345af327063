"""Paying for a neighbour: whoever has the link sees the sum and a masked name, and may pay."""

from __future__ import annotations

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.resident.orders import PayerParamsSchema
from blueprints.shared.schemas import Shown
from domain.actors import Actor
from domain.errors import AlreadyPaid, GatewayDown, NotFound, TooLateToPay, WrongState
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import paying
from services.queries import orders as reading
from services.queries.orders import Bill


class PayForSchema(Shown):
    """What a neighbour who pays may see."""

    order_id = fields.String(attribute="id", required=True)
    title = fields.String(attribute="campaign_title", required=True)
    masked_name = fields.String(attribute="owner", required=True)
    total_fen = fields.Integer(required=True)
    payable = fields.Boolean(required=True)
    pay_until = fields.AwareDateTime(attribute="hold_until", required=True)


@door.get("/payfor/<string:order_id>", shows=PayForSchema(), refuses=[NotFound])
def show_payfor(ctx: Ctx, order_id: str) -> Bill:
    """What there is to pay for a neighbour."""
    return reading.bill(ctx, order_id)


@door.post("/payfor/<string:order_id>/payments", shows=PayerParamsSchema(), status=201, idempotent=True, flow=True,
           refuses=[NotFound, AlreadyPaid, WrongState, TooLateToPay, GatewayDown])  # fmt: skip
def pay_for(product: Lintuan, actor: Actor, order_id: str) -> paying.PayerParams:
    """Ask to pay for a neighbour: a refund comes back to me, the pickup code is theirs."""
    return paying.ask_to_pay(product.unit, product.outside, actor, order_id)
