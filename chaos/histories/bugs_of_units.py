"""Planted bugs in what counts units, people and orders."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from chaos.histories.bug import bug
from models import Campaign, Offer, OfferTaking, Order, OrderLine
from services import counting, settling
from services.pickup import astray, codes, lapsing, readying
from services.writing import changed


@bug("1 held + sold + free = quota", counting, "_give_back", "what goes back frees its buyer's limit, not the stock")
def the_stock_stays_taken(_true: Any) -> Any:
    """Forget the offer's row."""

    def give_back(ctx: Any, resident_id: int, units: Any, _stock: Any) -> None:
        for offer_id, count in units.items():
            taking = update(OfferTaking).where(OfferTaking.offer_id == offer_id, OfferTaking.resident_id == resident_id)
            changed(ctx.session, taking.values(units=OfferTaking.units - count))

    return give_back


@bug("1 per-person limits", counting, "_give_back", "what goes back frees the stock, not its buyer's limit")
def the_limit_stays_used(_true: Any) -> Any:
    """Forget the person's row."""

    def give_back(ctx: Any, _resident_id: int, units: Any, stock: Any) -> None:
        for offer_id, count in units.items():
            changed(ctx.session, update(Offer).where(Offer.id == offer_id).values({stock: stock - count}))

    return give_back


@bug("1 takings are never forgotten", counting, "_give_back", "what goes back is no longer counted as taken once")
def the_taking_is_forgotten(true: Any) -> Any:
    """Count the takings down."""

    def give_back(ctx: Any, resident_id: int, units: Any, stock: Any) -> None:
        true(ctx, resident_id, units, stock)
        for offer_id in units:
            changed(ctx.session, update(Offer).where(Offer.id == offer_id).values(takings=Offer.takings - 1))

    return give_back


@bug("4 units of a line keep their order", readying, "_count_up", "units that arrive are counted twice")
def arrivals_count_twice(_true: Any) -> Any:
    """Add them once more, and ask nothing."""

    def count_up(ctx: Any, came: Any) -> None:
        for line, units in came.items():
            mine = update(OrderLine).where(OrderLine.id == line.id)
            changed(ctx.session, mine.values(arrived_units=OrderLine.arrived_units + 2 * units))
            ctx.session.refresh(line)

    return count_up


@bug("6 collected units are the sum of their redemptions", lapsing, "hand_over", "what lapsed is noted as collected")
def the_lapsed_are_collected(true: Any) -> Any:
    """Always the same column."""
    return lambda ctx, _column, acts: true(ctx, "collected_units", acts)


@bug("2 a counted order that is ready has a code in use, and no other order has", codes, "issue",
     "of orders that become ready together only the first gets a code")  # fmt: skip
def one_code_for_all(true: Any) -> Any:
    """Only the first."""
    return lambda ctx, orders: true(ctx, orders[:1])


@bug("5 roster numbers are 1..n without gaps", counting, "uncount", "an order that goes back gives its number back")
def numbers_are_given_back(true: Any) -> Any:
    """Count the roster down."""

    def uncount(ctx: Any, order: Any, gone: Any, *, wholly: bool) -> None:
        true(ctx, order, gone, wholly=wholly)
        if wholly:
            mine = update(Campaign).where(Campaign.id == order.campaign_id)
            changed(ctx.session, mine.values(roster_count=Campaign.roster_count - 1))

    return uncount


@bug("6 what was handed out without the network was redeemed or is a loss case", astray, "open_cases",
     "what a colleague handed over before is no case")  # fmt: skip
def what_is_lost_is_lost(_true: Any) -> Any:
    """Name nothing."""
    return lambda _ctx, _row, _order, _lost, _first: ""


@bug("7 counters agree with the rows", counting, "_participate", "a second order makes its buyer a second participant")
def everybody_is_new(true: Any) -> Any:
    """Each order brings somebody new."""

    def participate(ctx: Any, order: Any, step: int) -> int:
        came = int(true(ctx, order, step))
        return 1 if step > 0 else came

    return participate


@bug("5 a paid order has a number", counting, "count", "what is bought through a helper does not count")
def helpers_sell_for_nothing(true: Any) -> Any:
    """Only what came through the leader."""

    def count(ctx: Any, order: Any) -> None:
        if order.help_sell_id is None:
            true(ctx, order)

    return count


@bug("5 a settled campaign leaves no order behind", settling, "_unsettled",
     "settling passes over orders of which a part was cancelled")  # fmt: skip
def the_changed_are_forgotten(true: Any) -> Any:
    """Only orders that are as they were placed."""
    part = select(OrderLine.id).where(OrderLine.order_id == Order.id, OrderLine.refunded_units > 0)
    return lambda campaign_id: true(campaign_id) & ~part.exists()
