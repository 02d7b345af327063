"""What a resident chose to see first: the leaders they follow, and the point they fetch at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Follower(Base):
    """A resident who follows a leader; gone with one tap, and nothing is left of it."""

    __tablename__ = "followers"

    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True, index=True)
    since: Mapped[datetime]


class HomePoint(Base):
    """The pickup point a resident fetches at; a row beside the resident, because points belong to residents too."""

    __tablename__ = "home_points"

    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"))
