"""A campaign's page is checked before it opens: everything on it that its leader wrote."""

from __future__ import annotations

from sqlalchemy import select

from domain.content import Subject
from domain.errors import BeingChecked, ContentRefused
from models import Campaign, CampaignPoint, Leader, Merchant, Offer, Product, Sku
from services.content_safety import holding
from services.context import Ctx


def said(ctx: Ctx, campaign: Campaign) -> dict[str, str]:
    """Every text of the page by what it is: two fields of its own for each offer.

    With the goods goes the name of whoever supplies them, whom operators read of once they are sold.
    """
    words = {
        "title": campaign.title, "description": campaign.description, "seller": campaign.seller,
        "arrival": campaign.arrival_text,
    }  # fmt: skip
    statement = (
        select(Offer.name, Offer.aliases, Sku.spec, Sku.unit, Product.name.label("product"), Product.description,
               Merchant.name.label("merchant"))
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .join(Merchant, Merchant.id == Product.merchant_id)
        .where(Offer.campaign_id == campaign.id)
        .order_by(Offer.position)
    )  # fmt: skip
    for place, row in enumerate(ctx.session.execute(statement)):
        words[f"offer{place}"] = " ".join(
            filter(None, (row.name, row.aliases, row.product, row.spec, row.unit, row.merchant))
        )
        words[f"about{place}"] = row.description
    return words


def hold(ctx: Ctx, campaign: Campaign) -> None:
    """Have the page checked as it was written just now."""
    holding.hold(ctx, Subject.CAMPAIGN, campaign.id, _author(ctx, campaign), said(ctx, campaign))


def require_passed(ctx: Ctx, campaign: Campaign) -> None:
    """Raise `BeingChecked` or `ContentRefused` unless everybody may read the page as it stands, points and all."""
    if not ctx.policy.content_safety:
        return
    points = select(CampaignPoint.point_id).where(CampaignPoint.campaign_id == campaign.id)
    holding.require_passed(ctx, Subject.POINT, *ctx.session.scalars(points))
    print_ = holding.fingerprint(ctx, said(ctx, campaign))
    if holding.has_passed(ctx, Subject.CAMPAIGN, _author(ctx, campaign), print_):
        return
    last = holding.newest(ctx, Subject.CAMPAIGN, campaign.id)
    if last is not None and last.fingerprint == print_ and last.state == "refused":
        raise ContentRefused
    raise BeingChecked


def _author(ctx: Ctx, campaign: Campaign) -> int:
    return ctx.session.get_one(Leader, campaign.leader_id).resident_id
