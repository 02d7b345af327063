"""Who holds a row does not wait for those who only refer to it: they may be waiting for what the holder has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from domain.actors import SYSTEM
from models import Campaign, Offer, OfferTaking, Participation
from services import closing, ordering, transitions
from services.context import Ctx
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buyer, stage_of, wanted


def hold_the_campaign(ctx: Ctx, stage: Scene) -> None:
    """As whoever takes an order back does, last of all."""
    transitions.lock(ctx, ctx.session.get_one(Campaign, stage.campaign_id))


def hold_the_offers(ctx: Ctx, stage: Scene) -> None:
    """As settling and cancelling do."""
    closing.lock_offers(ctx, ctx.session.get_one(Campaign, stage.campaign_id))


def join(ctx: Ctx, stage: Scene) -> None:
    """As an order does that counts at once."""
    ordering.place(ctx, wanted(stage))


@pytest.mark.parametrize("hold", [hold_the_campaign, hold_the_offers, join])
def test_a_row_is_held_though_others_refer_to_it(unit: Transactions, hold: Callable[[Ctx, Scene], None]) -> None:
    if unit.engine.dialect.name == "sqlite":
        pytest.skip("it has one writer")
    stage = stage_of(unit, Terms("鸡蛋"), Terms("面包"), buyers=2, payment_policy="on_pickup")
    with unit(SYSTEM) as referring:
        for offer_id in referring.session.scalars(select(Offer.id)):
            referring.session.add(OfferTaking(offer_id=offer_id, resident_id=stage.buyers[0], units=0))
        referring.session.add(
            Participation(campaign_id=stage.campaign_id, resident_id=stage.buyers[0], counted_orders=0)
        )
        referring.session.flush()
        with unit(buyer(stage.buyers[1])) as holding:
            holding.session.execute(text("SET LOCAL lock_timeout = '1s'"))
            hold(holding, stage)
