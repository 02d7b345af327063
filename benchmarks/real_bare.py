"""The floor of every order, "real bare": the same POST through token, key, schemas and dump, without a database."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, jsonify, request

from benchmarks.product import TOKENS
from blueprints.resident.orders import NewOrder, OrderSchema
from blueprints.shared import api, idempotent, problems, surroundings
from blueprints.shared.api import Door
from blueprints.shared.guards import bearer_token
from blueprints.shared.lean import Product
from config import logging
from domain.actors import Actor, Role
from domain.errors import Unauthenticated
from domain.ids import new_id
from services import ordering
from services.queries.orders import OrderPage

PRICE_FEN = 2990


@dataclass(frozen=True)
class _Line:
    public_id: str
    unit_price_fen: int
    ordered_units: int
    offer_name: str = "红颜草莓"
    spec: str = "500g"
    unit: str = "盒"
    discount_fen: int = 0
    confirmed_units: int = 0
    arrived_units: int = 0
    collected_units: int = 0
    lapsed_units: int = 0
    refunded_units: int = 0
    refunded_after_units: int = 0
    refunded_fen: int = 0
    rebate_unit_fen: int = 0
    rebate_fen: int = 0
    aftersales_fen: int = 0
    waived_fen: int = 0

    @property
    def amount_fen(self) -> int:
        return self.unit_price_fen * self.ordered_units


door = Door("bare", audience="public", url_prefix="/api/resident", description="the floor of an order")


@door.post("/orders", takes=NewOrder(), shows=OrderSchema(), status=201, flow=True)
def place_order(_product: None, actor: Actor, body: dict[str, Any]) -> OrderPage:
    """What the real view does around `ordering.place`, and an order made of nothing."""
    idempotent.key_of_request()
    idempotent.fingerprint()
    lines = tuple((line["offer"], line["units"]) for line in body.pop("lines"))
    return _page(ordering.PlaceOrder(lines=lines, **body), actor)


def _page(command: ordering.PlaceOrder, actor: Actor) -> OrderPage:
    now = datetime.now(UTC)
    made: Any = [_Line(new_id("OrderLine", now), PRICE_FEN, units) for _, units in command.lines]
    total = sum(line.amount_fen for line in made)
    return OrderPage(
        id=new_id("Order", now), campaign=command.campaign, campaign_title="周五草莓", campaign_state="open",
        point=command.point, point_name="1号楼架空层", state="pending_payment", payment_policy="prepaid",
        delivery_method="pickup", building="", room="", parcel=None, roster_number=None, delivery_fee_fen=0,
        total_fen=total, paid_fen=0, refunded_fen=0, refunding_fen=0, due_fen=0, pay_until=None,
        hold_until=now + timedelta(minutes=30), pickup_deadline=None, aftersales_until=None, cancellable=True,
        movable=True, cancel_words="", recipient=command.recipient, note=command.note, created_at=now, lines=made,
        refunds=(), claims=(),
    )  # fmt: skip


def create_app() -> Flask:
    """The app for granian, its tokens in the file that the environment names."""
    logging.configure()
    return app_of(Path(os.environ[TOKENS]).read_text().split())


def app_of(tokens: Sequence[str]) -> Flask:
    """The product's own surroundings, doors and schemas around that view; the first token is resident 1's."""
    app = Product("real-bare", static_folder=None, template_folder=None)
    app.extensions["lintuan"] = None
    known = {_hash(token): number for number, token in enumerate(tokens, 1)}
    surroundings.install(app, logging.tell_request, keep_seconds=0, https_only=True)
    problems.install(app)
    api.install(app).register_blueprint(door)

    @app.get("/livez")
    def alive() -> Response:
        return jsonify(status="alive")

    @app.before_request
    def guard() -> None:
        if request.endpoint == "alive":
            return
        resident = known.get(_hash(bearer_token()))
        if resident is None:
            raise Unauthenticated
        g.actor = Actor(Role.RESIDENT, resident, resident)

    return app


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
