"""Following a leader, and telling followers of a new campaign: the inbox always, a push only where it is allowed."""

from __future__ import annotations

from sqlalchemy import delete, select

from domain.actors import Role
from domain.clock import local
from domain.ids import new_id
from models import Campaign, Follower, Leader, Notification
from services import outbox
from services.context import Ctx
from services.finding import by_public_id
from services.writing import changed, insert_all, insert_ignoring


def follow(ctx: Ctx, leader_id: str) -> None:
    """See the campaigns of an approved leader (public id) first; twice is no error. Raises `NotFound`."""
    ctx.require(Role.RESIDENT)
    leader = by_public_id(ctx, Leader, leader_id, Leader.state == "approved")
    insert_ignoring(
        ctx.session, Follower, ["leader_id", "resident_id"], leader_id=leader.id, resident_id=ctx.resident_id,
        since=ctx.now,
    )  # fmt: skip


def leave(ctx: Ctx, leader_id: str) -> None:
    """Follow no longer, whatever became of the leader; twice is no error. Raises `NotFound`."""
    ctx.require(Role.RESIDENT)
    leader = by_public_id(ctx, Leader, leader_id)
    mine = (Follower.leader_id == leader.id, Follower.resident_id == ctx.resident_id)
    changed(ctx.session, delete(Follower).where(*mine))


def tell_opened(ctx: Ctx, campaign: Campaign) -> int:
    """Tell whoever follows the leader that the campaign takes orders, once each; returns how many were told now.

    A few statements for any number of followers.
    """
    earner = select(Leader.resident_id).where(Leader.id == campaign.leader_id).scalar_subquery()
    theirs = select(Follower.resident_id).where(
        Follower.leader_id == campaign.leader_id, Follower.resident_id != earner
    )  # fmt: skip
    rows = [
        {
            "public_id": new_id("Notification", ctx.now), "resident_id": resident_id,
            "cause": f"opened:{campaign.id}:{resident_id}",
        }
        for resident_id in ctx.session.scalars(theirs.order_by(Follower.resident_id))
    ]  # fmt: skip
    same = {
        "campaign_id": campaign.id, "kind": "opened", "title": "新团开团", "reached_by": "", "created_at": ctx.now,
        "body": f"「{campaign.title}」开团了，{local(campaign.closes_at)} 截团。",
    }  # fmt: skip
    told = insert_all(ctx.session, Notification, rows, Notification.public_id, same=same)
    payloads = {f"notify:{row.public_id}": {"notification": row.public_id} for row in told}
    return outbox.enqueue_all(ctx, "notify", payloads)
