"""Whatever may change on a campaign's page, each by one function."""

from __future__ import annotations

from sqlalchemy import update

from domain.actors import SYSTEM
from domain.ids import new_id
from models import Campaign, Leader, Offer, PickupPoint, Picture, PriceTier, Product, Sku
from services.campaigns import ending, opening, quotas
from services.transactions import Transactions
from tests.builders.campaigns import Scene, buy, place


def held(unit: Transactions, stage: Scene) -> None:
    place(unit, stage, 1, {"红颜草莓": 1})


def paid(unit: Transactions, stage: Scene) -> None:
    buy(unit, stage, 1, {"蓝莓": 2})


def tier_reached(unit: Transactions, stage: Scene) -> None:
    buy(unit, stage, 1, {"红颜草莓": 3})


def quota_raised(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        quotas.raise_quota(ctx, stage.campaign, stage.offers["红颜草莓"], 60)


def paused(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        opening.pause(ctx, stage.campaign)


def closed(unit: Transactions, stage: Scene) -> None:
    with unit(stage.leader) as ctx:
        ending.close_now(ctx, stage.campaign)


def title_written(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(Campaign).values(title="周六"))


def product_written(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(Product).values(description="新到 🦀"))


def tier_written(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(PriceTier).where(PriceTier.from_units == 10).values(price_fen=2100))


def point_written(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(PickupPoint).values(hours="8:00 到 20:00"))


def leader_written(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        ctx.session.execute(update(Leader).values(display_name="王团长"))


def picture_added(unit: Transactions, stage: Scene) -> None:
    with unit(SYSTEM) as ctx:
        offer = ctx.session.query(Offer).where(Offer.public_id == stage.offers["蓝莓"]).one()
        product = ctx.session.get_one(Sku, offer.sku_id).product_id
        ctx.session.add(Picture(public_id=new_id("Picture", ctx.now), leader_id=stage.leader_id, product_id=product,
                                content_type="image/png", created_at=ctx.now))  # fmt: skip


CHANGES = (held, paid, tier_reached, quota_raised, paused, closed, title_written, product_written, tier_written,
           point_written, leader_written, picture_added)  # fmt: skip
