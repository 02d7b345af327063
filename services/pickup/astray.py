"""Units that left a desk and that no order accounts for: why they went astray, and the cases their leader reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import exists, func, select

from domain.clock import local
from domain.ids import is_id, new_id
from domain.leases import Astray
from domain.pickup import is_code
from models import (
    Campaign,
    CampaignPoint,
    DeskLease,
    LossCase,
    OfflineHandOver,
    Order,
    OrderLine,
    PickupCode,
    PickupPoint,
    Redemption,
    RedemptionLine,
)
from services import audit, notices
from services.context import Ctx
from services.pickup import qr

WORDS = {
    Astray.TWICE: "已交过货", Astray.REFUNDED: "已退款", Astray.LAPSED: "取货时间已过", Astray.NOT_HERE: "不在本点待取",
    Astray.CODE_VOID: "出示的码不是这单在用的码", Astray.UNPAID: "收货付款，还没有收款", Astray.SENT: "已由快递寄出",
    Astray.TOO_LATE: "离线租约结束太久才上传",
}  # fmt: skip


def named(ctx: Ctx, order_id: str, point_id: int) -> Order | None:
    """The order with this public id, wherever it is; None unless its campaign comes to the point (by number) at all."""
    if not is_id("Order", order_id):
        return None
    comes_here = exists().where(CampaignPoint.campaign_id == Order.campaign_id, CampaignPoint.point_id == point_id)
    return ctx.session.scalars(select(Order).where(Order.public_id == order_id, comes_here)).one_or_none()


def was_good(ctx: Ctx, order: Order, token: str, at: datetime) -> bool:
    """Whether a QR's text or a code's digits opened this order at the instant `at`: a reissue voids what was before."""
    every = select(PickupCode).where(PickupCode.order_id == order.id).order_by(PickupCode.id)
    codes = list(ctx.session.scalars(every))
    ticket = qr.read(ctx, token, ctx.session.get_one(PickupPoint, order.point_id).public_id)
    shown = [
        place
        for place, code in enumerate(codes)
        if (code.code == token if is_code(token) else ticket is not None and code.public_id == ticket.code_id)
    ]
    return bool(shown) and all(at < later.created_at for later in codes[shown[-1] + 1 :])


def why(ctx: Ctx, line: OrderLine, lease: DeskLease) -> Astray:
    """Why the line of a held order has fewer units waiting than were handed out under the lease."""
    if _collected_since(ctx, line, lease) > 0:
        return Astray.TWICE
    if line.refunded_units:
        return Astray.REFUNDED
    if line.lapsed_units:
        return Astray.LAPSED
    return Astray.TWICE if line.collected_units >= line.arrived_units > 0 else Astray.NOT_HERE


def open_cases(ctx: Ctx, row: OfflineHandOver, order: Order, lost: Mapping[OrderLine, tuple[int, Astray]],
               first: Redemption | None) -> str:  # fmt: skip
    """One case per line; the leader is told in the words that are returned. `first` is who had handed over before."""
    campaign = ctx.session.get_one(Campaign, order.campaign_id)
    for line, (units, reason) in lost.items():
        case = LossCase(
            public_id=new_id("LossCase", ctx.now), hand_over_id=row.id, order_line_id=line.id,
            campaign_id=campaign.id, units=units, why=reason, created_at=ctx.now,
            first_by=first.by_name if first and reason is Astray.TWICE else "",
            first_at=first.created_at if first and reason is Astray.TWICE else None,
        )  # fmt: skip
        ctx.session.add(case)
        ctx.session.flush()
        audit.record(ctx, "loss_case", case.id, "open", reason=reason)
    told = "；".join(_words(line, units, reason, first) for line, (units, reason) in lost.items())
    number = f"{order.roster_number}号" if order.roster_number else ""
    words = f"{number}{told}。多交出的货记为损耗，不向买家收费。"
    notices.tell_leader(ctx, campaign, f"loss:{row.id}", "离线交货有出入", words)
    return words[:255]


def _words(line: OrderLine, units: int, reason: Astray, first: Redemption | None) -> str:
    by = f"（{first.by_name} {local(first.created_at)}）" if first and reason is Astray.TWICE else ""
    return f"「{line.offer_name}」{units}{line.unit}{WORDS[reason]}{by}"


def _collected_since(ctx: Ctx, line: OrderLine, lease: DeskLease) -> int:
    statement = (
        select(func.coalesce(func.sum(RedemptionLine.units), 0))
        .join(Redemption, Redemption.id == RedemptionLine.redemption_id)
        .where(RedemptionLine.order_line_id == line.id, Redemption.created_at >= lease.taken_at)
    )
    return int(ctx.session.scalars(statement).one())
