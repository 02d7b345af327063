"""The sentences and the equation that every explanation of orders shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from domain.clock import local
from domain.money import yuan
from models import Refund
from services.explaining import facts, words
from services.explaining.holdings import ON_THE_WAY, Holdings, waiting_fen
from services.explaining.shapes import Difference, EntryView, Equation, Term

WAITS = {
    "": "等待提交", "waiting_funds": "等商户账户充值", "staff_task": "等人工退款", "refused": "支付通道拒绝，等人工处理"
}  # fmt: skip
DONE = ("succeeded",)
STATES = {"submitted": "支付通道处理中", "succeeded": "已到账", "abnormal": "退款异常，等人工处理", "closed": "已关闭"}


def told(entries: Iterable[EntryView]) -> list[str]:
    """Each entry as a sentence that begins with its time."""
    return [f"{local(entry.at)} {entry.sentence}。" for entry in entries]


def troubles(differences: Iterable[Difference]) -> list[str]:
    """Each account that does not hold what the rows say."""
    return [
        f"说不清：{words.account(row.account, row.owner)}账上 {yuan(row.booked_fen)}，"
        f"单据应为 {yuan(row.expected_fen)}。"
        for row in differences
    ]


def money_of(of: Holdings) -> Equation:
    """What was received for these orders, and where it is now: a sum over payments against lines and refunds."""
    waiting = sum(waiting_fen(each.order, [line for line, _ in each.lines]) for each in of.placed)
    received = sum(payment.received_fen for payment, _ in of.payments)
    kept = sum(line.sales_fen - line.aftersales_fen for line in of.lines)
    back = {state: sum(row.amount_fen for row in of.refunds if row.state in state) for state in (DONE, ON_THE_WAY)}
    return Equation(
        Term("received", "收款", received),
        [
            Term("handed_over", "已交付商品", kept),
            Term("delivery", "已完成配送", sum(each.order.fee_earned_fen for each in of.placed)),
            Term("waiting", "待交付", waiting),
            Term("refunded", "已退到账", back[DONE]),
            Term("refund_on_the_way", "退款途中", back[ON_THE_WAY]),
            Term("suspense", "挂账", sum(case.received_fen for case in of.cases if case.state == "open")),
        ],
    )  # fmt: skip


def refund_words(refund: Refund) -> str:
    """How a refund stands."""
    how = WAITS.get(refund.waiting, "等待提交") if refund.state == "requested" else STATES[refund.state]
    by_hand = "，由人工经银行转账" if refund.channel == "bank" else ""
    return f"退款单 {refund.public_id} {yuan(refund.amount_fen)}：{how}{by_hand}。"


def reasons(of: Holdings) -> list[tuple[str, int, int]]:
    """Why money went back: (words, fen, units), the largest sum first."""
    fen: Counter[str] = Counter()
    units: Counter[str] = Counter()
    for part, _, _ in of.parts:
        fen[part.reason] += part.amount_fen
        units[part.reason] += part.units
    return [(facts.reason_words(reason), sum_, units[reason]) for reason, sum_ in fen.most_common()]
