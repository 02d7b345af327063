"""Who speaks: a platform's name for a person, bound to a resident by a one-time code, never by nickname."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from domain.actors import Actor, Role
from domain.privacy import masked_name
from models import Campaign, Leader, PickupPoint, PickupStaff, Resident
from services import people
from services.context import Ctx
from services.writing import changed

CUSTOMER = "customer"


@dataclass(frozen=True)
class Speaker:
    """A resident who speaks in a chat; `name` is masked."""

    resident_id: int
    name: str

    @property
    def actor(self) -> Actor:
        """The person as the services know residents."""
        return Actor(Role.RESIDENT, self.resident_id, self.resident_id)


def speaker(ctx: Ctx, channel: str, remote_user_id: str) -> Speaker | None:
    """The resident behind a chat name; None for somebody unbound. In customer service the name is the openid."""
    if channel == CUSTOMER:
        row = ctx.session.scalars(select(Resident).where(Resident.openid == remote_user_id)).one_or_none()
    else:
        row = people.chat_person(ctx, channel, remote_user_id)
    return _speaker(row) if row else None


def bind(ctx: Ctx, channel: str, remote_user_id: str, code: str) -> Speaker:
    """Bind a chat name to the resident who got `code` in the mini-program; raises `CodeWrong` or `CodeExpired`."""
    return _speaker(people.bind_chat_person(ctx, channel, remote_user_id, code))


def _speaker(row: Resident) -> Speaker:
    return Speaker(row.id, masked_name(row.nickname, row.anonymous))


def wrote(ctx: Ctx, openid: str, at: datetime) -> None:
    """The person wrote to customer service: the window for answers is open from now on."""
    mine = update(Resident).where(Resident.openid == openid)
    changed(ctx.session, mine.values(customer_chat_at=at))


def wrote_at(ctx: Ctx, openid: str) -> datetime | None:
    """When a resident last wrote to customer service."""
    return ctx.session.scalars(select(Resident.customer_chat_at).where(Resident.openid == openid)).one_or_none()


def leader_of(ctx: Ctx, who: Speaker, campaign: Campaign) -> Actor | None:
    """The speaker as the leader of this campaign, if that is so."""
    actor = as_leader(ctx, who)
    return actor if actor and actor.id == campaign.leader_id else None


def as_leader(ctx: Ctx, who: Speaker) -> Actor | None:
    """The speaker as an approved leader; None for anybody else."""
    mine = (Leader.resident_id == who.resident_id, Leader.state == "approved")
    leader_id = ctx.session.scalars(select(Leader.id).where(*mine)).one_or_none()
    return Actor(Role.LEADER, leader_id, who.resident_id) if leader_id else None


def desk_actor(ctx: Ctx, who: Speaker, point_id: int) -> Actor | None:
    """The speaker at the desk of a point: its active staff, else the leader whose point it is; None for others."""
    at_desk = (PickupStaff.point_id == point_id, PickupStaff.resident_id == who.resident_id)
    staff = select(PickupStaff.id).where(*at_desk, PickupStaff.state == "active")
    if staff_id := ctx.session.scalars(staff).one_or_none():
        return Actor(Role.STAFF, staff_id, who.resident_id, point_id)
    owner = select(Leader.id).join(PickupPoint, PickupPoint.leader_id == Leader.id)
    mine = (PickupPoint.id == point_id, Leader.resident_id == who.resident_id, Leader.state == "approved")
    leader_id = ctx.session.scalars(owner.where(*mine)).one_or_none()
    return Actor(Role.LEADER, leader_id, who.resident_id, point_id) if leader_id else None
