"""The leader at the desk of any point of own campaigns."""

from __future__ import annotations

from typing import Any

from blueprints.leader.door import door
from blueprints.shared.pickup_shapes import (
    DeskOrderSchema,
    RedeemedSchema,
    RedeemSchema,
    RedemptionSchema,
    SearchResultSchema,
    SearchSchema,
    UndoSchema,
    redeem_command,
)
from domain.actors import Actor
from domain.errors import (
    AlreadyCollected,
    CodeWrong,
    NotFound,
    NotReady,
    PassOver,
    PaymentDue,
    TooMany,
    UndoTooLate,
    WrongState,
)
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import desk
from services.paging import Page, Slice
from services.pickup import desks, leases, redeeming, undoing
from services.pickup.finding import Search
from services.queries import pickup, redemptions
from services.queries.pickup import DeskOrder, SearchResult
from services.queries.redemptions import RedemptionShown


@door.post(
    "/points/<point_id>/search",
    takes=SearchSchema(),
    shows=SearchResultSchema(),
    flow=True,
    refuses=[CodeWrong, NotFound, AlreadyCollected, PassOver, TooMany],
)
def search_point(product: Lintuan, actor: Actor, point_id: str, body: Search) -> SearchResult:
    """Everything the owner of a proof has of my campaigns at a point."""
    return desk.search(product, actor, body, lambda ctx: desks.leader_at(ctx, point_id))


@door.get("/points/<point_id>/waiting", shows=DeskOrderSchema(), paged=True, refuses=[NotFound])
def waiting_at_point(ctx: Ctx, point_id: str, page: Page) -> Slice[DeskOrder]:
    """待取 of my campaigns at a point."""
    return pickup.waiting_list(desks.leader_at(ctx, point_id), page)


@door.post(
    "/points/<point_id>/redemptions",
    takes=RedeemSchema(),
    shows=RedeemedSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, AlreadyCollected, NotReady, PaymentDue, PassOver],
)
def redeem_at_point(ctx: Ctx, point_id: str, body: dict[str, Any]) -> dict[str, list[RedemptionShown]]:
    """Hand over all or part of orders of my campaigns."""
    there = desks.leader_at(ctx, point_id)
    return {"redemptions": redemptions.shown(there, redeeming.redeem(there, redeem_command(body)))}


@door.post(
    "/redemptions/<redemption_id>/undo",
    takes=UndoSchema(),
    shows=RedemptionSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState, UndoTooLate],
)
def undo_redemption(ctx: Ctx, redemption_id: str, body: dict[str, str]) -> RedemptionShown:
    """Take a mistaken hand-over of my campaigns back, until its after-sales time ends."""
    return redemptions.shown(ctx, [undoing.undo(ctx, undoing.Undo(redemption_id, body["reason"]))])[0]


@door.delete("/points/<point_id>/lease", refuses=[NotFound])
def take_lease_away(ctx: Ctx, point_id: str) -> None:
    """End the offline lease of a lost device at a point of my campaigns; what it handed out it may still report."""
    leases.take_away(ctx, point_id)
