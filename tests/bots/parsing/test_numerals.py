"""Numbers as people write them."""

from fractions import Fraction

import pytest

from bots.parsing.names import within_one_edit
from bots.parsing.numerals import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0), ("2", 2), ("007", 7), ("1.5", Fraction(3, 2)), ("两", 2),
        ("俩", 2), ("仨", 3), ("半", Fraction(1, 2)), ("两半", Fraction(5, 2)), ("十", 10),
        ("十二", 12), ("二十", 20), ("廿五", 25), ("九十九", 99), ("一百", 100),
        ("一百零二", 102), ("一百二", 120), ("一百二十", 120), ("一百一十二", 112), ("两百五", 250),
        ("一千二", 1200), ("一万", 10000), ("三千零五", 3005),
    ],
)  # fmt: skip
def test_numeral_has_its_value(text: str, value: Fraction | int) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["", "两三", "三四五", "百二", "十十", "一二三", "万万", "半半", "1.2.3", "一" * 40, "9" * 40, "x"]
)
def test_what_is_no_number_has_none(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("大闸蟹", "大闸蟹", True), ("大匝蟹", "大闸蟹", True), ("闸蟹", "大闸蟹", True), ("大大闸蟹", "大闸蟹", True),
        ("蟹闸大", "大闸蟹", False), ("草莓", "大闸蟹", False), ("", "蟹", True), ("", "闸蟹", False),
    ],
)  # fmt: skip
def test_one_slip_is_near_and_two_are_not(left: str, right: str, near: bool) -> None:
    assert within_one_edit(left, right) is near
    assert within_one_edit(right, left) is near
