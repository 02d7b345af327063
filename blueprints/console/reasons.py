"""Reasons that the product itself gave, by their codes; what a person wrote stays as it is."""

from __future__ import annotations

from collections.abc import Mapping

from domain.campaigns import MONEY_BACK_WORDS, CancelReason
from services.chat.words import in_words
from services.pickup.astray import WORDS as ASTRAY

REASONS: Mapping[str, str] = {
    **{str(code): said for code, said in MONEY_BACK_WORDS.items()},
    CancelReason.BUYER.value: "买家取消",
    **{str(code): said for code, said in ASTRAY.items()},
    "lapsed": "过期未取", "reissued": "换发新码",
    "FAIL": "网关付款失败", "CANCELLED": "已撤回", "PAYEE_ACCOUNT_ABNORMAL": "收款账户异常",
    "NAME_NOT_CORRECT": "姓名与收款账户不符", "REAL_NAME_CHECK_FAIL": "收款人未实名",
    "ACCOUNT_FROZEN": "收款账户被冻结",
    "OPENID_INVALID": "收款人标识无效", "OVERDUE_CLOSE": "超过期限未收款", "TRANSFER_RISK": "网关认为有风险",
}  # fmt: skip


def reason(given: str | None) -> str:
    """A reason or a sending's trouble in Chinese; a dash for none."""
    if not given:
        return "—"
    return REASONS.get(given) or in_words(given)
