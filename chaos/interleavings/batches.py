"""Actors that are a worker with its committer: joins, notices and hand-overs, one alone or several together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from domain.actors import GATEWAY, Actor
from domain.errors import Busy, DomainError
from services import ordering, payments, sessions
from services.context import Ctx
from services.hot.joining import Joining
from services.hot.noticing import Heard, Noticing
from services.hot.redeeming import Redeeming
from services.hot.requests import Asked, HandOut, Join
from services.idempotency import Answer, once
from services.pickup import redeeming
from services.pickup.redeeming import Redeem
from services.ports import Notice
from tests.builders import campaigns

if TYPE_CHECKING:
    from chaos.interleavings.scenes import Place

TOGETHER = " together"
"""Ends the kinds of actors that do several requests: they end as no two ends of single requests do."""
Act = Callable[[], object]


def joins(place: Place, draw: Random, staple: str, other: str) -> None:
    """Joins by a committer: two deliveries of one request, and batches of several people."""
    made = [_join(place, who, {staple: draw.choice((1, 2, 3))} | ({other: 1} if draw.random() < 0.4 else {}))
            for who in (3, 4, 0, 1)]  # fmt: skip
    for chosen in (made[:1], made[:1], made[1:2]):
        place.add("join", _all_of(place, Joining(place.ground.unit), chosen, _place))
    for chosen in (made[:3], made[1:]):
        place.add("join" + TOGETHER, _all_of(place, Joining(place.ground.unit), chosen, _place))


def notices(place: Place, *names: str) -> None:
    """Notices of these orders' payments by a committer: each alone, and all at once, one of them twice."""
    for chosen in (*([name] for name in names), [*names, names[0]]):
        place.add("pay" + TOGETHER * (len(chosen) > 1), _notices(place, chosen))


def hand_overs(place: Place, staff: Actor, *names: str) -> None:
    """Hand-overs of these orders by a committer, each alone and all at once, at a desk where somebody is logged in."""
    with place.ground.unit(staff) as ctx:
        token = sessions.open_session(ctx, "station", resident_id=staff.resident_id, staff_id=staff.id)
        clerk = sessions.actor_of(ctx.session, ctx.now, "station", token)
    made = [HandOut(_asked(place, clerk), place.orders[name], "code") for name in names]
    for chosen in (*([one] for one in made), made):
        kind = "redeem" + TOGETHER * (len(chosen) > 1)
        place.add(kind, _all_of(place, Redeeming(place.ground.unit), chosen, _redeem))


def _join(place: Place, who: int, units: dict[str, int]) -> Join:
    command = campaigns.wanted(place.scene, units, again=True)
    return Join(_asked(place, place.buyer(who)), command, place.scene.buyers[who])


def _asked(place: Place, actor: Actor) -> Asked:
    place.requests += 1
    return Asked(actor, f"request-{place.requests}", "of this request", "interleaving", 201, lambda _: '""')


def _place(ctx: Ctx, join: Join) -> None:
    ordering.place(ctx, join.command)


def _redeem(ctx: Ctx, wanted: HandOut) -> None:
    redeeming.redeem(ctx, Redeem((wanted.order_id,), wanted.found_by))


def _all_of(place: Place, work: Callable[[Sequence[Any]], Sequence[Any]], requests: Sequence[Any],
            plainly: Callable[[Ctx, Any], None]) -> Act:  # fmt: skip
    """The batch, and then one by one what is left to the plain path; a lone request's refusal is the actor's."""

    def act() -> None:
        for request, outcome in zip(requests, work(requests), strict=True):
            try:
                if isinstance(outcome, DomainError):
                    raise outcome
                if outcome is None:
                    _alone(place, request, plainly)
            except Busy:
                raise
            except DomainError:
                if len(requests) == 1:
                    raise

    return act


def _alone(place: Place, request: Any, plainly: Callable[[Ctx, Any], None]) -> None:
    def answer() -> Answer:
        plainly(ctx, request)
        return Answer(201, "")

    with place.ground.unit(request.asked.actor) as ctx:
        once(ctx, request.asked.key, request.asked.fingerprint, answer)


def _notices(place: Place, names: Sequence[str]) -> Act:
    def act() -> None:
        heard = [Heard(_notice(place, name), "interleaving") for name in names]
        for each, done in zip(heard, Noticing(place.ground.unit)(heard), strict=True):
            trade = each.notice.trade
            if not done and trade is not None:
                with place.ground.unit(GATEWAY) as ctx:
                    payments.book_trade(ctx, trade)

    return act


def _notice(place: Place, name: str) -> Notice:
    number = place.numbers[name]
    place.ground.outside.gateway.pay(number, place.ground.clock.now())
    return Notice(f"event-{number}", "TRANSACTION.SUCCESS", trade=place.ground.outside.gateway.trades[number])
