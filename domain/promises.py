"""What a buyer is promised before paying, in words: how goods reach them, and how long one may complain."""

from __future__ import annotations

from collections.abc import Mapping

from domain.campaigns import DeliveryMethod
from domain.policy import Policy

_BROUGHT: Mapping[str, str] = {
    DeliveryMethod.DOOR: "到货后由团长送货上门",
    DeliveryMethod.COURIER: "由快递送到您填的地址，单号在订单页看",
}


def pickup_promise(fresh: bool, policy: Policy, method: str = DeliveryMethod.PICKUP) -> str:
    """Until when goods wait at the point; of goods that are brought, who brings them."""
    if method in _BROUGHT:
        return _BROUGHT[method]
    if fresh:
        return f"到货当日 {policy.fresh_pickup_hour}:00 前自提（晚到的顺延到次日）"
    return f"到货后 {policy.pickup_days} 天内自提"


def aftersales_promise(fresh: bool, policy: Policy, method: str = DeliveryMethod.PICKUP) -> str:
    """How long after collection, or after they were brought, a complaint about goods is taken."""
    since = "收货后" if method in _BROUGHT else "提货后"
    if fresh:
        return f"{since} {policy.aftersales_fresh_hours} 小时内凭照片售后"
    return f"{since} {policy.aftersales_days} 天内售后"
