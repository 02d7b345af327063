"""Command words at the start of a message."""

import re
from collections.abc import Sequence

from bots.parsing.intents import Command, CommandName, OfferName
from bots.parsing.names import index_of
from bots.parsing.normalise import fold

_ALONE: dict[str, CommandName] = {
    "进度": "进度",
    "接龙进度": "进度",
    "名单": "名单",
    "接龙名单": "名单",
    "帮助": "帮助",
    "菜单": "帮助",
    "help": "帮助",
    "我的": "我的",
    "我的订单": "我的",
    "我的接龙": "我的",
    "取货码": "我的",
    "提货码": "我的",
    "我的取货码": "我的",
    "我的提货码": "我的",
    "截团": "截团",
    "截止": "截团",
    "截单": "截团",
}
_LOOK = re.compile(r"^(?:看一?下|查一?下|看看|看|查)(?=进度|名单|我的)")
_CODE = re.compile(r"(?:核销|取货码|提货码|取货号|提货号|验码) ?:? ?(\d[\d -]{2,14}\d)")
_BIND = re.compile(r"绑定(本群|店员群)? ?:? ?([0-9A-Za-z]{4,32})?")
_WITH_TEXT = re.compile(r"(发团|开团|核销)(?:(?: |: ?|\n)(.*))?", re.DOTALL)
_CHECK_TOKEN = re.compile(r"[0-9A-Za-z._\-]*")
_ARRIVED = re.compile(r"([^\s,。!:]{0,20}?) ?到货[了啦]?(?:[ ,。!:\n]+(.*))?", re.DOTALL)
_BINDINGS: dict[str | None, CommandName] = {None: "绑定", "本群": "绑定本群", "店员群": "绑定店员群"}


def command(text: str, offers: Sequence[OfferName]) -> Command | None:
    """The command that normalised `text` spells, or None; who may give it is the caller's business."""
    text = text.lstrip("/#").strip().rstrip("。!?~ ")
    alone = _ALONE.get(_LOOK.sub("", fold(text)))
    if alone:
        return Command(alone)
    if found := _CODE.fullmatch(text):
        return Command("核销", re.sub(r"[ -]", "", found[1]))
    if found := _BIND.fullmatch(text):
        return Command(_BINDINGS[found[1]], found[2] or "")
    if found := _WITH_TEXT.fullmatch(text):
        return _with_text(found[1], (found[2] or "").strip())
    return _arrived(text, offers)


def _with_text(word: str, argument: str) -> Command | None:
    if word == "核销":
        return Command("核销", argument) if _CHECK_TOKEN.fullmatch(argument) else None
    return Command("发团" if word == "发团" else "开团", argument)


def _arrived(text: str, offers: Sequence[OfferName]) -> Command | None:
    """ "大闸蟹到货，19点后3栋自提": the word may follow the name of an offer, and of nothing else."""
    found = _ARRIVED.fullmatch(text)
    if not found:
        return None
    name, rest = found[1], (found[2] or "").strip()
    hits = index_of(tuple(offers)).hits(fold(name))
    if name and sum(hit.end - hit.start for hit in hits) != len(name):
        return None
    return Command("到货", " ".join(filter(None, (name, rest))))
