"""What stands at the point: the code, a neighbour who fetches, and after-sales with a picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from demo.clock import until
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import Counter
from tests.browser.resident_scene import arrived
from tests.browser.town import Town


@pytest.fixture(scope="session")
def counter(town: Town) -> Counter:
    """A point where goods wait for three neighbours."""
    return arrived(town, "北门菜站", "何姐", "吕哥", "施姨")


def test_the_order_shows_code_qr_and_number_as_the_desk_wants_them(phone: OpenPhone, counter: Counter) -> None:
    code = counter.pickup("何姐")["code"]
    mine = phone("何姐", f"pages/order/order?id={counter.orders['何姐']['id']}")
    mine.sees("待提货")
    mine.sees(f"{code[:4]} {code[4:]}")
    mine.sees("北门菜站")
    image = mine.page.get_by_label("提货二维码，点开放大").first
    until("the QR to be drawn", lambda: image.evaluate("image => image.naturalWidth > 0"))


def test_a_new_code_makes_the_old_one_void(phone: OpenPhone, counter: Counter) -> None:
    old = counter.pickup("何姐")["code"]
    mine = phone("何姐", f"pages/order/order?id={counter.orders['何姐']['id']}")
    mine.tap("换一个码")
    mine.tap("换码")
    mine.sees_not(f"{old[:4]} {old[4:]}")
    new = counter.pickup("何姐")["code"]
    mine.sees(f"{new[:4]} {new[4:]}")


def test_after_sales_are_asked_for_with_a_picture(phone: OpenPhone, counter: Counter, tmp_path: Path) -> None:
    counter.hand_over("小方", "吕哥")
    picture = tmp_path / "crab.png"
    Image.new("RGB", (320, 240), (196, 92, 40)).save(picture)
    mine = phone("吕哥", f"pages/order/order?id={counter.orders['吕哥']['id']}")
    mine.tap("申请售后")
    mine.tap("坏了")
    mine.fill("哪里不对，请简单写一下", "一只已经死了")
    mine.tap("添加照片")
    with mine.page.expect_file_chooser() as chooser:
        mine.tap("从手机相册选择")
    chooser.value.set_files(picture)
    mine.sees("已选照片")
    mine.tap("提交申请")
    mine.sees("等团长答复")
    mine.sees("凭证图片")
    (claim,) = counter.person("吕哥").app.pages("/api/resident/claims")
    assert (claim["words"], len(claim["evidence"])) == ("一只已经死了", 1)


def test_a_neighbour_fetches_with_a_pass_that_is_dead_once_taken_back(phone: OpenPhone, counter: Counter) -> None:
    mine = phone("施姨", f"pages/order/order?id={counter.orders['施姨']['id']}")
    mine.tap("请邻居代取")
    mine.fill("给谁（自提点看得到）", "302 小李")
    with mine.page.expect_response("**/passes") as made:
        mine.tap("生成代取码")
    theirs = phone("何姐", made.value.json()["path"])
    theirs.sees("替 施** 取货")
    theirs.sees("大闸蟹 ×2")
    qr = theirs.page.get_by_label("代取二维码，点开放大").first
    until("the QR to be drawn", lambda: qr.evaluate("image => image.naturalWidth > 0"))
    mine.tap("作废这个代取码")
    mine.sees("代取码已作废")
    theirs.open(made.value.json()["path"])
    theirs.sees("被收回")


def test_what_one_is_told_stands_in_the_inbox_and_a_tap_leads_to_the_order(phone: OpenPhone, counter: Counter) -> None:
    person = counter.person("何姐")
    mine = phone("何姐", "pages/inbox/inbox")
    for told in ("未读，到货了", "未读，已成团"):
        mine.tap(told, exact=False)
        mine.at("pages/order/order")
        mine.tap("返回")
        mine.at("pages/inbox/inbox")
    mine.sees_not("●")
    until("both to be read", lambda: all(notice["read_at"] for notice in person.inbox()))
