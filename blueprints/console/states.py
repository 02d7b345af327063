"""The console's words for states and kinds."""

from __future__ import annotations

from collections.abc import Mapping

from services.chat.words import LETTERS

STATES: Mapping[str, Mapping[str, str]] = {
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
    "leader": {
        "applied": "待审核", "approved": "已通过", "rejected": "已驳回", "suspended": "已停用", "left": "已离开",
    },
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
    "waiting": {
        "": "—", "waiting_funds": "等商户账户充值", "refused": "网关拒绝，五分钟后再试", "staff_task": "等人处理",
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
        "refund_by_hand": "银行转账退款", "suspense_refund": "挂账原路退回", "suspense_by_hand": "挂账银行转账",
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
        "suspense_case": "挂账", "bill_case": "对账差异", "resident": "居民", "chat_binding": "群", "offer": "商品",
        "pickup_code": "取货码", "delivery": "到货", "shift": "班次", "help_sell": "帮卖", "bill_file": "账单文件",
        "shipping_upload": "发货信息", "community": "小区", "merchant": "商家", "product": "商品", "sku": "规格",
        "desk_lease": "离线租约", "pickup_pass": "代取凭证", "export": "导出",
        "content_check": "内容审核", "alert": "告警", "loss_case": "损耗", "unknown": "未知单号", "bill": "账单",
        "bank_file": "银行文件", "picture": "图片", "evidence": "凭证图片",
    },
    "bank_trouble": {"no_bank_account": "没有银行账户", "balance_too_low": "应付余额不足"},
    "bank_result": {"paid": "已付", "returned": "退回"},
    "waits_for": {"goods": "等到货", "upload": "等上传"},
    "logistics": {"pickup": "自提", "same_city": "同城配送", "express": "快递"},
    "bearer": {"": "—", "house": "平台", "leader": "团长", "supplier": "供货商家"},
    "pickup_code": {"issued": "可用", "redeemed": "已核销", "voided": "已作废"},
    "help_sell": {"active": "帮卖中", "ended": "已结束"},
    "shipping_upload": {
        "waiting": "等到货", "pending": "待上传", "uploaded": "已上传", "skipped": "无需上传", "failed": "失败",
    },
    "pickup_pass": {"issued": "可用", "used": "已用", "replaced": "已换", "revoked": "已收回"},
    "export": {"waiting": "等待", "making": "生成中", "ready": "已生成", "failed": "失败"},
    "content_check": {
        "waiting": "等待", "asked": "审核中", "review": "待人工", "passed": "通过", "refused": "不通过",
        "replaced": "已换",
    },
    "outbox_kind": LETTERS,
    "chat": {
        "customer": "客服消息", "http": "桥接", "sandbox": "测试频道", "telegram": "Telegram", "wecom": "企业微信",
        "wxgroup": "微信群卡片",
    },
    "alert": {
        "outbox_dead": "死信", "shipping_late": "发货超时", "shipping_failed": "发货信息上传失败",
        "unknown_refund": "未知退款", "refund_abnormal": "退款异常", "chat_gone": "群已失效",
        "transfer_unclear": "转账不明", "payout_funds": "打款余额不足", "refund_paid_twice": "退款重复",
        "unknown_transfer": "未知转账", "content_review": "内容待审", "transfer_differs": "转账不符",
        "shortage_waits": "缺货待分配", "proposal": "等第二人", "shipping_reminded": "平台催发货",
        "channel_failing": "渠道故障", "suspense": "挂账", "claim_escalated": "售后待裁定",
        "bill_difference": "对账差异", "transfer_paid_late": "转账迟到", "refund_refused": "退款被拒",
        "gateway_silent": "网关无回音", "refund_exhausted": "不能再原路退款", "content_waiting": "审核没有结果",
        "shipping_unknown": "未知发货通知", "staff_task": "现金待退", "waiting_funds": "退款余额不足",
    },
    "checked": {
        "nickname": "昵称", "order": "订单备注", "place": "送货门牌", "address": "收货地址", "pass": "代取人",
        "campaign": "团购页", "cancellation": "取消原因", "claim": "售后说明", "answer": "售后答复",
        "leader": "团长申请", "point": "自提点", "staff": "店员名字", "device": "设备名", "lease": "离线设备名",
        "undo": "撤销原因", "shift": "现金差额原因", "loss": "损耗说明", "reason": "操作原因",
        "picture": "商品图片", "alt": "图片说明", "evidence": "凭证图片",
    },
    "job": {
        "campaigns.open_due": "到点开团", "campaigns.close_overdue": "到点截团，每团一次",
        "orders.expire_due": "关闭超时未付的订单，归还名额", "campaigns.decide_outcome": "判定成团、未成团或延长",
        "campaigns.carry_out": "逐批确认或退款", "payments.poll_silent": "向网关查询一分钟没消息的付款",
        "payments.close_abandoned": "关闭已取消订单的付款", "refunds.submit_due": "提交退款",
        "refunds.poll_submitted": "查询没有回音的退款", "suspense.refund_overdue": "到期无人处理的挂账原路退回",
        "settlements.draft_weekly": "每周生成结算单", "payouts.send_due": "提交打款",
        "payouts.poll_submitted": "查询没有回音的打款", "bills.reconcile_due": "取回最近一周的账单并对账",
        "shipping.upload_due": "上传发货信息", "shipping.watch": "发现迟发、漏传和已解冻的钱",
        "pickup.remind_due": "提货截止前两小时提醒", "pickup.lapse_due": "到期未取的订单完结",
        "pickup.lapse_unpaid": "到期未取的货到付款订单作废", "pickup.remind_of_shortages": "提醒团长分配缺货",
        "door.remind_leaders": "每天提醒团长未送的订单", "door.confirm_parcels": "到期未确认的快递视为收到",
        "orders.complete_due": "售后期满，订单完成", "commissions.release_due": "售后期满，佣金可提",
        "claims.move_on": "到期的售后自动推进", "campaigns.complete_due": "订单都结束的团完成",
        "content.ask_due": "送审文字和图片", "content.watch": "追问没有回音的审核",
        "papers.make_due": "后台生成文件", "papers.drop_expired": "删除过期文件",
        "records.forget_idempotency": "清理过期的幂等键", "chat.send_due": "发出待发消息",
        "chat.remind_closing": "截团前一小时提醒还差多少", "chat.remind_pickup": "最后一天提醒提货",
        "chat.watch_channels": "渠道持续故障时告警", "chat.forget_old": "清理过期的对话和接龙",
    },
}  # fmt: skip
