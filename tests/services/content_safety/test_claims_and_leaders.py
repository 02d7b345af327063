"""What buyers say of goods, and how leaders introduce themselves, is checked like everything else."""

from __future__ import annotations

import pytest

from domain.actors import SYSTEM, Actor, Role
from domain.errors import BeingChecked, ContentRefused
from services import leaders
from services.aftersales import asking as aftersales
from services.aftersales.asking import AskBack
from services.assembly import Lintuan
from services.flows import content_safety
from services.leaders import ApplyAsLeader
from services.pickup import redeeming
from services.pickup.redeeming import Redeem
from services.queries import claims
from tests.builders import people as rows
from tests.services.pickup.world import World, lines_of


def run(world: World, product: Lintuan) -> int:
    """What the sweep does."""
    return content_safety.ask_due(world.unit, product.outside)


def test_what_a_buyer_says_of_goods_is_read_by_others_once_it_has_passed(world: World, product: Lintuan) -> None:
    campaign, buyer = world.campaign(), world.resident("王小明")
    order = world.order(buyer, campaign, {"纸巾": 1})
    world.bring(campaign)
    with world.unit(world.staff()) as ctx:
        redeeming.redeem(ctx, Redeem((order,), found_by="roster"))
    with world.unit(buyer) as ctx:
        line = lines_of(ctx, order)["纸巾"].public_id
        claim = aftersales.ask(ctx, AskBack(order, line, "bad", units=1, words="破了")).public_id

    def read(who: Actor) -> str:
        with world.unit.reading(who) as ctx:
            return claims.one(ctx, claim).words

    assert (read(buyer), read(world.leader)) == ("破了", "")
    run(world, product)
    assert (read(buyer), read(world.leader)) == ("破了", "破了")


@pytest.mark.parametrize(
    ("introduction", "refusal"), [("热心团长", None), ("加微信", BeingChecked), ("赌博", ContentRefused)]
)
def test_nobody_is_approved_before_the_words_have_passed(
    world: World, product: Lintuan, introduction: str, refusal: type[Exception] | None
) -> None:
    who = world.resident("李四")
    with world.unit(who) as ctx:
        community = rows.community(ctx).public_id
        applied = leaders.apply(ctx, ApplyAsLeader("李四", community, introduction)).public_id
    with world.unit(SYSTEM) as ctx:
        operator = Actor(Role.OPERATOR, rows.operator(ctx).id)
    with pytest.raises(BeingChecked), world.unit(operator) as ctx:
        leaders.approve(ctx, applied)
    run(world, product)
    with world.unit(operator) as ctx:
        if refusal:
            with pytest.raises(refusal):
                leaders.approve(ctx, applied)
        else:
            assert leaders.approve(ctx, applied).state == "approved"
