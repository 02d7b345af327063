"""Who opens the mini-program for the first time is asked once, may say no and look around, and pays in five taps."""

from __future__ import annotations

from tests.browser.conftest import OpenPhone
from tests.browser.phones import Phone
from tests.browser.resident_scene import CRAB
from tests.browser.town import Town


def newcomer(phone: OpenPhone, town: Town, name: str) -> Phone:
    """A phone whose holder has never been here, opened by a campaign's card."""
    town.sandbox.person(name)
    mine = phone(name, f"pages/campaign/campaign?id={town.campaign_id}")
    mine.sees("欢迎来到邻团")
    return mine


def test_who_agrees_at_the_first_opening_pays_in_five_taps(phone: OpenPhone, town: Town) -> None:
    mine = newcomer(phone, town, "初来")
    mine.tap("同意并继续")
    mine.sees_not("欢迎来到邻团")
    mine.tap(f"{CRAB}加一")
    mine.tap("去结算")
    mine.tap("提交并支付")
    mine.tap("付款")
    assert mine.taps == 5
    mine.tap("允许")
    mine.sees("接龙号")
    mine.open(f"pages/campaign/campaign?id={town.campaign_id}").sees("正在接龙")
    mine.settle().sees_not("欢迎来到邻团")


def test_who_does_not_agree_looks_around_and_is_asked_again_next_time(phone: OpenPhone, town: Town) -> None:
    mine = newcomer(phone, town, "观望")
    mine.tap("不同意，先看看")
    mine.sees_not("欢迎来到邻团")
    mine.tap(f"{CRAB}加一")
    mine.go("pages/home/home").settle().sees_not("欢迎来到邻团")
    mine.go("pages/agreement/agreement")
    mine.sees("还没有同意")
    mine.open(f"pages/campaign/campaign?id={town.campaign_id}")
    mine.sees("欢迎来到邻团")
