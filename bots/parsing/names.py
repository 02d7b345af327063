"""Find the offers of a campaign in a message: whole names, aliases, parts of names, one slip of the finger."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bots.parsing.intents import OfferName
from bots.parsing.masks import UNIT, UNIT_FIRST
from bots.parsing.normalise import fold, normalise
from bots.parsing.numerals import CHINESE
from bots.parsing.words import FOOD

_LONGEST = 30
_ADVERTISING = (
    "今天|明天|后天|今日|今晚|明日|(?:周|星期|礼拜)[一二三四五六日天]"
    "|新鲜|特价|现摘|现做|包邮|精选|优选|正宗|农家|进口|国产"
)
_COMMON_WORDS = (
    rf"{_ADVERTISING}|周|星期|礼拜|大家|一起|团购|邻居|自提|礼盒|大|小|中|的|款|号|装|规格|我们|不要|谢谢|可以|好吃|日"
)
_OPENING = re.compile(rf"(?>(?:{_ADVERTISING})+)")
# Parts such as "周五" or "一盒" stand in half of all messages and name nothing.
_COMMON = re.compile(rf"(?>(?:{_COMMON_WORDS}|{UNIT}|[\d\W{CHINESE}])+)")
_BAD_START = re.compile(rf"[\d{CHINESE}{UNIT_FIRST}]")
_BAD_END = re.compile(rf"[\d{CHINESE}]")
_PACK = re.compile(rf"(?:\d{{1,4}}|[{CHINESE}]{{1,4}}){UNIT}装")
# A picture beside a number is the offer whose name holds one of the words.
PICTURES = {
    "🍓": "草莓",
    "🫐": "蓝莓",
    "🍒": "车厘子 樱桃",
    "🦀": "蟹",
    "🦐": "虾",
    "🐟": "鱼",
    "🥚": "鸡蛋 鸭蛋 蛋",
    "🍊": "橘 橙 柑",
    "🍎": "苹果",
    "🍇": "葡萄 提子",
    "🍑": "桃",
    "🍐": "梨",
    "🍌": "香蕉",
    "🍋": "柠檬",
    "🥭": "芒果",
    "🍍": "菠萝 凤梨",
    "🍉": "西瓜",
    "🥝": "猕猴桃 奇异果",
    "🍅": "番茄 西红柿",
    "🌽": "玉米",
    "🥔": "土豆",
    "🍠": "红薯 地瓜",
    "🥟": "水饺 饺子",
    "🥛": "牛奶 鲜奶",
    "🍚": "大米",
    "🥩": "牛肉 牛排",
    "🍗": "鸡腿",
    "🍞": "面包 吐司",
}
_PICTURE_BEFORE = re.compile(rf" ?(?:[x*+] ?|来|要|加|再|各)?(?:\d|[{CHINESE}])")
_PICTURE_BEHIND = re.compile(rf"(?:\d|[{CHINESE}来要]) ?{UNIT}?$")
_NOT_A_WORD = re.compile(r"[^\w]+")
_SHORTEST_SLIP = 3
_RUN = re.compile(rf"(?>(?:(?!(?:\d|(?<![{CHINESE}])[{CHINESE}]){{1,3}}{UNIT})[^\W\d]){{3,12}})")
_SMALL_START = re.compile(rf"(?>(?:{UNIT}|我们?|再?[要来加拿订定买接]|给我|还有|和|跟)+)")
_SMALL_END = re.compile(r"(?:都?[要来加拿订定买接][了]?|再加|改成?|各|的|不要了?|取消|退)$")
_COUNTED = rf"(?:\d{{1,2}}(?![\d.]|{UNIT}装)|[{CHINESE}]{{1,3}} ?{UNIT}(?!装))"
# One character is a name only beside a number: "米2袋", "两箱大的", "A2B1".
_ONE_CHAR_BEFORE = re.compile(
    rf"(?:的|款|套餐|套)?[ :]?(?:[x*+] ?|来|要|加|再|改成?|各|退|减)?{_COUNTED}|(?:取消|不要|撤|退[了掉])"
)
_MAY_STAND_BEFORE = re.compile(r"(?:^|[\W\d要来和跟加拿订买接装]|份|[斤盒箱袋包桶只个])$")
_ONE_CHAR_BEHIND = re.compile(rf"(?:\d|[{CHINESE}来要整拿带留]) ?{UNIT}$")

_WISHED_BEFORE = re.compile(r"(?:^|[\W我也想])[要来选跟接]$")
_ENDS_BEHIND = re.compile(r"(?:款|的|套餐)?[吧哈呀啊。!~]*(?=$|,)")
# "花生油" is not the "油" of the list, nor "黑米" its "米".
_MODIFIED = re.compile(rf"[{FOOD}加生玉黑红糯小花菜豆香芝麻橄榄核调]")
# What a name is only the first half of: "草莓熊" and "大果蝇" are other things.
_COMPOUND = re.compile(r"种子|苗|树|酱|干(?!净)|汁|糖|蛋糕|大福|冰淇淋|饼干|罐头|音乐|采摘|盆栽|蝇|熊|图案|色")
_MAY_STAND_BEHIND = re.compile(rf"的|$|[\W\d和跟加再{CHINESE}]")


@dataclass(frozen=True)
class Hit:
    """A stretch of the message that means one of `keys`."""

    start: int
    end: int
    keys: frozenset[str]


class NameIndex:
    """Every way to call the offers of one campaign."""

    def __init__(self, offers: Sequence[OfferName]) -> None:
        whole: dict[str, set[str]] = {}
        part: dict[str, set[str]] = {}
        for offer in offers:
            for raw in (offer.name, *offer.aliases):
                name = fold(normalise(raw))[:_LONGEST]
                # A name of digits only could not be told from a quantity.
                if not name or name.isdecimal():
                    continue
                whole.setdefault(name, set()).add(offer.key)
                for word in _NOT_A_WORD.split(name):
                    for fragment in _fragments(word):
                        part.setdefault(fragment, set()).add(offer.key)
        # A whole name beats being a part of another: "草莓" is 草莓 even beside 红颜草莓.
        merged = {**part, **whole}
        self._keys = {name: frozenset(keys) for name, keys in merged.items()}
        self._names: dict[str, frozenset[str]] = {}
        for name, keys in whole.items():
            for spelling in (name, _OPENING.sub("", name)):
                if len(spelling) >= 2:
                    self._names[spelling] = self._names.get(spelling, frozenset()) | keys
        self._longest = max(map(len, merged), default=0)
        self._single = _single_characters(whole)
        # "大的中的各一箱", "A、B各一": several such characters before "each".
        one = "[" + re.escape("".join(sorted(self._single)) or "\0") + "]"
        self._each = re.compile(rf"{one}(?:款|的)?(?>(?:[、和跟与,+ ]*{one}(?:款|的)?){{0,20}})[ ,、]*各")
        self._pictures = _pictures(whole)
        self._last: tuple[str, list[Hit]] = ("", [])
        self._starts = {name[0] for name in merged} | set(self._single) | set(self._pictures)

    def hits(self, text: str) -> list[Hit]:
        """Non-overlapping names in folded `text`, longest first at each position."""
        found, at = [], 0
        while at < len(text):
            hit = self._hit_at(text, at) if text[at] in self._starts else None
            if hit:
                found.append(hit)
            at = hit.end if hit else at + 1
        return found

    def _hit_at(self, text: str, at: int) -> Hit | None:
        if text[at] in self._pictures:
            return self._picture_at(text, at)
        for end in range(min(len(text), at + self._longest), at, -1):
            keys = self._keys.get(text[at:end])
            if end == at + 1 and _MODIFIED.search(text[max(0, at - 1) : at]):
                return None
            if keys and _COMPOUND.match(text, end):
                return None
            if keys and not (_splits_word(text, at) or _splits_word(text, end)):
                return Hit(at, end, keys)
        return self._single_at(text, at)

    def _picture_at(self, text: str, at: int) -> Hit | None:
        """A picture, or several alike, right before or behind a number: "🍓🍓两盒", "来两盒🍓"."""
        end = at + 1
        while text.startswith(text[at], end):
            end += 1
        counted = _PICTURE_BEFORE.match(text, end) or _PICTURE_BEHIND.search(text[max(0, at - 4) : at])
        return Hit(at, end, self._pictures[text[at]]) if counted else None

    def _single_at(self, text: str, at: int) -> Hit | None:
        key = self._single.get(text[at])
        if not key:
            return None
        # "蛋蛋" is what a fond buyer calls eggs.
        end = at + 2 if text.startswith(text[at], at + 1) else at + 1
        before, after = text[max(0, at - 4) : at], text[end : end + 7]
        if self._each.match(text, at):
            return Hit(at, end, frozenset({key}))
        wished = _WISHED_BEFORE.search(before) and _ENDS_BEHIND.match(after)
        counted = wished or (_ONE_CHAR_BEFORE.match(after) and (text[at].isascii() or _MAY_STAND_BEFORE.search(before)))
        counting = _ONE_CHAR_BEHIND.search(before) and _MAY_STAND_BEHIND.match(after)
        return Hit(at, end, frozenset({key})) if counted or counting else None

    def found_in(self, text: str) -> list[Hit]:
        """Names in folded `text`, also those with one slip of the finger, in order."""
        # One message is looked through several times while it is read.
        known, hits = self._last
        if known != text:
            hits = self._look_through(text)
            self._last = (text, hits)
        return list(hits)

    def _look_through(self, text: str) -> list[Hit]:
        hits = self.hits(text)
        for run in _RUN.finditer(text) if self._longest >= _SHORTEST_SLIP else ():
            inside = text[run.start() : run.end()]
            opening = _SMALL_START.match(inside)
            start = run.start() + (opening.end() if opening else 0)
            word = _SMALL_END.sub("", text[start : run.end()])
            end = start + len(word)
            if len(word) < _SHORTEST_SLIP or any(h.start < end and start < h.end and h.end - h.start > 1 for h in hits):
                continue
            keys, sure = self.slips(word)
            if sure:
                hits = [hit for hit in hits if hit.end <= start or hit.start >= end]
                hits.append(Hit(start, end, keys))
        return sorted(hits, key=lambda hit: hit.start)

    def slips(self, word: str) -> tuple[frozenset[str], bool]:
        """Keys of the names at most one edit away from `word`, and whether that is close enough to act on.

        Among two-character names one edit turns 草莓 into 蓝莓, so a short name is only good for asking.
        """
        near = [name for name in self._names if within_one_edit(word, name)]
        keys = frozenset[str]().union(*(self._names[name] for name in near))
        return keys, len(keys) == 1 and all(len(name) >= 3 for name in near)


def _single_characters(whole: dict[str, set[str]]) -> dict[str, str]:
    """Characters that stand for one offer alone: the last one of a name, or what tells 大果 from 中果."""
    owners: dict[str, set[str]] = {}
    for name, keys in whole.items():
        for char in set(name):
            owners.setdefault(char, set()).update(keys)
    wanted = {name[-1] for name in whole}
    for left, owned in whole.items():
        for right, others in whole.items():
            if len(left) == len(right) and not owned & others:
                differing = [a for a, b in zip(left, right, strict=True) if a != b]
                wanted |= set(differing) if len(differing) == 1 else set()
    usable = {char for char in wanted if char.isalpha() and not _BAD_START.match(char)}
    return {char: next(iter(owners[char])) for char in usable if len(owners[char]) == 1}


def _pictures(whole: dict[str, set[str]]) -> dict[str, frozenset[str]]:
    """The pictures that stand for exactly one offer."""
    owners: dict[str, frozenset[str]] = {}
    for picture, words in PICTURES.items():
        keys = {key for name in whole for key in whole[name] if any(word in name for word in words.split())}
        if len(keys) == 1:
            owners[picture] = frozenset(keys)
    return owners


def within_one_edit(left: str, right: str) -> bool:
    """True if one insertion, deletion or substitution at most turns one word into the other."""
    if abs(len(left) - len(right)) > 1:
        return False
    if len(left) > len(right):
        left, right = right, left
    at = 0
    while at < len(left) and left[at] == right[at]:
        at += 1
    if len(left) == len(right):
        return left[at + 1 :] == right[at + 1 :]
    return left[at:] == right[at + 1 :]


@lru_cache(maxsize=64)
def index_of(offers: tuple[OfferName, ...]) -> NameIndex:
    """The index of a campaign, kept for the next message."""
    return NameIndex(offers)


def _fragments(word: str) -> set[str]:
    found = set(_PACK.findall(word))
    for start in range(len(word)):
        # Only as the opening of a name ("三只松鼠") does a number belong to it.
        if start and _BAD_START.match(word, start):
            continue
        for end in range(start + 2, len(word) + 1):
            fragment = word[start:end]
            # "草莓2" of "草莓2斤装" would take the number out of "草莓2份".
            if not _COMMON.fullmatch(fragment) and not _BAD_END.match(fragment, end - start - 1):
                found.add(fragment)
    return found


def _splits_word(text: str, at: int) -> bool:
    """True if `at` lies inside a Latin word."""
    return 0 < at < len(text) and all(c.isascii() and c.isalpha() for c in text[at - 1 : at + 1])
