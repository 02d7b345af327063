"""The chats a leader bound: codes to bind them, campaigns shown there, the key to speak with."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.schemas import IssuedCodeSchema, Shown, Taken, Text, public_id
from domain.errors import BeingChecked, ContentRefused, Invalid, NotFound, WrongState
from services import chat_bindings
from services.context import Ctx
from services.one_time_codes import IssuedCode
from services.paging import Page, Slice
from services.queries.chats import ChatView, chat_view
from services.queries.chats import chats as bound_chats


class PushKeySchema(Taken):
    """The webhook key of the group's robot; kept sealed and never shown again."""

    key = Text(128, least=8, required=True)


class ShowCampaignSchema(Taken):
    """A campaign to show in the chat."""

    campaign_id = public_id(required=True)


class ChatSchema(Shown):
    """A bound chat; `dead_reason` says why the bot can no longer speak there, "" while it can."""

    id = fields.String(required=True)
    channel = fields.String(required=True)
    purpose = fields.String(required=True)
    point_id = fields.String(required=True, allow_none=True)
    can_push = fields.Boolean(required=True)
    dead_reason = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    campaigns = fields.List(fields.String(), required=True)


@door.post("/campaigns/<campaign_id>/chat-codes", shows=IssuedCodeSchema(), status=201,
           refuses=[NotFound, WrongState])  # fmt: skip
def make_chat_code(ctx: Ctx, campaign_id: str) -> IssuedCode:
    """A code that, typed in a group, shows the campaign there."""
    return chat_bindings.group_code(ctx, campaign_id)


@door.post("/points/<point_id>/chat-codes", shows=IssuedCodeSchema(), status=201,
           refuses=[NotFound, BeingChecked, ContentRefused])  # fmt: skip
def make_staff_chat_code(ctx: Ctx, point_id: str) -> IssuedCode:
    """A code that, typed in a chat, makes it the staff chat of the point."""
    return chat_bindings.staff_chat_code(ctx, point_id)


@door.get("/chats", shows=ChatSchema(), paged=True)
def chats(ctx: Ctx, page: Page) -> Slice[ChatView]:
    """My bound chats, newest first."""
    return bound_chats(ctx, page)


@door.post("/chats/<chat_id>/push-key", takes=PushKeySchema(), shows=ChatSchema(), refuses=[NotFound])
def set_push_key(ctx: Ctx, chat_id: str, body: Mapping[str, str]) -> ChatView:
    """Give the bot the key with which it may speak in the chat."""
    return chat_view(ctx, chat_bindings.set_push_key(ctx, chat_id, body["key"]))


@door.post("/chats/<chat_id>/campaigns", takes=ShowCampaignSchema(), shows=ChatSchema(),
           refuses=[NotFound, WrongState, Invalid])  # fmt: skip
def show_campaign(ctx: Ctx, chat_id: str, body: Mapping[str, str]) -> ChatView:
    """Show another campaign in a bound group."""
    return chat_view(ctx, chat_bindings.show_campaign(ctx, chat_id, body["campaign_id"]))
