"""A leader's day, the whole roster of a campaign with own notes and tags, and a private word to who has not paid."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from blueprints.leader.door import door
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import NotFound, QuietHours
from services import remarks
from services.chat import nudging
from services.chat.nudging import Nudged
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import leader_rosters
from services.queries import today as reading
from services.queries.leader_rosters import RosterOrder, Wanted
from services.queries.today import Today
from services.remarks import Remark

MOST_TAGS = 10


class TodaySchema(Shown):
    """A leader's day; sums in fen."""

    open_campaigns = fields.Integer(required=True)
    orders_today = fields.Integer(required=True)
    counted_fen_today = fields.Integer(required=True)
    unpaid_orders = fields.Integer(required=True)
    unpaid_fen = fields.Integer(required=True)
    to_pick_units = fields.Integer(required=True)
    to_hand_over = fields.Integer(required=True, metadata={"description": "orders that wait at their points"})
    claims_waiting = fields.Integer(required=True)
    shortages_waiting = fields.Integer(required=True)


class RosterQuery(Taken):
    """A text to look for, a tag, and the order: by number, or as one walks the houses."""

    makes = Wanted
    search = Text(80, least=0, load_default="")
    tag = Text(20, least=0, load_default="")
    order = fields.String(load_default="number", validate=validate.OneOf(["number", "place"]))


class PlaceSchema(Shown):
    """A home."""

    building = fields.String(required=True)
    unit = fields.String(required=True)
    room = fields.String(required=True)


class RosterItemSchema(Shown):
    """Units of one line; `units_back` were refunded or cancelled, `units_left` are neither collected nor lapsed."""

    line_id = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    units = fields.Integer(required=True)
    units_left = fields.Integer(required=True)
    units_back = fields.Integer(required=True)


class RosterOrderSchema(Shown):
    """One order of the roster; the phone masked, `leader_note` and `tags` the leader's own."""

    order_id = fields.String(required=True)
    number = fields.Integer(required=True, allow_none=True)
    name = fields.String(required=True)
    recipient = fields.String(required=True)
    phone = fields.String(required=True)
    place = fields.Nested(PlaceSchema(), required=True, allow_none=True)
    state = fields.String(required=True)
    items = fields.List(fields.Nested(RosterItemSchema()), required=True)
    total_fen = fields.Integer(required=True)
    refunded_fen = fields.Integer(required=True)
    note = fields.String(required=True)
    leader_note = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)


class TakeRemarkSchema(Taken):
    """The note and the tags as they shall be; both empty takes them away."""

    note = Text(200, least=0, load_default="", lines=True)
    tags = fields.List(Text(20), load_default=list, validate=validate.Length(max=MOST_TAGS))


class RemarkSchema(Shown):
    """What stands now."""

    order_id = fields.String(required=True)
    note = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)


class NudgedSchema(Shown):
    """Of the unpaid orders: told now, told before today, and of those who heard it on the page only."""

    unpaid = fields.Integer(required=True)
    told = fields.Integer(required=True)
    already = fields.Integer(required=True)
    unreachable = fields.Integer(required=True)


@door.get("/today", shows=TodaySchema())
def today(ctx: Ctx) -> Today:
    """My day at one look."""
    return reading.today(ctx)


@door.get("/campaigns/<campaign_id>/roster", shows=RosterOrderSchema(), paged=True, query=RosterQuery(),
          refuses=[NotFound])  # fmt: skip
def whole_roster(ctx: Ctx, campaign_id: str, page: Page, query: Wanted) -> Slice[RosterOrder]:
    """Every order that has a number or waits to be paid, by number or by building, unit and room."""
    return leader_rosters.roster(ctx, campaign_id, page, query)


@door.put("/orders/<string:order_id>/remark", takes=TakeRemarkSchema(), shows=RemarkSchema(), refuses=[NotFound])
def write_remark(ctx: Ctx, order_id: str, body: dict[str, Any]) -> Remark:
    """My own note and tags on an order; nobody else reads them."""
    return remarks.remark(ctx, Remark(order_id, **body))


@door.post("/campaigns/<campaign_id>/nudge", shows=NudgedSchema(), refuses=[NotFound, QuietHours])
def nudge_unpaid(ctx: Ctx, campaign_id: str) -> Nudged:
    """Remind those who have not paid, each alone and once a day per order."""
    return nudging.nudge(ctx, campaign_id)
