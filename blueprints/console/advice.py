"""What to do about each kind of alert, and on which page it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Advice:
    """One sentence on what to do; `view` (with `query`) is the page for it, "" where there is none."""

    words: str
    view: str = ""
    query: Mapping[str, str] = field(default_factory=dict)


DEAD, FAILED = {"state": "dead"}, {"state": "abnormal"}
ADVICE = {
    "bill_difference": Advice("逐条认领并解决，或提议认账。", "bill_cases", {"state": "open"}),
    "channel_failing": Advice("看最近的失败与配置；恢复后积压的消息自动发出。", "channels"),
    "chat_gone": Advice("请团长在新群里重新绑定；旧群不再发送。", "channels"),
    "claim_escalated": Advice("看双方说明与图片，作出裁定。", "claims", {"state": "escalated"}),
    "content_review": Advice("看内容，放行或挡下。", "content_checks", {"state": "review"}),
    "content_waiting": Advice("检查小程序的内容安全接口与推送地址；不通时内容不展示。", "content_checks"),
    "gateway_silent": Advice("检查支付通道；恢复后自动查询，团才能结算。", "payments", {"state": "awaiting_payer"}),
    "outbox_dead": Advice("看为何没发出，重新发送或搁置。", "letters", DEAD),
    "payout_funds": Advice("给商户账户充值，提现会自动继续。", "statements", {"state": "paying"}),
    "proposal": Advice("由另一位同事核对后通过或驳回。", "proposals", {"state": "proposed"}),
    "refund_abnormal": Advice("请买家检查收款账户后再次提交，或提议银行转账。", "refunds", FAILED),
    "refund_exhausted": Advice("原路已退不了，请提议银行转账。", "refund_tasks"),
    "refund_paid_twice": Advice("买家多收了一笔，请联系买家，并在对账差异里认账。", "bill_cases", {"state": "open"}),
    "refund_refused": Advice("系统会再试；一直被拒就提议银行转账。", "refund_tasks"),
    "shipping_failed": Advice("按错误码改正后重传，或到平台后台补录发货信息。", "shipping", {"state": "failed"}),
    "shipping_late": Advice("请团长尽快点货入库；货来不了就取消并退款。", "late_shipping"),
    "shipping_reminded": Advice("请团长尽快点货入库；货来不了就取消并退款。", "late_shipping"),
    "shipping_unknown": Advice("核对商户号是否与别的系统共用；不影响我方的账。", "payments"),
    "shortage_waits": Advice("请联系团长确认缺货如何分配。", "campaigns"),
    "staff_task": Advice("把现金退给买家，由两位同事登记。", "refund_tasks"),
    "suspense": Advice("查明是谁的钱，提议原路退回或银行转账。", "suspense_cases"),
    "transfer_differs": Advice("暂停打款，与网关客服核对这笔转账。", "statements"),
    "transfer_paid_late": Advice("这笔钱可能付了两次，请暂停打款并核对结算单。", "statements"),
    "transfer_unclear": Advice("到商户平台查这笔转账；弄清之前不要重付。", "statements"),
    "unknown_refund": Advice("核对商户号是否与别的系统共用；不影响我方的账。", "refunds"),
    "unknown_transfer": Advice("核对商户号是否与别的系统共用；不影响我方的账。", "statements"),
    "waiting_funds": Advice("给商户账户充值，排队的退款会自动发出。", "refund_tasks"),
}  # fmt: skip
"""By the kind of alert; a test holds it to the kinds that the services raise."""
