"""A person takes a campaign's card to a chat, and people open it there: tickets, chats and who is who in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from domain.errors import NotOpen, ShareOver, TooMany
from domain.ids import new_id
from models import Campaign, Participation, Share, ShareOpening
from services.campaigns import finding
from services.chat import share_cards, share_queue
from services.context import Ctx
from services.finding import by_public_id
from services.ports import Activity, GroupEntry
from services.queries import campaigns
from services.writing import changed, upsert

SHARED_IN = ("scheduled", "open", "paused")
FRESH = timedelta(hours=6)
"""A card with less life than this is not handed out again, unless it outlives its campaign's deadline by an hour."""
AFTER_CLOSE = timedelta(hours=1)
MOST_LIVING = 20
LAST_CALL = timedelta(minutes=10)
HOUR_SECONDS = 3600


@dataclass(frozen=True)
class Value:
    """One value of the card's template; a text even where it is a number."""

    name: str
    value: str


@dataclass(frozen=True)
class Ticket:
    """What `wx.updateShareMenu` and the sharing call after it need; `image` is a picture's id, "" for none."""

    id: str
    mode: str
    activity_id: str
    template_id: str
    parameter_list: list[Value]
    title: str
    path: str
    image: str
    expires_at: datetime


@dataclass(frozen=True)
class Opened:
    """The campaign behind a card."""

    campaign: str


def reusable(ctx: Ctx, campaign_id: str, mode: str) -> Ticket | None:
    """The actor's ticket that may serve once more; None when an activity has to be made.

    An updatable card may stand in several chats; a chat-tool card belongs to the one in which it was posted. Raises
    `NotFound`, `NotOpen` for a campaign that nobody can join any more, `TooMany` for a drawer full of living cards.
    """
    campaign = _shareable(ctx, campaign_id)
    mine = (*share_queue.living(ctx, campaign.id), Share.resident_id == ctx.resident_id)
    if mode == "updatable":
        until = min(ctx.now + FRESH, campaign.closes_at + AFTER_CLOSE)
        newest = select(Share).where(*mine, Share.mode == mode, Share.expires_at > until).order_by(Share.id.desc())
        share = ctx.session.scalars(newest.limit(1)).first()
        if share is not None:
            return _ticket(ctx, campaign, share)
    if ctx.session.scalars(select(func.count(Share.id)).where(*mine)).one() >= MOST_LIVING:
        raise TooMany(retry_after=HOUR_SECONDS)
    return None


def keep(ctx: Ctx, campaign_id: str, mode: str, activity: Activity) -> Ticket:
    """Keep a new activity as the actor's share; raises `NotFound`, `NotOpen` (it closed meanwhile)."""
    campaign = _shareable(ctx, campaign_id)
    share = Share(
        public_id=new_id("Share", ctx.now), campaign_id=campaign.id, resident_id=ctx.resident_id, mode=mode,
        activity_id=activity.activity_id, expires_at=activity.expires_at, group_hash=None, shown_state="collecting",
        shown_revision=campaign.revision, next_at=None, over_reason="", created_at=ctx.now,
    )  # fmt: skip
    ctx.session.add(share)
    ctx.session.flush()
    last_call = campaign.closes_at - LAST_CALL
    if mode == "chat_tool" and ctx.now < last_call < activity.expires_at:
        share_queue.one(ctx, share.id, "soon", after=last_call - ctx.now, soon=True)
    return _ticket(ctx, campaign, share)


def openable(ctx: Ctx, share_id: str) -> Share:
    """The card somebody opened; raises `NotFound`, or `ShareOver` when its life has ended."""
    share = by_public_id(ctx, Share, share_id)
    if share.expires_at <= ctx.now:
        raise ShareOver
    return share


def opened(ctx: Ctx, share_id: str, entry: GroupEntry) -> Opened:
    """Note that the actor opened the card in this chat, under this name; the first chat becomes the card's own.

    The card is set right then, for it may have been posted with numbers of some minutes ago.
    """
    share = openable(ctx, share_id)
    campaign = ctx.session.get_one(Campaign, share.campaign_id)
    chat = ctx.vault.digest("opengid", entry.opengid)
    first = update(Share).where(Share.id == share.id, Share.group_hash.is_(None))
    if changed(ctx.session, first.values(group_hash=chat, shown_revision=-1)):
        share_queue.one(ctx, share.id, "bound")
    _note(ctx, share.id, chat, entry.group_openid)
    joined = (Participation.campaign_id == campaign.id, Participation.resident_id == ctx.resident_id)
    counted = select(Participation.resident_id).where(*joined, Participation.counted_orders > 0)
    if share.mode == "chat_tool" and ctx.session.scalars(counted).first() is not None:
        share_queue.one(ctx, share.id, f"opened:{ctx.resident_id}")
    return Opened(campaign.public_id)


def _note(ctx: Ctx, share_id: int, chat: str, person: str) -> None:
    """One row per card and person; a later chat takes the place of the first while nobody was told there."""
    values = {
        "group_hash": chat, "group_openid_enc": ctx.vault.encrypt(person) if person else None, "opened_at": ctx.now,
    }  # fmt: skip
    row = upsert(ctx.session, ShareOpening).values(
        share_id=share_id, resident_id=ctx.resident_id, told_at=None, **values
    )
    untold = ShareOpening.told_at.is_(None)
    key = ["share_id", "resident_id"]
    changed(ctx.session, row.on_conflict_do_update(index_elements=key, set_=values, where=untold))


def _shareable(ctx: Ctx, campaign_id: str) -> Campaign:
    campaign = finding.public(ctx, campaign_id)
    if campaign.state not in SHARED_IN:
        raise NotOpen
    return campaign


def _ticket(ctx: Ctx, campaign: Campaign, share: Share) -> Ticket:
    people, room = share_cards.numbers(campaign)
    counts = [Value("member_count", str(people)), Value("room_limit", str(room))]
    pictures = (offer.pictures for offer in campaigns.offers(ctx, campaign) if offer.pictures)
    return Ticket(
        id=share.public_id,
        mode=share.mode,
        activity_id=share.activity_id,
        template_id=share_cards.TEMPLATES[share.mode],
        parameter_list=counts if share.mode == "updatable" else [],
        title=share_cards.title(campaign),
        path=share_cards.path(campaign.public_id, share.public_id),
        image=next(pictures, [""])[0],
        expires_at=share.expires_at,
    )
