"""What a buyer is promised before paying, in words: until when goods wait, and how long one may complain."""

from __future__ import annotations

from domain.policy import Policy


def pickup_promise(fresh: bool, policy: Policy) -> str:
    """Until when goods wait at the point."""
    if fresh:
        return f"到货当日 {policy.fresh_pickup_hour}:00 前自提（晚到的顺延到次日）"
    return f"到货后 {policy.pickup_days} 天内自提"


def aftersales_promise(fresh: bool, policy: Policy) -> str:
    """How long after collection a complaint is taken."""
    if fresh:
        return f"提货后 {policy.aftersales_fresh_hours} 小时内凭照片售后"
    return f"提货后 {policy.aftersales_days} 天内售后"
