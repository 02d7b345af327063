"""People: residents, what they may do (leader, operator), how they are recognised, and their one-time codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.operators import OperatorKind
from domain.state_tables import LEADER
from models.base import Base, Line, Name, Pk, PublicId, Stated, Word, one_of, state_check


class Resident(Base):
    """A person. Phone encrypted at rest and found by keyed hash; `anonymous` shows 匿名邻居 on the roster.

    `real_name_enc` is the sealed name that larger payouts must carry.
    """

    __tablename__ = "residents"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    openid: Mapped[str] = mapped_column(String(64), unique=True)
    nickname: Mapped[Name] = mapped_column(default="")
    anonymous: Mapped[bool] = mapped_column(default=False)
    phone_enc: Mapped[str | None] = mapped_column(String(255))
    phone_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_tail_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    customer_chat_at: Mapped[datetime | None]
    real_name_enc: Mapped[str | None] = mapped_column(String(255))
    created_at: Mapped[datetime]


class ChatIdentity(Base):
    """The name a chat platform gives a resident; bound by a one-time code, never by nickname."""

    __tablename__ = "chat_identities"
    __table_args__ = (UniqueConstraint("channel", "remote_user_id"),)

    id: Mapped[Pk]
    channel: Mapped[Word]
    remote_user_id: Mapped[str] = mapped_column(String(128))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    created_at: Mapped[datetime]


class Leader(Stated, Base):
    """A resident who may open campaigns once an operator has approved the application."""

    __tablename__ = "leaders"
    __table_args__ = (state_check(LEADER),)

    public_id: Mapped[PublicId]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), unique=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    display_name: Mapped[Name]
    introduction: Mapped[Line] = mapped_column(default="")
    decided_reason: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]


class Operator(Base):
    """Somebody who runs the platform; signs in by name, password and second factor. `kind` says what they may do.

    `totp_enc` is the sealed secret of the second factor (None: not set up), `totp_step` the last 30-second step whose
    code was used: none is good twice.
    """

    __tablename__ = "operators"
    __table_args__ = (one_of("kind", OperatorKind, "kind"),)

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[Word] = mapped_column(default=OperatorKind.ADMIN.value)
    password_hash: Mapped[Line]
    totp_enc: Mapped[str | None] = mapped_column(String(255))
    totp_step: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class Session(Base):
    """One device that is logged in; only the hash of its token is kept, and revoking shuts it out at once.

    `seen_at` is when a console was last used, to the minute.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        one_of("audience", ("resident", "station", "admin", "console"), "audience"),
        CheckConstraint("(resident_id IS NULL) <> (operator_id IS NULL)", name="one_owner"),
        CheckConstraint("(audience = 'station') = (staff_id IS NOT NULL)", name="desk_has_staff"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    audience: Mapped[Word]
    resident_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"), index=True)
    operator_id: Mapped[int | None] = mapped_column(ForeignKey("operators.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_staff.id"), index=True)
    device: Mapped[Name]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class OneTimeCode(Base):
    """A short code that proves one thing once: this chat person, this group, this invitation."""

    __tablename__ = "one_time_codes"
    __table_args__ = (one_of("purpose", ("bind_person", "bind_group", "bind_staff_chat", "join_staff"), "purpose"),)

    id: Mapped[Pk]
    purpose: Mapped[Word]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    subject_id: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
