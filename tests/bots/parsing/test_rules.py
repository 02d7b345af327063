"""Rules for whole families of messages, each beside a message that differs in one thing and is read otherwise."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.parsing import Intent, Join, read
from bots.parsing.normalise import normalise
from tests.bots.parsing.notation import CAMPAIGNS, spell, vectors

CRAB = CAMPAIGNS["one"]
FRUIT = CAMPAIGNS["three"]
# One clause that is an order as it stands.
ORDERS = sorted(
    {
        (campaign, text)
        for campaign, text, expected in vectors()
        if not set("@＠﹫") & set(text)
        and re.match(r"(?:set|add|sub) ", expected)
        and re.fullmatch(r"[^\s,，。!！?？;；、:：()（）]+", normalise(text))
    }
)
_units = st.integers(1, 99)
_few = st.integers(1, 9)


def crabs(text: str) -> str:
    return spell(read(text, CRAB))


def chinese(number: int) -> str:
    """1 to 99 as it is spoken."""
    tens, ones = divmod(number, 10)
    digits = "零一二三四五六七八九"
    return ("" if tens < 2 else digits[tens]) + ("十" if tens else "") + (digits[ones] if ones else "")


def full_width(number: int) -> str:
    return str(number).translate({ord("0") + n: ord("０") + n for n in range(10)})


@pytest.mark.parametrize("frame", ["{}只", "大闸蟹{}只", "再加{}只", "退{}只", "我要{}只，谢谢", "改成{}只"])
@settings(derandomize=True, max_examples=60, deadline=None)
@given(_units)
def test_digits_numerals_and_full_width_digits_are_read_alike(frame: str, number: int) -> None:
    spelt = {crabs(frame.format(one)) for one in (number, chinese(number), full_width(number))}
    assert len(spelt) == 1
    assert spelt.pop().split()[1] == f"crab={number}"
    assert crabs(frame.format(number)) != crabs(frame.format(number % 99 + 1))


@pytest.mark.parametrize(("campaign", "text"), ORDERS)
@pytest.mark.parametrize("question", ["吗", "吗？", "多少钱", "是什么意思"])
def test_clause_that_asks_is_never_an_order(campaign: str, text: str, question: str) -> None:
    assert isinstance(read(text, CAMPAIGNS[campaign]), Join)
    assert not isinstance(read(text + question, CAMPAIGNS[campaign]), Join)


@pytest.mark.parametrize(
    "words", ["转让：{}", "{}，做法发群里了", "同意，+{}", "说得对+{}", "求同款+{}", "捡到一串钥匙，{}把"]
)
@settings(derandomize=True, max_examples=20, deadline=None)
@given(_few)
def test_number_of_another_trade_a_recipe_or_an_opinion_is_never_an_order(words: str, number: int) -> None:
    said = f"{number}只" if words.startswith(("转让", "{}")) else str(number)
    assert not isinstance(read(words.format(said), CRAB), Join)
    assert crabs(f"{number}只") == f"set crab={number}"


@pytest.mark.parametrize(
    "words",
    [
        "邻居送了{}只",
        "在菜场买了{}只",
        "我一口气吃了{}只",
        "他昨天买了{}只",
        "早上煮{}个",
        "一天吃{}只",
        "{}只已经取了",
    ],
)
@settings(derandomize=True, max_examples=20, deadline=None)
@given(_few)
def test_what_others_did_or_what_is_done_already_is_never_an_order(words: str, number: int) -> None:
    assert not isinstance(read(words.format(number), CRAB), Join)
    assert crabs(f"我要{number}只") == f"set crab={number}"


@pytest.mark.parametrize(
    "words",
    [
        "本来要{old}只的，现在要{new}只", "{old}只太多了，改{new}只吧", "不是{old}只，是{new}只",
        "我要的是{new}只不是{old}只", "上次{old}只不够，这次要{new}只",
        "写错了，应该是{new}只",
    ],
)  # fmt: skip
@settings(derandomize=True, max_examples=40, deadline=None)
@given(_few, _few)
def test_amount_that_no_longer_holds_is_not_ordered(words: str, old: int, new: int) -> None:
    if old != new:
        assert crabs(words.format(old=old, new=new)).split()[:2] == ["set", f"crab={new}"]


@settings(derandomize=True, max_examples=40, deadline=None)
@given(_few, _few)
def test_plus_between_two_goods_lists_them_and_before_a_number_adds(berries: int, blue: int) -> None:
    listed = f"set berry={berries} blue={blue}"
    assert spell(read(f"{berries}盒草莓+{blue}盒蓝莓", FRUIT)) == listed
    assert spell(read(f"草莓{berries}盒加{blue}盒蓝莓", FRUIT)) == listed
    assert spell(read(f"草莓+{berries} 蓝莓+{blue}", FRUIT)).startswith(f"add berry={berries} blue={blue}")


@settings(derandomize=True, max_examples=40, deadline=None)
@given(_few)
def test_picture_beside_a_number_is_the_offer_it_shows(number: int) -> None:
    assert spell(read(f"🍓x{number}", FRUIT)) == f"set berry={number}"
    assert spell(read(f"来{number}盒🫐", FRUIT)) == f"set blue={number}"
    assert _asks(read(f"来{number}盒🚗", FRUIT))


@settings(derandomize=True, max_examples=20, deadline=None)
@given(_few)
def test_amount_said_twice_is_one_amount_and_two_amounts_are_asked_back(number: int) -> None:
    assert crabs(f"{number}只（{number}只）") == crabs(f"{number}只{number}只") == f"set crab={number}"
    assert _asks(read(f"{number}只（{number + 1}只）", CRAB))


def _asks(intent: Intent) -> bool:
    return spell(intent).startswith("ask ")
