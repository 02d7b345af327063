"""Reaching one resident about one thing: what the push needs, read at the moment it goes, and how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from domain.clock import SHANGHAI
from models import (
    Campaign,
    ChatBinding,
    ChatCampaign,
    ChatIdentity,
    Notification,
    Order,
    PickupCode,
    PickupPoint,
    Resident,
)  # fmt: skip
from services import outbox
from services.chat.speaking import Chat
from services.context import Ctx
from services.writing import changed

GATHERING = timedelta(seconds=10)
WAITING = "waiting"
MOST_MENTIONS = 50


@dataclass(frozen=True)
class Push:
    """One notice with its person; never written down. `code` is the pickup code in use, "" unless goods wait.

    `wrote_at` is when the person last wrote to customer service.
    """

    notification: int
    resident: int
    kind: str
    title: str
    body: str
    openid: str
    wrote_at: datetime | None
    campaign_id: str
    campaign_title: str
    order_id: str
    point: str
    code: str
    deadline: str
    mention_in: int


def push_of(ctx: Ctx, public_id: str, speakable: Sequence[str]) -> Push | None:
    """What there is to push for a notice; None when it was pushed before or is gone.

    `speakable` names the channels in which a group could be spoken to.
    """
    statement = (
        select(Notification, Resident, Order, Campaign, PickupPoint)
        .join(Resident, Resident.id == Notification.resident_id)
        .outerjoin(Order, Order.id == Notification.order_id)
        .outerjoin(Campaign, Campaign.id == Notification.campaign_id)
        .outerjoin(PickupPoint, PickupPoint.id == Order.point_id)
        .where(Notification.public_id == public_id, Notification.reached_by == "")
    )
    row = ctx.session.execute(statement, execution_options={"populate_existing": True}).one_or_none()
    if row is None:
        return None
    found: tuple[Notification, Resident, Order | None, Campaign | None, PickupPoint | None] = row
    notice, person, order, campaign, point = found
    arrival = notice.kind == "arrival"
    return Push(
        notification=notice.id,
        resident=person.id,
        kind=notice.kind,
        title=notice.title,
        body=notice.body,
        openid=person.openid,
        wrote_at=person.customer_chat_at,
        campaign_id=campaign.public_id if campaign else "",
        campaign_title=campaign.title if campaign else "",
        order_id=order.public_id if order else "",
        point=point.name if point else "",
        code=_code(ctx, order) if arrival and order else "",
        deadline=_deadline(order.pickup_deadline if order else None),
        mention_in=_mention_in(ctx, notice, speakable) if arrival else 0,
    )


def reached(ctx: Ctx, notifications: Sequence[int], way: str) -> None:
    """Note how these were pushed: subscribe, customer, chat, or page when only the page has it."""
    open_ones = update(Notification).where(
        Notification.id.in_(notifications), Notification.reached_by.in_(("", WAITING))
    )
    changed(ctx.session, open_ones.values(reached_by=way))


def will_mention(ctx: Ctx, push: Push) -> None:
    """Have the person called in their group, together with others who arrive here within seconds."""
    campaign_id = ctx.session.scalars(
        select(Notification.campaign_id).where(Notification.id == push.notification)
    ).one()
    campaign = ctx.session.get_one(Campaign, campaign_id)
    reached(ctx, [push.notification], WAITING)
    outbox.enqueue(
        ctx, "chat_mention", f"mention:{push.notification}",
        {"campaign": campaign.public_id, "binding": push.mention_in},
        coalesce_key=f"mention:{campaign.id}:{push.mention_in}", due_at=ctx.now + GATHERING,
    )  # fmt: skip


def waiting_mentions(ctx: Ctx, chat: Chat) -> list[tuple[int, str]]:
    """(notice, chat name) of those to be called in this chat, the longest waiting first."""
    statement = (
        select(Notification.id, ChatIdentity.remote_user_id)
        .join(ChatIdentity, ChatIdentity.resident_id == Notification.resident_id)
        .where(
            Notification.campaign_id == chat.campaign.id, Notification.kind == "arrival",
            Notification.reached_by == WAITING, ChatIdentity.channel == chat.binding.channel,
        )
        .order_by(Notification.id)
        .limit(MOST_MENTIONS)
    )  # fmt: skip
    return [(row.id, row.remote_user_id) for row in ctx.session.execute(statement)]


def mentions_failed(ctx: Ctx, campaign_id: str) -> None:
    """Nobody can be called in the group any more: the page has it."""
    ids = select(Campaign.id).where(Campaign.public_id == campaign_id)
    stuck = update(Notification).where(Notification.campaign_id.in_(ids), Notification.reached_by == WAITING)
    changed(ctx.session, stuck.values(reached_by="page"))


def only_page(ctx: Ctx, public_id: str) -> None:
    """No push went out for this notice: the page has it."""
    open_one = update(Notification).where(Notification.public_id == public_id, Notification.reached_by == "")
    changed(ctx.session, open_one.values(reached_by="page"))


def _code(ctx: Ctx, order: Order) -> str:
    mine = (PickupCode.order_id == order.id, PickupCode.state == "issued")
    code = ctx.session.scalars(select(PickupCode.code).where(*mine)).one_or_none()
    return f"{code[:4]} {code[4:]}" if code else ""


def _deadline(at: datetime | None) -> str:
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if at else ""


def _mention_in(ctx: Ctx, notice: Notification, speakable: Sequence[str]) -> int:
    """A living group of the campaign in which the person is known by name; 0 for none."""
    statement = (
        select(ChatBinding.id)
        .join(ChatCampaign, ChatCampaign.binding_id == ChatBinding.id)
        .join(ChatIdentity, ChatIdentity.channel == ChatBinding.channel)
        .where(
            ChatCampaign.campaign_id == notice.campaign_id, ChatIdentity.resident_id == notice.resident_id,
            ChatBinding.purpose == "group", ChatBinding.dead_reason == "", ChatBinding.channel.in_(speakable),
        )
        .order_by(ChatBinding.id)
        .limit(1)
    )  # fmt: skip
    return ctx.session.scalars(statement).one_or_none() or 0
