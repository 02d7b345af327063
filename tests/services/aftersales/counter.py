"""Goods in their buyers' hands, and claims about them, made through the services."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from domain.actors import CLOCK, Actor, Role
from domain.aftersales import LIVE
from domain.ids import new_id
from domain.ledger import Account
from domain.posting_rules import Event
from models import Campaign, Claim, Notification, Operator, Order, Payment, Refund, RefundLine, Shift
from services import evidence_pictures, ledger, ordering
from services.aftersales import asking, timing
from services.aftersales.asking import AskBack
from services.pickup.redeeming import Redeem, redeem
from services.transactions import Transactions
from tests.builders.clock import FrozenClock
from tests.services.pickup.world import World, add, balance, lines_of, offer_named, one


class Counter:
    """A world with a buyer, a desk, and an operator; sums in fen."""

    def __init__(self, unit: Transactions, clock: FrozenClock) -> None:
        self.unit = unit
        self.clock = clock
        self.world = World(unit, clock)
        self.buyer = self.world.resident()
        self.desk = self.world.staff()
        with unit(CLOCK) as ctx:
            row = Operator(public_id=new_id("Operator", ctx.now), name="运营", password_hash="-", created_at=ctx.now)
            self.operator = Actor(Role.OPERATOR, add(ctx, row).id)

    def waiting(self, units: dict[str, int] | None = None, who: Actor | None = None, **terms: Any) -> str:
        """A paid order whose goods wait at the point."""
        campaign = self.world.campaign(**terms)
        order = self.world.order(who or self.buyer, campaign, units or {"纸巾": 2})
        self.world.bring(campaign)
        return order

    def collected(self, units: dict[str, int] | None = None, who: Actor | None = None, **terms: Any) -> str:
        """The same in its buyer's hands."""
        order = self.waiting(units, who, **terms)
        self.hand_over(order)
        return order

    def paid_in_cash(self, units: int) -> str:
        """An order of 纸巾 paid in cash at the desk as it was handed over."""
        campaign = self.world.campaign()
        with self.unit(self.buyer) as ctx:
            changed = update(Campaign).where(Campaign.public_id == campaign).values(payment_policy="on_pickup")
            ctx.session.execute(changed)
            lines = ((offer_named(ctx, campaign, "纸巾").public_id, units),)
            order = ordering.place(ctx, ordering.PlaceOrder(campaign, self.world.point_ids[0], lines)).public_id
        self.world.bring(campaign)
        with self.unit(CLOCK) as ctx:
            row = one(ctx, Order, order)
            shift = add(
                ctx,
                Shift(
                    public_id=new_id("Shift", ctx.now),
                    point_id=row.point_id,
                    by_label="staff:1",
                    by_name="小张",
                    opened_at=ctx.now,
                    state="open",
                    taken_fen=row.total_fen,
                ),
            )
            add(ctx, Payment(public_id=new_id("Payment", ctx.now), order_id=row.id, payer_id=row.resident_id,
                             amount_fen=row.total_fen, received_fen=row.total_fen, counted=True, method="cash",
                             shift_id=shift.id, expires_at=ctx.now, asked_at=ctx.now, succeeded_at=ctx.now,
                             state="succeeded", created_at=ctx.now))  # fmt: skip
            row.paid_fen, row.paid_at = row.total_fen, ctx.now
            ledger.post(ctx, Event.DESK_CASH, f"payment:{order}", {"amount": row.total_fen}, order=row,
                        owners={"shift": shift.public_id})  # fmt: skip
        self.hand_over(order)
        return order

    def hand_over(self, order: str, units: dict[str, int] | None = None) -> str:
        """Hand all of it over, or `units` by name; returns the redemption."""
        with self.unit(self.desk) as ctx:
            lines = lines_of(ctx, order)
            some = {lines[name].public_id: count for name, count in (units or {}).items()}
            return redeem(ctx, Redeem((order,), "code", some))[0].public_id

    def picture(self, by: Actor, purpose: str = "claim") -> str:
        """A picture written down, without its bytes."""
        with self.unit(by) as ctx:
            made = new_id("Evidence", ctx.now)
            evidence_pictures.record(ctx, made, purpose, "image/jpeg")
            return made

    def ask(self, order: str, units: int = 0, amount_fen: int | None = None, *, name: str = "纸巾",
            who: Actor | None = None, **more: Any) -> str:  # fmt: skip
        """Ask back for a line by name; returns the claim."""
        with self.unit(who or self.buyer) as ctx:
            line = lines_of(ctx, order)[name].public_id
            return asking.ask(ctx, AskBack(order, line, more.pop("reason", "bad"), units, amount_fen, **more)).public_id

    def act(self, who: Actor, verb: Any, *arguments: Any) -> None:
        """Do `verb(ctx, ...)` in a transaction of its own."""
        with self.unit(who) as ctx:
            verb(ctx, *arguments)

    def tick(self, **time: float) -> int:
        """Let time pass and the sweep run; returns how many claims moved on."""
        self.clock.advance(**time)
        with self.unit.reading(CLOCK) as ctx:
            ids = timing.due(ctx, 100)
        moved = 0
        for claim_id in ids:
            with self.unit(CLOCK) as ctx:
                moved += timing.move_on(ctx, claim_id)
        return moved

    def state(self, claim: str) -> str:
        """Where the claim stands; a live one waits for somebody with a deadline, or for the operator."""
        row = self.claim(claim)
        assert (row.due_at is not None) is (row.state in LIVE and row.state != "escalated")
        assert (row.decided_at is not None) is (row.state not in LIVE)
        return row.state

    def claim(self, claim: str) -> Claim:
        """The claim as it stands."""
        with self.unit.reading(CLOCK) as ctx:
            return one(ctx, Claim, claim)

    def back(self, order: str) -> list[tuple[int, int]]:
        """(units, fen) of each after-sales refund line of an order."""
        with self.unit.reading(CLOCK) as ctx:
            mine = (
                select(RefundLine.units, RefundLine.amount_fen)
                .join(Refund, Refund.id == RefundLine.refund_id)
                .join(Payment, Payment.id == Refund.payment_id)
                .join(Order, Order.id == Payment.order_id)
                .where(Order.public_id == order, RefundLine.kind == "aftersales")
                .order_by(RefundLine.id)
            )
            return [(row.units, row.amount_fen) for row in ctx.session.execute(mine)]

    def balance(self, account: Account, owner: str = "") -> int:
        """What stands on an account."""
        with self.unit.reading(CLOCK) as ctx:
            return balance(ctx, account, owner)

    def told(self, who: Actor) -> list[str]:
        """The titles of what somebody was told about claims, oldest first."""
        with self.unit.reading(CLOCK) as ctx:
            mine = select(Notification.title).where(
                Notification.resident_id == who.resident_id, Notification.cause.startswith("claim:")
            )
            return list(ctx.session.scalars(mine.order_by(Notification.id)))
