"""Things to look at: one of each kind that has a page of its own."""

from __future__ import annotations

from datetime import date

from domain.actors import CLOCK, SYSTEM
from domain.ids import new_id
from models import BillCase, Order, OutboxMessage, Payment, PickupPoint, Refund, Resident, Shift
from services import people as residents
from services import suspense
from services.ports import Trade
from services.transactions import Transactions
from tests.builders import campaigns, people
from tests.builders.campaigns import Scene, buyer
from tests.builders.decisions import answered, cancelled

PHONE = "13800001234"


def a_campaign(unit: Transactions) -> Scene:
    """A running campaign whose first buyer has a phone."""
    stage = campaigns.stage_of(unit)
    with unit(buyer(stage.buyers[0])) as ctx:
        residents.set_phone(ctx, PHONE)
    return stage


def an_order(unit: Transactions) -> Order:
    """A paid order of somebody with a phone."""
    stage = a_campaign(unit)
    public_id = campaigns.buy(unit, stage, 0)
    with unit.reading() as ctx:
        return campaigns.order_row(ctx, public_id)


def one_of_each(unit: Transactions) -> dict[str, str]:
    """Public ids of things, by the page that shows them."""
    stage = a_campaign(unit)
    order, _ = campaigns.buy(unit, stage, 1), cancelled(unit, stage)
    refund = answered(unit, "ABNORMAL")
    with unit(SYSTEM) as ctx:
        suspense.unknown_number(ctx, Trade("nobody-s-number", "SUCCESS", "4200000001", 100, 100, ctx.now))
        case, letter, shift = (new_id(kind, ctx.now) for kind in ("BillCase", "OutboxMessage", "Shift"))
        ctx.session.add_all((
            BillCase(public_id=case, day=date(2026, 11, 25), difference="fee", subject=order, state="open",
                     source="trade", ours_fen=18, theirs_fen=20, detail="", created_at=ctx.now),
            OutboxMessage(public_id=letter, kind="card", payload={}, dedupe_key="one", state="dead", due_at=ctx.now,
                          last_error="no such chat", created_at=ctx.now),
            Shift(public_id=shift, point_id=stage.point_id, by_label="staff:1", by_name="小林", state="open",
                  opened_at=ctx.now),
        ))  # fmt: skip
        people.staff(ctx, ctx.session.get_one(PickupPoint, stage.point_id))
        payment = ctx.session.query(Payment.public_id).join(Refund).filter(Refund.public_id == refund).scalar()
        owner = ctx.session.get_one(Resident, stage.buyers[0]).public_id
        leader = people.leader(ctx, state="applied").public_id
    return {
        "campaigns": stage.campaign, "orders": order, "payments": payment or "", "refunds": refund,
        "leaders": leader, "points": stage.point, "bill-cases": case, "outbox": letter, "shifts": shift,
        "residents": owner,
    }  # fmt: skip


def orders(unit: Transactions, count: int) -> None:
    """So many orders of one campaign, placed by one person each in turn."""
    stage = campaigns.stage_of(unit, buyers=count)
    for who in range(count):
        campaigns.place(unit, stage, who)
    with unit(CLOCK) as ctx:
        assert ctx.session.query(Order).count() >= count
