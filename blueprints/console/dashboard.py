"""The first page: what waits, alerts, and pictures of the last two weeks."""

from __future__ import annotations

from typing import Any

from blueprints.console.advice import ADVICE
from blueprints.console.charts import Chart
from blueprints.console.door import door
from domain.money import yuan
from domain.operators import Duty
from services import audit, invariants
from services.context import Ctx
from services.invariants.told import TOLD, WHAT_TO_DO
from services.queries import console_dashboard as reads
from services.queries.console_dashboard import DayFigures

WAITS = ("2 小时内", "6 小时内", "24 小时内", "48 小时内", "更久")


def _charts(days: list[DayFigures], waits: list[int]) -> list[Chart]:
    """Orders and money by day, the unpaid share, how campaigns ended, and from arrival to pickup."""
    labels = [day.day.strftime("%m-%d") for day in days]
    unpaid = [round(day.unpaid * 100 / day.orders) if day.orders else 0 for day in days]
    return [
        Chart("每天的订单", labels, [("已付款", [day.orders - day.unpaid for day in days]),
                                ("未付款", [day.unpaid for day in days])], lambda count: f"{count} 单", stacked=True),
        Chart("每天的收款与退款", labels, [("收款", [day.received_fen for day in days]),
                                   ("退款", [day.refunded_fen for day in days])], yuan),
        Chart("每天未付款的占比", labels, [("未付款", unpaid)], lambda share: f"{share}%", summed=False),
        Chart("每天成团与未成团", labels, [("成团", [day.formed for day in days]),
                                   ("未成团", [day.failed for day in days])],
              lambda count: f"{count} 个", stacked=True),
        Chart("到货后多久提货", WAITS, [("订单", waits)], lambda count: f"{count} 单", over="时长"),
    ]  # fmt: skip


@door.page("")
def dashboard(ctx: Ctx) -> dict[str, Any]:
    """Eight statements, whatever the size of the house."""
    days, waits = reads.days(ctx), reads.waits(ctx)
    return {
        "waiting": reads.waiting(ctx), "today": days[-1], "days": days, "waits": waits,
        "charts": _charts(days, waits.orders), "open_alerts": audit.open_alerts(ctx)[:8], "advice": ADVICE,
    }  # fmt: skip


@door.page("/alerts")
def alerts(ctx: Ctx) -> dict[str, Any]:
    """All open alerts, oldest first."""
    return {"open_alerts": audit.open_alerts(ctx), "advice": ADVICE}


@door.act("/alerts/<int:alert_id>/done", duty=Duty.MESSAGES)
def deal_with_alert(ctx: Ctx, alert_id: int) -> str:
    """An alert was dealt with; the same trouble may raise it anew."""
    audit.deal_with(ctx, alert_id)
    return "/console/alerts"


@door.page("/invariants")
def invariants_page(ctx: Ctx) -> dict[str, Any]:
    """Ask every rule of the books and of the stock now."""
    broken = {breach.rule: breach.row for breach in invariants.check(ctx)}
    rules = sorted(((told, broken.get(rule)) for rule, told in TOLD.items()), key=lambda asked: asked[1] is None)
    return {"rules": rules, "broken": broken, "todo": WHAT_TO_DO}
