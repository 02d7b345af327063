"""Pasted lists as phones and people write them: numbers, names, rooms, marks; what is unclear stays unclear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots.jielong.entries import Entry
from bots.jielong.reading import MOST_ENTRIES, is_pasted, read_list, title_key, too_long
from bots.parsing import OfferName

CRAB = (OfferName("a", "大闸蟹"),)
CITRUS = (OfferName("g", "贡柑"), OfferName("j", "砂糖桔"))
LIST = """#接龙
周五大闸蟹 58元/只 4两母
例 姓名 房号 数量

1. 张三 3-502 2份
2. 李四 5栋1201 两份
3. 王阿姨 ＋1
4. Lucy🌸 三斤 不要太小
5. 小明 3只 已付
（晚上来拿）
6. 老陈 取消
"""


def entries(text: str, offers: tuple[OfferName, ...] = CRAB) -> list[Entry]:
    """The entries of a list with this body."""
    return list(read_list(f"#接龙\n团\n{text}", offers).entries)


def units(text: str, offers: tuple[OfferName, ...] = CRAB) -> dict[str, int]:
    """What the only entry wishes."""
    (entry,) = entries(text, offers)
    return dict(entry.units)


def test_the_list_of_the_phone_is_read_whole() -> None:
    roster = read_list(LIST, CRAB)
    assert (roster.title, roster.hint) == ("周五大闸蟹 58元/只 4两母", "例 姓名 房号 数量")
    assert [(one.index, one.name, dict(one.units)) for one in roster.entries] == [
        (1, "张三", {"a": 2}), (2, "李四", {"a": 2}), (3, "王阿姨", {"a": 1}), (4, "Lucy🌸", {"a": 3}),
        (5, "小明", {"a": 3}), (6, "老陈", {}),
    ]  # fmt: skip
    assert [one.room for one in roster.entries[:2]] == ["3-502", "5栋1201"]
    assert [one.index for one in roster.entries if one.paid] == [5]
    assert [one.index for one in roster.entries if one.cancelled] == [6]
    assert not any(one.unclear for one in roster.entries)


@pytest.mark.parametrize(
    "marker",
    [
        "1. ",
        "1、",
        "1)",
        "1）",
        "（1）",
        "1:",
        "1：",
        "1．",
        "①",
        "1️⃣ ",
        "1 、",
        "1.",
        "１、",
        "[1] ",
        "一、",
        "No.1、",
        "#1. ",
        "1 ",
    ],
)
def test_every_way_to_number_a_line_is_known(marker: str) -> None:
    (entry,) = entries(f"{marker}张三 2份")
    assert (entry.index, entry.name, dict(entry.units)) == (1, "张三", {"a": 2})


def test_a_list_without_header_or_title_is_read_from_its_first_line() -> None:
    roster = read_list("1 毛毛妈 2份\n2 份多 3份\n3 李四 1份", CRAB)
    assert (roster.title, [(one.index, one.name) for one in roster.entries]) == (
        "", [(1, "毛毛妈"), (2, "份多"), (3, "李四")],
    )  # fmt: skip


def test_numbers_may_jump_and_lines_may_be_empty() -> None:
    found = entries("1. 张三 2份\n3. 李四 1份\n4.\n⑫ 王五 1份\n🔟 赵六 2份\n100. 钱七 1份\n101.  ")
    assert [(one.index, one.name) for one in found] == [
        (1, "张三"), (3, "李四"), (12, "王五"), (10, "赵六"), (100, "钱七"),
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "name", "wished"), [
    ("1. 张三2份", "张三", 2),
    ("1. 李四两份", "李四", 2),
    ("1. 李四十份", "李四", 10),
    ("1. 王阿姨+1", "王阿姨", 1),
    ("1. Lucy2 3份", "Lucy2", 3),
    ("1. 🌸🌸 2份", "🌸🌸", 2),
    ("1. 张三 2", "张三", 2),
    ("1. 张三 2 不要太小", "张三", 2),
    ("1. 张三3-502 2份", "张三", 2),
    ("1. 3栋502张三 2份", "张三", 2),
    ("1. 张三 13800001111 2份", "张三", 2),
    ("1. 张三（3栋）两只 未付", "张三", 2),
    ("1. 张三 大闸蟹2只", "张三", 2),
    ("1. 张三大闸蟹2只", "张三", 2),
    ("1. 张三 大闸蟹x2", "张三", 2),
])  # fmt: skip
def test_the_name_ends_where_the_wish_begins(line: str, name: str, wished: int) -> None:
    (entry,) = entries(line)
    assert (entry.name, dict(entry.units), entry.unclear) == (name, {"a": wished}, "")


@pytest.mark.parametrize(("said", "wished"), [
    ("（1贡1桔）", {"g": 1, "j": 1}),
    ("3贡 2桔", {"g": 3, "j": 2}),
    ("各2份", {"g": 2, "j": 2}),
    ("贡柑砂糖桔各3份", {"g": 3, "j": 3}),
    ("贡柑2份砂糖桔1份", {"g": 2, "j": 1}),
    ("贡柑*2+砂糖桔*1", {"g": 2, "j": 1}),
    ("\n1、贡柑2份\n2、砂糖桔1份", {"g": 2, "j": 1}),
    ("1、贡柑2份 2、砂糖桔1份", {"g": 2, "j": 1}),
    ("2贡柑", {"g": 2}),
])  # fmt: skip
def test_several_goods_in_one_entry(said: str, wished: dict[str, int]) -> None:
    assert units(f"1. 张三 {said}", CITRUS) == wished


def test_goods_numbered_inside_an_entry_do_not_swallow_the_next_person() -> None:
    found = entries("1. 张三\n1、贡柑2份\n2、砂糖桔1份\n2. 李四 贡柑1份", CITRUS)
    assert [(one.index, one.name, dict(one.units)) for one in found] == [
        (1, "张三", {"g": 2, "j": 1}), (2, "李四", {"g": 1}),
    ]  # fmt: skip


@pytest.mark.parametrize(("line", "offers"), [
    ("1. 张三", CRAB), ("1. 张三 2-3份", CRAB), ("1. 张三 半只", CRAB), ("1. 2份", CRAB), ("1. 张三 200份", CRAB),
    ("1. 张三 2份", CITRUS), ("1. 张三 葡萄2份", CITRUS), ("1. 张三 退1份", CRAB), ("1. 张三 1贡1贡", CITRUS),
])  # fmt: skip
def test_what_is_unclear_is_never_guessed(line: str, offers: tuple[OfferName, ...]) -> None:
    (entry,) = entries(line, offers)
    assert entry.unclear and (not entry.units or not entry.name)


def test_phones_are_masked_and_never_part_of_a_name_or_a_note() -> None:
    (entry,) = entries("1. 张三13800001111 3-502 2份 放门口13900002222")
    assert "3800001111" not in repr(entry) and "39000022" not in repr(entry)
    assert entry.name == "张三"


@pytest.mark.parametrize(
    ("said", "paid"), [("已付", True), ("付了", True), ("未付", False), ("没付款", False), ("待付款", False)]
)
def test_only_who_says_so_has_paid(said: str, paid: bool) -> None:
    assert entries(f"1. 张三 2份 {said}")[0].paid is paid


@pytest.mark.parametrize(
    "text", ["2份", "接龙", "接龙2份", "接龙进度", "1、草莓2盒\n2、蓝莓1盒", "张三 2份\n李四 1份", "#接龙\n团\n还没人"]
)
def test_what_one_neighbour_says_is_no_list(text: str) -> None:
    assert not is_pasted(text)


@pytest.mark.parametrize(
    "text", [LIST, "@小邻 " + LIST, "#Group Note\nFruit\n1. Ann 2", "接龙 大闸蟹\n1、张三 2份", "#接龙大闸蟹\n①张三"]
)
def test_a_list_is_known_by_its_header_and_a_numbered_line(text: str) -> None:
    assert is_pasted(text, "小邻")


def test_the_same_title_is_known_however_it_is_decorated() -> None:
    assert title_key("🦀 周五 大闸蟹！！") == title_key("周五大闸蟹") != title_key("周六大闸蟹")


def test_two_thousand_lines_are_too_long_and_no_list_is_ever_read_in_part() -> None:
    text, over = (
        "#接龙\n团\n" + "\n".join(f"{at}. 张三 2份" for at in range(1, last + 1)) for last in (2000, MOST_ENTRIES + 1)
    )
    assert too_long(text) and not too_long(LIST)
    assert not too_long(over) and len(read_list(over, CRAB).entries) == MOST_ENTRIES + 1


NAMES = st.text(
    "张王李赵钱孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施孔曹严华金魏陶姜ABCdef🌸🐱", min_size=2, max_size=6
).filter(lambda name: not name.isascii() or name.isalpha())
WISHES = st.dictionaries(st.sampled_from(["g", "j"]), st.integers(1, 99), min_size=1)
MARKERS = st.sampled_from(["{}. ", "{}、", "{}) ", "{}）", "{}: "])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(NAMES, WISHES, st.booleans()), min_size=1, max_size=12), MARKERS)
def test_a_list_that_was_written_down_is_read_back(people: list[tuple[str, dict[str, int], bool]], marker: str) -> None:
    names = {"g": "贡柑", "j": "砂糖桔"}
    lines = [
        f"{marker.format(at)}{name} {' '.join(f'{names[key]}{number}份' for key, number in wish.items())}"
        f"{' 已付' if paid else ''}"
        for at, (name, wish, paid) in enumerate(people, 1)
    ]
    found = read_list("\n".join(["#接龙", "柑橘", *lines]), CITRUS)
    assert [(one.index, one.name, dict(one.units), one.paid) for one in found.entries] == [
        (at, name, wish, paid) for at, (name, wish, paid) in enumerate(people, 1)
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text: str) -> None:
    roster = read_list(f"#接龙\n团\n1. {text}", CITRUS)
    assert all(0 < number <= 99 for entry in roster.entries for _, number in entry.units)
