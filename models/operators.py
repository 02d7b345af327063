"""How operators get in besides their password: links printed once at the command line, and recovery codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Pk


class OperatorLink(Base):
    """A link that stands in for the password once; only the keyed hash of its code is kept."""

    __tablename__ = "operator_links"

    id: Mapped[Pk]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One of the codes that stand in for a lost second factor, once each; only keyed hashes are kept."""

    __tablename__ = "recovery_codes"

    id: Mapped[Pk]
    operator_id: Mapped[int] = mapped_column(ForeignKey("operators.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]
