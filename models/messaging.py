"""What is said and heard: chat bindings and posts, the outbox, the chat inbox, each resident's own notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.state_tables import OUTBOX
from models.base import Base, Line, Name, Pk, PublicId, Stated, Word, one_of, state_check


class ChatBinding(Base):
    """A chat that a leader bound: the neighbours' group, or a staff chat of one point. The push secret is encrypted.

    `busy_until` lets one sender at a time speak there; `recent_pushes` are the Unix milliseconds of its last minute,
    in the future while a call is on its way; the platform shut us out until `closed_until`.
    """

    __tablename__ = "chat_bindings"
    __table_args__ = (
        one_of("purpose", ("group", "staff"), "purpose"),
        UniqueConstraint("channel", "remote_chat_id"),  # neighbours do not read what staff say of them
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    channel: Mapped[Word]
    remote_chat_id: Mapped[str] = mapped_column(String(128))
    purpose: Mapped[Word]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"), index=True)
    point_id: Mapped[int | None] = mapped_column(ForeignKey("pickup_points.id"))
    push_secret_enc: Mapped[str | None] = mapped_column(String(512))
    dead_reason: Mapped[Line] = mapped_column(default="")
    busy_until: Mapped[datetime | None]
    recent_pushes: Mapped[list[int]] = mapped_column(JSON, default=list)
    closed_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ChatWindow(Base):
    """The calls of late that all senders share in one limit's scope; in the future while they are on their way.

    `recent` are Unix milliseconds; the platform shut us out until `closed_until`.
    """

    __tablename__ = "chat_windows"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    place: Mapped[str] = mapped_column(String(64), primary_key=True)
    recent: Mapped[list[int]] = mapped_column(JSON, default=list)
    closed_until: Mapped[datetime | None]


class ChatCampaign(Base):
    """A campaign shown in a bound chat, with its newest card and the counts last told there.

    `told_count` is the number of counted orders at the chat's last line; `told_milestone` is the furthest that was told
    (1 half, 2 all but one, 3 reached), and `missing_told_at` when 还差 was said last.
    """

    __tablename__ = "chat_campaigns"

    binding_id: Mapped[int] = mapped_column(ForeignKey("chat_bindings.id"), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True, index=True)
    card_ref: Mapped[str] = mapped_column(String(128), default="")
    card_revision: Mapped[int] = mapped_column(default=-1)
    told_count: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None]
    told_milestone: Mapped[int] = mapped_column(default=0)
    missing_told_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class OutboxMessage(Stated, Base):
    """A message to leave, written in the transaction of its cause; `payload` holds references, never contents.

    `dedupe_key` makes it unrepeatable; a pending row with the same `coalesce_key` is replaced by a newer one, which may
    put `due_at` off until `latest_at`. Messages of one chat (`binding_id`) leave one after another. `repeatable` says
    that sending it twice shows it once.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        state_check(OUTBOX),
        Index("ix_outbox_messages_state_due_at", "state", "due_at"),
        Index("ix_outbox_messages_coalesce_key", "coalesce_key"),
        Index("ix_outbox_messages_binding_id_state", "binding_id", "state"),
    )

    public_id: Mapped[PublicId]
    kind: Mapped[Word]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    dedupe_key: Mapped[str] = mapped_column(String(128), unique=True)
    coalesce_key: Mapped[str | None] = mapped_column(String(128))
    binding_id: Mapped[int | None]
    must: Mapped[bool] = mapped_column(default=False)
    repeatable: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    latest_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    last_error: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]


class ChatEvent(Base):
    """The chat inbox: one row per platform message id, with the answer that was given (shown again on a repeat).

    What was said to the bot is kept besides, masked and sealed, under `room`, a keyed hash of the place; what
    neighbours say among themselves leaves neither.
    """

    __tablename__ = "chat_events"
    __table_args__ = (UniqueConstraint("channel", "event_key"), Index("ix_chat_events_room_id", "room", "id"))

    id: Mapped[Pk]
    channel: Mapped[Word]
    event_key: Mapped[str] = mapped_column(String(128))
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    room: Mapped[str | None] = mapped_column(String(64))
    turn_enc: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(index=True)


class ChannelState(Base):
    """How calling one channel has gone lately; `failures` in a row since `failing_since`, none while it works.

    `alerted` says that the operator was told of this trouble.
    """

    __tablename__ = "channel_states"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    last_sent_at: Mapped[datetime | None]
    last_failed_at: Mapped[datetime | None]
    last_error: Mapped[Line] = mapped_column(default="")
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    alerted: Mapped[bool] = mapped_column(default=False)


class ChatSession(Base):
    """A question the bot asked and waits for: one per person and chat, for a few minutes."""

    __tablename__ = "chat_sessions"
    __table_args__ = (UniqueConstraint("channel", "remote_chat_id", "remote_user_id"),)

    id: Mapped[Pk]
    channel: Mapped[Word]
    remote_chat_id: Mapped[str] = mapped_column(String(128))
    remote_user_id: Mapped[str] = mapped_column(String(128))
    question: Mapped[Word]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    expires_at: Mapped[datetime]


class Notification(Base):
    """Something a resident was told: always here and on the order page, by one push where a way exists.

    `reached_by` is how the push went out (subscribe, customer, chat), "page" when only this page has it, "waiting"
    while people to be called in a group are gathered.
    """

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_resident_id_id", "resident_id", "id"),
        Index("ix_notifications_campaign_id_kind_reached_by", "campaign_id", "kind", "reached_by"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[Word]
    cause: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[Name]
    body: Mapped[Line]
    reached_by: Mapped[Word] = mapped_column(default="")
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class PastedList(Base):
    """One pasted 接龙, a snapshot of the whole list; its text is sealed and deleted after some days.

    `title_key` is a hash of the title, `campaign_id` is None until it is known which campaign is meant.
    """

    __tablename__ = "pasted_lists"
    __table_args__ = (Index("ix_pasted_lists_campaign_id_title_key", "campaign_id", "title_key"),)

    id: Mapped[Pk]
    pasted_by: Mapped[int] = mapped_column(ForeignKey("residents.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaigns.id"))
    title_key: Mapped[str] = mapped_column(String(64))
    text_enc: Mapped[str | None] = mapped_column(Text)
    pasted_at: Mapped[datetime] = mapped_column(index=True)
    applied_at: Mapped[datetime | None]


class PastedName(Base):
    """One name of a campaign's pasted 接龙: an invitation to order, never a person and never a debt.

    `units` are the units wished by the offer's public id; empty where they could not be read.
    """

    __tablename__ = "pasted_names"
    __table_args__ = (Index("ix_pasted_names_campaign_id_title_key", "campaign_id", "title_key"),)

    id: Mapped[Pk]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    title_key: Mapped[str] = mapped_column(String(64))
    position: Mapped[int]
    name: Mapped[Name]
    units: Mapped[dict[str, int]] = mapped_column(JSON)
    added_at: Mapped[datetime]
