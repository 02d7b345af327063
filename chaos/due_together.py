"""Campaigns due in the same second, made by the product's own services, and the sandbox's side of their money."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex, token_urlsafe

from sqlalchemy import NullPool, create_engine

from chaos.settling_process import transactions
from domain.actors import GATEWAY, SYSTEM
from models import Campaign, CampaignPoint, Leader
from sandbox import people as sandbox_people
from sandbox.app import create_app, stop
from sandbox.config import Config
from sandbox.context import Sandbox
from sandbox.pay import account
from services import ordering, payments
from services.context import Ctx
from services.ports import Trade
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, Terms
from tests.builders.clock import FrozenClock

MINUTES = 10
BUYERS = 150
BATCH = 50
PAID, LOST, HELD = range(3)


@dataclass(frozen=True)
class Asked:
    """A payment as both sides know it; `how` is PAID, LOST (paid, its notice lost) or HELD (never paid)."""

    number: str
    openid: str
    total_fen: int
    prepay_id: str
    transaction_id: str
    how: int


@dataclass(frozen=True)
class Due:
    """When they are all due, and when the last hold has ended."""

    closes_at: datetime
    holds_end: datetime


def seed(url: str, sandbox: Config, notify_url: str, count: int) -> Due:
    """Write `count` campaigns with three orders each on both sides; every second one stays below its minimum."""
    now = datetime.now(UTC).replace(microsecond=0)
    app = create_app(sandbox)
    box: Sandbox = app.extensions["sandbox"]
    engine = create_engine(url, poolclass=NullPool)
    unit = transactions(engine, FrozenClock(now))
    try:
        openids = [sandbox_people.ensure(box, f"邻居{n}").openid for n in range(BUYERS)]
        with unit(SYSTEM) as ctx:
            model = campaigns.scene(ctx, Terms(), buyers=0)
            model.buyers += [people.resident(ctx, openid=openid).id for openid in openids]
        asked: list[Asked] = []
        for start in range(0, count, BATCH):
            asked += _batch(unit, model, range(start, min(start + BATCH, count)))
        with box.store.transaction() as db:
            for payment in asked:
                _write(db, payment, notify_url, int(now.timestamp()))
        with unit(SYSTEM) as ctx:
            ctx.session.get_one(Campaign, model.campaign_id).closes_at = now + timedelta(days=9)
    finally:
        engine.dispose()
        stop(app)
    closes_at = now + timedelta(minutes=MINUTES)
    return Due(closes_at, closes_at + timedelta(minutes=3))


def _batch(unit: Transactions, model: Scene, numbers: range) -> list[Asked]:
    asked = []
    with unit(SYSTEM) as ctx:
        for number in numbers:
            scene = _campaign(ctx, model, number)
            first = number * 3 % BUYERS
            asked += [_order(ctx, scene, model.buyers[first + how], how) for how in (PAID, LOST, HELD)]
    return asked


def _campaign(ctx: Ctx, model: Scene, number: int) -> Scene:
    """Both paid ones must count for the even ones to form; nothing is enough for the odd ones."""
    leader = ctx.session.get_one(Leader, model.leader_id)
    row = campaigns._campaign(
        ctx, leader, ctx.now + timedelta(minutes=MINUTES),
        {"title": f"第{number}团", "minimum": 3 if number % 2 else 2},
    )  # fmt: skip
    ctx.session.add(CampaignPoint(campaign_id=row.id, point_id=model.point_id))
    offer = campaigns._offer(ctx, leader, row, 0, Terms())
    ctx.session.flush()
    return Scene(row.public_id, row.id, model.point, model.point_id, leader.id, leader.resident_id,
                 {offer.name: offer.public_id}, row.closes_at)  # fmt: skip


def _order(ctx: Ctx, scene: Scene, resident_id: int, how: int) -> Asked:
    mine = ctx.acting_as(campaigns.buyer(resident_id))
    order = ordering.place(mine, campaigns.wanted(scene))
    asked = payments.ask(mine, order.public_id)
    prepay_id = f"wx{token_hex(17)}"
    payments.prepaid(mine, asked.payment, prepay_id)
    request = asked.request
    made = Asked(
        request.out_trade_no, request.payer_openid, request.amount_fen, prepay_id, f"42{token_urlsafe(15)}", how
    )
    if how == PAID:
        total = request.amount_fen
        trade = Trade(request.out_trade_no, "SUCCESS", made.transaction_id, total, total, ctx.now)
        payments.book_trade(ctx.acting_as(GATEWAY), trade)
    return made


def _write(db: sqlite3.Connection, payment: Asked, notify_url: str, now: int) -> None:
    """The gateway's rows of one payment, as if it had been asked and paid over HTTP."""
    paid = payment.how != HELD
    db.execute(
        "INSERT INTO pay_orders (out_trade_no, parameters_hash, description, attach, notify_url, openid, total_fen,"
        " created_at, time_expire, state, transaction_id, payer_fen, success_at)"
        " VALUES (?, '', '邻团', '', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (payment.number, notify_url, payment.openid, payment.total_fen, now, now + 13 * 60,
         "SUCCESS" if paid else "NOTPAY", payment.transaction_id if paid else None,
         payment.total_fen if paid else None, now if paid else None),
    )  # fmt: skip
    db.execute("INSERT INTO pay_prepays VALUES (?, ?, ?)", (payment.prepay_id, payment.number, now + 7200))
    if paid:
        order = db.execute("SELECT * FROM pay_orders WHERE out_trade_no = ?", (payment.number,)).fetchone()
        account.capture(db, order, freeze=False)
