"""The console in Chinese: the menu, what was just done, and how a state or event is called."""

from __future__ import annotations

from blueprints.console.events import BY_SUBJECT, EVENTS
from blueprints.console.states import STATES
from domain.ledger import Account
from services.explaining.words import ACCOUNTS

NAV = (
    ("总览", (("dashboard", "看板"), ("alerts", "告警"))),
    ("团购", (("leaders_page", "团长审批"), ("campaigns", "团购"), ("orders", "订单"), ("claims", "售后裁定"),
            ("help_sells", "帮卖"), ("losses", "错领"),
            ("content_checks", "内容审核"))),
    ("资金", (("payments", "付款"), ("refunds", "退款"), ("refund_tasks", "退款待办"),
              ("suspense_cases", "挂账"),
              ("bill_days", "账单"), ("bill_cases", "对账差异"), ("statements", "结算单"),
              ("bank_files", "银行文件"), ("proposals", "双人审批"),
              ("shifts", "现金班次"), ("ledger", "总账"))),
    ("线下", (("points", "自提点"), ("communities_page", "小区"))),
    ("消息", (("letters", "发件箱"), ("unreached", "未触达"), ("shipping", "发货信息"), ("channels", "渠道"))),
    ("系统", (("jobs", "定时任务"), ("invariants_page", "不变量"), ("audit_log", "审计"))),
)  # fmt: skip
"""The menu: groups of (view, name)."""
DONE = {
    "approve_leader": "已通过，团长可以开团了。", "reject_leader": "已驳回，申请人会看到原因。",
    "suspend_leader": "已停用。", "reinstate_leader": "已恢复。",
    "cancel_campaign": "已取消，未提货的款项由系统退回。", "refund_order": "已决定退款，到账以网关为准。",
    "compensate_order": "已决定补偿，到账以网关为准。", "propose_refund_by_hand": "已提议，等另一位同事通过。",
    "retry_refund": "已再次向网关提交。", "propose_suspense_refund": "已提议，等另一位同事通过。",
    "propose_suspense_by_hand": "已提议，等另一位同事通过。", "take_bill_case": "已归您处理。",
    "resolve_bill_case": "已解决。", "propose_bill_case": "已提议，等另一位同事通过。",
    "ask_about_bill_case": "已问过网关。", "reconcile_day": "账单已取回并对账。",
    "draft_statements": "已生成结算单。", "approve_statement": "已审批。", "accept_proposal": "已通过并执行。",
    "reject_proposal": "已驳回。", "receive_shift": "已确认收到现金。", "remove_staff": "已移除，其设备全部退出。",
    "create_community": "已添加小区。", "retry_letter": "已重新排队发送。", "dismiss_letter": "已搁置。",
    "deal_with_alert": "已处理。",
    "pass_content": "已放行。", "refuse_content": "已挡下，作者会收到通知。",
    "accept_claim": "已裁定赔付。", "offer_claim": "已提出方案。",
    "refuse_claim": "已驳回。", "end_device": "该设备已退出。", "log_out": "已退出。",
    "log_out_everywhere": "已在所有设备退出。",
    "export_bank_file": "已做成银行文件，请下载后交银行。", "import_bank_result": "已登记银行结果。",
    "revive_shipping": "已重新排队上传。", "end_help": "已结束帮卖。", "close_loss": "已结案。",
    "set_keeper": "已保存站长和服务费。", "end_keeper": "已不设站长，已挣的服务费生成了结算单。",
    "assign_bill_case": "已交给同事。",
}  # fmt: skip
_ALIKE = {"pickup_staff": "staff", "outbox_message": "outbox", "suspense_case": "suspense"}


def word(state: str | None, kind: str) -> str:
    """A state or kind in Chinese; as it is where there is no word for it."""
    return STATES.get(_ALIKE.get(kind, kind), {}).get(state or "", state or "—")


def account(name: str) -> str:
    """An account of the ledger in Chinese, as the explanations call it."""
    return ACCOUNTS[Account(name)]


def event(name: str, subject: str = "") -> str:
    """What happened to a thing of this kind, in Chinese; as it is where there is no word for it."""
    return BY_SUBJECT.get(subject, {}).get(name) or EVENTS.get(name, name)


def events_named(text: str) -> list[str]:
    """The events that people call so, or that are called so in the log: `退款` finds `give_back` and `refund_all`."""
    every = (EVENTS, *BY_SUBJECT.values())
    return sorted({name for words in every for name, said in words.items() if text == name or text in said})
