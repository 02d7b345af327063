"""Where things happen: communities, pickup points and the people at their desks."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import STAFF
from models.base import Base, Line, Name, Pk, PublicId, Stated, state_check


class Community(Base):
    """A neighbourhood."""

    __tablename__ = "communities"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    name: Mapped[Name] = mapped_column(unique=True)
    created_at: Mapped[datetime]


class PickupPoint(Base):
    """A place in a community where orders are handed over; its keeper earns `fee_fen` for each order handed over."""

    __tablename__ = "pickup_points"
    __table_args__ = (UniqueConstraint("community_id", "name"),)

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    community_id: Mapped[int] = mapped_column(ForeignKey("communities.id"))
    name: Mapped[Name]
    address: Mapped[Line]
    hours: Mapped[Name] = mapped_column(default="")
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("residents.id"))
    fee_fen: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class PickupStaff(Stated, Base):
    """A resident who works the desk of one point, from invitation until leaving."""

    __tablename__ = "pickup_staff"
    __table_args__ = (state_check(STAFF), UniqueConstraint("point_id", "resident_id"))

    public_id: Mapped[PublicId]
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    display_name: Mapped[Name]
    created_at: Mapped[datetime]
