"""Where a link from the chat leads outside WeChat: what anybody may see, and the way into the mini-program."""

from __future__ import annotations

from flask import Blueprint, Response
from markupsafe import Markup

from blueprints.shared.guards import public
from blueprints.shared.product import lintuan
from domain.clock import local
from domain.money import yuan
from models import Campaign
from services.finding import by_public_id
from services.ordering import VISIBLE
from services.queries import orders

door = Blueprint("links", __name__, url_prefix="/m")
PAGE = Markup(
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    "<title>{title} · 邻团</title><h1>{title}</h1><p>{fact}</p><p>请用微信打开邻团小程序继续：{path}</p></html>"
)
OPEN = "pages/order/list"


@door.get("/orders/<string:order_id>")
@public
def order(order_id: str) -> Response:
    """An order before paying: the sum and a masked name, for whoever has the link."""
    with lintuan().unit.reading() as ctx:
        bill = orders.bill(ctx, order_id)
    fact = f"{bill.owner} 的订单，{yuan(bill.total_fen)}，{local(bill.hold_until)} 前付款有效"
    if bill.state != "pending_payment":
        fact = f"{bill.owner} 的订单，{yuan(bill.total_fen)}"
    return _page(bill.campaign_title, fact, f"pages/order/index?id={bill.id}")


@door.get("/orders")
@public
def own_orders() -> Response:
    """The list of one's own orders needs a login, which only the mini-program has."""
    return _page("我的订单", "订单、付款和取货码都在小程序里。", OPEN)


@door.get("/campaigns/<string:campaign_id>")
@public
def campaign(campaign_id: str) -> Response:
    """A campaign that is or was open to everybody."""
    with lintuan().unit.reading() as ctx:
        row = by_public_id(ctx, Campaign, campaign_id, Campaign.state.in_(VISIBLE))
    return _page(row.title, f"{local(row.closes_at)} 截团", f"pages/campaign/index?id={row.public_id}")


def _page(title: str, fact: str, path: str) -> Response:
    return Response(PAGE.format(title=title, fact=fact, path=path), mimetype="text/html")
