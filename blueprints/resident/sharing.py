"""Taking a campaign's card into a group of one's own, and opening one that somebody posted there."""

from __future__ import annotations

from marshmallow import fields, validate

from blueprints.resident.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.actors import Actor
from domain.errors import LoginRefused, NotFound, NotOpen, ShareOver, TooMany
from services.assembly import Lintuan
from services.chat.sharing import Opened, Ticket
from services.flows import sharing
from services.flows.sharing import OpenShare, TakeShare

MODES = ("updatable", "chat_tool")


class TakeShareSchema(Taken):
    """How the card is to be posted: `updatable` shows n/m in any group, `chat_tool` names who takes part in one."""

    makes = TakeShare
    mode = fields.String(required=True, validate=validate.OneOf(MODES))


class ValueSchema(Shown):
    """A value of the card's template."""

    name = fields.String(required=True)
    value = fields.String(required=True, metadata={"description": "a text, even where it is a number"})


class TicketSchema(Shown):
    """What `wx.updateShareMenu` takes, and then the sharing call."""

    id = fields.String(required=True)
    mode = fields.String(required=True)
    activity_id = fields.String(required=True)
    template_id = fields.String(required=True)
    parameter_list = fields.List(fields.Nested(ValueSchema()), required=True)
    title = fields.String(required=True)
    path = fields.String(required=True)
    image = fields.String(required=True, metadata={"description": 'a picture\'s id, "" for none'})
    expires_at = fields.AwareDateTime(required=True, metadata={"description": "the card stands still from then on"})


class OpenShareSchema(Taken):
    """What the client has of the group: a fresh login code, and the group's data sealed under that login's key."""

    makes = OpenShare
    js_code = Text(128, required=True)
    encrypted_data = Text(4096, required=True)
    iv = Text(64, required=True)


class OpenedSchema(Shown):
    """The campaign behind a card."""

    campaign = fields.String(required=True)


@door.post("/campaigns/<campaign_id>/shares", takes=TakeShareSchema(), shows=TicketSchema(), status=201, flow=True,
           idempotent=True, refuses=[NotFound, NotOpen, TooMany])  # fmt: skip
def share_campaign(product: Lintuan, actor: Actor, campaign_id: str, body: TakeShare) -> Ticket:
    """A ticket to post the campaign's card in a group; the server keeps the card current for a day."""
    return sharing.take(product.unit, product.outside, actor, campaign_id, body)


@door.post("/shares/<shr_id>/opened", takes=OpenShareSchema(), shows=OpenedSchema(), flow=True,
           refuses=[NotFound, ShareOver, LoginRefused, TooMany])  # fmt: skip
def open_shared_card(product: Lintuan, actor: Actor, shr_id: str, body: OpenShare) -> Opened:
    """Tell in which group a shared card was opened, so that it can be told there who takes part."""
    return sharing.open_shared(product.unit, product.outside, actor, shr_id, body)
