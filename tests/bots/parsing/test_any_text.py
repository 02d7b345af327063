"""Whatever is typed, the reader answers, at once, and orders nothing beyond its limits."""

import re
import time
import typing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bots import parsing
from bots.parsing import Ask, Cancel, Intent, Jielong, Join, OfferName, read
from bots.parsing.masks import mask
from bots.parsing.normalise import fold, normalise
from bots.parsing.numerals import number
from tests.bots.parsing.notation import CAMPAIGNS, vectors

_PIECES = sorted(
    {piece for _, text, _ in vectors() for piece in text.split()} | set("0129两半一-+x*@#/:、，。？份盒\n\u2005\u20e3")
)
_chat = st.lists(st.sampled_from(_PIECES), max_size=12).flatmap(
    lambda pieces: st.sampled_from(["", " ", "，", "\n"]).map(lambda glue: glue.join(pieces))
)
_texts = st.one_of(st.text(max_size=60), _chat)
_campaigns = st.sampled_from(sorted(CAMPAIGNS)).map(CAMPAIGNS.__getitem__)
_offers = st.lists(
    st.builds(
        OfferName, st.uuids().map(str), st.text(max_size=8), st.lists(st.text(max_size=4), max_size=2).map(tuple)
    ),
    max_size=4,
    unique_by=lambda offer: offer.key,
).map(tuple)


@settings(derandomize=True, max_examples=1500, deadline=None)
@given(_texts, st.one_of(_campaigns, _offers))
def test_any_text_is_answered_with_an_intent_within_the_limits(text: str, offers: tuple[OfferName, ...]) -> None:
    intent = read(text, offers)
    assert isinstance(intent, typing.get_args(Intent))
    if isinstance(intent, Join | Cancel):
        keys = [item.offer_key for item in intent.items]
        assert len(set(keys)) == len(keys)
        assert set(keys) <= {offer.key for offer in offers}
        assert all(1 <= item.quantity <= 99 for item in intent.items)
    if isinstance(intent, Join):
        assert intent.items


@settings(derandomize=True, max_examples=500, deadline=None)
@given(_texts)
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@settings(derandomize=True, max_examples=500, deadline=None)
@given(_texts.filter(lambda text: "@" not in text and "＠" not in text and "﹫" not in text), _campaigns)
def test_mention_before_or_behind_a_message_changes_nothing(text: str, offers: tuple[OfferName, ...]) -> None:
    alone = read(text, offers)
    if isinstance(alone, Jielong):
        return
    assert read(f"@小邻\u2005{text}", offers) == alone
    # "替@小邻" names somebody, and a mention right behind other characters of its own kind is part of them.
    if not re.search(r"[替帮代给]\s*$", text):
        assert read(f"{text} @小邻\u2005", offers) == alone


@settings(derandomize=True, max_examples=500, deadline=None)
@given(_texts)
def test_folding_and_masking_keep_every_offset(text: str) -> None:
    plain = normalise(text)
    assert len(mask(fold(plain))) == len(fold(plain)) == len(plain)


@settings(derandomize=True, max_examples=300, deadline=None)
@given(st.text(alphabet="零一二两三九十百千万半廿0123456789.", max_size=14))
def test_numeral_is_a_value_or_none(text: str) -> None:
    value = number(text)
    assert value is None or value >= 0


_HOSTILE = [
    *(
        "1一-的@，x几取不草半+0。",
        "- ",
        "我要",
        "1-",
        "替a",
        "+1 ",
        "元1",
        "退我",
        "2份",
        "接龙\n",
        "收到",
        "10,",
        "1斤",
        "个1个",
    ),
    *(
        "每个",
        "草莓",
        "草莓1盒",
        "半一",
        "周五大",
        "\ufdfa",
        "1:",
        "a b",
        "少1",
        "@a ",
        "①",
        "1栋",
        "3楼2",
        "点半",
        "\u2005",
        "想要",
        "那个",
        "还有",
        "1份",
        "两斤一份",
        "不是1份",
        "谢谢侬",
        "草莓和蓝莓各",
        "1. 张三 ",
        "1. 张三 2份\n",
        "坏了",
        "到货",
        "取消",
        "草莓不要了，",
        "吗",
        "2份？",
        "看看",
        "好了",
        "就到这儿",
        "大匝蟹",
    ),
]


@pytest.mark.parametrize("piece", _HOSTILE)
def test_two_thousand_characters_are_read_in_linear_time(piece: str) -> None:
    text = (piece * 2000)[:2000]
    read(text, CAMPAIGNS["three"])
    started = time.process_time()
    read(text, CAMPAIGNS["three"])
    # A cubic pattern would take minutes; a hundred times the usual 5 ms leaves room for a busy machine.
    assert time.process_time() - started < 0.5


def test_longer_text_is_asked_back_unread() -> None:
    assert isinstance(read("草莓2份" * 1000, CAMPAIGNS["three"]), Ask)


def test_no_possessive_quantifier_stands_behind_a_group() -> None:
    """Before Python 3.11.5 such a one takes what the group should have left; an atomic group does not."""
    parts = Path(parsing.__file__).parent.glob("*.py")
    possessive = re.compile(r"\)[+*?]\+|\}\}\+|\{(?:FILLER|UNIT|BETWEEN)\}[+*?]\+")
    assert {path.name: found for path in parts if (found := possessive.findall(path.read_text("utf-8")))} == {}
    assert possessive.search('rf"(?:{UNIT}|个)++"')
