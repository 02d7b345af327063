"""Residents: found or made at login, shown as they wish, their phone sealed, their chat identity bound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, not_, select, update
from sqlalchemy.exc import IntegrityError

from domain.content import Subject
from domain.errors import Invalid, PhoneTaken, Unauthenticated
from domain.ids import new_id
from domain.privacy import masked_phone
from models import ChatIdentity, Community, HomePoint, Leader, PickupPoint, PickupStaff, Resident
from services import audit, one_time_codes
from services.content_safety import holding, rows
from services.context import Ctx
from services.finding import by_public_id
from services.one_time_codes import IssuedCode
from services.writing import changed, insert_ignoring, upsert

_PHONE = re.compile(r"[0-9]{5,15}")


AS_IT_IS = ""
LEFT = "gone:"
"""How the openid of somebody who has left begins; what was on its way when they did finds nobody."""
STILL_HERE = Resident.openid.not_like(f"{LEFT}%")


@dataclass(frozen=True)
class ChangeProfile:
    """What a resident says of themself; None leaves it as it is.

    `home_point_id` is a point's public id, None takes it away, AS_IT_IS leaves it.
    """

    nickname: str | None = None
    anonymous: bool | None = None
    home_point_id: str | None = AS_IT_IS


@dataclass(frozen=True)
class HomePlace:
    """The pickup point a resident fetches at, with the name of its neighbourhood."""

    id: str
    name: str
    community: str


@dataclass(frozen=True)
class OwnLeader:
    """The acting resident's own leadership or application."""

    id: str
    state: str


@dataclass(frozen=True)
class Station:
    """A point at whose desk the acting resident works."""

    point_id: str
    name: str


@dataclass(frozen=True)
class NameCheck:
    """The nickname last asked for, "" once it was decided, and where its check stands."""

    nickname: str
    state: str


@dataclass(frozen=True)
class Profile:
    """What a resident sees of themself; `phone` is masked, `leader_state` None for somebody who never applied.

    `name_check` is None while nobody keeps a nickname back.
    """

    id: str
    nickname: str
    anonymous: bool
    phone: str
    leader_state: str | None
    leader: OwnLeader | None
    home_point: HomePlace | None
    stations: list[Station]
    name_check: NameCheck | None = None


def enter(ctx: Ctx, openid: str) -> Resident:
    """The resident with this openid, made at the first login; two first logins at once make one."""
    insert_ignoring(
        ctx.session, Resident, ["openid"], public_id=new_id("Resident", ctx.now), openid=openid, nickname="",
        anonymous=False, created_at=ctx.now,
    )  # fmt: skip
    return ctx.session.scalars(select(Resident).where(Resident.openid == openid)).one()


def myself(ctx: Ctx) -> Resident:
    """The row of the acting resident."""
    return ctx.session.get_one(Resident, ctx.resident_id)


def present(ctx: Ctx) -> None:
    """Hold the acting resident's row, so that they do not leave meanwhile; raises `Unauthenticated` if they have."""
    mine = select(Resident.id).where(Resident.id == ctx.resident_id, STILL_HERE)
    if ctx.session.scalars(mine.with_for_update(read=True, key_share=True)).one_or_none() is None:
        raise Unauthenticated


def profile(ctx: Ctx) -> Profile:
    """How the acting resident stands: four statements."""
    row = myself(ctx)
    phone = masked_phone(ctx.vault.decrypt(row.phone_enc)) if row.phone_enc else ""
    applied = select(Leader.public_id, Leader.state).where(Leader.resident_id == row.id)
    leader = ctx.session.execute(applied).one_or_none()
    return Profile(
        row.public_id, row.nickname, row.anonymous, phone, leader.state if leader else None,
        OwnLeader(leader.public_id, leader.state) if leader else None, _home(ctx), _stations(ctx),
        _name_check(ctx),
    )  # fmt: skip


def _name_check(ctx: Ctx) -> NameCheck | None:
    if not ctx.policy.content_safety:
        return None
    check = holding.newest(ctx, Subject.NICKNAME, ctx.resident_id)
    if check is None or check.state in ("passed", "replaced"):
        return None
    return NameCheck(holding.words_of(ctx, check).get("nickname", ""), check.state)


def _home(ctx: Ctx) -> HomePlace | None:
    statement = (
        select(PickupPoint.public_id, PickupPoint.name, Community.name.label("community"))
        .join(HomePoint, HomePoint.point_id == PickupPoint.id)
        .join(Community, Community.id == PickupPoint.community_id)
        .where(HomePoint.resident_id == ctx.resident_id)
    )
    row = ctx.session.execute(statement).one_or_none()
    return HomePlace(row.public_id, row.name, row.community) if row else None


def _stations(ctx: Ctx) -> list[Station]:
    statement = (
        select(PickupPoint.public_id, PickupPoint.name)
        .join(PickupStaff, PickupStaff.point_id == PickupPoint.id)
        .where(PickupStaff.resident_id == ctx.resident_id, PickupStaff.state == "active")
        .order_by(PickupPoint.id)
    )
    return [Station(row.public_id, row.name) for row in ctx.session.execute(statement)]


def change_profile(ctx: Ctx, command: ChangeProfile) -> Profile:
    """Set what the command names; raises `NotFound` for a point that is not in use.

    Raises `Unauthenticated` for a name of somebody who has left.
    """
    row = myself(ctx)
    if command.nickname is not None:
        _name(ctx, row, command.nickname)
    if command.anonymous is not None:
        row.anonymous = command.anonymous
    ctx.session.flush()
    if command.home_point_id != AS_IT_IS:
        _set_home(ctx, command.home_point_id)
    return profile(ctx)


def _name(ctx: Ctx, row: Resident, nickname: str) -> None:
    """Others see the new name once it has passed; until then the earlier one."""
    mine = select(Resident).where(Resident.id == row.id, STILL_HERE).with_for_update(key_share=True)
    if ctx.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none() is None:
        raise Unauthenticated
    earlier, row.nickname = row.nickname, nickname
    rows.keep_back(ctx, Subject.NICKNAME, row, {"nickname": earlier}, author=row.id)


def _set_home(ctx: Ctx, point_id: str | None) -> None:
    if point_id is None:
        changed(ctx.session, delete(HomePoint).where(HomePoint.resident_id == ctx.resident_id))
        return
    seen = not_(holding.unseen(Subject.POINT, PickupPoint.id))
    point = by_public_id(ctx, PickupPoint, point_id, PickupPoint.active.is_(True), seen)
    statement = upsert(ctx.session, HomePoint).values(resident_id=ctx.resident_id, point_id=point.id)
    moved = statement.on_conflict_do_update(index_elements=["resident_id"], set_={"point_id": point.id})
    changed(ctx.session, moved)


def set_phone(ctx: Ctx, phone: str) -> Profile:
    """Keep the phone number the platform vouched for, sealed, with keyed hashes of it and of its last four digits.

    Raises `PhoneTaken` when another account has it, `Unauthenticated` for somebody who left while it was asked for.
    """
    if not _PHONE.fullmatch(phone):
        raise Invalid("is not a phone number", field="code")
    kept = {
        "phone_enc": ctx.vault.encrypt(phone),
        "phone_hash": phone_hash(ctx, phone),
        "phone_tail_hash": phone_tail_hash(ctx, phone[-4:]),
    }
    mine = update(Resident).where(Resident.id == ctx.resident_id, STILL_HERE)
    try:
        if not changed(ctx.session, mine.values(**kept)):
            raise Unauthenticated
    except IntegrityError:
        raise PhoneTaken from None
    audit.record(ctx, "resident", ctx.resident_id, "set_phone")
    ctx.session.refresh(myself(ctx))
    return profile(ctx)


def phone_hash(ctx: Ctx, phone: str) -> str:
    """By what a whole number is found."""
    return ctx.vault.digest("phone", phone)


def phone_tail_hash(ctx: Ctx, tail: str) -> str:
    """By what the last four digits are found at a desk."""
    return ctx.vault.digest("phone_tail", tail)


def make_chat_code(ctx: Ctx) -> IssuedCode:
    """A code that, typed to the bot, tells it who the acting resident is in that chat; an earlier one ends."""
    one_time_codes.drop(ctx, "bind_person", ctx.resident_id)
    lifetime = timedelta(minutes=ctx.policy.one_time_code_minutes)
    return one_time_codes.make(ctx, "bind_person", ctx.resident_id, lifetime=lifetime)


def bind_chat_person(ctx: Ctx, channel: str, remote_user_id: str, code: str) -> Resident:
    """Know the writer in `channel` as the resident who made the code, whoever it was bound to before.

    Raises `CodeWrong`, `CodeExpired`.
    """
    resident_id = one_time_codes.use(ctx, "bind_person", code).subject_id
    statement = upsert(ctx.session, ChatIdentity).values(
        channel=channel, remote_user_id=remote_user_id, resident_id=resident_id, created_at=ctx.now
    )
    key = ["channel", "remote_user_id"]
    changed(ctx.session, statement.on_conflict_do_update(index_elements=key, set_={"resident_id": resident_id}))
    audit.record(ctx, "resident", resident_id, "bind_chat")
    return ctx.session.get_one(Resident, resident_id)


def chat_person(ctx: Ctx, channel: str, remote_user_id: str) -> Resident | None:
    """The resident behind a chat name, None for somebody who never bound it."""
    bound = (ChatIdentity.channel == channel, ChatIdentity.remote_user_id == remote_user_id)
    return ctx.session.scalars(
        select(Resident).join(ChatIdentity, ChatIdentity.resident_id == Resident.id).where(*bound)
    ).one_or_none()
