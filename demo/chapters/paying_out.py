"""⑨ Commission becomes payable, statements are drafted and approved by two, withdrawn and confirmed; bills are read."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import partial

from demo.chapters.money import HELPER, KEY
from demo.clock import until
from demo.http import Json
from demo.story import LEADER, Story
from demo.transcript import SHANGHAI, instant, yuan

TOP_UP_FEN = 100_000
PAYEES = (LEADER, HELPER)


def tell(story: Story) -> None:
    """From pending to money on a phone, and to the gateway's own bill."""
    story.transcript.chapter("⑨ 结算、提现、对账")
    _release(story)
    story.sandbox.post("/control/funds/top-up", {"fen": TOP_UP_FEN})
    statements = _two_operators(story)
    _withdraw(story, statements)
    _reconcile(story)
    _explain(story)


def balances(story: Story) -> Counter[str]:
    """The balance of each account, its owners added up."""
    sums: Counter[str] = Counter()
    for row in story.operator.get("/api/admin/ledger")["balances"]:
        sums[row["account"]] += row["amount_fen"]
    return sums


def _release(story: Story) -> None:
    before = balances(story)
    pending, payable = -before["leader_pending"], -before["leader_payable"]
    story.tell(f"团长佣金：待结 {yuan(pending)}，可提 {yuan(payable)}（提完货先等售后期）")
    story.go_to(story.clock.now() + timedelta(hours=25))
    after = until("the commission to be released", lambda: _released(story))
    story.tell(
        f"售后期过了：待结 {yuan(-after['leader_pending'])}（未提货的团），可提 {yuan(-after['leader_payable'])}"
    )


def _released(story: Story) -> Counter[str] | None:
    """The balances once the commission on everything handed over may be withdrawn."""
    now = balances(story)
    return now if -now["leader_payable"] == now["commission_expense"] else None


def _two_operators(story: Story) -> dict[str, Json]:
    """Statements by their payee's name; one operator drafts, only another may approve."""
    drafted = story.operator.post("/api/admin/statements/draft", {})["statements"]
    refused = story.operator.refused(403, "POST", f"/api/admin/statements/{drafted[0]['id']}/approve")
    for row in drafted:
        story.colleague.post(f"/api/admin/statements/{row['id']}/approve")
    words = "、".join(f"{row['payee']} {yuan(row['amount_fen'])}" for row in drafted)
    story.tell(f"运营小周起草结算单：{words}；自己复核 → {refused['status']}「{refused['detail']}」；小吴复核通过")
    return {row["payee"]: row for row in drafted}


def _withdraw(story: Story, statements: dict[str, Json]) -> None:
    for name in PAYEES:
        path = f"/api/leader/statements/{statements[name]['id']}"
        asked = story.person(name).app.post(f"{path}/withdrawal")
        number = asked["statement"]["payout"]["number"]
        story.sandbox.post(f"/control/transfers/{number}/confirm", {"person": name})
        until(f"{name}'s payout", partial(_paid, story, name, path))
        lines = list(story.person(name).app.pages(f"{path}/lines"))
        story.tell(f"{name} 提现 {yuan(statements[name]['amount_fen'])}（{len(lines)} 笔明细），微信里确认收款 → 到账")


def _paid(story: Story, name: str, path: str) -> bool:
    return bool(story.person(name).app.get(path)["state"] == "paid")


def _reconcile(story: Story) -> None:
    """The next morning, every day's bill."""
    here = story.clock.now().astimezone(SHANGHAI)
    story.go_to((here + timedelta(days=1)).replace(hour=10, minute=30, second=0, microsecond=0))
    rows = [row for row in story.payments().values() if row["succeeded_at"]]
    first = min(instant(row["succeeded_at"]).astimezone(SHANGHAI).date() for row in rows)
    today = story.clock.now().astimezone(SHANGHAI).date()
    days = [first + timedelta(days=number) for number in range((today - first).days)]
    for day in days:
        story.operator.post("/api/admin/bill-days", {"date": str(day)})
    _tell_of_bills(story, days)


def _tell_of_bills(story: Story, days: list[date]) -> None:
    query = {"since": str(days[0]), "until": str(days[-1])}
    shown = story.operator.get("/api/admin/bill-days", **query)
    matched, cases = (sum(row[name] for row in shown if row["kind"] == "trade") for name in ("matched", "open_cases"))
    held = balances(story)
    story.tell(f"读 {len(days)} 天的交易账单与资金账单：{matched} 笔逐笔对上，差异 {cases} 件；"
               f"手续费 {yuan(held['gateway_fee'])} 入账，通道余额 {yuan(held['gateway_balance'])}")  # fmt: skip


def _explain(story: Story) -> None:
    """One order in sentences, as an operator gets it."""
    order = story.orders[f"{KEY}:王先生"]
    told = story.operator.get(f"/api/admin/explain/order/{order['id']}")
    story.tell(f"解释一张订单：{told['entry_count']} 笔分录，说不清 {told['unexplained_fen']} 分")
    for sentence in told["sentences"]:
        story.transcript.more(sentence.replace(order["id"], "王先生的单"))
