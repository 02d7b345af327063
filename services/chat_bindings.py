"""Which chat belongs to whom: bound by a one-time code typed there, shown campaigns, a sealed key to speak with."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select

from domain.actors import Role
from domain.content import Subject
from domain.errors import AlreadyBound, Invalid, WrongState
from domain.ids import new_id
from models import Campaign, ChatBinding, ChatCampaign, PickupPoint
from services import audit, one_time_codes
from services.campaigns.finding import own
from services.communities import own_point
from services.content_safety import holding
from services.context import Ctx
from services.finding import by_public_id
from services.one_time_codes import IssuedCode
from services.writing import insert_ignoring

_KEY = re.compile(r"[A-Za-z0-9_-]{8,128}")
_OVER = ("failed", "completed", "cancelled")


def group_code(ctx: Ctx, campaign_id: str) -> IssuedCode:
    """A code that, typed in a group, shows an own campaign there; raises `NotFound`, `WrongState` once it is over."""
    campaign = own(ctx, campaign_id)
    _refuse_over(campaign)
    issued = one_time_codes.make(ctx, "bind_group", campaign.id, lifetime=_lifetime(ctx))
    audit.record(ctx, "campaign", campaign.id, "make_chat_code")
    return issued


def staff_chat_code(ctx: Ctx, point_id: str) -> IssuedCode:
    """A code that, typed in a chat, makes it the staff chat of an own point.

    Raises `NotFound`, and `BeingChecked` or `ContentRefused` for a point that nobody may read of yet.
    """
    point = own_point(ctx, point_id)
    holding.require_passed(ctx, Subject.POINT, point.id)
    issued = one_time_codes.make(ctx, "bind_staff_chat", point.id, lifetime=_lifetime(ctx))
    audit.record(ctx, "pickup_point", point.id, "make_chat_code")
    return issued


def bind_group(ctx: Ctx, channel: str, remote_chat_id: str, code: str) -> tuple[ChatBinding, Campaign]:
    """Show the code's campaign (returned) in this group, for whoever typed it; a group bound before shows one more.

    Raises `CodeWrong`, `CodeExpired`, and `AlreadyBound` for a group of another leader or a staff chat.
    """
    used = one_time_codes.use(ctx, "bind_group", code)
    campaign = ctx.session.get_one(Campaign, used.subject_id)
    _refuse_over(campaign)
    binding = _bind(ctx, channel, remote_chat_id, "group", campaign.leader_id, None)
    _show(ctx, binding, campaign)
    return binding, campaign


def bind_staff_chat(ctx: Ctx, channel: str, remote_chat_id: str, code: str) -> ChatBinding:
    """Make this chat the staff chat of the code's point, where 核销 works.

    Raises `CodeWrong`, `CodeExpired`, and `AlreadyBound` for the staff chat of another point or a group.
    """
    used = one_time_codes.use(ctx, "bind_staff_chat", code)
    point = ctx.session.get_one(PickupPoint, used.subject_id)
    return _bind(ctx, channel, remote_chat_id, "staff", point.leader_id, point.id)


def show_campaign(ctx: Ctx, chat_id: str, campaign_id: str) -> ChatBinding:
    """Show another own campaign in an own group; again is no error. Raises `NotFound`, `WrongState` once it is over."""
    binding = _own(ctx, chat_id)
    campaign = own(ctx, campaign_id)
    if binding.purpose != "group":
        raise Invalid("Campaigns are shown in groups, not in staff chats.", field="campaign_id")
    _refuse_over(campaign)
    _show(ctx, binding, campaign)
    return binding


def set_push_key(ctx: Ctx, chat_id: str, key: str) -> ChatBinding:
    """Keep, sealed, the webhook key with which the bot may speak in an own chat; the chat counts as alive again.

    Raises `NotFound`, and `Invalid` unless the key is 8 to 128 letters, digits, `-` and `_`.
    """
    binding = _own(ctx, chat_id)
    if not _KEY.fullmatch(key):
        raise Invalid("A key is 8 to 128 letters, digits, - and _.", field="key")
    binding.push_secret_enc = ctx.vault.encrypt(key)
    binding.dead_reason = ""
    ctx.session.flush()
    audit.record(ctx, "chat_binding", binding.id, "set_push_key")
    return binding


def _own(ctx: Ctx, chat_id: str) -> ChatBinding:
    ctx.require(Role.LEADER)
    return by_public_id(ctx, ChatBinding, chat_id, ChatBinding.leader_id == ctx.actor.id)


def _bind(ctx: Ctx, channel: str, chat: str, purpose: str, leader_id: int, point_id: int | None) -> ChatBinding:
    key = {"channel": channel, "remote_chat_id": chat}
    fresh = insert_ignoring(
        ctx.session, ChatBinding, list(key), public_id=new_id("ChatBinding", ctx.now), purpose=purpose,
        leader_id=leader_id, point_id=point_id, push_secret_enc=None, dead_reason="", created_at=ctx.now, **key,
    )  # fmt: skip
    binding = ctx.session.scalars(select(ChatBinding).filter_by(**key)).one()
    if (binding.purpose, binding.leader_id, binding.point_id) != (purpose, leader_id, point_id):
        raise AlreadyBound
    if fresh:
        audit.record(ctx, "chat_binding", binding.id, "bind")
    return binding


def _show(ctx: Ctx, binding: ChatBinding, campaign: Campaign) -> None:
    if insert_ignoring(
        ctx.session, ChatCampaign, ["binding_id", "campaign_id"], binding_id=binding.id, campaign_id=campaign.id,
        card_ref="", card_revision=-1, told_count=0, told_at=None, created_at=ctx.now,
    ):  # fmt: skip
        audit.record(ctx, "chat_binding", binding.id, "show_campaign")


def _refuse_over(campaign: Campaign) -> None:
    if campaign.state in _OVER:
        raise WrongState(state=campaign.state, event="show")


def _lifetime(ctx: Ctx) -> timedelta:
    return timedelta(minutes=ctx.policy.one_time_code_minutes)
