"""A campaign's page is checked before it opens: everything on it that its leader wrote."""

from __future__ import annotations

from sqlalchemy import select

from domain.content import Subject
from domain.errors import BeingChecked, ContentRefused
from models import Campaign, Leader, Offer, Product, Sku
from services.content_safety import holding
from services.context import Ctx


def said(ctx: Ctx, campaign: Campaign) -> dict[str, str]:
    """Every text of the page by what it is: two fields of its own for each offer."""
    words = {
        "title": campaign.title, "description": campaign.description, "seller": campaign.seller,
        "arrival": campaign.arrival_text,
    }  # fmt: skip
    statement = (
        select(Offer.name, Offer.aliases, Sku.spec, Product.name.label("product"), Product.description)
        .join(Sku, Sku.id == Offer.sku_id)
        .join(Product, Product.id == Sku.product_id)
        .where(Offer.campaign_id == campaign.id)
        .order_by(Offer.position)
    )
    for place, row in enumerate(ctx.session.execute(statement)):
        words[f"offer{place}"] = " ".join(filter(None, (row.name, row.aliases, row.product, row.spec)))
        words[f"about{place}"] = row.description
    return words


def hold(ctx: Ctx, campaign: Campaign) -> None:
    """Have the page checked as it was written just now."""
    holding.hold(ctx, Subject.CAMPAIGN, campaign.id, _author(ctx, campaign), said(ctx, campaign))


def require_passed(ctx: Ctx, campaign: Campaign) -> None:
    """Raise `BeingChecked` or `ContentRefused` unless everybody may read the page as it stands."""
    if not ctx.policy.content_safety:
        return
    print_ = holding.fingerprint(said(ctx, campaign))
    if holding.has_passed(ctx, Subject.CAMPAIGN, _author(ctx, campaign), print_):
        return
    last = holding.newest(ctx, Subject.CAMPAIGN, campaign.id)
    if last is not None and last.fingerprint == print_ and last.state == "refused":
        raise ContentRefused
    raise BeingChecked


def _author(ctx: Ctx, campaign: Campaign) -> int:
    return ctx.session.get_one(Leader, campaign.leader_id).resident_id
