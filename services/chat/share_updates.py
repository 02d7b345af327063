"""What a shared card must be told next, whose turn it is to tell it, and what it was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from models import Campaign, OutboxMessage, Participation, Resident, Share, ShareOpening
from services.chat import share_cards
from services.chat.sharing import LAST_CALL
from services.context import Ctx
from services.ports import CardState, ToolState
from services.writing import changed

PACE = timedelta(seconds=2)
MOST_NAMED = 50
TAKES_MORE = ("collecting",)


@dataclass(frozen=True)
class Card:
    """A living card and the campaign it shows."""

    share: Share
    campaign: Campaign


@dataclass(frozen=True)
class Counts:
    """What an updatable card shall show, at the campaign's `revision`."""

    state: CardState
    revision: int
    members: int
    room: int
    path: str


@dataclass(frozen=True)
class Call:
    """What a chat-tool card shall be told: people as (resident, name in the chat); `more` is left to say after it."""

    state: ToolState
    revision: int
    people: tuple[tuple[int, str], ...] = ()
    more: bool = False


Plan = Counts | Call


def find(ctx: Ctx, share_id: int) -> Card | None:
    """The card as it stands; None when it was given up or its life has ended."""
    share = ctx.session.get_one(Share, share_id, populate_existing=True)
    if share.over_reason or share.expires_at <= ctx.now:
        return None
    return Card(share, ctx.session.get_one(Campaign, share.campaign_id, populate_existing=True))


def plan(ctx: Ctx, card: Card) -> Plan | None:
    """The next thing to tell the card, by what is true now; None when it shows that already."""
    return _counts(card) if card.share.mode == "updatable" else _call(ctx, card)


def last_call(card: Card) -> datetime:
    """When a chat-tool card says that it closes soon: from then on it takes no names, so it comes late."""
    return card.campaign.closes_at - LAST_CALL


def occupy(ctx: Ctx, card: Card, message: OutboxMessage) -> datetime | None:
    """Take the card's turn for `message`; else when to ask again.

    Two calls for one card never overlap, or an older count could arrive after a newer one, and begin at least two
    seconds apart. The write on the row makes rivals wait; the one who is still on the way is seen by its lease.
    """
    free = update(Share).where(Share.id == card.share.id, or_(Share.next_at.is_(None), Share.next_at <= ctx.now))
    if not changed(ctx.session, free.values(next_at=ctx.now + PACE)):
        return max(card.share.next_at or ctx.now, ctx.now + timedelta(seconds=1))
    others = select(OutboxMessage.id).where(
        OutboxMessage.state == "leased", OutboxMessage.kind == message.kind, OutboxMessage.id != message.id,
        OutboxMessage.dedupe_key.startswith(f"share:{card.share.id}:", autoescape=True),
    )  # fmt: skip
    return ctx.now + PACE if ctx.session.scalars(others.limit(1)).first() is not None else None


def shown(ctx: Ctx, share_id: int, told: Plan) -> None:
    """The platform took it: what the card shows is never older than this from now on."""
    newer = update(Share).where(Share.id == share_id, Share.shown_revision <= told.revision)
    changed(ctx.session, newer.values(shown_revision=told.revision, shown_state=told.state))
    if isinstance(told, Call) and told.people:
        named = update(ShareOpening).where(
            ShareOpening.share_id == share_id, ShareOpening.resident_id.in_([person for person, _ in told.people])
        )
        changed(ctx.session, named.values(told_at=ctx.now))


def over(ctx: Ctx, share_id: int, reason: str) -> None:
    """The card can never be changed again."""
    alive = update(Share).where(Share.id == share_id, Share.over_reason == "")
    changed(ctx.session, alive.values(over_reason=reason[:255]))


def _counts(card: Card) -> Counts | None:
    share, campaign, state = card.share, card.campaign, share_cards.standing(card.campaign)
    if share.shown_state == "ended" or (state != "ended" and share.shown_state == "reached"):
        return None
    if state == "collecting" and campaign.revision <= share.shown_revision:
        return None
    members, room = share_cards.numbers(campaign)
    where = share_cards.path(campaign.public_id, share.public_id)
    return Counts(state, campaign.revision, members, room, where)


def _call(ctx: Ctx, card: Card) -> Call | None:
    share, campaign = card.share, card.campaign
    if share.shown_state == "ended":
        return None
    state, revision = share_cards.standing(campaign), campaign.revision
    people = _newcomers(ctx, card) if share.shown_state in TAKES_MORE and state != "ended" else ()
    if people:
        return Call("collecting", revision, tuple(people), more=len(people) == MOST_NAMED or state != "collecting")
    if state != "collecting":
        return Call("ended", revision)
    soon = campaign.state == "open" and last_call(card) <= ctx.now < campaign.closes_at
    return Call("closing", revision) if soon and share.shown_state == "collecting" else None


def _newcomers(ctx: Ctx, card: Card) -> Sequence[tuple[int, str]]:
    """Who takes part (counted), opened the card in its own chat and wants to be seen, and was not named there yet."""
    statement = (
        select(ShareOpening.resident_id, ShareOpening.group_openid_enc)
        .join(Resident, Resident.id == ShareOpening.resident_id)
        .join(Participation, Participation.resident_id == ShareOpening.resident_id)
        .where(
            ShareOpening.share_id == card.share.id, ShareOpening.group_hash == card.share.group_hash,
            ShareOpening.group_openid_enc.is_not(None), ShareOpening.told_at.is_(None), Resident.anonymous.is_(False),
            Participation.campaign_id == card.campaign.id, Participation.counted_orders > 0,
        )
        .order_by(ShareOpening.opened_at, ShareOpening.resident_id)
        .limit(MOST_NAMED)
    )  # fmt: skip
    return [(row.resident_id, ctx.vault.decrypt(row.group_openid_enc)) for row in ctx.session.execute(statement)]
