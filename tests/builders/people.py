"""People as rows: residents, leaders, staff, operators, and the tokens of their devices."""

from __future__ import annotations

import itertools

from domain.ids import new_id
from models import Community, Leader, Operator, PickupPoint, PickupStaff, Resident
from services import sessions
from services.context import Ctx

_NUMBERS = itertools.count(1)


def resident(ctx: Ctx, nickname: str = "王小明", *, openid: str = "", phone: str = "") -> Resident:
    """A resident; with a `phone` it is stored as the product stores it."""
    row = Resident(
        public_id=new_id("Resident", ctx.now),
        openid=openid or f"openid-of-{next(_NUMBERS)}",
        nickname=nickname,
        anonymous=False,
        created_at=ctx.now,
    )
    if phone:
        row.phone_enc = ctx.vault.encrypt(phone)
        row.phone_hash = ctx.vault.digest("phone", phone)
        row.phone_tail_hash = ctx.vault.digest("phone_tail", phone[-4:])
    ctx.session.add(row)
    ctx.session.flush()
    return row


def community(ctx: Ctx, name: str = "") -> Community:
    """A neighbourhood."""
    row = Community(
        public_id=new_id("Community", ctx.now), name=name or f"幸福里{next(_NUMBERS)}期", created_at=ctx.now
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def leader(
    ctx: Ctx, person: Resident | None = None, where: Community | None = None, *, state: str = "approved"
) -> Leader:
    """A leader, approved unless told otherwise."""
    person = person or resident(ctx, "李团长")
    row = Leader(
        public_id=new_id("Leader", ctx.now),
        resident_id=person.id,
        community_id=(where or community(ctx)).id,
        display_name=person.nickname,
        state=state,
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def point(ctx: Ctx, of: Leader, name: str = "") -> PickupPoint:
    """A pickup point of a leader, in the leader's community."""
    row = PickupPoint(
        public_id=new_id("PickupPoint", ctx.now),
        community_id=of.community_id,
        name=name or f"{next(_NUMBERS)}号楼架空层",
        address="幸福里1号",
        hours="9:00-21:00",
        leader_id=of.id,
        active=True,
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def staff(ctx: Ctx, at: PickupPoint, person: Resident | None = None, *, state: str = "active") -> PickupStaff:
    """Somebody at the desk of a point."""
    person = person or resident(ctx, "陈阿姨")
    row = PickupStaff(
        public_id=new_id("PickupStaff", ctx.now),
        point_id=at.id,
        resident_id=person.id,
        display_name=person.nickname,
        state=state,
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def operator(ctx: Ctx, name: str = "") -> Operator:
    """An operator who cannot sign in by password; see `services.operators.create` for one who can."""
    row = Operator(
        public_id=new_id("Operator", ctx.now),
        name=name or f"operator-{next(_NUMBERS)}",
        password_hash="-",
        created_at=ctx.now,
    )
    ctx.session.add(row)
    ctx.session.flush()
    return row


def token(ctx: Ctx, who: Resident | Leader | PickupStaff | Operator, device: str = "test") -> str:
    """A session token for them, of the audience they belong to."""
    if isinstance(who, Operator):
        return sessions.open_session(ctx, "admin", operator_id=who.id, device=device)
    if isinstance(who, PickupStaff):
        return sessions.open_session(ctx, "station", resident_id=who.resident_id, staff_id=who.id, device=device)
    resident_id = who.resident_id if isinstance(who, Leader) else who.id
    return sessions.open_session(ctx, "resident", resident_id=resident_id, device=device)


def bearer(of: str) -> dict[str, str]:
    """The headers of a request with this token."""
    return {"Authorization": f"Bearer {of}"}
