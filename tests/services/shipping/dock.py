"""The platform beside a neighbourhood: what it was told of which order, in sweeps that a test runs by hand."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from domain.actors import CLOCK, GATEWAY, SYSTEM, Actor
from domain.campaigns import CancelReason
from models import Alert, Campaign, Order, Payment, ShippingUpload
from services import counting, ordering, payments, returning, shipping_watch, transitions
from services.flows import shipping
from services.ordering import PlaceOrder
from services.ports import OutsideError, ShippingInfo, Trade
from tests.builders.outside import PretendMiniProgram, PretendOutside
from tests.services.pickup.world import World, offer_named, one

STRAWBERRIES, TISSUES = "草莓", "纸巾"


@dataclass
class Dock:
    """Sweeps, and what came of them."""

    world: World
    outside: PretendOutside

    @property
    def platform(self) -> PretendMiniProgram:
        """The pretend platform."""
        return self.outside.mini_program

    def arrived(self, units: dict[str, int] | None = None, who: Actor | None = None, method: str = "pickup") -> str:
        """A paid order that stands whole where `method` begins; its public id."""
        shown = self.world.campaign()
        order = self.paid(shown, units or {STRAWBERRIES: 2}, who)
        self.goes_by(shown, method)
        self.world.bring(shown)
        return order

    def paid(self, campaign: str, units: dict[str, int], who: Actor | None = None, payer: Actor | None = None) -> str:
        """An order, paid by its owner or by `payer`."""
        owner = who or self.world.resident()
        with self.world.unit(owner) as ctx:
            lines = tuple((offer_named(ctx, campaign, name).public_id, number) for name, number in units.items())
            order = ordering.place(ctx, PlaceOrder(campaign, self.world.point_ids[0], lines)).public_id
        with self.world.unit(payer or owner) as ctx:
            asked = payments.ask(ctx, order)
        fen, number = asked.request.amount_fen, asked.request.out_trade_no
        with self.world.unit(GATEWAY) as ctx:
            payments.book_trade(ctx, Trade(number, "SUCCESS", f"4200{asked.payment}", fen, fen, ctx.now))
        return order

    def goes_by(self, campaign: str, method: str) -> None:
        """From now on its goods are brought so."""
        with self.world.unit(CLOCK) as ctx:
            one(ctx, Campaign, campaign).delivery_method = method

    def upload(self) -> int:
        """One turn of the sweep."""
        return shipping.upload_due(self.world.unit, self.outside)

    def watch(self) -> int:
        """One turn of the other."""
        return shipping.watch(self.world.unit, self.outside)

    def fails(self, error: OutsideError | None) -> None:
        """What the platform answers from now on."""
        self.platform.fails = error

    def payment(self, order: str) -> Payment:
        """The payment that paid an order."""
        with self.world.unit.reading() as ctx:
            mine = select(Payment).where(Payment.order_id == one(ctx, Order, order).id, Payment.counted)
            return ctx.session.scalars(mine).one()

    def told(self, order: str) -> ShippingInfo | None:
        """What the platform knows of an order's payment."""
        return self.platform.shipped.get(self.payment(order).transaction_id or "")

    def row(self, order: str) -> ShippingUpload | None:
        """The upload of an order's payment."""
        payment = self.payment(order)
        with self.world.unit.reading() as ctx:
            mine = select(ShippingUpload).where(ShippingUpload.payment_id == payment.id)
            return ctx.session.scalars(mine).one_or_none()

    def state(self, order: str) -> str:
        """Where the upload stands, "" when there is none."""
        row = self.row(order)
        return row.state if row else ""

    def alerts(self) -> list[str]:
        """Kinds of the alerts that are open."""
        with self.world.unit.reading() as ctx:
            return list(ctx.session.scalars(select(Alert.kind).where(Alert.done_at.is_(None)).order_by(Alert.id)))

    def give_back(self, order: str, name: str | None = None) -> None:
        """Refund what was not handed over of one line, or of all."""
        with self.world.unit(CLOCK) as ctx:
            row = one(ctx, Order, order)
            transitions.lock(ctx, row)
            lines = [line for line in counting.lines_of(ctx, row) if name in (None, line.offer_name)]
            returning.take_off(ctx, row, {line: line.ordered_units for line in lines}, CancelReason.LEADER)
            returning.end(ctx, row, CancelReason.LEADER)

    def hear(self, event: str, order: str, **content: object) -> None:
        """A push of the platform about an order's payment."""
        payment = self.payment(order)
        message = {"MsgType": "event", "Event": event, "transaction_id": payment.transaction_id,
                   "merchant_trade_no": payment.public_id} | content  # fmt: skip
        with self.world.unit(SYSTEM) as ctx:
            shipping_watch.hear(ctx, message)
