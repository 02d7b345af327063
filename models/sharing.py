"""What people post themselves: a campaign's card in a group that no bot may enter, kept current by the server."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Line, Pk, PublicId, Word, one_of


class Share(Base):
    """A campaign's card for one person to post, with its activity at the platform, which dies at `expires_at`.

    `group_hash` is the keyed hash of the chat in which it was first opened. `shown_*` is what the card shows by the
    last accepted call; the next call comes not before `next_at`. `over_reason` ends the card before its time.
    """

    __tablename__ = "shares"
    __table_args__ = (
        one_of("mode", ("updatable", "chat_tool"), "mode"),
        one_of("shown_state", ("collecting", "closing", "reached", "ended"), "shown_state"),
        Index("ix_shares_campaign_id_expires_at", "campaign_id", "expires_at"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), index=True)
    mode: Mapped[Word]
    activity_id: Mapped[str] = mapped_column(String(128), unique=True)
    expires_at: Mapped[datetime]
    group_hash: Mapped[str | None] = mapped_column(String(64))
    shown_state: Mapped[Word] = mapped_column(default="collecting")
    shown_revision: Mapped[int]
    next_at: Mapped[datetime | None]
    over_reason: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]


class ShareOpening(Base):
    """Somebody opened a shared card in a chat: the chat as a keyed hash, the person's name there sealed.

    `told_at` is when the chat was told that this person takes part.
    """

    __tablename__ = "share_openings"

    share_id: Mapped[int] = mapped_column(ForeignKey("shares.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True, index=True)
    group_hash: Mapped[str] = mapped_column(String(64))
    group_openid_enc: Mapped[str | None] = mapped_column(String(255))
    opened_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
