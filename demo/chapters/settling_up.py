"""⑦ The books: the commission's way, the balance of every account, and the judge."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

from demo import judge as judging
from demo.clock import until
from demo.story import Story
from demo.transcript import yuan


def tell(story: Story) -> None:
    """From pending to payable."""
    story.transcript.chapter("⑦ 账")
    before = _balances(story)
    pending, payable = -before["leader_pending"], -before["leader_payable"]
    story.tell(f"团长佣金：待结 {yuan(pending)}，可提 {yuan(payable)}（提完货先等售后期）")
    story.go_to(story.clock.now() + timedelta(hours=25))
    after = until("the commission to be released", lambda: _released(story))
    story.tell(
        f"售后期过了：待结 {yuan(-after['leader_pending'])}（未提货的团），可提 {yuan(-after['leader_payable'])}"
    )


def judge(story: Story, began: float) -> bool:
    """Compare the books with the gateway's and prove the invariants; whether nothing differs."""
    payments, refunds = list(story.payments().values()), list(story.operator.pages("/api/admin/refunds"))
    ledger = story.sandbox.get("/control/ledger")
    differences = judging.compare(payments, refunds, ledger)
    left = _equation(story)
    gap = ledger["net_fen"] - _balances(story)["gateway_clearing"]
    received, returned = judging.totals(payments, refunds)
    theirs = f"支付方收 {yuan(ledger['received_fen'])}、退 {yuan(ledger['refunded_fen'])}"
    rows = f"逐笔比对 {len(ledger['payments'])} 笔付款、{len(ledger['refunds'])} 笔退款"
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
    held = _balances(story)
    received, returned = judging.totals(
        list(story.payments().values()), list(story.operator.pages("/api/admin/refunds"))
    )
    sold, waiting = -held["sales"], -held["buyer_escrow"]
    owed = -held["refund_payable"] - held["suspense"]
    left = received - sold - waiting - returned - owed
    story.tell(f"收 {yuan(received)} = 已交付货款 {yuan(sold)} + 待交付 {yuan(waiting)} + 已退 {yuan(returned)} + "
               f"途中 {yuan(owed)}，差 {left} 分")  # fmt: skip
    profit = sold - held["cost_of_goods"] - held["commission_expense"]
    parts = f"供货 {yuan(held['cost_of_goods'])} + 佣金 {yuan(held['commission_expense'])} + 毛利 {yuan(profit)}"
    accounts = f"{len(ledger['balances'])} 个账户合计 {ledger['sum_fen']} 分"
    story.transcript.more(f"货款 {yuan(sold)} = {parts}；{accounts}")
    return left + int(ledger["sum_fen"])


def _balances(story: Story) -> Counter[str]:
    """The balance of each account, its owners added up."""
    sums: Counter[str] = Counter()
    for row in story.operator.get("/api/admin/ledger")["balances"]:
        sums[row["account"]] += row["amount_fen"]
    return sums


def _released(story: Story) -> Counter[str] | None:
    """The balances once the commission on everything handed over may be withdrawn."""
    now = _balances(story)
    return now if -now["leader_payable"] == now["commission_expense"] else None
