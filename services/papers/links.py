"""A link that opens a paper once in any browser: copied in the mini-program, pasted where the printer is."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update

from domain.actors import Actor
from domain.errors import CodeExpired
from models import PaperLink
from services.context import Ctx
from services.papers import exports, makers, making
from services.papers.making import AskPaper
from services.writing import changed

TOKEN_BYTES = 24


@dataclass(frozen=True)
class MadeLink:
    """A fresh link; the token is shown here only."""

    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """Whose eyes to look with, and what at: an export by its public id, or else the paper itself."""

    actor: Actor
    asked: AskPaper
    export_id: str


def make(ctx: Ctx, asked: AskPaper, export_id: str = "") -> MadeLink:
    """A link to a paper that is short enough, or to an own export that is ready; one not opened yet is replaced.

    Raises `NotFound`, `Forbidden`, `PaperTooLong`, and `WrongState` for an export that is not ready yet.
    """
    who = makers.columns(ctx)
    kind = exports.ready(ctx, export_id).kind if export_id else str(making.at_once(ctx, asked).kind)
    about = {"campaign_id": asked.campaign_id, "point_id": asked.point_id, "export_id": export_id, "kind": kind, **who}
    ctx.session.execute(delete(PaperLink).filter_by(**about, used_at=None))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    expires_at = ctx.now + timedelta(minutes=ctx.policy.paper_link_minutes)
    ctx.session.add(PaperLink(token_hash=_hash(token), **about, created_at=ctx.now, expires_at=expires_at))
    return MadeLink(token, expires_at)


def open_once(ctx: Ctx, token: str) -> Opened:
    """Use a link up; raises `CodeExpired` for one that was opened, is too old, or whose maker may look no more."""
    mine = (PaperLink.token_hash == _hash(token), PaperLink.used_at.is_(None), PaperLink.expires_at > ctx.now)
    row = ctx.session.scalars(update(PaperLink).where(*mine).values(used_at=ctx.now).returning(PaperLink)).one_or_none()
    if row is None or not makers.may_still_look(ctx, row):
        raise CodeExpired
    return Opened(makers.actor_of(ctx, row), AskPaper(row.kind, row.campaign_id, row.point_id), row.export_id)


def forget_old(ctx: Ctx) -> int:
    """Delete the links whose time is over."""
    return changed(ctx.session, delete(PaperLink).where(PaperLink.expires_at <= ctx.now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
