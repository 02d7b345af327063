"""What several front doors say alike: every refusal in Chinese, and how a campaign stands when it is not running."""

from __future__ import annotations

from datetime import datetime

from domain.clock import local
from domain.errors import DomainError

REFUSALS = {
    "address_needed": "本团送货上门或快递发货，请在小程序里下单并填写收货地址。",
    "after_sales_over": "售后时间已过。",
    "already_bound": "这个群已经绑定了别的团长、自提点或用途。",
    "already_collected": "已经提过货了。",
    "already_paid": "这笔订单已经付过款了。",
    "balance_too_low": "可提余额不足：之后的退款要先从佣金里抵扣。",
    "being_checked": "内容正在审核，一般几秒钟就好，请稍后再试。",
    "below_delivery_minimum": "未达到配送起送金额，请再加一点。",
    "broken_limit_reached": "今天当面退坏果已到上限，请联系团长处理。",
    "busy": "现在人有点多，请稍后再试。",
    "claim_open": "这件商品已有售后在处理，请等答复或先撤回。",
    "code_expired": "这个码已用过或已过期，请重新获取。",
    "code_wrong": "没有找到这个码，请核对后再试。",
    "content_refused": "内容里有平台不允许展示的文字，请换个说法再试。",
    "consent_needed": "下单前请先在小程序里阅读并同意《隐私说明》。",
    "duplicate_order": "刚刚已下过同样的一单，要再来一份吗？",
    "forbidden": "您没有权限这样做。",
    "gateway_down": "支付通道暂时不通，钱不会丢，请稍后再试。",
    "invalid": "内容有误，请检查后再试。",
    "key_missing": "请求缺少幂等键 Idempotency-Key。",
    "key_reused": "同一个幂等键已用于另一份内容。",
    "lease_taken": "本点的离线租约在另一台设备上。",
    "limit_reached": "超过每人限购数量。",
    "login_refused": "登录码无效，请重新打开小程序。",
    "no_chinese_font": "服务器上没有中文字体，暂时画不了海报，请联系平台。",
    "no_shift": "收现金前请先在本点开班。",
    "not_all_counted": "还有自提点没有点数，点完再分配。",
    "not_finished": "还有没办完的事，办完后再注销。",
    "not_found": "没有找到，或者不属于您。",
    "not_open": "这个团现在不接单。",
    "not_ready": "货还没到自提点。",
    "nothing_to_give_back": "这件商品没有可退的金额。",
    "paper_too_long": "订单较多，一次放不下，请在后台生成。",
    "pass_over": "这张代取凭证已用过、被收回或已过期，请让对方重新发一张。",
    "payment_due": "这单收货付款，请先收款再交货；截图不算付款。",
    "payout_too_small": "金额低于最低可提现金额。",
    "phone_taken": "这个手机号已绑定另一个账号。",
    "plan_is_stale": "提议之后情况有变，请驳回后重新提议。",
    "prepaid_only": "您有两次收货付款的订单没有来取，暂时只能参加先付款的团。",
    "quiet_hours": "晚上 10 点到早上 8 点不打扰邻居，请早上再催。",
    "real_name_missing": "这笔金额较大，请先填写真实姓名。",
    "same_person": "须由另一位同事确认，提议人不能自己通过。",
    "plan_changed": "情况刚有变化，请重新查看分配方案后再确认。",
    "share_over": "这张卡片已过期，请从团购页面重新打开。",
    "sold_out": "余量不足。",
    "still_to_come": "这单还有商品没有到齐；收货付款的订单到齐后一次付清、一次取走。",
    "too_late_to_cancel": "已截团，退单请联系团长。",
    "too_late_to_pay": "付款时间已过，请重新下单。",
    "too_late_to_send": "这条消息已过时，或所在的群已失效，不能重发。",
    "too_many": "操作太频繁，请稍后再试。",
    "unauthenticated": "请先登录。",
    "undo_too_late": "已超过可撤销的时间。",
    "wrong_state": "当前状态下不能这样做。",
}
STANDING = {
    "scheduled": "还没开团", "paused": "暂停接单", "closed": "已截团，结果稍后公布", "formed": "已成团",
    "failed": "未成团，原路退款", "fulfilling": "已成团", "completed": "已完成", "cancelled": "已取消",
}  # fmt: skip
_WITH_FACTS = {
    "already_collected": ("{at} 已由 {by} 核销，不能重复提货。", ("at", "by")),
    "lease_taken": (
        "{by} 的设备（{device}）自 {when} 起持有本点的离线租约；接管后，那台设备离线交出的货仍会上传。",
        ("by", "device", "when"),
    ),
    "limit_reached": ("每人限购 {limit} 份。", ("limit",)),
    "not_finished": ("还有 {what}，办完后再注销。", ("what",)),
    "not_all_counted": ("{points}还没有点数，点完再分配。", ("points",)),
    "payment_due": ("这单收货付款，请先收 {due} 再交货；截图不算付款。", ("due",)),
    "sold_out": ("余量不足，还剩 {free} 份。", ("free",)),
    "too_many": ("操作太频繁，请 {retry_after} 秒后再试。", ("retry_after",)),
}


def _said(fact: object) -> object:
    return local(fact) if isinstance(fact, datetime) else fact


def refusal(error: DomainError) -> str:
    """The sentence for a refusal, with its facts where the refusal carries them."""
    code = error.code()
    sentence, needed = _WITH_FACTS.get(code, ("", ()))
    if sentence and all(error.facts.get(name) is not None for name in needed):
        return sentence.format(**{name: _said(error.facts[name]) for name in needed})
    return REFUSALS[code]
