"""The pages themselves: a campaign with its roster, an order's sum, and where one's own orders are."""

from __future__ import annotations

from flask import Response, request

from blueprints.mobile import words
from blueprints.mobile.door import door, page
from blueprints.shared.guards import public
from blueprints.shared.kept import keeping
from blueprints.shared.product import lintuan
from domain.clock import local
from domain.money import yuan
from services.campaigns import finding
from services.paging import Page
from services.queries import campaigns, orders, rosters


@door.get("/campaigns/<campaign_id>")
@public
@keeping
def campaign(campaign_id: str) -> Response:
    """A campaign as everybody may see it, with the first page of its masked roster: eight statements."""
    product = lintuan()
    with product.unit.reading() as ctx:
        row = finding.public(ctx, campaign_id)
        seen, roster = campaigns.view(ctx, row, request.args.get("via", "")), rosters.roster(ctx, row, Page())
        return page(
            "campaign", seen=seen, roster=roster, words=words, yuan=yuan, local=local,
            bot_name=product.settings.aibot_name,
        )  # fmt: skip


@door.get("/orders/<order_id>")
@public
def order(order_id: str) -> Response:
    """What anybody with the link may see of an order: the sum, a masked name, whether to pay; three statements.

    The payment's id opens it too, as WeChat's order centre does.
    """
    with lintuan().unit.reading() as ctx:
        bill = orders.bill(ctx, order_id)
        return page("order", bill=bill, what_to_do=words.what_to_do(bill), yuan=yuan, local=local)


@door.get("/orders")
@public
def own_orders() -> Response:
    """Where one's own orders are: a link cannot know who opens it, the mini-program does."""
    return page("own_orders")
