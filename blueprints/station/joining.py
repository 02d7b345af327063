"""Joining a desk, seeing where one works, leaving."""

from __future__ import annotations

from marshmallow import fields

from blueprints.shared.schemas import Shown, Taken, Text, check_state, public_id
from blueprints.station.door import door
from domain.actors import Actor
from domain.errors import CodeExpired, CodeWrong, NotFound, TooMany, WrongState
from services import staffing
from services.assembly import Lintuan
from services.context import Ctx
from services.flows import desk
from services.pickup import joining
from services.pickup.joining import EnterDesk, JoinDesk, JoinedDesk, OwnDesk


class JoinDeskSchema(Taken):
    """The invitation's code, one's name at the desk, and what this device is called."""

    makes = JoinDesk
    code = Text(12, required=True)
    display_name = Text(30, required=True)
    device = Text(80, required=True)


class EnterDeskSchema(Taken):
    """A point where one works already, and what this device is called."""

    makes = EnterDesk
    point_id = public_id(required=True)
    device = Text(80, required=True)


class DeskSchema(Shown):
    """Where one works."""

    staff_id = fields.String(required=True)
    display_name = fields.String(required=True)
    point_id = fields.String(required=True)
    point = fields.String(required=True)
    address = fields.String(required=True)
    hours = fields.String(required=True)
    name_check = check_state()


class JoinedDeskSchema(Shown):
    """The device's own token, shown this once."""

    token = fields.String(required=True)
    desk = fields.Nested(DeskSchema(), required=True)


class OwnDeskSchema(Shown):
    """The desk, and until when this device is logged in."""

    desk = fields.Nested(DeskSchema(), required=True)
    expires_at = fields.AwareDateTime(required=True)


@door.post(
    "/join",
    takes=JoinDeskSchema(),
    shows=JoinedDeskSchema(),
    status=201,
    flow=True,
    audience="resident",
    refuses=[CodeWrong, CodeExpired, TooMany, WrongState],
)
def join(product: Lintuan, actor: Actor, body: JoinDesk) -> JoinedDesk:
    """Work at the point that invited you, on this device; asked with your resident token."""
    return desk.join(product, actor, body)


@door.post(
    "/login",
    takes=EnterDeskSchema(),
    shows=JoinedDeskSchema(),
    status=201,
    audience="resident",
    refuses=[NotFound],
)
def log_in(ctx: Ctx, body: EnterDesk) -> JoinedDesk:
    """Log this device in at a desk where you work; a desk's session lasts one working day."""
    return joining.enter(ctx, body)


@door.get("/me", shows=OwnDeskSchema())
def me(ctx: Ctx) -> OwnDesk:
    """Where this device works."""
    return joining.mine(ctx)


@door.post("/leave", refuses=[WrongState])
def leave(ctx: Ctx) -> None:
    """Leave the point; all your devices at its desk are shut out at once."""
    staffing.leave(ctx)
