"""The operator's view of the chat channels: how each goes, and where each bound chat stands."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.product import lintuan
from blueprints.shared.schemas import Shown, Taken, Text
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import channels as reads
from services.queries.channels import BoundChat, ChannelView

PROGRAM = ("customer", "wxgroup")
"""Channels that go through the mini-program, which is always there."""


class LimitSchema(Shown):
    """At most `count` messages in any `seconds` to one chat, person or channel; going over it shuts us out for a while.

    All in seconds.
    """

    scope = fields.String(required=True, metadata={"description": "chat, person or channel"})
    count = fields.Integer(required=True)
    seconds = fields.Integer(required=True)
    cool_down = fields.Integer(required=True)


class DeclaredSchema(Shown):
    """What a kind of channel really allows."""

    hears = fields.String(required=True, metadata={"description": "nothing, mentions, everything or alone"})
    speaks = fields.String(required=True, metadata={"description": "never, in_window or freely"})
    edits = fields.String(required=True, metadata={"description": "never, on_click, count or any"})
    buttons = fields.Boolean(required=True)
    streams = fields.Boolean(required=True)
    people_post = fields.Boolean(required=True, metadata={"description": "a person posts the card, the bot cannot"})
    sends_once = fields.Boolean(required=True, metadata={"description": "the same key again sends nothing new"})
    max_bytes = fields.Integer(required=True)
    limits = fields.List(fields.Nested(LimitSchema()), required=True)


class GoneSchema(Shown):
    """So many chats in which the bot may not speak any more."""

    reason = fields.String(required=True)
    chats = fields.Integer(required=True)


class ChannelSchema(Shown):
    """One kind of channel. `failing` is trouble that has lasted for some minutes; `failing_since` is when any began."""

    kind = fields.String(required=True)
    configured = fields.Boolean(required=True)
    declares = fields.Nested(DeclaredSchema(), required=True)
    chats = fields.Integer(required=True, metadata={"description": "living bound chats; shared cards for wxgroup"})
    gone = fields.List(fields.Nested(GoneSchema()), required=True)
    pending = fields.Integer(required=True)
    dead = fields.Integer(required=True)
    last_sent_at = fields.AwareDateTime(required=True, allow_none=True)
    last_failed_at = fields.AwareDateTime(required=True, allow_none=True)
    last_error = fields.String(required=True)
    failing_since = fields.AwareDateTime(required=True, allow_none=True)
    failures = fields.Integer(required=True, metadata={"description": "in a row"})
    failing = fields.Boolean(required=True)


class QuotaSchema(Shown):
    """What is left of a limit of `count` messages in any `seconds`."""

    count = fields.Integer(required=True)
    seconds = fields.Integer(required=True)
    left = fields.Integer(required=True)


class BoundChatSchema(Shown):
    """A bound chat; `next_send_at` is when the limits let the bot speak there, None in a chat that is gone."""

    id = fields.String(required=True)
    channel = fields.String(required=True)
    purpose = fields.String(required=True)
    leader = fields.String(required=True)
    point = fields.String(required=True, allow_none=True)
    can_push = fields.Boolean(required=True)
    gone_reason = fields.String(required=True)
    last_push_at = fields.AwareDateTime(required=True, allow_none=True)
    next_send_at = fields.AwareDateTime(required=True, allow_none=True)
    quotas = fields.List(fields.Nested(QuotaSchema()), required=True)
    pending = fields.Integer(required=True)
    dead = fields.Integer(required=True)
    created_at = fields.AwareDateTime(required=True)


class ChannelQuerySchema(Taken):
    """The chats of one channel, or all."""

    channel = Text(32, load_default=None)


@door.get("/channels", shows=ChannelSchema(many=True))
def list_channels(ctx: Ctx) -> list[ChannelView]:
    """Every kind of channel: what it declares, its chats, what waits and what died, and whether it works."""
    product = lintuan()
    return reads.channels(ctx, product.channels, {*product.outside.chats, *PROGRAM})


@door.get("/chats", shows=BoundChatSchema(), query=ChannelQuerySchema(), paged=True)
def list_bound_chats(ctx: Ctx, page: Page, query: Mapping[str, str | None]) -> Slice[BoundChat]:
    """Bound chats of all leaders, newest first: when each may be spoken in next, and what is left of its limits."""
    return reads.bound_chats(ctx, page, lintuan().channels, query["channel"])
