"""A leader's pickup points, who works there, and on which devices."""

from __future__ import annotations

from marshmallow import fields

from blueprints.leader.door import door
from blueprints.shared.schemas import IssuedCodeSchema, Shown, Taken, Text, check_state
from domain.actors import Actor
from domain.errors import BeingChecked, ContentRefused, NotFound, WrongState
from services import communities, staffing
from services.assembly import Lintuan
from services.communities import CreatePoint
from services.context import Ctx
from services.flows import content_safety
from services.one_time_codes import IssuedCode
from services.paging import Page, Slice
from services.queries import places
from services.queries.places import PointRow, StaffView


class CreatePointSchema(Taken):
    """A pickup point in the leader's own community."""

    makes = CreatePoint
    name = Text(80, required=True)
    address = Text(255, required=True)
    hours = Text(80, least=0, load_default="")


class PointRowSchema(Shown):
    """A pickup point of the leader."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    address = fields.String(required=True)
    hours = fields.String(required=True)
    active = fields.Boolean(required=True)
    words_check = check_state()


class DeviceSchema(Shown):
    """A device that is logged in now."""

    id = fields.String(required=True)
    device = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class StaffSchema(Shown):
    """Somebody at the desk, with the devices logged in now."""

    id = fields.String(required=True)
    display_name = fields.String(required=True)
    state = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    devices = fields.List(fields.Nested(DeviceSchema()), required=True)


@door.post("/points", takes=CreatePointSchema(), shows=PointRowSchema(), status=201, flow=True)
def create_point(product: Lintuan, actor: Actor, body: CreatePoint) -> PointRow:
    """Add a pickup point; its words are checked at once, for until they have passed nobody else reads of it."""
    with product.unit(actor) as ctx:
        point_id = communities.create_point(ctx, body).public_id
    content_safety.settle_point(product, actor, point_id)
    with product.unit.reading(actor) as ctx:
        return places.own_point_row(ctx, communities.own_point(ctx, point_id))


@door.get("/points", shows=PointRowSchema(), paged=True)
def points(ctx: Ctx, page: Page) -> Slice[PointRow]:
    """My pickup points, newest first."""
    return places.own_points(ctx, page)


@door.post("/points/<point_id>/invitations", shows=IssuedCodeSchema(), status=201,
           refuses=[NotFound, BeingChecked, ContentRefused])  # fmt: skip
def invite_staff(ctx: Ctx, point_id: str) -> IssuedCode:
    """A code with which one person may join the point, within a day."""
    return staffing.invite(ctx, point_id)


@door.get("/points/<point_id>/staff", shows=StaffSchema(), paged=True, refuses=[NotFound])
def staff(ctx: Ctx, point_id: str, page: Page) -> Slice[StaffView]:
    """Who works or worked at the point, with the devices logged in now."""
    return places.staff_of_point(ctx, point_id, page)


@door.delete("/staff/<staff_id>", shows=StaffSchema(), refuses=[NotFound, WrongState])
def remove_staff(ctx: Ctx, staff_id: str) -> StaffView:
    """Take somebody off a point; every device is shut out at once."""
    return places.staff_view(staffing.remove(ctx, staff_id), [])


@door.delete("/devices/<device_id>", refuses=[NotFound])
def revoke_device(ctx: Ctx, device_id: str) -> None:
    """Shut out one device of somebody at a point: a lost phone."""
    staffing.revoke_device(ctx, device_id)
