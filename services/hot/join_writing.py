"""Writing a round of joins: locks in the one order of docs/adr/0002, then every row in one statement a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from domain.actors import SYSTEM
from domain.errors import DomainError
from domain.state_tables import ORDER
from models import Order, OrderLine
from services import paid_orders, placing, pricing
from services.context import Ctx
from services.hot import join_rows as sql
from services.hot.catalogue import Catalogue, Plan
from services.hot.numbering import Counting, number, participate
from services.hot.rejudging import Rejudge
from services.hot.requests import Join, Outcome, Said
from services.hot.rows import Plain, defaults, listed
from services.pricing import Quote
from services.queries import orders as reading
from services.queries.orders import OrderPage

_ORDER, _LINE = defaults(Order), defaults(OrderLine)
_ORDER_CELLS, _LINE_CELLS = attrgetter(*sql.ORDER_COLUMNS), attrgetter(*sql.LINE_COLUMNS)


class _Placed:
    """An order of the round with its rows, as they follow from its price."""

    def __init__(self, plan: Plan, key_id: int) -> None:
        self.plan, self.key_id, self.event = plan, key_id, ""
        self.order: Any = None
        self.lines: list[Any] = []

    def price(self, ctx: Ctx, catalogue: Catalogue, price: Quote, digest: str, now: datetime) -> None:
        """Write its rows down, and let it count where nothing has to be paid before."""
        plan, join = self.plan, self.plan.join
        values = placing.order_values(plan.campaign, plan.point.id, join.resident_id, join.command, digest, price,
                                      None, now, ctx.policy)  # fmt: skip
        self.order = Plain({**_ORDER, **values})
        for offer, units in plan.wanted.items():
            values = placing.line_values(offer, units, *catalogue.skus[offer.sku_id], price, None, now)
            self.lines.append(Plain({**_LINE, **values}))
        if placing.counts_at_once(plan.campaign, price):
            paid = price.total_fen == 0
            self.event = "pay" if paid else "accept"
            self.order.paid_at = now if paid else None
            self.order.counted = True
            self.order.state = ORDER.moves[self.event].target

    def page(self) -> OrderPage:
        """The order as its owner sees it."""
        by_offer = sorted(self.lines, key=lambda line: int(line.offer_id))
        return reading.page_of(self.order, self.plan.campaign, self.plan.point, by_offer)


class _Prices:
    """What the orders of a round cost; those that want the same are priced once, until something new counts."""

    def __init__(self, catalogue: Catalogue, counted: dict[Any, int]) -> None:
        self._tiers, self._counted = catalogue.tiers, counted
        self._known: dict[Any, tuple[Quote, str]] = {}

    def of(self, plan: Plan) -> tuple[Quote, str]:
        """The price and the digest of an order; raises as `pricing.price_order`."""
        point = plan.join.command.point
        key = (plan.campaign, point, *plan.wanted.items())
        if key not in self._known:
            quote = pricing.price_order(plan.campaign, self._tiers, plan.wanted, self._counted)
            self._known[key] = quote, placing.digest(point, plan.wanted)
        return self._known[key]

    def count(self, wanted: Mapping[Any, int]) -> None:
        """These units count from now on."""
        self._known.clear()
        for offer, units in wanted.items():
            self._counted[offer] += units


def write(ctx: Ctx, catalogue: Catalogue, plans: Sequence[Plan]) -> dict[Join, Outcome]:
    """Place the orders, in arrival order, and store their answers; those whose key is taken are left to the plain path.

    Raises `Rejudge`.
    """
    now = ctx.now
    keys = _claim_keys(ctx, plans, now)
    placed = [_Placed(plan, keys[plan.join]) for plan in plans if plan.join in keys]
    outcomes: dict[Join, Outcome] = {plan.join: None for plan in plans}
    if placed:
        _take_of_limits(ctx, placed)
        _refuse_twins(ctx, placed, now)
        unsold = _take_stock(ctx, catalogue, placed, now)
        _count(ctx, placed, now)
        _insert(ctx, placed, now)
        outcomes |= _answer(ctx, placed, unsold)
    return outcomes


def _claim_keys(ctx: Ctx, plans: Sequence[Plan], now: datetime) -> dict[Join, int]:
    joins = sorted((plan.join for plan in plans), key=lambda join: join.asked.named)
    rows = [(*join.asked.named, join.asked.fingerprint) for join in joins]
    fresh = sql.INSERT_KEYS(ctx.session.connection(), rows, ("null", now))
    inserted = {(row.actor, row.key): row.id for row in fresh}
    return {join: inserted[named] for join in joins if (named := join.asked.named) in inserted}


def _take_of_limits(ctx: Ctx, placed: Sequence[_Placed]) -> None:
    wanted = {
        (offer.id, each.plan.join.resident_id): (each.plan.join, units)
        for each in placed
        for offer, units in each.plan.wanted.items()
        if offer.per_person is None or units <= offer.per_person
    }
    rows = [(*pair, wanted[pair][1]) for pair in sorted(wanted)]
    taken = {(row.offer_id, row.resident_id) for row in sql.TAKE_OF_LIMITS(ctx.session.connection(), rows)}
    over = [
        each.plan.join
        for each in placed
        if any((offer.id, each.plan.join.resident_id) not in taken for offer in each.plan.wanted)
    ]
    if over:
        raise Rejudge(over)


def _refuse_twins(ctx: Ctx, placed: Sequence[_Placed], now: datetime) -> None:
    asked = [
        (plan.join, (plan.join.resident_id, placing.digest(plan.join.command.point, plan.wanted)))
        for plan in (each.plan for each in placed)
        if not plan.join.command.again
    ]
    since = now - timedelta(minutes=ctx.policy.duplicate_order_minutes)
    found = {tuple(row) for row in sql.TWINS(ctx.session.connection(), [twin for _, twin in asked], (since,))}
    twice = [join for join, twin in asked if twin in found]
    if twice:
        raise Rejudge(twice)


def _take_stock(ctx: Ctx, catalogue: Catalogue, placed: Sequence[_Placed], now: datetime) -> set[int]:
    """Lock the offers, grant in arrival order, and price by what counts at that moment.

    Returns the campaigns (ids) one of whose offers is not sold out by that.
    """
    wanted = {offer.id: offer for each in placed for offer in each.plan.wanted}
    for (row,) in sql.LOCK_OFFERS(ctx.session.connection(), [(offer_id,) for offer_id in wanted]):
        found = dict(zip(sql.OFFER, listed(row), strict=True))
        vars(wanted[found["id"]]).update(found)
    granted, held, sold, takings = Counter[Any](), Counter[Any](), Counter[Any](), Counter[Any]()
    prices = _Prices(catalogue, {offer: offer.sold_units for offer in wanted.values()})
    alone: list[Join] = []
    for each in placed:
        if each.plan.first_short(granted) is not None:
            raise Rejudge
        try:
            quote, digest = prices.of(each.plan)
        except DomainError:
            alone.append(each.plan.join)
            continue
        each.price(ctx, catalogue, quote, digest, now)
        into = sold if each.order.counted else held
        for offer, units in each.plan.wanted.items():
            granted[offer] += units
            takings[offer] += 1
            into[offer] += units
        if each.order.counted:
            prices.count(each.plan.wanted)
            alone += [each.plan.join] if each.plan.campaign.close_on_target else []
    if alone:
        raise Rejudge(alone)
    taken = [(offer.id, held[offer], sold[offer], takings[offer]) for offer in granted]
    return {row.campaign_id for row in sql.TAKE_STOCK(ctx.session.connection(), taken) if row.unsold}


def _count(ctx: Ctx, placed: Sequence[_Placed], now: datetime) -> None:
    """Judge admission on the campaigns' own rows, last of all locks, and give the next numbers to what counts."""
    counting = [Counting(each.order, each.lines) for each in placed if each.order.counted]
    ids = sorted({each.plan.campaign.id for each in placed})
    campaigns = number(ctx, ids, counting, participate(ctx, counting), now)
    others = [(campaign_id,) for campaign_id in ids if campaign_id not in campaigns]
    if len(sql.ADMIT(ctx.session.connection(), others, (now, now))) < len(others):
        raise Rejudge
    for each in placed:  # its answer shows the campaign as the order leaves it
        each.plan.campaign = campaigns.get(each.plan.campaign.id, each.plan.campaign)


def _insert(ctx: Ctx, placed: Sequence[_Placed], now: datetime) -> None:
    connection = ctx.session.connection()
    rows = sql.INSERT_ORDERS(connection, [_ORDER_CELLS(each.order) for each in placed], ("app", now))
    ids = {row.public_id: row.id for row in rows}
    for each in placed:
        each.order.id = ids[each.order.public_id]
        for line in each.lines:
            line.order_id = each.order.id
    sql.INSERT_LINES(connection, [_LINE_CELLS(line) for each in placed for line in each.lines])
    moves = [
        (SYSTEM.label, ORDER.name, each.order.id, each.event, ORDER.initial, each.order.state,
         each.plan.join.asked.request_id, now)
        for each in placed
        if each.event
    ]  # fmt: skip
    if moves:
        sql.INSERT_AUDIT(connection, moves)


def _answer(ctx: Ctx, placed: Sequence[_Placed], unsold: Collection[int]) -> dict[Join, Outcome]:
    """Each order as it stands once it counts; with the last one of a campaign the count is told, and it may close."""
    last = {each.plan.campaign: each for each in placed if each.order.counted}
    said: dict[Join, Said] = {}
    for each in placed:
        join, campaign = each.plan.join, each.plan.campaign
        if last.get(campaign) is each:
            here = replace(ctx, request_id=join.asked.request_id)
            closed = paid_orders.counted(here, campaign, unsold=campaign.id in unsold)
            campaign.state = closed.state if closed else campaign.state
        said[join] = Said(join.asked.status, join.asked.write(each.page()))
    rows = [(each.key_id, said[each.plan.join].status, said[each.plan.join].text) for each in placed]
    sql.ANSWER_KEYS(ctx.session.connection(), rows)
    return {**said}
