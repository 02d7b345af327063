"""At the counter: scanned and handed over, a part of it, taken back, two staff at once, and a desk with no network."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser import counter_scene, film
from tests.browser.conftest import OpenPhone
from tests.browser.counter_scene import Counter
from tests.browser.phones import Phone
from tests.browser.town import Town

DESK = "station/pages/desk/desk"
FIELD = "取货码、接龙号或手机尾号"
COLLEAGUE, CLERKS = "小郑", ("小冯", "小卫", "小蒋", "小沈", "小韩")
WANTED = {
    "钱先生": {"大闸蟹": 2, "红颜草莓": 1}, "孙阿姨": {"红颜草莓": 2}, "周大爷": {"大闸蟹": 1}, "吴奶奶": {"大闸蟹": 3},
    "郑老师": {"红颜草莓": 1}, "王先生": {"大闸蟹": 1}, "王奶奶": {"红颜草莓": 2},
}  # fmt: skip


@pytest.fixture(scope="session")
def counter(town: Town) -> Counter:
    """A point at which the goods of its neighbours stand."""
    scene = counter_scene.set_up(town, "东门驿站")
    scene.staff(COLLEAGUE)
    for name in CLERKS:
        scene.person(name)
    counter_scene.sell(scene, WANTED)
    counter_scene.arrive(scene, scene.desks[COLLEAGUE])
    return scene


def at_work(mine: Phone, scene: Counter) -> None:
    """Start to work here by an invitation; the desk opens."""
    mine.go(f"station/pages/join/join?code={scene.invite()}")
    mine.fill("你的名字", mine.person)
    mine.tap("开始上岗")
    mine.at(DESK)


def look_up(mine: Phone, typed: str) -> None:
    """Type into the one field and press the keyboard's own key."""
    mine.fill(FIELD, typed)
    mine.page.get_by_label(FIELD).and_(mine.page.locator("input")).press("Enter")


def test_a_scanned_code_is_handed_over_in_two_taps(
    camera_phone: Callable[[str, str, Path], Phone], counter: Counter, tmp_path: Path
) -> None:
    shown = film.of_qr(counter.pickup("钱先生")["qr"], tmp_path / "camera.y4m")
    mine = camera_phone(CLERKS[0], "pages/me/me", shown)
    at_work(mine, counter)
    before = mine.taps
    mine.tap("扫取货二维码")
    mine.tap("全部交付 3 件")
    mine.sees("已交付 钱**")
    assert mine.taps - before == 2
    assert counter.state("钱先生") == "collected"


def test_a_part_is_handed_over_and_a_mistake_is_taken_back_with_a_reason(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERKS[1])
    at_work(mine, counter)
    look_up(mine, counter.number("吴奶奶"))
    mine.tap("大闸蟹 公 4 两减一")
    mine.tap("交付 2 件")
    mine.sees("大闸蟹 ×2 只")
    assert counter.state("吴奶奶") == "ready"
    mine.tap("撤销")
    mine.tap("拿错了货")
    mine.sees_not("已交付 吴**")
    look_up(mine, counter.pickup("吴奶奶")["code"])
    mine.sees("全部交付 3 件")


def test_a_batch_goes_in_one_press_and_tells_of_the_one_that_was_gone(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERKS[4])
    at_work(mine, counter)
    for name in ("王先生", "王奶奶"):
        look_up(mine, counter.number(name))
        mine.tap("加入一批")
    counter.hand_over(COLLEAGUE, "王奶奶")
    mine.tap("一起交付 2 人")
    mine.sees("王**没有交成：")
    mine.sees(f"已由 {COLLEAGUE}")
    mine.sees("大闸蟹 ×1 只")
    assert counter.state("王先生") == "collected"


def test_of_two_staff_one_hands_over_and_the_other_reads_who_and_when(phone: OpenPhone, counter: Counter) -> None:
    mine = phone(CLERKS[2])
    at_work(mine, counter)
    look_up(mine, counter.pickup("孙阿姨")["code"])
    mine.sees("全部交付 2 件")
    counter.hand_over(COLLEAGUE, "孙阿姨")
    mine.tap("全部交付 2 件")
    mine.sees(f"已由 {COLLEAGUE} 交付，不能再交一次。")
    mine.sees_not("全部交付")


def test_a_desk_without_a_network_goes_on_and_names_its_conflict_when_it_is_back(
    phone: OpenPhone, counter: Counter
) -> None:
    mine = phone(CLERKS[3])
    at_work(mine, counter)
    mine.tap("离线名单")
    mine.tap("取离线名单")
    mine.sees("断网也能交货")
    mine.tap("返回")
    mine.offline()
    mine.sees("网络断了，按离线名单交货")
    look_up(mine, counter.pickup("周大爷")["code"])
    mine.tap("全部交付 1 件")
    mine.sees("已记下（离线） 周**")
    look_up(mine, counter.pickup("周大爷")["code"])
    mine.sees("本机都已经交出去了")
    counter.hand_over(COLLEAGUE, "郑老师")
    look_up(mine, counter.number("郑老师"))
    mine.tap("全部交付 1 件")
    mine.sees("2 笔离线交付等待上传")
    mine.offline(False)
    mine.tap("1 笔离线交付有冲突，请处理 ›")
    mine.sees("有冲突")
    mine.sees(COLLEAGUE)
    assert counter.state("周大爷") == "collected"
    losses = [row for row in counter.leader.pages("/api/leader/losses") if row["why"] == "twice"]
    assert len(losses) == 1
