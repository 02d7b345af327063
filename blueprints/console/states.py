"""The console's words for states, kinds and events."""

from __future__ import annotations

STATES = {
    "campaign": {
        "draft": "草稿", "scheduled": "待开团", "open": "接单中", "paused": "暂停", "closed": "已截团",
        "formed": "已成团", "failed": "未成团", "fulfilling": "履约中", "completed": "已完成", "cancelled": "已取消",
    },
    "order": {
        "pending_payment": "待付款", "paid": "已付款", "confirmed": "已确认", "ready": "待提货",
        "collected": "已提货", "completed": "已完成", "expired": "超时未付", "cancelled": "已取消",
        "refunded": "已全退",
    },
    "payment": {"created": "已创建", "awaiting_payer": "待付款", "succeeded": "成功", "closed": "已关闭"},
    "refund": {
        "requested": "待提交", "submitted": "已提交", "succeeded": "已到账", "abnormal": "异常", "closed": "已关闭",
    },
    "leader": {"applied": "待审核", "approved": "已通过", "rejected": "已驳回", "suspended": "已停用"},
    "staff": {"active": "在岗", "left": "已离开", "removed": "已移除"},
    "outbox": {
        "pending": "待发", "leased": "发送中", "sent": "已发", "unknown": "未知", "dead": "死信",
        "dismissed": "已搁置",
    },
    "settlement": {"draft": "待审批", "approved": "已审批", "paying": "付款中", "paid": "已付", "failed": "失败"},
    "payout": {"requested": "待提交", "submitted": "已提交", "succeeded": "成功", "failed": "失败"},
    "proposal": {"proposed": "待第二人", "accepted": "已通过", "rejected": "已驳回"},
    "suspense": {"open": "待处理", "resolved": "已处理"},
    "bill_case": {"open": "待处理", "resolved": "已解决"},
    "bill_day": {"waiting": "等账单", "refused": "账单不可信", "empty": "无流水", "imported": "已导入"},
    "claim": {
        "asked": "待团长答复", "offered": "已提方案", "rejected": "团长拒绝", "escalated": "待平台裁定",
        "accepted": "已赔付", "refused": "已驳回", "withdrawn": "已撤回",
    },
    "shift": {"open": "当班中", "closed": "已交班", "handed_over": "已收款"},
    "offer": {"open": "在售", "formed": "成团", "failed": "未成"},
    "operator": {"viewer": "只读", "support": "客服", "finance": "财务", "admin": "管理员"},
    "payee": {"leader": "团长佣金", "point": "自提点服务费", "merchant": "商家货款"},
    "difference": {
        "missing_here": "账单有、我方无", "missing_there": "我方有、账单无", "amount": "金额不同",
        "status": "状态不同", "duplicate": "账单重复", "refund_mismatch": "退款不符", "fee": "手续费不符",
        "across_midnight": "跨日", "unknown_merchant": "商户号不符", "format": "无法读取", "hash": "文件校验不符",
        "late": "迟到",
    },
    "resolution": {
        "ask": "再问网关", "fund_flow": "以资金账单为准", "accept": "两人认账", "ignore": "搁置",
        "vanished": "差异消失", "noted": "留注",
    },
    "task": {"abnormal": "退款异常", "refused": "网关拒绝", "exhausted": "次数或期限用尽", "cash": "现金退款"},
    "found_by": {
        "code": "取货码", "qr": "二维码", "roster": "接龙号", "batch": "批量", "chat": "群里", "undo": "撤销",
        "photo": "送达拍照", "courier": "快递签收", "payment": "当面付款", "lease": "离线",
    },
    "delivery": {
        "planned": "计划", "picking": "分拣", "in_transit": "在途", "arrived": "已到", "reconciled": "已核对",
    },
    "reached": {
        "": "发送中", "page": "仅页面", "waiting": "等群发", "subscribe": "订阅消息", "customer": "客服消息",
        "chat": "群里",
    },
    "proposal_kind": {
        "refund_by_hand": "银行转账退款", "suspense_refund": "悬账原路退回", "suspense_by_hand": "悬账银行转账",
        "bill_case": "认账",
    },
    "plan": {
        "amount_fen": "金额", "payment": "付款", "order": "订单", "refund": "退款", "channel": "方式",
        "reference": "流水号", "case": "差异", "ours_fen": "我方", "theirs_fen": "账单", "received_fen": "实收",
        "transaction": "微信单号", "difference": "类别", "subject": "单号", "state": "状态",
    },
    "method": {"wechat": "微信支付", "cash": "现金"},
    "channel": {"gateway": "原路", "bank": "银行转账", "cash": "现金"},
    "subject": {
        "order": "订单", "campaign": "团购", "payment": "付款", "refund": "退款", "leader": "团长",
        "pickup_staff": "店员", "pickup_point": "自提点", "operator": "运营", "session": "登录", "claim": "售后",
        "settlement": "结算单", "payout": "打款", "proposal": "双人审批", "outbox_message": "消息",
        "suspense_case": "悬账", "bill_case": "对账差异", "resident": "居民", "chat_binding": "群", "offer": "商品",
        "pickup_code": "取货码", "delivery": "到货", "shift": "班次", "help_sell": "帮卖", "bill_file": "账单文件",
        "shipping_upload": "发货信息",
    },
    "bearer": {"": "—", "house": "平台", "leader": "团长", "supplier": "供货商家"},
}  # fmt: skip
EVENTS = {
    "approve": "通过", "reject": "驳回", "suspend": "停用", "reinstate": "恢复", "apply": "申请",
    "reapply": "再次申请", "pay": "付款", "expire": "超时", "accept": "通过", "cancel": "取消", "confirm": "确认",
    "arrive": "到货", "collect": "提货", "uncollect": "撤销提货", "lapse": "过期未取", "complete": "完成",
    "refund_all": "全部退款", "give_back": "退款", "open": "开团", "close": "截团", "form": "成团", "fail": "未成团",
    "extend": "延长", "pause": "暂停", "resume": "恢复接单", "schedule": "定时", "dispatch": "发货",
    "submit": "提交", "succeed": "成功", "retry": "重试", "propose": "提议", "explain": "查看资金说明",
    "read_transcript": "查看聊天记录", "reveal": "查看个人信息", "log_in": "登录", "enter_by_link": "链接登录",
    "print_link": "打印链接", "enrol_second_factor": "启用动态码", "make_recovery_codes": "生成恢复码",
    "log_out_everywhere": "全部退出", "resolve": "解决", "revive": "重发", "dismiss": "搁置", "remove": "移除",
    "join": "加入", "create": "创建", "redeem": "核销", "prepay": "发起付款", "place": "下单", "pay_out": "付款",
    "hand_over": "收款",
}  # fmt: skip
