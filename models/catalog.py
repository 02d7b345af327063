"""What can be sold: merchants, categories, products and their SKUs, pictures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Line, Name, Pk, PublicId, Word


class Merchant(Base):
    """A supplier; until merchants have a door of their own the leader keeps the record.

    `bank_enc` is where it is paid: bank, account and holder as sealed JSON.
    """

    __tablename__ = "merchants"
    __table_args__ = (UniqueConstraint("leader_id", "name"),)

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"))
    name: Mapped[Name]
    bank_enc: Mapped[str | None] = mapped_column(String(1024))
    created_at: Mapped[datetime]


class Product(Base):
    """A thing a merchant supplies; `fresh` decides pickup and after-sales times."""

    __tablename__ = "products"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    merchant_id: Mapped[int] = mapped_column(ForeignKey("merchants.id"), index=True)
    category: Mapped[Word]
    name: Mapped[Name]
    description: Mapped[str] = mapped_column(default="")
    fresh: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Sku(Base):
    """One form in which a product is sold."""

    __tablename__ = "skus"
    __table_args__ = (
        UniqueConstraint("product_id", "spec"),
        CheckConstraint("supply_price_fen >= 0", name="supply_price"),
    )

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    spec: Mapped[Name]
    unit: Mapped[Word]
    supply_price_fen: Mapped[int]
    created_at: Mapped[datetime]


class Picture(Base):
    """An uploaded picture; its bytes live behind the file port."""

    __tablename__ = "pictures"

    id: Mapped[Pk]
    public_id: Mapped[PublicId]
    leader_id: Mapped[int] = mapped_column(ForeignKey("leaders.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    content_type: Mapped[Word]
    alt: Mapped[Line] = mapped_column(default="")
    created_at: Mapped[datetime]
