"""Refunds in the operator's hands: giving back of any order, what waits for people, and what waits for funds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate

from blueprints.admin.door import door
from blueprints.admin.proposals import ProposalSchema
from blueprints.shared.refund_shapes import GiveBackSchema, GivenBackSchema, give_back_command
from blueprints.shared.schemas import Shown, Taken, Text
from domain.actors import Actor
from domain.errors import NotFound, WrongState
from services import giving_back, refund_tasks
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import refunding
from services.giving_back import GivenBack
from services.paging import Page, Slice
from services.queries import refund_tasks as reading
from services.queries.proposals import ProposalView, proposal_view
from services.queries.refund_tasks import Funds, RefundTask


class RefundTaskSchema(Shown):
    """A refund that people must pay: abnormal, refused, exhausted or cash; the payer is masked."""

    id = fields.String()
    payment = fields.String()
    order = fields.String()
    state = fields.String()
    why = fields.String()
    amount_fen = fields.Integer()
    reason = fields.String()
    payer = fields.String()
    proposal = fields.String(allow_none=True)
    created_at = fields.AwareDateTime()


class FundsSchema(Shown):
    """What to top up so that every decided refund can go."""

    top_up_fen = fields.Integer()
    refunds = fields.Integer()


class PayByHandSchema(Taken):
    """How it was paid outside the gateway; only by bank yet."""

    channel = fields.String(validate=validate.OneOf(refund_tasks.CHANNELS), required=True)
    reference = Text(80, required=True)
    reason = Text(255, required=True)


class RefundStateSchema(Shown):
    """Where the refund stands."""

    state = fields.String()


@dataclass(frozen=True)
class _State:
    state: str


@door.post(
    "/orders/<order_id>/refunds",
    takes=GiveBackSchema(),
    shows=GivenBackSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState],
)
def refund_order(ctx: Ctx, order_id: str, body: dict[str, Any]) -> GivenBack:
    """Give back of any order, at any time; `rest` includes what was handed over."""
    return giving_back.give_back(ctx, give_back_command(order_id, body))


@door.get("/refund-tasks", shows=RefundTaskSchema(), paged=True)
def list_refund_tasks(ctx: Ctx, page: Page) -> Slice[RefundTask]:
    """Refunds that no gateway makes, oldest first."""
    return reading.tasks(ctx, page)


@door.get("/refund-funds", shows=FundsSchema())
def show_refund_funds(ctx: Ctx) -> Funds:
    """The sum to top up while refunds wait for funds; 0 when none does."""
    return reading.funds(ctx)


@door.post("/refunds/<refund_id>/hand-proposals", takes=PayByHandSchema(), shows=ProposalSchema(), status=201,
           refuses=[NotFound, WrongState])  # fmt: skip
def propose_refund_by_hand(ctx: Ctx, refund_id: str, body: dict[str, str]) -> ProposalView:
    """Propose to pay a refund by bank; another operator accepts it."""
    return proposal_view(ctx, refund_tasks.propose(ctx, refund_tasks.PayByHand(refund_id, **body)))


@door.post("/refunds/<refund_id>/retry", shows=RefundStateSchema(), idempotent=True, flow=True,
           refuses=[NotFound, WrongState])  # fmt: skip
def retry_refund(product: Lintuan, actor: Actor, refund_id: str) -> _State:
    """Ask the gateway again for an abnormal refund, under its own number."""
    return _State(refunding.retry(product.unit, product.outside, actor, refund_id))
