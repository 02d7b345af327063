"""Command words at the start of a message, and plain ways to say the same."""

import re
from collections.abc import Sequence

from bots.parsing.intents import Command, CommandName, OfferName
from bots.parsing.masks import OFFER, cover
from bots.parsing.names import index_of
from bots.parsing.normalise import fold

_WORDS: dict[str, CommandName] = {
    "进度": "进度",
    "接龙进度": "进度",
    "团购进度": "进度",
    "名单": "名单",
    "接龙名单": "名单",
    "订单名单": "名单",
    "催付": "催付",
    "催款": "催付",
    "催单": "催付",
    "截团": "截团",
    "截单": "截团",
    "收团": "截团",
    "关团": "截团",
    "帮助": "帮助",
    "帮助一下": "帮助",
    "菜单": "帮助",
    "指令": "帮助",
    "命令": "帮助",
    "使用说明": "帮助",
    "help": "帮助",
    "我的": "我的",
    "我的订单": "我的",
    "我的接龙": "我的",
    "我的单": "我的",
    "取货码": "取货码",
    "提货码": "取货码",
    "我的取货码": "取货码",
    "我的提货码": "取货码",
    "取货码忘了": "取货码",
    "到货通知": "到货",
    "名单呢": "名单",
    "进度呢": "进度",
    "截止": "截团",
}
_ALONE_ONLY = ("我的", "我的单", "截止", "命令", "指令", "菜单", "关团", "收团", "催单")
_START = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_ARGUMENT = re.compile(r"(?:[ :,!。\n]+|$)(.*)", re.DOTALL)
_TAIL = r"(?:[了啦吧哈呀啊哦喽咯]|一下)*[。!~.,]*"
_NOW = (
    r"(?:(?:今天|那|好了|好|ok|现在|马上|就|先|都|大家|各位|可以|时间到了?|到点了?|差不多了?|就到这儿?里?"
    r"|到此|本团|这个?团|这次|接龙|团购|[ ,。!])*)"
)
_PLAIN: tuple[tuple[CommandName, re.Pattern[str]], ...] = (
    ("截团", re.compile(rf"{_NOW}(?:截止|截团|截单|收团|结团|关团|停止接龙|停止接单|停止报名|截[了啦]"
        rf"|收单){_TAIL}(?P<rest>(?<=[。!,]).*| .*)?", re.DOTALL)),
    ("催付", re.compile(r"(?:帮忙|帮我|麻烦|请|去|再|给我|你|把|@?所有)*(?:催|提醒|cue)(?:一?催|一?下|下|付|款"
        r"|单)*(?:还?[没未](?:有)?(?:付|给|转|交)(?:款|钱)?的?|付款|交钱|给钱|尾款).{0,8}")),
    ("催付", re.compile(r"(?:把|给|让)?(?:还)?[没未](?:有)?(?:付款?|给钱|转账|交钱|付钱)的?(?:人|邻居|都|也"
        r"|再)*(?:催|提醒).{0,6}")),
    ("名单", re.compile(r"(?:帮忙|帮我|麻烦|请|给我|我|把|想|要|来)*(?:看一?下|看看|看|查一?下|查看|查|发一?下"
        r"|发|导出|拉一?下|拉|列一?下|列|打印|统计)(?:一?下|个|出|我|份)*(?:接龙|订单)?(?:名单|清单|汇总)" + _TAIL)),
    ("名单", re.compile(r"把?(?:接龙|订单)?名单(?:给我|发我|发|导出|拉|打|列|看|拿)(?:来|给我|我|出来|一份"
        r"|一?下|看看|看|群里)*(?:[,。! ].*)?" + _TAIL, re.DOTALL)),
    ("名单", re.compile(r"(?:看看|看下|看一下)?都?(?:有)?(?:谁|哪些人)(?:接|报|订|下单)(?:了|过|的)?(?:名|单)?[?]?")),
    ("进度", re.compile(r"(?:帮忙|帮我|麻烦|请|给我|我|想)*(?:看一?下|看看|看|查一?下|查看|查|报一?下|发一?下"
        r"|说一?下|汇报一?下)(?:一?下|我|现在|目前)*(?:接龙|团购|成团|团)?的?进度" + _TAIL)),
    ("进度", re.compile(r"(?:现在|目前|接龙|这个团|团购)?的?进度(?:怎么样|怎样|如何|咋样|到哪|多少)了?[?]?")),
    ("帮助", re.compile(r"(?:你|这个?|机器人|这东西|请问|那|怎么|该|我)*(?:怎么用|咋用|怎么玩|咋玩|怎么操作"
        r"|如何使用|怎么使用|使用方法|会(?:干|做)?(?:什么|啥)|能(?:干|做)(?:什么|啥)|有(?:什么|啥|哪些)(?:功能"
        r"|指令|命令))(?:这个|机器人|小邻)?[啊呀呢的吗嘛]*[?!。]*")),
    ("取货码", re.compile(r"(?:帮忙|帮我|麻烦|请|给我|我|把|想|要|来|再)*(?:看一?下|看看|看|查一?下|查看|查"
        r"|发一?下|发|给)?(?:一?下|个|我|下)*(?:我?的?)(?:取货|提货|自提)码(?:是多少|多少|是啥|是什么|发我|给我"
        r"|呢|在哪)?(?:一?下|看看)*[?]?" + _TAIL)),
    ("我的", re.compile(r"(?:帮忙|帮我|麻烦|请|给我|我|想)*(?:看一?下|看看|看|查一?下|查看|查)(?:一?下)*我(?:的"
        r"|自己的)?(?:订单|接龙|单子?|买了?什么|订了?什么)?" + _TAIL)),
)  # fmt: skip
_CODE = re.compile(
    r"(?:帮我|麻烦|请)?(?:核销|取货码|提货码|取货号|提货号|验码)(?:一下)? ?:? ?(\d[\d -]{2,14}\d)(?:$|[ ,。!\n].*)",
    re.DOTALL,
)
_BIND = re.compile(r"绑定(本群|店员群)?(?:码(?=[ :]))?(?: ?[:#]? ?([0-9A-Za-z]{4,32})|[ :\n]+(\S.*))?", re.DOTALL)
_WITH_TEXT = re.compile(r"(发团|开团|开个团|开一?个新团|新开团|核销)(?:(?: |: ?|\n)(.*))?", re.DOTALL)
_CHECK_TOKEN = re.compile(r"[0-9A-Za-z._\-]*")
_ARRIVED = re.compile(
    rf"(?P<what>(?:{OFFER}|[和、, 的跟与都]|货|东西)*?) ?(?P<word>已?到货"
    rf"|到)(?P<done>[了啦]?)(?:[ ,。!:\n]+(?P<rest>.*))?",
    re.DOTALL,
)
_BINDINGS: dict[str | None, CommandName] = {None: "绑定", "本群": "绑定本群", "店员群": "绑定店员群"}


def command(text: str, offers: Sequence[OfferName]) -> Command | None:
    """The command that normalised `text` spells, or None; who may give it is the caller's business."""
    text = text.lstrip("/#").strip()
    if found := _CODE.fullmatch(text):
        return Command("核销", _codes(text))
    text = text.rstrip("。!~ ")
    if found := _BIND.fullmatch(text):
        return Command(_BINDINGS[found[1]], found[2] or (found[3] or "").strip())
    if found := _WITH_TEXT.fullmatch(text):
        return _with_text(found[1], (found[2] or "").strip())
    return _word(text) or _arrived(text, offers) or _plain(text)


def _codes(text: str) -> str:
    """ "123 456" is one code; one code on each line are several, parted by blanks."""
    lines = [re.sub(r"[ -]", "", found[1]) for line in text.split("\n") if (found := _CODE.match(line))]
    return " ".join(lines)


def _word(text: str) -> Command | None:
    """A command word, alone or with whatever follows it after a blank or mark."""
    folded = fold(text)
    found = _START.match(folded)
    if not found:
        return None
    name = _WORDS[found[0]]
    rest = _ARGUMENT.fullmatch(text, found.end())
    if folded[found.end() :] in ("?", "了", "啦", "吧", "哈") and name != "到货":
        return Command(name)
    if rest is None or (found[0] in _ALONE_ONLY and rest[1].strip()):
        return None
    return Command(name, rest[1].strip())


def _with_text(word: str, argument: str) -> Command | None:
    if word == "核销":
        return Command("核销", argument) if _CHECK_TOKEN.fullmatch(argument) else None
    return Command("发团" if word == "发团" else "开团", argument)


def _arrived(text: str, offers: Sequence[OfferName]) -> Command | None:
    """ "大闸蟹到货，19点后3栋自提": the word may follow the names of offers, and nothing else."""
    hits = index_of(tuple(offers)).hits(fold(text))
    found = _ARRIVED.fullmatch(cover(text, [(hit.start, hit.end) for hit in hits], OFFER))
    if not found or (found["word"] == "到" and not (found["what"].strip(" ,、") and found["done"])):
        return None
    what = text[: found.end("what")].strip(" ,、")
    rest = text[found.start("rest") :].strip() if found["rest"] else ""
    if "?" in rest or rest in ("吗", "没"):
        return None
    named = OFFER in found["what"]
    return Command("到货", " ".join(filter(None, (what if named else "", rest))))


def _plain(text: str) -> Command | None:
    folded = fold(text)
    return next((Command(name) for name, pattern in _PLAIN if pattern.fullmatch(folded)), None)
