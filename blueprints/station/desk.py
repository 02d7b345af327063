"""The desk: find, hand over, undo, and the lists beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from blueprints.shared.pickup_shapes import (
    BatchDoneSchema,
    BatchSchema,
    DeskOrderSchema,
    RedeemedSchema,
    RedeemSchema,
    RedemptionSchema,
    SearchResultSchema,
    SearchSchema,
    UndoSchema,
    batch_command,
    redeem_command,
)
from blueprints.station.door import door
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
from services.hot.requests import Asked, Outcome
from services.hot.rush import Rush
from services.paging import Page, Slice
from services.pickup import batching, redeeming, undoing
from services.pickup.batching import Batched
from services.pickup.finding import Search
from services.queries import pickup, redemptions
from services.queries.pickup import DeskOrder, SearchResult
from services.queries.redemptions import HandedOver, RedemptionShown


@door.post(
    "/search",
    takes=SearchSchema(),
    shows=SearchResultSchema(),
    flow=True,
    refuses=[CodeWrong, NotFound, AlreadyCollected, PassOver, TooMany],
)
def search(product: Lintuan, actor: Actor, body: Search) -> SearchResult:
    """Everything the owner of a proof has at this point; a POST, so that no code stands in an address."""
    return desk.search(product, actor, body)


@door.get("/waiting", shows=DeskOrderSchema(), paged=True)
def waiting(ctx: Ctx, page: Page) -> Slice[DeskOrder]:
    """待取: what waits here, the oldest first, names masked."""
    return pickup.waiting_list(ctx, page)


def _hand_out(rush: Rush, asked: Callable[..., Asked], body: dict[str, Any]) -> Outcome:
    return rush.redeem(asked(confirmed=False), redeem_command(body))


@door.post(
    "/redemptions",
    takes=RedeemSchema(),
    shows=RedeemedSchema(),
    status=201,
    idempotent=True,
    hot=_hand_out,
    refuses=[NotFound, AlreadyCollected, NotReady, PaymentDue, PassOver],
)
def redeem(ctx: Ctx, body: dict[str, Any]) -> HandedOver:
    """Hand over all or part of one order or of many: all of it happens, or nothing."""
    return HandedOver(redemptions.shown(ctx, redeeming.redeem(ctx, redeem_command(body))))


@door.post("/redemptions/batch", takes=BatchSchema(), shows=BatchDoneSchema(), status=201, idempotent=True)
def redeem_batch(ctx: Ctx, body: dict[str, Any]) -> dict[str, list[Batched]]:
    """Hand over many orders, each by itself: one that is refused does not hold the others up."""
    return {"items": batching.redeem_each(ctx, batch_command(body))}


@door.get("/redemptions", shows=RedemptionSchema(), paged=True)
def todays_redemptions(ctx: Ctx, page: Page) -> Slice[RedemptionShown]:
    """What was handed over here today, newest first."""
    return redemptions.todays(ctx, page)


@door.post(
    "/redemptions/<redemption_id>/undo",
    takes=UndoSchema(),
    shows=RedemptionSchema(),
    status=201,
    idempotent=True,
    refuses=[NotFound, WrongState, UndoTooLate],
)
def undo(ctx: Ctx, redemption_id: str, body: dict[str, str]) -> RedemptionShown:
    """Take a mistaken hand-over back, within half an hour and with a reason."""
    return redemptions.shown(ctx, [undoing.undo(ctx, undoing.Undo(redemption_id, body["reason"]))])[0]
