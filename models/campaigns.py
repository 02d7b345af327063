"""Campaigns, what they offer, where they are picked up, and the counters that page, bot and console share."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from domain.campaigns import BelowMinimum, CloseReason, DeliveryMethod, MinimumKind, PaymentPolicy, ShortageMode
from domain.state_tables import CAMPAIGN, HELP_SELL, OFFER
from models.base import Base, Line, Name, PublicId, Stated, Word, one_of, state_check


class Campaign(Stated, Base):
    """One buying-together of one leader.

    Counters (`roster_count`, `participant_count`, `counted_units`, `counted_fen`) change in the transaction of their
    cause; `revision` grows with each of them, so that an older count never overwrites a newer one.
    `epoch` grows with each close; `settled_at` ends settling. An order of at least `discount_over_fen` is
    `discount_fen` cheaper (0 is none); `help_sell_bps` is the share of a line's commission that a helper gets.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        state_check(CAMPAIGN),
        one_of("below_minimum", BelowMinimum, "below_minimum"),
        one_of("minimum_kind", MinimumKind, "minimum_kind"),
        CheckConstraint("opens_at < closes_at", name="window"),
        CheckConstraint("minimum >= 0", name="minimum"),
        CheckConstraint("participant_count >= 0 AND counted_units >= 0 AND counted_fen >= 0", name="counters"),
        CheckConstraint("(below_minimum = 'extend') = (extend_until IS NOT NULL)", name="extend_until"),
        one_of("close_reason", CloseReason, "close_reason"),
        one_of("payment_policy", PaymentPolicy, "payment_policy"),
        one_of("delivery_method", DeliveryMethod, "delivery_method"),
        one_of("shortage_mode", ShortageMode, "shortage_mode"),
        CheckConstraint("delivery_fee_fen >= 0 AND delivery_minimum_fen >= 0", name="delivery"),
        CheckConstraint("discount_fen >= 0 AND discount_fen <= discount_over_fen", name="discount"),
        CheckConstraint("help_sell_bps BETWEEN 0 AND 10000", name="help_sell"),
        Index("ix_campaigns_state_closes_at", "state", "closes_at"),
    )

    public_id: Mapped[PublicId]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"), index=True)
    title: Mapped[Name]
    description: Mapped[str] = mapped_column(default="")
    seller: Mapped[Name]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    hold_minutes: Mapped[int]
    arrival_text: Mapped[Name] = mapped_column(default="")
    minimum: Mapped[int]
    minimum_kind: Mapped[Word]
    below_minimum: Mapped[Word]
    extend_until: Mapped[datetime | None]
    extended_at: Mapped[datetime | None]
    close_on_target: Mapped[bool] = mapped_column(default=False)
    payment_policy: Mapped[Word] = mapped_column(default="prepaid")
    delivery_method: Mapped[Word] = mapped_column(default="pickup")
    delivery_fee_fen: Mapped[int] = mapped_column(default=0)
    delivery_minimum_fen: Mapped[int] = mapped_column(default=0)
    discount_over_fen: Mapped[int] = mapped_column(default=0)
    discount_fen: Mapped[int] = mapped_column(default=0)
    shortage_mode: Mapped[Word] = mapped_column(default="one_each")
    help_sell_bps: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(String(3), default="CNY")
    revision: Mapped[int] = mapped_column(default=0)
    roster_count: Mapped[int] = mapped_column(default=0)
    participant_count: Mapped[int] = mapped_column(default=0)
    counted_units: Mapped[int] = mapped_column(default=0)
    counted_fen: Mapped[int] = mapped_column(default=0)
    epoch: Mapped[int] = mapped_column(default=0)
    close_reason: Mapped[str | None] = mapped_column(String(32))
    closed_at: Mapped[datetime | None]
    outcome_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    cancel_reason: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]


class Offer(Stated, Base):
    """A SKU inside one campaign: price, quota (None is unlimited), per-person limit, minimum and commission.

    `price_fen` holds below the first PriceTier; `closing_price_fen` is the price of the tier reached at close.
    `takings` counts how often units were taken and never falls: while it stands still, nobody new has any.
    """

    __tablename__ = "offers"
    __table_args__ = (
        state_check(OFFER),
        UniqueConstraint("campaign_id", "position"),
        UniqueConstraint("campaign_id", "name"),
        CheckConstraint("price_fen >= 0", name="price"),
        CheckConstraint("held_units >= 0 AND sold_units >= 0", name="stock"),
        CheckConstraint("quota IS NULL OR held_units + sold_units <= quota", name="quota"),
        CheckConstraint("per_person IS NULL OR per_person > 0", name="per_person"),
        CheckConstraint("minimum_units >= 0", name="minimum_units"),
        CheckConstraint("commission_bps BETWEEN 0 AND 10000", name="commission"),
    )

    public_id: Mapped[PublicId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    sku_id: Mapped[int] = mapped_column(ForeignKey("skus.id"))
    position: Mapped[int]
    name: Mapped[Name]
    aliases: Mapped[Line] = mapped_column(default="")
    price_fen: Mapped[int]
    quota: Mapped[int | None]
    per_person: Mapped[int | None]
    minimum_units: Mapped[int] = mapped_column(default=0)
    commission_bps: Mapped[int]
    held_units: Mapped[int] = mapped_column(default=0)
    sold_units: Mapped[int] = mapped_column(default=0)
    takings: Mapped[int] = mapped_column(default=0)
    closing_price_fen: Mapped[int | None]


class PriceTier(Base):
    """From `from_units` counted units of an offer on, each costs `price_fen`; falls with each further tier."""

    __tablename__ = "price_tiers"
    __table_args__ = (CheckConstraint("from_units > 1 AND price_fen >= 0", name="tier"),)

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    from_units: Mapped[int] = mapped_column(primary_key=True)
    price_fen: Mapped[int]


class HelpSell(Stated, Base):
    """A second leader who resells a campaign for a share of its commission; one hop, never a chain."""

    __tablename__ = "help_sells"
    __table_args__ = (state_check(HELP_SELL), UniqueConstraint("campaign_id", "leader_id"))

    public_id: Mapped[PublicId]
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"))
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"), index=True)
    share_bps: Mapped[int]
    created_at: Mapped[datetime]


class OfferTaking(Base):
    """How many units of an offer one person holds or has bought; the per-person limit is judged on this row."""

    __tablename__ = "offer_takings"
    __table_args__ = (CheckConstraint("units >= 0", name="units"),)

    offer_id: Mapped[int] = mapped_column(ForeignKey("offers.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    units: Mapped[int]


class Participation(Base):
    """How many counted orders one person has in a campaign; the first makes a participant, the last unmakes one."""

    __tablename__ = "participations"
    __table_args__ = (CheckConstraint("counted_orders >= 0", name="counted_orders"),)

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    resident_id: Mapped[int] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    counted_orders: Mapped[int]


class CampaignPoint(Base):
    """A pickup point at which a campaign's orders may be fetched."""

    __tablename__ = "campaign_points"

    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), primary_key=True)
    point_id: Mapped[int] = mapped_column(ForeignKey("pickup_points.id"), primary_key=True)


class ShortLink(Base):
    """A short key that a mini-program code's `scene` can carry; it opens the campaign."""

    __tablename__ = "short_links"

    key: Mapped[str] = mapped_column(String(16), primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), unique=True)
    created_at: Mapped[datetime]
