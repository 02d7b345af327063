"""Leaders and applicants, pickup points with their staff, and neighbourhoods."""

from __future__ import annotations

from typing import Any

from blueprints.console.door import door
from blueprints.console.forms import MaybeReasonForm, ReasonForm, Yuan, wanted
from blueprints.shared.schemas import Taken, Text
from domain.operators import Duty
from domain.state_tables import LEADER
from services import communities, leaders, payees, staffing
from services.communities import CreateCommunity
from services.context import Ctx
from services.explaining import subjects
from services.paging import Page
from services.payees import SetKeeper
from services.queries import console_campaigns, console_files, console_points, places
from services.queries import leaders as leader_lists

MOST_FEE_FEN = 10_000


class CommunityForm(Taken):
    """A neighbourhood by its name."""

    name = Text(80, required=True)


class StaffForm(ReasonForm):
    """Who is taken off a point, and why."""

    point = Text(40, required=True)


class KeeperForm(Taken):
    """Somebody known at the point, or another resident by public id, and the fee."""

    keeper = Text(40, load_default="")
    other = Text(40, load_default="")
    fee = Yuan(most=MOST_FEE_FEN, zero=True, required=True)


@door.page("/leaders", query=wanted(LEADER), paged=True)
def leaders_page(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Applications and leaders, newest first."""
    part = leader_lists.leaders(ctx, page, state=query["state"] or None)
    return {"part": part, "query": query, "states": LEADER.states}


@door.page("/leaders/<public_id>", on_record=True)
def leader(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One leader, with campaigns, history and where the commission came from and went."""
    return {
        "money_told": subjects.explain(ctx, "leader", public_id),
        "file": console_files.leader(ctx, public_id),
        "campaigns": console_campaigns.listed(ctx, Page(), leader=public_id).items,
    }


@door.act("/leaders/<public_id>/approve", duty=Duty.PEOPLE, takes=MaybeReasonForm())
def approve_leader(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Let an applicant open campaigns."""
    leaders.approve(ctx, public_id, body["reason"])
    return f"/console/leaders/{public_id}"


@door.act("/leaders/<public_id>/reject", duty=Duty.PEOPLE, takes=ReasonForm())
def reject_leader(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Turn an application down."""
    leaders.reject(ctx, public_id, body["reason"])
    return f"/console/leaders/{public_id}"


@door.act("/leaders/<public_id>/suspend", duty=Duty.PEOPLE, takes=ReasonForm())
def suspend_leader(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Shut a leader out; running campaigns go on."""
    leaders.suspend(ctx, public_id, body["reason"])
    return f"/console/leaders/{public_id}"


@door.act("/leaders/<public_id>/reinstate", duty=Duty.PEOPLE, takes=ReasonForm())
def reinstate_leader(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Let a suspended leader back in."""
    leaders.reinstate(ctx, public_id, body["reason"])
    return f"/console/leaders/{public_id}"


@door.page("/points", query=wanted(search=80), paged=True)
def points(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """All pickup points, newest first."""
    return {"part": console_points.listed(ctx, page, search=query["search"]), "query": query}


@door.page("/points/<public_id>")
def point(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One point and its people."""
    return {"file": console_points.one(ctx, public_id)}


@door.act("/staff/<public_id>/remove", duty=Duty.PEOPLE, takes=StaffForm())
def remove_staff(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Take somebody off a point; every device is shut out at once."""
    staffing.remove(ctx, public_id, body["reason"])
    return f"/console/points/{body['point']}"


@door.act("/points/<public_id>/keeper", duty=Duty.MONEY, takes=KeeperForm())
def set_keeper(ctx: Ctx, public_id: str, body: dict[str, Any]) -> str:
    """Name who keeps a point, and the fee per order handed over there."""
    payees.set_keeper(ctx, public_id, SetKeeper(body["other"] or body["keeper"] or None, body["fee"]))
    return f"/console/points/{public_id}"


@door.act("/points/<public_id>/keeper/end", duty=Duty.MONEY)
def end_keeper(ctx: Ctx, public_id: str) -> str:
    """Nobody keeps the point any more; what was earned becomes a statement."""
    payees.set_keeper(ctx, public_id, SetKeeper(None, 0))
    return f"/console/points/{public_id}"


@door.page("/communities", paged=True)
def communities_page(ctx: Ctx, page: Page) -> dict[str, Any]:
    """All neighbourhoods, newest first."""
    return {"part": places.communities(ctx, page)}


@door.act("/communities", duty=Duty.PEOPLE, takes=CommunityForm())
def create_community(ctx: Ctx, body: dict[str, str]) -> str:
    """Add a neighbourhood."""
    communities.create_community(ctx, CreateCommunity(body["name"]))
    return "/console/communities"
