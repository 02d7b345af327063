"""When a campaign takes orders, why it closes, and what happens below its minimum."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


class BelowMinimum(StrEnum):
    """What the campaign said beforehand would happen if it stays below its minimum."""

    FAIL = "fail"
    """Everybody is refunded."""
    FORM_ANYWAY = "form_anyway"
    """It forms all the same; offers below their own minimum still fail alone."""
    EXTEND = "extend"
    """It opens once more until the announced time, then fails."""


class MinimumKind(StrEnum):
    """What the campaign's minimum counts."""

    PEOPLE = "people"
    UNITS = "units"
    AMOUNT = "amount"


class CloseReason(StrEnum):
    """Why a campaign closed."""

    DEADLINE = "deadline"
    LEADER = "leader"
    SOLD_OUT = "sold_out"
    TARGET_MET = "target_met"


class CancelReason(StrEnum):
    """Why money goes back; shown to the buyer."""

    BUYER = "buyer"
    CAMPAIGN_FAILED = "campaign_failed"
    OFFER_FAILED = "offer_failed"
    CAMPAIGN_CANCELLED = "campaign_cancelled"
    LATE_PAYMENT = "late_payment"
    SECOND_PAYMENT = "second_payment"
    REBATE = "rebate"
    """The group reached a lower price."""
    SHORTAGE = "shortage"
    """Less arrived than was ordered."""
    BROKEN = "broken"
    """A unit was refused at the desk."""
    AFTER_SALES = "after_sales"
    """A complaint about goods handed over was accepted."""
    LEADER = "leader"
    OPERATOR = "operator"
    SUSPENSE = "suspense"
    """Money that fitted no order goes back."""
    NOT_FETCHED = "not_fetched"


MONEY_BACK_WORDS = {
    CancelReason.BUYER: "您取消了订单",
    CancelReason.CAMPAIGN_FAILED: "未成团",
    CancelReason.OFFER_FAILED: "该商品未达起订量",
    CancelReason.CAMPAIGN_CANCELLED: "团长取消了本团",
    CancelReason.LATE_PAYMENT: "付款到账时订单已关闭",
    CancelReason.SECOND_PAYMENT: "同一订单重复付款",
    CancelReason.REBATE: "拼团降价，退还差价",
    CancelReason.SHORTAGE: "到货不足",
    CancelReason.BROKEN: "取货时发现坏果",
    CancelReason.AFTER_SALES: "售后通过",
    CancelReason.LEADER: "团长退款",
    CancelReason.OPERATOR: "平台退款",
    CancelReason.SUSPENSE: "付款与订单不符",
    CancelReason.NOT_FETCHED: "逾期未取",
}


class PaymentPolicy(StrEnum):
    """When a campaign is paid."""

    PREPAID = "prepaid"
    ON_PICKUP = "on_pickup"
    """收货付款: the order counts at once; payment and hand-over are one act."""


class DeliveryMethod(StrEnum):
    """How goods reach their buyers."""

    PICKUP = "pickup"
    DOOR = "door"
    """The leader carries them to building and room."""
    COURIER = "courier"


class ShortageMode(StrEnum):
    """Who gets what when less arrives than was ordered; always whole units."""

    ONE_EACH = "one_each"
    """One each before anyone gets a second."""
    FIRST_COME = "first_come"
    """By the gateway's success time, then the order's id."""
    IN_PROPORTION = "in_proportion"
    """By largest remainder."""


REFUSED_CATEGORIES = frozenset({"alcohol", "medicine", "infant_formula", "tobacco"})


def admits(state: str, opens_at: datetime, closes_at: datetime, now: datetime) -> bool:
    """The one predicate of admission: open, and `opens_at <= now < closes_at`."""
    return state == "open" and opens_at <= now < closes_at


def hold_until(created_at: datetime, closes_at: datetime, hold: timedelta, grace: timedelta) -> datetime:
    """Until when an unpaid order keeps its stock; the grace is for those who ordered in the last seconds."""
    return min(created_at + hold, closes_at + grace)
