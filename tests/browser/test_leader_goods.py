"""From a formed campaign to the shelf, and what went wrong with it, in the leader's phone."""

from __future__ import annotations

import zipfile

from demo.clock import until
from demo.pictures import picture
from tests.browser.conftest import OpenPhone
from tests.browser.leader_scene import LEADER, closed, handed_over, joined, leader, opened
from tests.browser.town import Town


def test_what_came_short_is_shared_out_as_it_was_shown(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "到货不够的团")
    for name, crabs in (("王先生", 3), ("老陈", 1)):
        joined(town, campaign_id, name, {"大闸蟹": crabs})
    closed(town, campaign_id)

    mine = phone(LEADER, f"leader/pages/arrivals/arrivals?id={campaign_id}")
    mine.tap("开始备货")
    mine.tap("开始备货", nth=-1)
    mine.sees("待拣货")
    for step, then in (("开始拣货", "拣货中"), ("发车", "在路上")):
        mine.tap(step)
        mine.tap(step, nth=-1)
        mine.sees(then)
    mine.fill("大闸蟹：要 4 只，数到", "2")
    mine.tap("到货了")
    mine.sees("大闸蟹少 2 只")
    mine.tap("确认到货", nth=-1)
    mine.tap("去分配")
    mine.sees("大闸蟹 要 3 得 1 只")
    mine.sees("退 ¥116.00")
    mine.tap("就这样分")
    mine.sees("一共退 ¥116.00")
    mine.tap("确认分配", nth=-1)
    mine.sees("没有缺货，不用分配。")

    until("the shortage's refund", lambda: _refunded(town, campaign_id) == 11600)


def test_money_goes_back_for_single_units_of_an_order(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "要退一样的团")
    joined(town, campaign_id, "王先生", {"大闸蟹": 2, "红颜草莓": 1})
    closed(town, campaign_id)
    mine = phone(LEADER, f"leader/pages/roster/roster?id={campaign_id}")
    mine.tap("王先生")
    mine.tap("退款")
    mine.sees("全部退款")
    mine.tap("退 红颜草莓减一")
    mine.tap("退 大闸蟹减一")
    mine.fill("原因", "蒸坏一只")
    mine.tap("退这 1 份")
    mine.tap("知道了")
    mine.sees("大闸蟹 1只（已退 1只）、红颜草莓 1盒")
    until("the leader's refund", lambda: _refunded(town, campaign_id) == 5800)


def test_a_paper_is_opened_and_kept_as_a_workbook(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "要备货的团")
    joined(town, campaign_id, "王先生", {"大闸蟹": 2})
    closed(town, campaign_id)
    mine = phone(LEADER, f"leader/pages/campaign/campaign?id={campaign_id}")
    mine.tap("拣货单", exact=False)
    mine.tap("在手机上打开表格")
    mine.sees("打开 pick-list.xlsx")
    with mine.page.expect_download() as kept:
        mine.tap("打开 pick-list.xlsx")
    assert kept.value.suggested_filename == "pick-list.xlsx"
    assert zipfile.is_zipfile(kept.value.path())
    mine.tap("关闭")
    mine.sees("接龙名单")


def test_a_complaint_is_answered_with_less_and_words(phone: OpenPhone, town: Town) -> None:
    campaign_id = opened(town, "有坏果的团")
    order = joined(town, campaign_id, "赵奶奶", {"红颜草莓": 2})
    closed(town, campaign_id)
    handed_over(town, campaign_id)
    buyer = town.person("赵奶奶").app
    shot = {"picture": ("a.png", picture((214, 40, 57)), "image/png")}
    proof = [buyer.upload("/api/resident/evidence", shot, {})["id"]]
    wrong = {"line": order["lines"][0]["id"], "reason": "bad", "units": 1, "words": "压坏了一盒", "evidence": proof}
    claim = buyer.post(f"/api/resident/orders/{order['id']}/claims", wrong)
    until("the words to pass", lambda: not buyer.get(f"/api/resident/claims/{claim['id']}")["words_check"])

    mine = phone(LEADER, "leader/pages/claims/claims")
    mine.sees("“压坏了一盒”")
    mine.tap("答复", nth=-1)
    mine.tap("少退一些")
    mine.fill("退多少（元）", "99")
    mine.tap("提出这个金额")
    mine.sees("写一个比 ¥29.90 少的金额")
    mine.fill("退多少（元）", "15")
    mine.fill("对买家说", "坏了一半，退一半")
    mine.tap("提出这个金额")
    mine.sees_not("压坏了一盒")

    answered = buyer.get(f"/api/resident/orders/{order['id']}")["claims"][0]
    assert (answered["id"], answered["state"], answered["answer_fen"]) == (claim["id"], "offered", 1500)


def _refunded(town: Town, campaign_id: str) -> int:
    return sum(row["refunded_fen"] for row in leader(town).pages(f"/api/leader/campaigns/{campaign_id}/roster"))
