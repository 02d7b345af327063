"""Papers made in the background: asked for, claimed by one, read part by part, ready or failed, and let go at last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, or_, select, update

from domain.actors import Actor, Role
from domain.errors import NotFound, WrongState
from domain.ids import is_id, new_id
from models import Campaign, Export, PickupPoint
from services import transitions
from services.context import Ctx
from services.finding import by_public_id
from services.papers import makers, making
from services.papers.making import AskPaper
from services.writing import changed, insert_ignoring

FORMATS = ("html", "xlsx")
_DUE_AT_ONCE = 10


@dataclass(frozen=True)
class ExportShown:
    """How far a paper has come: `progress` in percent, 100 only when the file is there."""

    id: str
    kind: str
    format: str
    state: str
    progress: int
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Turn:
    """One attempt at one export; who holds a later one takes it over."""

    export: int
    number: int
    file_key: str
    asked: AskPaper
    format: str
    actor: Actor


def key_of(export_id: str) -> str:
    """The file key of an export; raises `NotFound` for what is no such id."""
    if not is_id("Export", export_id):
        raise NotFound
    return f"exports/{export_id}"


def ask(ctx: Ctx, asked: AskPaper, format_: str) -> ExportShown:
    """Have a paper of an own campaign or of the own desk made; the same one on its way already is shown instead.

    Raises `NotFound`.
    """
    who = makers.columns(ctx)
    kind = making.kind_of(asked.kind)
    making.allowed(ctx, kind, asked)
    if format_ not in FORMATS:
        raise NotFound
    campaign, point = _about(ctx, asked)
    live_key = f"{campaign or 'desk'}:{point or 0}:{kind}:{format_}"
    on_its_way = select(Export).where(Export.live_key == live_key)
    while (row := ctx.session.scalars(on_its_way).one_or_none()) is None:  # a rival's may be ready before it is read
        insert_ignoring(
            ctx.session, Export, ["live_key"], public_id=new_id("Export", ctx.now), **who,
            campaign_id=campaign, point_id=point, kind=str(kind), format=format_, live_key=live_key,
            state="waiting", created_at=ctx.now, expires_at=_expiry(ctx),
        )  # fmt: skip
    return _shown(row)


def _about(ctx: Ctx, asked: AskPaper) -> tuple[int | None, int | None]:
    """The campaign and the point of a paper (ids): of a desk's the point alone."""
    if ctx.actor.role is Role.STAFF:
        return None, ctx.actor.point_id
    point = by_public_id(ctx, PickupPoint, asked.point_id).id if asked.point_id else None
    return by_public_id(ctx, Campaign, asked.campaign_id).id, point


def shown(ctx: Ctx, export_id: str) -> ExportShown:
    """How an own export stands; raises `NotFound`, also once its days are over."""
    return _shown(_own(ctx, export_id))


def ready(ctx: Ctx, export_id: str) -> Export:
    """An own export whose file is there; raises `NotFound`, and `WrongState` while it is not."""
    row = _own(ctx, export_id)
    if row.state != "ready":
        raise WrongState(state=row.state, event="fetch")
    return row


def _own(ctx: Ctx, export_id: str) -> Export:
    ctx.require(Role.LEADER, Role.STAFF)
    if ctx.actor.role is Role.STAFF:
        mine = and_(Export.staff_id.is_not(None), Export.point_id == ctx.actor.point_id)
    else:
        mine = Export.leader_id == ctx.actor.id
    return by_public_id(ctx, Export, export_id, mine, Export.expires_at > ctx.now)


def _shown(row: Export) -> ExportShown:
    share = 100 * row.read_orders // row.all_orders if row.all_orders else 0
    progress = 100 if row.state == "ready" else min(99, share)
    return ExportShown(
        row.public_id, row.kind, row.format, row.state, progress, row.created_at, row.expires_at
    )  # fmt: skip


def due(ctx: Ctx) -> list[int]:
    """Exports that nobody makes: new ones, and those whose maker has not been heard of for its lease."""
    abandoned = and_(Export.state == "making", Export.lease_until <= ctx.now)
    wanted = select(Export.id).where(or_(Export.state == "waiting", abandoned), Export.expires_at > ctx.now)
    return list(ctx.session.scalars(wanted.order_by(Export.id).limit(_DUE_AT_ONCE)))


def claim(ctx: Ctx, export_id: int) -> Turn | None:
    """Take an export for one lease; None when a rival has it, or when it was tried so often that it has failed."""
    row = ctx.session.get(Export, export_id)
    if row is None or row.state not in ("waiting", "making"):
        return None
    if row.turn >= ctx.policy.export_tries:
        transitions.try_move(ctx, row, "claim", where=_free(ctx, row), turn=row.turn + 1)
        transitions.try_move(ctx, row, "give_up", where=Export.turn > ctx.policy.export_tries, live_key=None)
        return None
    if not transitions.try_move(ctx, row, "claim", where=_free(ctx, row), turn=row.turn + 1, lease_until=_lease(ctx),
                                read_orders=0, all_orders=0):  # fmt: skip
        return None
    return Turn(row.id, row.turn, key_of(row.public_id), _asked(ctx, row), row.format, makers.actor_of(ctx, row))


def _asked(ctx: Ctx, row: Export) -> AskPaper:
    """What was asked for; a desk's paper names neither campaign nor point."""
    if row.campaign_id is None:
        return AskPaper(row.kind)
    point = ctx.session.get_one(PickupPoint, row.point_id).public_id if row.point_id else ""
    return AskPaper(row.kind, ctx.session.get_one(Campaign, row.campaign_id).public_id, point)


def go_on(ctx: Ctx, turn: Turn, read: int, of: int) -> bool:
    """Note how far this turn has come and hold the export for another lease; False when it was taken over."""
    mine = update(Export).where(Export.id == turn.export, Export.state == "making", Export.turn == turn.number)
    return changed(ctx.session, mine.values(read_orders=read, all_orders=of, lease_until=_lease(ctx))) == 1


def finish(ctx: Ctx, turn: Turn) -> bool:
    """The file is stored: the export is ready, for its days; False when it was taken over."""
    row = ctx.session.get_one(Export, turn.export)
    mine = Export.turn == turn.number
    return transitions.try_move(ctx, row, "finish", where=mine, live_key=None, expires_at=_expiry(ctx))


def expired(ctx: Ctx) -> Sequence[tuple[int, str]]:
    """Exports whose days are over, with their file keys."""
    over = select(Export.id, Export.public_id).where(Export.expires_at <= ctx.now).order_by(Export.id).limit(100)
    return [(row.id, key_of(row.public_id)) for row in ctx.session.execute(over)]


def forget(ctx: Ctx, export_id: int) -> bool:
    """Delete the row of an export whose file was dropped."""
    return changed(ctx.session, delete(Export).where(Export.id == export_id, Export.expires_at <= ctx.now)) == 1


def _free(ctx: Ctx, row: Export) -> object:
    return and_(Export.turn == row.turn, or_(Export.state == "waiting", Export.lease_until <= ctx.now))


def _lease(ctx: Ctx) -> datetime:
    return ctx.now + timedelta(seconds=ctx.policy.export_lease_seconds)


def _expiry(ctx: Ctx) -> datetime:
    return ctx.now + timedelta(days=ctx.policy.export_days)
