"""Stock, limits and counters: every way in which units are held, sold, counted and given back.

A person's limit rows are always touched first, then offers in ascending id, and the campaign's own row last, so that
rivals queue and never deadlock.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute

from domain.errors import LimitReached, SoldOut
from models import Campaign, Offer, OfferTaking, Order, OrderLine, Participation
from services.context import Ctx
from services.writing import changed, upsert


def hold(ctx: Ctx, offers: Mapping[Offer, int], resident_id: int) -> dict[Offer, int]:
    """Take units of each offer for a person: first the person's limit, then the stock, each one conditional write.

    Returns how many units of each offer count already, in the order given; they cannot change until the transaction
    ends. Raises `LimitReached` or `SoldOut`; the caller's rollback gives everything back.
    """
    counted: dict[Offer, int] = dict.fromkeys(offers, 0)
    in_order = sorted(offers, key=lambda offer: offer.id)
    for offer in in_order:
        _take_of_limit(ctx, offer, resident_id, offers[offer])
    for offer in in_order:
        stock = update(Offer).where(
            Offer.id == offer.id, Offer.state == "open",
            Offer.quota.is_(None) | (Offer.held_units + Offer.sold_units + offers[offer] <= Offer.quota),
        )  # fmt: skip
        more = {"held_units": Offer.held_units + offers[offer], "takings": Offer.takings + 1}
        taken = stock.values(**more).returning(Offer.sold_units)
        sold = ctx.session.execute(taken, execution_options={"synchronize_session": False}).scalar_one_or_none()
        if sold is None:
            raise SoldOut(offer=offer.name, free=_free(ctx, offer))
        counted[offer] = sold
    return counted


def _take_of_limit(ctx: Ctx, offer: Offer, resident_id: int, units: int) -> None:
    if offer.per_person is not None and units > offer.per_person:
        raise LimitReached(offer=offer.name, limit=offer.per_person)
    statement = upsert(ctx.session, OfferTaking).values(offer_id=offer.id, resident_id=resident_id, units=units)
    total = OfferTaking.units + units
    statement = statement.on_conflict_do_update(
        index_elements=["offer_id", "resident_id"],
        set_={"units": total},
        where=(total <= offer.per_person) if offer.per_person is not None else None,
    )
    if not changed(ctx.session, statement):
        raise LimitReached(offer=offer.name, limit=offer.per_person)


def _free(ctx: Ctx, offer: Offer) -> int:
    row = ctx.session.execute(select(Offer.quota, Offer.held_units, Offer.sold_units).where(Offer.id == offer.id)).one()
    return 0 if row.quota is None else int(row.quota - row.held_units - row.sold_units)


def release(ctx: Ctx, order: Order) -> None:
    """Give back what an order held that will never be paid."""
    held = {line.offer_id: line.ordered_units for line in lines_of(ctx, order)}
    _give_back(ctx, order.resident_id, held, Offer.held_units)


def count(ctx: Ctx, order: Order) -> None:
    """Let a paid order count: held becomes sold, the person a participant, and the order gets the next number."""
    lines = lines_of(ctx, order)
    for line in lines:
        statement = update(Offer).where(Offer.id == line.offer_id)
        changed(ctx.session, statement.values(
            held_units=Offer.held_units - line.ordered_units, sold_units=Offer.sold_units + line.ordered_units,
        ))  # fmt: skip
    newcomer = _participate(ctx, order, +1)
    roster = ctx.session.execute(
        update(Campaign)
        .where(Campaign.id == order.campaign_id)
        .values(
            roster_count=Campaign.roster_count + 1,
            participant_count=Campaign.participant_count + newcomer,
            counted_units=Campaign.counted_units + sum(line.ordered_units for line in lines),
            counted_fen=Campaign.counted_fen + sum(line.unit_price_fen * line.ordered_units for line in lines),
            revision=Campaign.revision + 1,
        )
        .returning(Campaign.roster_count),
        execution_options={"synchronize_session": False},
    ).scalar_one()
    order.roster_number = roster
    order.counted = True
    ctx.session.flush()


def uncount(ctx: Ctx, order: Order, gone: Mapping[OrderLine, int], *, wholly: bool) -> None:
    """Take refunded units (`gone`: line -> units) of a counted order out of stock, limits and counters.

    `wholly` says that nothing of the order is left: it stops counting and keeps its number.
    """
    sold = {line.offer_id: gone[line] for line in sorted(gone, key=lambda line: line.offer_id)}
    _give_back(ctx, order.resident_id, sold, Offer.sold_units)
    left = _participate(ctx, order, -1) if wholly else 0
    changed(
        ctx.session,
        update(Campaign)
        .where(Campaign.id == order.campaign_id)
        .values(
            participant_count=Campaign.participant_count + left,
            counted_units=Campaign.counted_units - sum(gone.values()),
            counted_fen=Campaign.counted_fen - sum(line.unit_price_fen * units for line, units in gone.items()),
            revision=Campaign.revision + 1,
        ),
    )
    if wholly:
        order.counted = False
        ctx.session.flush()


def lines_of(ctx: Ctx, order: Order) -> list[OrderLine]:
    """The order's lines by ascending offer, as they stand in the database."""
    ctx.session.flush()
    statement = select(OrderLine).where(OrderLine.order_id == order.id).order_by(OrderLine.offer_id)
    return list(ctx.session.scalars(statement, execution_options={"populate_existing": True}))


def _give_back(ctx: Ctx, resident_id: int, units: Mapping[int, int], stock: InstrumentedAttribute[int]) -> None:
    """Take `units` by offer (ids, ascending) off a person's limits, and off the offers' column `stock`."""
    for offer_id, count in units.items():
        taking = update(OfferTaking).where(OfferTaking.offer_id == offer_id, OfferTaking.resident_id == resident_id)
        changed(ctx.session, taking.values(units=OfferTaking.units - count))
    for offer_id, count in units.items():
        changed(ctx.session, update(Offer).where(Offer.id == offer_id).values({stock: stock - count}))


def _participate(ctx: Ctx, order: Order, step: int) -> int:
    """Add `step` to the person's counted orders; +1 for a new participant, -1 for one who left, else 0."""
    statement = upsert(ctx.session, Participation).values(
        campaign_id=order.campaign_id, resident_id=order.resident_id, counted_orders=max(step, 0)
    )
    statement = statement.on_conflict_do_update(
        index_elements=["campaign_id", "resident_id"], set_={"counted_orders": Participation.counted_orders + step}
    ).returning(Participation.counted_orders)
    ctx.session.flush()
    now = ctx.session.execute(statement, execution_options={"synchronize_session": False}).scalar_one()
    if step > 0:
        return 1 if now == 1 else 0
    return -1 if now == 0 else 0
