"""Campaigns, orders with their whole history, and complaints that wait for a ruling."""

from __future__ import annotations

from typing import Any

from flask import Response
from marshmallow import fields, validate

from blueprints.console.door import door
from blueprints.console.forms import ReasonForm, Yuan, wanted
from blueprints.shared.evidence import show
from blueprints.shared.schemas import Taken, Text
from domain.actors import Actor
from domain.aftersales import BEARER_WORDS, Bearer
from domain.operators import Duty
from domain.state_tables import CAMPAIGN, CLAIM, ORDER
from services import giving_back, revealing
from services.aftersales import ruling
from services.assembly import Lintuan
from services.campaigns import ending
from services.context import Ctx
from services.explaining import subjects
from services.giving_back import GiveBack
from services.paging import Page
from services.queries import claims as claim_lists
from services.queries import console_campaigns, console_files, console_order, console_orders
from services.queries.console_orders import OrderFilter


class CompensationForm(ReasonForm):
    """An amount for goods of one line, which the buyer keeps."""

    line = Text(40, required=True)
    amount = Yuan(required=True)


class AcceptForm(Taken):
    """Who bears it."""

    borne_by = fields.String(required=True, validate=validate.OneOf(list(Bearer)))


class OfferForm(AcceptForm):
    """Less than was asked."""

    amount = Yuan(required=True)
    words = Text(255, load_default="")


class RefusalForm(Taken):
    """Why not."""

    words = Text(255, required=True)


@door.page("/campaigns", query=wanted(CAMPAIGN, search=80), paged=True)
def campaigns(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """All campaigns, newest first."""
    return {"part": console_campaigns.listed(ctx, page, **query), "query": query, "states": CAMPAIGN.states}


@door.page("/campaigns/<public_id>", on_record=True)
def campaign(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One campaign, and where its money came from and went."""
    return {"file": console_campaigns.one(ctx, public_id), "money_told": subjects.explain(ctx, "campaign", public_id)}


@door.act("/campaigns/<public_id>/cancel", duty=Duty.CAMPAIGNS, takes=ReasonForm())
def cancel_campaign(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """End a campaign that its leader cannot or must not carry on."""
    ending.cancel(ctx, public_id, body["reason"])
    return f"/console/campaigns/{public_id}"


@door.page("/orders", query=wanted(ORDER, search=80, campaign=40, point=40), paged=True)
def orders(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """All orders, newest first."""
    return {"part": console_orders.listed(ctx, page, OrderFilter(**query)), "query": query, "states": ORDER.states}


@door.page("/orders/<public_id>", on_record=True)
def order(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One order with its whole history."""
    return {"file": console_order.one(ctx, public_id)}


@door.look("/orders/<public_id>/reveal", duty=Duty.REVEAL, takes=ReasonForm())
def reveal(ctx: Ctx, public_id: str, body: dict[str, str]) -> dict[str, Any]:
    """Who it is, for somebody who says why."""
    return {"person": revealing.owner_of(ctx, public_id, body["reason"]), "id": public_id, "reason": body["reason"]}


@door.act("/orders/<public_id>/refund", duty=Duty.GIVE_BACK, takes=ReasonForm())
def refund_order(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Give back all that is left of an order."""
    giving_back.give_back(ctx, GiveBack(public_id, body["reason"], rest=True))
    return f"/console/orders/{public_id}"


@door.act("/orders/<public_id>/compensate", duty=Duty.GIVE_BACK, takes=CompensationForm())
def compensate_order(ctx: Ctx, public_id: str, body: dict[str, Any]) -> str:
    """Give an amount back for goods that the buyer keeps."""
    giving_back.give_back(ctx, GiveBack(public_id, body["reason"], compensation_fen={body["line"]: body["amount"]}))
    return f"/console/orders/{public_id}"


@door.page("/claims", query=wanted(CLAIM), paged=True)
def claims(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Complaints, newest first; those that were escalated wait for a ruling."""
    return {"part": claim_lists.many(ctx, page, query["state"]), "query": query, "states": CLAIM.states}


@door.page("/claims/<public_id>")
def claim(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One complaint with its pictures."""
    return {"claim": claim_lists.one(ctx, public_id), "bearers": BEARER_WORDS,
            "history_of": console_files.claim_history(ctx, public_id)}  # fmt: skip


@door.file("/evidence/<public_id>", duty=Duty.LOOK)
def evidence(product: Lintuan, actor: Actor, public_id: str) -> Response:
    """A picture that proves something."""
    return show(product, actor, public_id)


@door.act("/claims/<public_id>/accept", duty=Duty.CLAIMS, takes=AcceptForm())
def accept_claim(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Pay all that was asked."""
    ruling.accept(ctx, public_id, Bearer(body["borne_by"]))
    return f"/console/claims/{public_id}"


@door.act("/claims/<public_id>/offer", duty=Duty.CLAIMS, takes=OfferForm())
def offer_claim(ctx: Ctx, public_id: str, body: dict[str, Any]) -> str:
    """Offer less than was asked."""
    ruling.offer(ctx, public_id, body["amount"], Bearer(body["borne_by"]), body["words"])
    return f"/console/claims/{public_id}"


@door.act("/claims/<public_id>/refuse", duty=Duty.CLAIMS, takes=RefusalForm())
def refuse_claim(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Say no for good."""
    ruling.refuse(ctx, public_id, body["words"])
    return f"/console/claims/{public_id}"
