"""The pages behind the chat's links: what they tell everybody, and what they tell nobody."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from domain.actors import SYSTEM
from services.campaigns import ending
from services.transactions import Transactions
from tests.builders.campaigns import Scene, Terms, buy, place, scene, settle, stage_of
from tests.builders.clock import FrozenClock

NASTY = "<script>alert(1)</script>"


@pytest.fixture
def stage(unit: Transactions) -> Scene:
    return stage_of(unit, Terms(quota=10, fresh=True, per_person=5), minimum=3, arrival_text="周六 16:00 后到货")


def text_of(client: FlaskClient, path: str, status: int = 200) -> str:
    """The words of a page, its markup taken out."""
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_a_campaign_page_says_what_a_buyer_must_know(client: FlaskClient, unit: Transactions, stage: Scene) -> None:
    buy(unit, stage, 0, 2)
    page = text_of(client, f"/m/campaigns/{stage.campaign}")
    for words in (
        "周五大闸蟹", "邻团演示商户", "还差 2 人", "1 人 · 2 份", "周六 16:00 后到货",
        "不成团，已付款的全部原路退回", "¥29.90", "还剩 8 盒", "每人限购 5 盒", "到货当日 2",
        "小时内凭照片售后", "居** 红颜草莓×2",
    ):  # fmt: skip
        assert words in page
    assert "居民" not in page


def test_a_campaign_page_never_says_formed_before_it_is_decided(client: FlaskClient, unit: Transactions) -> None:
    of = stage_of(unit, Terms(), minimum=1)
    buy(unit, of, 0)
    page = text_of(client, f"/m/campaigns/{of.campaign}")
    assert "已达 1 人，截团时确认" in page
    assert "已成团" not in page


def test_a_campaign_page_tells_its_end(client: FlaskClient, unit: Transactions, clock: FrozenClock) -> None:
    of = stage_of(unit, Terms(minimum_units=4), minimum=3, state="closed", epoch=1)
    page = text_of(client, f"/m/campaigns/{of.campaign}")
    assert "已截团，结果稍后公布" in page
    assert "想参团" not in page
    settle(unit, of)
    assert "未成团，原路退款" in text_of(client, f"/m/campaigns/{of.campaign}")


@pytest.mark.parametrize(("kind", "words"), [("form_anyway", "不够时 照常成团"), ("extend", "不够时 延长到")])
def test_a_campaign_page_announces_what_happens_below_the_minimum(
    client: FlaskClient, unit: Transactions, clock: FrozenClock, kind: str, words: str
) -> None:
    until = clock.now() + timedelta(days=2) if kind == "extend" else None
    of = stage_of(unit, Terms(), minimum=3, below_minimum=kind, extend_until=until)
    assert words in text_of(client, f"/m/campaigns/{of.campaign}")


def test_a_campaign_page_tells_prices_that_fall_and_what_is_taken_off(
    client: FlaskClient, unit: Transactions, clock: FrozenClock
) -> None:
    of = stage_of(unit, Terms(tiers=((3, 2500), (5, 2000))), discount_over_fen=10_000, discount_fen=500)
    buy(unit, of, 0)
    page = text_of(client, f"/m/campaigns/{of.campaign}")
    for words in ("还差 2 份降到 ¥25.00", "原价 ¥29.90，满 3 盒 ¥25.00，满 5 盒 ¥20.00，先买的退差价",
                  "满 ¥100.00 减 ¥5.00"):  # fmt: skip
        assert words in page
    buy(unit, of, 1, 4)
    with unit(of.leader) as ctx:
        ending.close_now(ctx, of.campaign)
    assert "降到" not in text_of(client, f"/m/campaigns/{of.campaign}")
    settle(unit, of)
    page = text_of(client, f"/m/campaigns/{of.campaign}")
    assert "已降到 ¥20.00" in page and "¥20.00 / 盒" in page


def test_an_order_page_shows_sum_and_masked_name_only(client: FlaskClient, unit: Transactions, stage: Scene) -> None:
    order = place(unit, stage, 0, 2, recipient="隔壁小吴", note="放门口")
    page = text_of(client, f"/m/orders/{order}")
    for words in ("待付款", "¥59.80", "居**", "付款时限", "请在微信里打开小程序付款"):
        assert words in page
    for secret in ("红颜草莓", "居民", "小吴", "放门口", "138"):
        assert secret not in page


def test_an_order_page_never_tells_what_became_of_the_order(
    client: FlaskClient, unit: Transactions, stage: Scene, clock: FrozenClock
) -> None:
    paid, unpaid = buy(unit, stage, 0), place(unit, stage, 1)
    first = text_of(client, f"/m/orders/{paid}")
    assert "不用再付" in first
    assert "已付款" not in first
    clock.advance(hours=1)
    late = text_of(client, f"/m/orders/{unpaid}")
    assert "不用再付" in late
    assert "付款时限" not in late


def test_the_list_of_orders_shows_nobodys(client: FlaskClient, unit: Transactions, stage: Scene) -> None:
    place(unit, stage, 0)
    assert "请在微信里打开小程序" in (page := text_of(client, "/m/orders"))
    assert "周五大闸蟹" not in page


@pytest.mark.parametrize("path", ["orders/ord_0", "orders/cmp_01m8b057g0619z9byd2tds3x1d", "campaigns/cmp_0",
                                  "campaigns/cmp_01m8b057g0619z9byd2tds3x1d"])  # fmt: skip
def test_a_wrong_link_is_told_kindly(client: FlaskClient, path: str) -> None:
    assert "没有找到这一页" in text_of(client, f"/m/{path}", 404)


def test_a_draft_is_nobodys_to_see(client: FlaskClient, unit: Transactions) -> None:
    of = stage_of(unit, Terms(), state="draft")
    assert "没有找到这一页" in text_of(client, f"/m/campaigns/{of.campaign}", 404)


def test_nothing_that_people_write_becomes_markup(client: FlaskClient, unit: Transactions) -> None:
    of = stage_of(unit, Terms(NASTY), title=NASTY, description=NASTY, seller=NASTY)
    for path in (f"/m/campaigns/{of.campaign}", f"/m/orders/{buy(unit, of, 0)}"):
        page = client.get(path).text
        assert "<script" not in page
        assert "&lt;script&gt;" in page


def test_pages_load_only_our_own_files_and_are_not_kept(client: FlaskClient, stage: Scene) -> None:
    answer = client.get(f"/m/campaigns/{stage.campaign}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert "/m/style.css" in loaded
    for address in loaded:
        with client.get(address) as file:
            assert file.status_code == 200
    assert not re.search(r"<style|style=|<script|\son\w+=", answer.text)


def test_a_page_costs_as_many_statements_for_many_as_for_few(client: FlaskClient, unit: Transactions) -> None:
    counts: list[list[int]] = []
    for offers, buyers in ((1, 1), (4, 8)):
        with unit(SYSTEM) as ctx:
            of = scene(ctx, *(Terms(f"第{n}样") for n in range(offers)), buyers=buyers)
        orders = [buy(unit, of, who) for who in range(buyers)]
        counts.append([statements_of(unit, client, f"/m/{path}") for path in (f"campaigns/{of.campaign}",
                                                                               f"orders/{orders[0]}")])  # fmt: skip
    assert counts == [[8, 3], [8, 3]]


def statements_of(unit: Transactions, client: FlaskClient, path: str) -> int:
    """How many SELECTs a page takes."""
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    event.listen(unit.engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(unit.engine, "before_cursor_execute", note)
    return len([statement for statement in sent if statement.startswith("SELECT")])
