"""Chinese words for the states and reasons in answers; an unknown one is shown as it came."""

from __future__ import annotations

WORDS = {
    "approved": "已通过", "pending_payment": "待付款", "paid": "已付款", "confirmed": "已成团", "ready": "待提货",
    "collected": "已提货", "completed": "已完成", "expired": "已过期关闭", "cancelled": "已取消",
    "refunded": "已全额退款",
    "open": "接单中", "closed": "已截团", "formed": "成团 ✓", "failed": "流团 ✗", "fulfilling": "配送中",
    "planned": "待配货", "picking": "配货中", "in_transit": "在途", "arrived": "已到货",
    "deadline": "到点", "leader": "团长", "sold_out": "卖完", "target_met": "达标",
}  # fmt: skip


def said(word: str) -> str:
    """The word of an answer in Chinese."""
    return WORDS.get(word, word)
