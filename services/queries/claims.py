"""Claims as their parties read them: the buyer's own, those of a leader's campaigns, and all for the operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, and_, not_, select

from domain.actors import Role
from domain.aftersales import buyers_moves
from domain.content import Subject
from domain.errors import Forbidden, NotFound
from domain.ids import is_id
from domain.privacy import masked_name
from models import Campaign, Claim, Evidence, Order, OrderLine, Resident
from services.content_safety import holding
from services.content_safety.claims import own_words
from services.content_safety.rows import SEEN, OwnWords
from services.context import Ctx
from services.paging import Page, Slice
from services.queries.pages import older, sliced

ClaimRow = Row[Claim, Order, OrderLine, Campaign, Resident] | tuple[Claim, Order, OrderLine, Campaign, Resident]


@dataclass(frozen=True)
class ClaimShown:
    """One claim; sums in fen, `owner` masked. `borne_fen` of the answer falls on `borne_by`.

    `buyer_may` holds what its buyer can do next: take_offer, escalate, withdraw. `words_check` says where the check of
    the reader's own words stands that others do not see, "" once they do.
    """

    id: str
    state: str
    order_id: str
    campaign_id: str
    campaign_title: str
    roster_number: int | None
    owner: str
    line_id: str
    name: str
    unit: str
    reason: str
    words: str
    asked_units: int
    asked_fen: int
    answer_fen: int
    answer_words: str
    borne_by: str
    borne_fen: int
    due_at: datetime | None
    decided_at: datetime | None
    created_at: datetime
    buyer_may: list[str]
    evidence: list[str]
    words_check: str = ""


def one(ctx: Ctx, claim_id: str) -> ClaimShown:
    """A claim that the actor is a party of; raises `NotFound`."""
    if not is_id("Claim", claim_id):
        raise NotFound
    ctx.session.flush()
    row = ctx.session.execute(_rows(ctx).where(Claim.public_id == claim_id)).one_or_none()
    if row is None:
        raise NotFound
    return _show(ctx, row, _evidence(ctx, [row[0].id]), own_words(ctx, [row[0]]))


def many(ctx: Ctx, page: Page, state: str | None = None) -> Slice[ClaimShown]:
    """The actor's claims, newest first, all or of one state: two statements, three with the check of words on."""
    statement = _rows(ctx).where(older(Claim.id, page))
    if state:
        statement = statement.where(Claim.state == state)
    rows = ctx.session.execute(statement.order_by(Claim.id.desc()).limit(page.limit + 1)).all()
    evidence = _evidence(ctx, [row[0].id for row in rows])
    words = own_words(ctx, [row[0] for row in rows])
    return sliced(rows, page, lambda row: row[0].id, lambda row: _show(ctx, row, evidence, words))


def about(ctx: Ctx, order: Order) -> list[ClaimShown]:
    """The claims about an order that the actor is a party of, newest first: one statement, two with the check on."""
    pictures = (
        _rows(ctx).add_columns(Evidence.public_id).outerjoin(Evidence, and_(Evidence.claim_id == Claim.id, *_seen(ctx)))
    )
    mine = pictures.where(Claim.order_id == order.id).order_by(Claim.id.desc(), Evidence.id)
    rows: dict[int, ClaimRow] = {}
    evidence: dict[int, list[str]] = {}
    for *row, picture in ctx.session.execute(mine):
        rows[row[0].id] = tuple(row)
        evidence.setdefault(row[0].id, []).extend([picture] if picture else [])
    words = own_words(ctx, [row[0] for row in rows.values()])
    return [_show(ctx, row, evidence, words) for row in rows.values()]


def _rows(ctx: Ctx) -> Select[Claim, Order, OrderLine, Campaign, Resident]:
    statement = (
        select(Claim, Order, OrderLine, Campaign, Resident)
        .join(Order, Order.id == Claim.order_id)
        .join(OrderLine, OrderLine.id == Claim.order_line_id)
        .join(Campaign, Campaign.id == Claim.campaign_id)
        .join(Resident, Resident.id == Claim.resident_id)
    )
    return statement.where(*_party(ctx))


def _party(ctx: Ctx) -> list[ColumnElement[bool]]:
    match ctx.actor.role:
        case Role.RESIDENT:
            return [Claim.resident_id == ctx.resident_id]
        case Role.LEADER:
            return [Campaign.leader_id == ctx.actor.id]
        case Role.OPERATOR:
            return []
        case _:
            raise Forbidden


def _evidence(ctx: Ctx, claim_ids: Sequence[int]) -> dict[int, list[str]]:
    statement = select(Evidence.claim_id, Evidence.public_id).where(Evidence.claim_id.in_(claim_ids), *_seen(ctx))
    found: dict[int, list[str]] = {}
    for claim_id, public_id in ctx.session.execute(statement.order_by(Evidence.id)):
        found.setdefault(claim_id or 0, []).append(public_id)
    return found


def _seen(ctx: Ctx) -> list[ColumnElement[bool]]:
    """Which pictures the actor may look at: a buyer all of their own, others what has passed."""
    return [] if ctx.actor.role is Role.RESIDENT else [not_(holding.unseen(Subject.EVIDENCE, Evidence.id))]


def _show(ctx: Ctx, row: ClaimRow, evidence: dict[int, list[str]], own: dict[int, OwnWords]) -> ClaimShown:
    claim, order, line, campaign, owner = row
    waits = own.get(claim.id, SEEN)
    return ClaimShown(
        id=claim.public_id, state=claim.state, order_id=order.public_id, campaign_id=campaign.public_id,
        campaign_title=campaign.title, roster_number=order.roster_number,
        owner=masked_name(owner.nickname, owner.anonymous), line_id=line.public_id, name=line.offer_name,
        unit=line.unit, reason=claim.reason, words=waits.words.get("words", claim.words), asked_units=claim.asked_units,
        asked_fen=claim.asked_fen, answer_fen=claim.answer_fen,
        answer_words=waits.words.get("answer_words", claim.answer_words),
        borne_by=claim.borne_by, borne_fen=claim.borne_fen, due_at=claim.due_at, decided_at=claim.decided_at,
        created_at=claim.created_at, buyer_may=buyers_moves(claim.state, claim.due_at, ctx.now),
        evidence=evidence.get(claim.id, []), words_check=waits.state,
    )  # fmt: skip
