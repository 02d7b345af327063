"""The resident's own page: who am I, how do neighbours see me, how does the bot know me."""

from __future__ import annotations

from marshmallow import fields

from blueprints.resident.door import door
from blueprints.shared.schemas import Flag, IssuedCodeSchema, Shown, Taken, Text, public_id
from domain.errors import NotFound
from services import people
from services.context import Ctx
from services.one_time_codes import IssuedCode
from services.people import ChangeProfile, Profile


class OwnLeaderSchema(Shown):
    """My leadership, or my application."""

    id = fields.String(required=True)
    state = fields.String(required=True)


class HomePointSchema(Shown):
    """The pickup point where I fetch."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    community = fields.String(required=True)


class StationSchema(Shown):
    """A point at whose desk I work; log in there with `station_log_in`."""

    point_id = fields.String(required=True)
    name = fields.String(required=True)


class NameCheckSchema(Shown):
    """A nickname that others do not see (审核中), or that did not pass."""

    nickname = fields.String(required=True)
    state = fields.String(required=True, metadata={"description": "waiting, asked, review or refused"})


class ProfileSchema(Shown):
    """A resident as they see themself; the phone is masked."""

    id = fields.String(required=True)
    nickname = fields.String(required=True)
    anonymous = fields.Boolean(required=True, metadata={"description": "shown to neighbours as 匿名邻居"})
    phone = fields.String(required=True)
    leader_state = fields.String(required=True, allow_none=True)
    leader = fields.Nested(OwnLeaderSchema(), required=True, allow_none=True)
    home_point = fields.Nested(HomePointSchema(), required=True, allow_none=True)
    stations = fields.List(fields.Nested(StationSchema()), required=True)
    name_check = fields.Nested(NameCheckSchema(), required=True, allow_none=True)


class ChangeProfileSchema(Taken):
    """What to change; absent fields stay, a `home_point_id` of null takes it away.

    It comes by PUT although it may be only a part: the mini-program's platform has no PATCH.
    """

    makes = ChangeProfile
    nickname = Text(80)
    anonymous = Flag()
    home_point_id = public_id(allow_none=True)


@door.get("/me", shows=ProfileSchema())
def show_me(ctx: Ctx) -> Profile:
    """Who I am here."""
    return people.profile(ctx)


@door.put("/me", takes=ChangeProfileSchema(), shows=ProfileSchema(), refuses=[NotFound])
def change_me(ctx: Ctx, body: ChangeProfile) -> Profile:
    """Change my nickname, whether neighbours see it, or the point where I fetch; what the body leaves out stays."""
    return people.change_profile(ctx, body)


@door.post("/chat-codes", shows=IssuedCodeSchema(), status=201)
def make_chat_code(ctx: Ctx) -> IssuedCode:
    """A code to type to the bot, so that it knows me; good for ten minutes, once."""
    return people.make_chat_code(ctx)
