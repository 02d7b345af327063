"""The catalogue of a leader: own things only, names once, refused categories refused by name."""

from __future__ import annotations

import pytest

from domain.errors import Invalid, NotFound
from services import catalog, communities
from services.catalog import CreateMerchant, CreateProduct, CreateSku
from services.communities import CreatePoint
from services.context import Ctx
from tests.builders.shops import Shop, shop


@pytest.fixture
def own(ctx: Ctx) -> Shop:
    return shop(ctx)


@pytest.mark.parametrize("category", ["alcohol", "medicine", "infant_formula", "tobacco"])
def test_what_may_not_be_sold_is_refused_by_name(ctx: Ctx, own: Shop, category: str) -> None:
    with pytest.raises(Invalid, match="Alcohol, medicine") as refusal:
        catalog.create_product(ctx.acting_as(own.actor), CreateProduct(own.merchant, category, "某物"))
    assert refusal.value.facts["field"] == "category"


def test_an_unknown_category_is_refused_with_the_known_ones(ctx: Ctx, own: Shop) -> None:
    with pytest.raises(Invalid, match="no such category") as refusal:
        catalog.create_product(ctx.acting_as(own.actor), CreateProduct(own.merchant, "cars", "某物"))
    assert "fruit" in str(refusal.value.facts["allowed"])


def test_a_leader_sells_from_own_merchants_only(ctx: Ctx, own: Shop) -> None:
    other = ctx.acting_as(shop(ctx).actor)
    with pytest.raises(NotFound):
        catalog.create_product(other, CreateProduct(own.merchant, "fruit", "偷来的草莓"))
    with pytest.raises(NotFound):
        catalog.create_sku(other, own.product, CreateSku("1 斤", "盒", 1))


def test_a_name_stands_once_per_leader_and_a_spec_once_per_product(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    with pytest.raises(Invalid, match="merchant of this name"):
        catalog.create_merchant(acting, CreateMerchant("阿强水果行"))
    with pytest.raises(Invalid, match="spec already"):
        catalog.create_sku(acting, own.product, CreateSku("500 克", "盒", 1))


def test_a_point_lies_in_the_leaders_own_community_under_a_name_of_its_own(ctx: Ctx, own: Shop) -> None:
    acting = ctx.acting_as(own.actor)
    assert communities.create_point(acting, CreatePoint("南门驿站", "南门")).community_id == own.community
    with pytest.raises(Invalid, match="of this name"):
        communities.create_point(acting, CreatePoint("南门驿站", "北门"))
