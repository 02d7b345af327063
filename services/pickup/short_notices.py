"""What everybody touched by a shortage reads: what they get, what is missing, what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from domain.clock import local
from domain.money import yuan
from models import Campaign, Order, PickupPoint
from services import notices
from services.context import Ctx
from services.door.words import BROUGHT
from services.pickup.reckoning import Share


def tell(
    ctx: Ctx, campaign: Campaign, by_order: Mapping[Order, Sequence[Share]], deliveries: Mapping[int, int]
) -> None:
    """Tell each order's owner once; `deliveries` are the counted ones by point, so that it is never told twice."""
    names = select(PickupPoint.id, PickupPoint.name).where(PickupPoint.id.in_(deliveries))
    points = dict(ctx.session.execute(names).all())
    arrival: dict[Order, notices.Notice] = {}
    nothing: dict[Order, notices.Notice] = {}
    for order, shares in by_order.items():
        cause = f"shortage:{deliveries[order.point_id]}:{order.id}"
        missing = "；".join(_missing(share) for share in shares if share.missing)
        if not any(share.gets for share in shares):
            nothing[order] = notices.Notice(cause, "到货不足", f"「{campaign.title}」{missing}。")
            continue
        way = BROUGHT.get(campaign.delivery_method, "")
        if order.pickup_deadline:
            way = f"请在 {local(order.pickup_deadline)} 前到{points[order.point_id]}取货，取货码在订单页。"
        title = "到货不足，已按规则分配" if missing else "到货了，可以取货"
        got = "、".join(f"{share.line.offer_name} {share.gets} {share.line.unit}" for share in shares if share.gets)
        body = f"「{campaign.title}」{got}已到。{f'{missing}。' if missing else ''}{way}"
        arrival[order] = notices.Notice(cause, title, body)
    notices.tell_all(ctx, "arrival", arrival)
    notices.tell_all(ctx, "changed", nothing)


def _missing(share: Share) -> str:
    line = share.line
    back = "原路退回" if share.paid else "不用再付"
    money = f"，{yuan(share.off_fen)} {back}" if share.off_fen else ""
    return f"{line.offer_name} 到货不足，缺 {share.missing} {line.unit}{money}"
