"""Joins, many in one transaction: judged in arrival order, written to the very rows that `ordering.place` writes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from domain.actors import SYSTEM
from domain.errors import DomainError, LimitReached, SoldOut
from domain.policy import Policy
from services.content_safety.orders import waits
from services.context import Ctx
from services.hot import catalogue as catalogues
from services.hot import join_rows as sql
from services.hot.catalogue import Plan
from services.hot.join_writing import write
from services.hot.rejudging import Rejudge
from services.hot.requests import Join, Outcome
from services.transactions import Transactions

TRIES = 4


class Joining:
    """Work for the committer. Rounds of one transaction each settle what can be settled; each settles something.

    What is refused is refused on what is committed, never on what a round only means to grant: an order that does not
    fit beside the earlier ones of its round waits for the next. So nothing granted is ever taken back, and no unit
    stays behind because an order that was to have it failed.
    """

    def __init__(self, unit: Transactions) -> None:
        self._unit = unit

    def __call__(self, joins: Sequence[Join]) -> list[Outcome]:
        """An outcome for each, in order; what a round could not settle is left to the plain path."""
        outcomes: dict[Join, Outcome] = {}
        left, tries = list(joins), 0
        while left and tries < TRIES:
            settled = self._round(first_of_each(left))
            tries = tries + 1 if settled.keys().isdisjoint(left) else 0
            outcomes |= settled
            left = [join for join in left if join not in settled]
        return [outcomes.get(join) for join in joins]

    def _round(self, joins: Sequence[Join]) -> dict[Join, Outcome]:
        settled: dict[Join, Outcome] = {}
        try:
            with self._unit(SYSTEM) as ctx:
                settled |= dict.fromkeys(filter(partial(_kept_back, ctx.policy), joins))
                joins = [join for join in joins if join not in settled]
                if not joins:
                    return settled
                catalogue = catalogues.read(ctx, joins)
                going = _judge(ctx, catalogue, joins, settled)
                written = write(ctx, catalogue, going) if going else {}
        except Rejudge as again:
            return settled | dict.fromkeys(again.alone)
        return settled | written


def _kept_back(policy: Policy, join: Join) -> bool:
    """Whether words of this join are kept from others until they are checked, which only the plain path does."""
    return waits(policy, join.command.note, join.command.recipient)


def first_of_each(joins: Sequence[Join]) -> list[Join]:
    """The joins before anybody's second one: each person is judged once in a round."""
    seen: set[int] = set()
    first: list[Join] = []
    for join in joins:
        if join.resident_id in seen:
            break
        seen.add(join.resident_id)
        first.append(join)
    return first


def _judge(ctx: Ctx, catalogue: catalogues.Catalogue, joins: Sequence[Join],
           settled: dict[Join, Outcome]) -> list[Plan]:  # fmt: skip
    """Those that go on, in arrival order; refusals and what is left to the plain path are written into `settled`."""
    going: list[Plan] = []
    refused: dict[Join, DomainError] = {}
    short: list[tuple[Plan, Any]] = []
    granted: dict[Any, int] = {}
    now = ctx.now
    for join in joins:
        plan = catalogues.plan(catalogue, join, now)
        if plan is None:
            settled[join] = None
        elif isinstance(plan, DomainError):
            refused[join] = plan
        elif (lacking := plan.first_short({})) is not None:
            short.append((plan, lacking))
        elif plan.first_short(granted) is None:
            for offer, units in plan.wanted.items():
                granted[offer] = granted.get(offer, 0) + units
            going.append(plan)
    refused |= _short(ctx, short)
    settled |= _without_answer(ctx, refused)
    return going


def _short(ctx: Ctx, short: Sequence[tuple[Plan, Any]]) -> dict[Join, DomainError]:
    """Why those are refused for whom too little is free: a person's own limit is judged before the stock."""
    pairs = [(offer.id, plan.join.resident_id) for plan, _ in short for offer in plan.wanted if offer.per_person]
    rows = sql.TAKINGS(ctx.session.connection(), pairs) if pairs else ()
    taken = {(row.offer_id, row.resident_id): int(row.units) for row in rows}
    found: dict[Join, DomainError] = {}
    for plan, lacking in short:
        found[plan.join] = SoldOut(offer=lacking.name, free=catalogues.free(lacking))
        for offer in reversed(plan.in_order):
            limit, units = offer.per_person, taken.get((offer.id, plan.join.resident_id), 0) + plan.wanted[offer]
            if limit is not None and units > limit:
                found[plan.join] = LimitReached(offer=offer.name, limit=limit)
    return found


def _without_answer(ctx: Ctx, refused: dict[Join, DomainError]) -> dict[Join, Outcome]:
    """Refusals stand unless an answer is stored under the key: the plain path gives that."""
    if not refused:
        return {}
    rows = [join.asked.named for join in refused]
    known = {(row.actor, row.key) for row in sql.KNOWN_KEYS(ctx.session.connection(), rows)}
    return {join: None if join.asked.named in known else why for join, why in refused.items()}
