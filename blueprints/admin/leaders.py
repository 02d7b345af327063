"""The operator's word on leaders: who applies, and each decision with its reason."""

from __future__ import annotations

from collections.abc import Mapping

from marshmallow import fields

from blueprints.admin.door import door
from blueprints.shared.leader_shapes import LeaderSchema
from blueprints.shared.schemas import Shown, Taken, Text
from domain.errors import BeingChecked, ContentRefused, NotFound, WrongState
from services import leaders, staffing
from services.context import Ctx
from services.paging import Page, Slice
from services.queries import leaders as reads
from services.queries.leaders import LeaderView, leader_view


class StateQuery(Taken):
    """One state, or all."""

    state = Text(32, load_default=None)


class ApprovalSchema(Taken):
    """An approval may carry a word."""

    reason = Text(255, least=0, load_default="")


class DecisionSchema(Taken):
    """A decision against somebody says why."""

    reason = Text(255, required=True)


class RemovedStaffSchema(Shown):
    """A staff member after the decision."""

    id = fields.String(attribute="public_id", required=True)
    state = fields.String(required=True)


@door.get("/leaders", shows=LeaderSchema(), paged=True, query=StateQuery())
def leaders_list(ctx: Ctx, page: Page, query: Mapping[str, str | None]) -> Slice[LeaderView]:
    """Applications and leaders, newest first."""
    return reads.leaders(ctx, page, state=query["state"])


@door.post("/leaders/<leader_id>/approve", takes=ApprovalSchema(), shows=LeaderSchema(),
           refuses=[NotFound, WrongState, BeingChecked, ContentRefused])  # fmt: skip
def approve_leader(ctx: Ctx, leader_id: str, body: Mapping[str, str]) -> LeaderView:
    """Let an applicant open campaigns."""
    return leader_view(ctx, leaders.approve(ctx, leader_id, body["reason"]))


@door.post("/leaders/<leader_id>/reject", takes=DecisionSchema(), shows=LeaderSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def reject_leader(ctx: Ctx, leader_id: str, body: Mapping[str, str]) -> LeaderView:
    """Turn an application down; the applicant reads the reason and may apply again."""
    return leader_view(ctx, leaders.reject(ctx, leader_id, body["reason"]))


@door.post("/leaders/<leader_id>/suspend", takes=DecisionSchema(), shows=LeaderSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def suspend_leader(ctx: Ctx, leader_id: str, body: Mapping[str, str]) -> LeaderView:
    """Shut a leader out; running campaigns go on."""
    return leader_view(ctx, leaders.suspend(ctx, leader_id, body["reason"]))


@door.post("/leaders/<leader_id>/reinstate", takes=DecisionSchema(), shows=LeaderSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def reinstate_leader(ctx: Ctx, leader_id: str, body: Mapping[str, str]) -> LeaderView:
    """Let a suspended leader back in."""
    return leader_view(ctx, leaders.reinstate(ctx, leader_id, body["reason"]))


@door.post("/staff/<staff_id>/remove", takes=DecisionSchema(), shows=RemovedStaffSchema(),
           refuses=[NotFound, WrongState])  # fmt: skip
def remove_staff(ctx: Ctx, staff_id: str, body: Mapping[str, str]) -> object:
    """Take somebody off a pickup point; every device is shut out at once."""
    return staffing.remove(ctx, staff_id, body["reason"])
