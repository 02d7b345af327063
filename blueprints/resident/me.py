"""The resident's own page: who am I, how do neighbours see me, how does the bot know me."""

from __future__ import annotations

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Flag, IssuedCodeSchema, Shown, Taken, Text
from services import people
from services.context import Ctx
from services.one_time_codes import IssuedCode
from services.people import ChangeProfile, Profile


class ProfileSchema(Shown):
    """A resident as they see themself; the phone is masked."""

    id = fields.String(required=True)
    nickname = fields.String(required=True)
    anonymous = fields.Boolean(required=True, metadata={"description": "shown to neighbours as 匿名邻居"})
    phone = fields.String(required=True)
    leader_state = fields.String(required=True, allow_none=True)


class ChangeProfileSchema(Taken):
    """What to change; absent fields stay."""

    makes = ChangeProfile
    nickname = Text(80)
    anonymous = Flag()


@door.get("/me", shows=ProfileSchema())
def show_me(ctx: Ctx) -> Profile:
    """Who I am here."""
    return people.profile(ctx)


@door.patch("/me", takes=ChangeProfileSchema(), shows=ProfileSchema())
def change_me(ctx: Ctx, body: ChangeProfile) -> Profile:
    """Change my nickname, or whether neighbours see it."""
    return people.change_profile(ctx, body)


@door.post("/chat-codes", shows=IssuedCodeSchema(), status=201)
def make_chat_code(ctx: Ctx) -> IssuedCode:
    """A code to type to the bot, so that it knows me; good for ten minutes, once."""
    return people.make_chat_code(ctx)
