"""⑩ The books: the equation, the balance of every account, and the judge."""

from __future__ import annotations

import time

from demo import judge as judging
from demo.chapters.paying_out import balances
from demo.http import Json
from demo.story import Story
from demo.transcript import yuan


def judge(story: Story, began: float) -> bool:
    """Compare the books with the gateway's and prove the invariants; whether nothing differs."""
    story.transcript.chapter("⑩ 账")
    payments, refunds = list(story.payments().values()), list(story.operator.pages("/api/admin/refunds"))
    ledger = story.sandbox.get("/control/ledger")
    differences = judging.compare(payments, refunds, ledger)
    left = _equation(story)
    gap = _gap(story, ledger)
    differences += judging.payouts(list(story.operator.pages("/api/admin/statements")), ledger)
    received, returned = judging.totals(payments, refunds)
    theirs = f"支付方收 {yuan(ledger['received_fen'])}、退 {yuan(ledger['refunded_fen'])}"
    rows = (
        f"逐笔比对 {len(ledger['payments'])} 笔付款、{len(ledger['refunds'])} 笔退款、{len(ledger['transfers'])} 笔提现"
    )
    story.transcript.more(f"{theirs}；我方收 {yuan(received)}、退 {yuan(returned)}")
    story.transcript.more(f"{rows}，不一致 {len(differences)} 处，差 {gap} 分")
    proof = story.operator.get("/api/admin/invariants")
    breaches = [f"{breach['rule']}: {breach['row']}" for breach in proof["breaches"]]
    errors = _robot_errors(story)
    took = time.monotonic() - began
    story.transcript.more(f"不变量 {proof['rules'] - len(breaches)}/{proof['rules']} · 用时 {took:.0f} s")
    for line in (*differences, *breaches, *errors):
        story.transcript.more(f"✗ {line}")
    return not (differences or breaches or errors or gap or left)


def _gap(story: Story, ledger: Json) -> int:
    """Our balance at the gateway and its fees against its own, and clearing against its open items; the fen between."""
    held = balances(story)
    clearing = story.operator.get("/api/admin/gateway-clearing")
    balance = held["gateway_balance"] - ledger["balance_fen"]
    fees = held["gateway_fee"] - (ledger["fee_fen"] - ledger["fee_back_fen"])
    story.transcript.more(
        f"支付方余额 {yuan(ledger['balance_fen'])}，我方 {yuan(held['gateway_balance'])}；手续费差 {fees} 分；"
        f"待对账 {len(clearing['items'])} 笔，说不清 {clearing['unexplained_fen']} 分"
    )
    return int(abs(balance) + abs(fees) + abs(clearing["unexplained_fen"]) + len(clearing["items"]))


def _robot_errors(story: Story) -> list[str]:
    """What the chat platform refused of the robot, in any room."""
    rooms = story.sandbox.get("/control/rooms")["rooms"]
    lines = [
        line for room in rooms for line in story.sandbox.get(f"/control/rooms/{room['room_id']}/messages", after=0)
    ]
    return [str(line["text"]) for line in lines if line["kind"] == "error"]


def _equation(story: Story) -> int:
    """What came in is where it is now; the difference in fen."""
    ledger = story.operator.get("/api/admin/ledger")
    held = balances(story)
    received, returned = judging.totals(
        list(story.payments().values()), list(story.operator.pages("/api/admin/refunds"))
    )
    sold, waiting = -held["sales"] - held["returns"], -held["buyer_escrow"]
    owed = -held["refund_payable"] - held["suspense"]
    left = received - sold - waiting - returned - owed
    story.tell(f"收 {yuan(received)} = 已交付货款 {yuan(sold)} + 待交付 {yuan(waiting)} + 已退 {yuan(returned)} + "
               f"途中 {yuan(owed)}，差 {left} 分")  # fmt: skip
    costs = {"供货": "cost_of_goods", "佣金": "commission_expense", "通道手续费": "gateway_fee"}
    profit = sold - sum(held[account] for account in costs.values())
    parts = " + ".join(f"{words} {yuan(held[account])}" for words, account in costs.items()) + f" + 毛利 {yuan(profit)}"
    accounts = f"{len(ledger['balances'])} 个账户合计 {ledger['sum_fen']} 分"
    story.transcript.more(f"货款 {yuan(sold)} = {parts}；{accounts}")
    return left + int(ledger["sum_fen"])
