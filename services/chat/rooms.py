"""What a chat is for: a group with its campaigns, the staff chat of a point, or a talk between two."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, or_, select, update
from sqlalchemy.orm import aliased

from models import Campaign, ChatBinding, ChatCampaign, Leader, Order
from services import outbox
from services.chat import transcripts
from services.chat.inbox import key_of
from services.context import Ctx
from services.writing import changed

RUNNING = ("open",)
VISIBLE = ("scheduled", "open", "paused", "closed", "formed", "fulfilling", "failed", "completed", "cancelled")
MOST = 9  # a choice is answered with one digit


def campaigns(ctx: Ctx, channel: str, chat_id: str, resident_id: int | None, states: Sequence[str]) -> list[Campaign]:
    """The campaigns a message in this chat can be about, newest first, at most nine.

    In a group those shown there; where a person speaks alone (`chat_id` "") their own as a leader and those of leaders
    they ordered from.
    """
    if chat_id:
        found = (
            select(Campaign)
            .join(ChatCampaign, ChatCampaign.campaign_id == Campaign.id)
            .join(ChatBinding, ChatBinding.id == ChatCampaign.binding_id)
            .where(*_here(channel, chat_id, "group"))
        )
    else:
        found = _of_known_leaders(resident_id or 0)
    statement = found.where(Campaign.state.in_(states)).order_by(Campaign.id.desc()).limit(MOST)
    return list(ctx.session.scalars(statement, execution_options={"populate_existing": True}))


def shows(ctx: Ctx, channel: str, chat_id: str, public_id: str) -> Campaign | None:
    """The campaign of a card pressed in this chat; None when it is not shown there."""
    statement = (
        select(Campaign)
        .join(ChatCampaign, ChatCampaign.campaign_id == Campaign.id)
        .join(ChatBinding, ChatBinding.id == ChatCampaign.binding_id)
        .where(Campaign.public_id == public_id, *_here(channel, chat_id, "group"))
    )
    return ctx.session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()


def staff_point(ctx: Ctx, channel: str, chat_id: str) -> int | None:
    """The point whose staff chat this is."""
    statement = select(ChatBinding.point_id).where(*_here(channel, chat_id, "staff"))
    return ctx.session.scalars(statement).one_or_none() if chat_id else None


def request_card(ctx: Ctx, channel: str, chat_id: str, campaign_id: str, cause: str) -> None:
    """Have the sender post the campaign's card in this group, once per `cause`, and keep it current from then on."""
    binding_id = ctx.session.scalars(select(ChatBinding.id).where(*_here(channel, chat_id, "group"))).one_or_none()
    if binding_id is not None:
        payload = {"campaign": campaign_id, "binding": binding_id}
        outbox.enqueue(ctx, "chat_card", f"card:{key_of(channel, cause)}", payload)


def move(ctx: Ctx, channel: str, old_chat_id: str, new_chat_id: str) -> int:
    """The platform gave a chat another id: its binding follows, unless the new one is bound already."""
    there = aliased(ChatBinding)
    taken = select(there.id).where(there.channel == channel, there.remote_chat_id == new_chat_id)
    mine = update(ChatBinding).where(
        ChatBinding.channel == channel, ChatBinding.remote_chat_id == old_chat_id, ~taken.exists()
    )
    transcripts.move(ctx, channel, old_chat_id, new_chat_id)
    return changed(ctx.session, mine.values(remote_chat_id=new_chat_id))


def _here(channel: str, chat_id: str, purpose: str) -> list[ColumnElement[bool]]:
    return [
        ChatBinding.channel == channel, ChatBinding.remote_chat_id == chat_id, ChatBinding.purpose == purpose,
    ]  # fmt: skip


def _of_known_leaders(resident_id: int) -> Select[Campaign]:
    theirs = (
        select(Campaign.leader_id).join(Order, Order.campaign_id == Campaign.id).where(Order.resident_id == resident_id)
    )
    own = select(Leader.id).where(Leader.resident_id == resident_id, Leader.state == "approved")
    return select(Campaign).where(or_(Campaign.leader_id.in_(theirs), Campaign.leader_id.in_(own)))
