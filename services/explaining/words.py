"""What each event of the books is called for people: one table, from event and amount to a Chinese sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from domain.ledger import Account
from domain.money import yuan
from domain.posting_rules import Event

ACCOUNTS: Mapping[Account, str] = {
    Account.GATEWAY_CLEARING: "支付通道待对账", Account.PROMOTION: "通道优惠", Account.BUYER_ESCROW: "买家保管款",
    Account.REFUND_PAYABLE: "待退款", Account.SUSPENSE: "挂账", Account.DEFERRED_COMMISSION: "待摊佣金",
    Account.LEADER_PENDING: "佣金待结算", Account.LEADER_PAYABLE: "佣金可提", Account.COMMISSION_EXPENSE: "佣金费用",
    Account.GOODS_ON_HAND: "在库商品", Account.MERCHANT_PAYABLE: "应付货款", Account.SALES: "货款收入",
    Account.COST_OF_GOODS: "商品成本", Account.DELIVERY_INCOME: "配送费收入", Account.RETURNS: "售后退款",
    Account.POINT_FEE_EXPENSE: "自提点费用", Account.POINT_FEE_PAYABLE: "应付自提点",
    Account.WITHDRAWAL_HOLD: "提现途中", Account.GATEWAY_BALANCE: "支付通道余额", Account.GATEWAY_FEE: "通道手续费",
    Account.BANK: "银行存款", Account.BANK_IN_TRANSIT: "银行在途", Account.CASH_AT_DESK: "柜台现金",
    Account.CASH_DIFFERENCE: "现金长短款", Account.DIFFERENCES: "认账差异",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """Who and what an entry is about; what does not belong to it stays empty.

    `number` is the payment's, refund's, payout's, file's or shift's own, `goods` a line's name and units, `reason` why
    money goes back, `act` how units left the shelf.
    """

    number: str = ""
    order: str = ""
    payer: str = "付款人"
    goods: str = "商品"
    reason: str = "退款"
    act: str = "交付"
    point: str = "自提点"


_REFUND_BACK = "支付通道先前受理的 {fen} 没有退成，仍算在通道账上"
_COMMISSION = ("{goods}记佣金 {fen}，归{owner}，待结算", "{goods}退款或降价，{owner}的佣金减少 {fen}")
_RELEASED = ("{goods}售后期已过，{owner}的佣金 {fen} 由待结算转为可提", "{owner}的可提佣金随之减少 {fen}")
_ASKED = ("{owner}申请提现 {fen}（提现单 {number}），等支付通道付出", "")
_RETURNED = ("提现单 {number} 没有付成，{fen} 退回{owner}可提余额", "")

WORDS: Mapping[Event, Mapping[str, tuple[str, str]]] = {
    Event.PAYMENT_SUCCEEDED: {
        "settled": ("{payer}付款 {fen}（付款单 {number}），由支付通道代收，先为订单 {order} 保管", ""),
        "promotion": ("支付通道的优惠券付了 {fen}（付款单 {number}），同样为订单保管", ""),
    },
    Event.PAYMENT_UNWANTED: {
        "settled": ("{payer}迟到或重复支付 {fen}（付款单 {number}），不计入订单，转入待退款", ""),
        "promotion": ("其中优惠券付的 {fen} 也转入待退款", ""),
    },
    Event.PAYMENT_UNMATCHED: {
        "settled": ("到账 {fen}（单号 {number}）与订单对不上，先挂账", ""),
        "promotion": ("其中优惠券付的 {fen} 也先挂账", ""),
    },
    Event.REFUND_DECIDED: {"amount": ("{reason}：{goods} {fen} 由保管款转入待退款（退款单 {number}）", "")},
    Event.REFUND_ACCEPTED: {
        "settled": ("支付通道受理退款单 {number}，{fen} 原路退给{payer}", ""),
        "promotion": ("退款单 {number} 中优惠券付的 {fen} 退回支付通道", ""),
    },
    Event.REFUND_CLOSED: {
        "settled": ("支付通道关闭退款单 {number}，{fen} 回到待退款，换新单号再退", ""),
        "promotion": ("其中优惠券付的 {fen} 也回到待退款", ""),
    },
    Event.COMMISSION_PENDING: {"commission": _COMMISSION, "helper": _COMMISSION},
    Event.GOODS_ARRIVED: {"cost": ("{point}到货，按供货价应付{owner} {fen}", "{goods}当面退坏，应付{owner}减少 {fen}")},
    Event.UNITS_HANDED_OVER: {
        "sales": ("{goods}{act}，保管款 {fen} 转为货款收入", "{goods}撤销交付，货款收入 {fen} 退回保管款"),
        "delivery": ("配送完成，配送费 {fen} 由保管款转为收入", "撤销交付，配送费 {fen} 退回保管款"),
        "cost": ("{goods}按供货价 {fen} 由在库转为成本", "{goods}撤销交付，成本 {fen} 转回在库"),
        "commission": ("{goods}的佣金 {fen} 计入费用", "{goods}的佣金费用减少 {fen}"),
    },
    Event.COMMISSION_RELEASED: {"commission": _RELEASED, "helper": _RELEASED},
    Event.REFUND_AFTER_SALES: {"amount": ("{reason}：已交付的{goods}退 {fen}，转入待退款（退款单 {number}）", "")},
    Event.BORNE_BY_SUPPLIER: {"amount": ("{goods}售后由{owner}承担 {fen}，从应付货款扣除", "")},
    Event.BORNE_BY_LEADER: {"amount": ("{goods}售后由{owner}承担 {fen}，从可提佣金扣除", "")},
    Event.REFUND_BY_HAND: {
        "bank": ("两位同事用银行转账付清退款单 {number}，共 {fen}", ""),
        "cash": ("两位同事用现金付清退款单 {number}，共 {fen}", ""),
        "settled": (_REFUND_BACK, ""),
        "promotion": (_REFUND_BACK, ""),
    },
    Event.POINT_FEE: {"fee": ("在{owner}交付一单，应付服务费 {fen}", "撤销交付，{owner}的服务费冲回 {fen}")},
    Event.SUSPENSE_REFUNDED: {"amount": ("挂账的 {fen}（单号 {number}）查明后转入待退款", "")},
    Event.SUSPENSE_BY_HAND: {"amount": ("挂账的 {fen}（单号 {number}）查明后由银行退还", "")},
    Event.WITHDRAWAL_ASKED: {"commission": _ASKED, "point_fee": _ASKED},
    Event.WITHDRAWAL_RETURNED: {"commission": _RETURNED, "point_fee": _RETURNED},
    Event.WITHDRAWAL_PAID: {"amount": ("提现单 {number} 已确认，支付通道付给{owner} {fen}", "")},
    Event.MERCHANT_PAID: {"amount": ("应付{owner}的 {fen} 写进银行付款文件 {number}", "")},
    Event.MERCHANT_CONFIRMED: {"amount": ("银行确认付给{owner} {fen}（付款文件 {number}）", "")},
    Event.MERCHANT_RETURNED: {"amount": ("银行退回付给{owner}的 {fen}（付款文件 {number}），仍然应付", "")},
    Event.DESK_CASH: {"amount": ("柜台收{payer}现金 {fen}（付款单 {number}），先为订单 {order} 保管", "")},
    Event.CASH_HANDED_OVER: {"amount": ("班次 {number} 的现金 {fen} 已交接，存入银行", "")},
    Event.CASH_DIFFERENCE: {"amount": ("班次 {number} 点钞短了 {fen}", "班次 {number} 点钞多了 {fen}")},
    Event.BILL_TRADE: {
        "amount": ("账单列出付款单 {number}，{fen} 进入通道余额", "账单更正付款单 {number}，减少 {fen}")
    },
    Event.BILL_FEE: {"amount": ("账单对 {number} 收手续费 {fen}", "账单退回 {number} 的手续费 {fen}")},
    Event.BILL_REFUND: {
        "amount": ("账单列出退款单 {number}，{fen} 离开通道余额", "账单更正退款单 {number}，加回 {fen}")
    },
    Event.BILL_TRANSFER: {
        "amount": ("账单列出提现单 {number}，{fen} 离开通道余额", "账单列出提现单 {number} 退回，{fen} 回到通道余额")
    },
    Event.BILL_FUNDS: {"amount": ("账单列出充值 {fen}，由银行进入通道余额", "账单列出提出 {fen}，由通道余额进入银行")},
    Event.DIFFERENCE_ACCEPTED: {
        "amount": ("两位同事认下 {number} 与账单的差异 {fen}", "两位同事认下 {number} 与账单的差异 -{fen}")
    },
}
"""For each amount of an event: the sentence when it is positive, and when it is negative ("" where it never is)."""

STRAY = "有不合规则的记账：{legs}"


def sentence(event: Event, amount: str, fen: int, facts: Facts, owner: str) -> str:
    """One amount of an entry in words; `owner` is the payee whose account it touches."""
    more, less = WORDS[event][amount]
    return (more if fen > 0 or not less else less).format(fen=yuan(abs(fen)), owner=owner, **vars(facts))


def account(name: str, owner: str = "") -> str:
    """An account as people read it."""
    return f"{ACCOUNTS[Account(name)]}（{owner}）" if owner else ACCOUNTS[Account(name)]
