"""Pasted 接龙: each a sealed snapshot for some days; the names in the newest one stand as invitations to order."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from models import Campaign, Order, PastedList, PastedName, Resident
from services.campaigns.finding import own
from services.context import Ctx
from services.writing import changed

TOGETHER = timedelta(minutes=2)
"""Lists pasted within this time may continue from the same base: each misses what the other added."""


@dataclass(frozen=True)
class Invited:
    """A name that stands on a campaign's pasted list, with the units wished by the offer's public id."""

    position: int
    name: str
    units: Mapping[str, int]
    added_at: datetime


@dataclass(frozen=True)
class Pasted:
    """One list somebody pasted; `campaign` is a public id, "" until it was chosen."""

    id: int
    text: str
    campaign: str
    title_key: str
    pasted_at: datetime


def keep(ctx: Ctx, title: str, text: str, campaign: Campaign | None = None) -> int:
    """Keep a list of the acting person, sealed; its number. `title` is any normal form of what it is called."""
    row = PastedList(
        pasted_by=ctx.resident_id, campaign_id=campaign.id if campaign else None,
        title_key=hashlib.sha256(title.encode()).hexdigest(), text_enc=ctx.vault.encrypt(text), pasted_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(row)
    ctx.session.flush()
    return row.id


def assign(ctx: Ctx, list_id: int, campaign: Campaign) -> None:
    """Say which campaign an own list is about, where it was not clear."""
    mine = update(PastedList).where(PastedList.id == list_id, PastedList.pasted_by == ctx.resident_id)
    changed(ctx.session, mine.where(PastedList.campaign_id.is_(None)).values(campaign_id=campaign.id))


def pasted(ctx: Ctx, list_id: int) -> Pasted | None:
    """An own list whose text is still there and that was not applied yet."""
    statement = (
        select(PastedList, Campaign.public_id)
        .outerjoin(Campaign, Campaign.id == PastedList.campaign_id)
        .where(PastedList.id == list_id, PastedList.pasted_by == ctx.resident_id, PastedList.applied_at.is_(None))
    )
    row = ctx.session.execute(statement, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        return None
    found: PastedList = row[0]
    text = ctx.vault.decrypt(found.text_enc) if found.text_enc else ""
    return Pasted(found.id, text, row[1] or "", found.title_key, found.pasted_at) if text else None


def pasted_just_before(ctx: Ctx, this: Pasted, campaign: Campaign) -> list[str]:
    """The texts of the same list that were pasted in the minutes before this one, the oldest first."""
    statement = (
        select(PastedList.text_enc)
        .where(
            PastedList.campaign_id == campaign.id, PastedList.title_key == this.title_key, PastedList.id < this.id,
            PastedList.pasted_at > this.pasted_at - TOGETHER,
        )
        .order_by(PastedList.id)
    )  # fmt: skip
    return [ctx.vault.decrypt(text) for text in ctx.session.scalars(statement) if text]


def invited(ctx: Ctx, campaign: Campaign, title_key: str = "") -> list[Invited]:
    """The names of a campaign's lists, or of the one with this title, in their order."""
    mine = select(PastedName).where(PastedName.campaign_id == campaign.id)
    if title_key:
        mine = mine.where(PastedName.title_key == title_key)
    rows = ctx.session.scalars(mine.order_by(PastedName.position, PastedName.id))
    return [Invited(row.position, row.name, row.units, row.added_at) for row in rows]


def lock(ctx: Ctx, campaign: Campaign, title_key: str) -> None:
    """Hold all snapshots of one title, so that of two confirmations the second reads what the first wrote."""
    same = select(PastedList.id).where(PastedList.campaign_id == campaign.id, PastedList.title_key == title_key)
    ctx.session.execute(same.order_by(PastedList.id).with_for_update()).all()


def put(ctx: Ctx, this: Pasted, campaign_id: str, names: Sequence[tuple[int, str, Mapping[str, int]]]) -> bool:
    """Let these names (number, name, units) stand in place of the earlier ones of this title, for the acting leader.

    Once per list: False when it was applied before. Raises `NotFound` unless the campaign is the leader's own.
    """
    campaign = own(ctx, campaign_id)
    waiting = update(PastedList).where(PastedList.id == this.id, PastedList.applied_at.is_(None))
    if not changed(ctx.session, waiting.values(applied_at=ctx.now)):
        return False
    since = {one.name: one.added_at for one in invited(ctx, campaign, this.title_key)}
    stale = (PastedName.campaign_id == campaign.id, PastedName.title_key == this.title_key)
    changed(ctx.session, delete(PastedName).where(*stale))
    ctx.session.add_all(
        PastedName(campaign_id=campaign.id, title_key=this.title_key, position=position, name=name[:80],
                   units=dict(units), added_at=since.get(name, ctx.now))
        for position, name, units in names
    )  # fmt: skip
    ctx.session.flush()
    return True


def not_ordered(ctx: Ctx, campaign: Campaign) -> list[Invited]:
    """The names for whom no order is known: a name says little, so this is a hint for the leader and no more."""
    known = ordered_names(ctx, campaign)
    waiting = []
    for one in invited(ctx, campaign):
        if known[one.name]:
            known[one.name] -= 1
        else:
            waiting.append(one)
    return waiting


def ordered_names(ctx: Ctx, campaign: Campaign) -> Counter[str]:
    """How many live orders of a campaign bear each name, the recipient's before the owner's."""
    gone = ("expired", "cancelled", "refunded")
    statement = (
        select(Order.recipient, Resident.nickname)
        .join(Resident, Resident.id == Order.resident_id)
        .where(Order.campaign_id == campaign.id, Order.state.not_in(gone))
    )
    return Counter(recipient or nickname for recipient, nickname in ctx.session.execute(statement))


def drop(ctx: Ctx, list_id: int) -> None:
    """Forget an own list that is not wanted after all."""
    mine = (PastedList.id == list_id, PastedList.pasted_by == ctx.resident_id, PastedList.applied_at.is_(None))
    changed(ctx.session, delete(PastedList).where(*mine))


def forget_old(ctx: Ctx) -> int:
    """Delete texts past their days, lists that never found a campaign, names of campaigns that are over; how many."""
    before = ctx.now - timedelta(days=ctx.policy.pasted_text_days)
    old = PastedList.pasted_at < before
    lost = changed(ctx.session, delete(PastedList).where(old, PastedList.campaign_id.is_(None)))
    texts = update(PastedList).where(old, PastedList.text_enc.is_not(None))
    over = select(Campaign.id).where(Campaign.state.in_(("failed", "completed", "cancelled")))
    names = changed(ctx.session, delete(PastedName).where(PastedName.campaign_id.in_(over)))
    return lost + names + changed(ctx.session, texts.values(text_enc=None))
