"""Cut a masked message into offers, quantities and the verbs that change them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bots.parsing.intents import Mode, Reason
from bots.parsing.masks import KEPT, OFFER, PRIVATE, UNIT
from bots.parsing.names import Hit
from bots.parsing.numerals import CHINESE, NUMBER, number


@dataclass(frozen=True)
class Quantity:
    """A number of units; `mode` is what sign or verb before it says, None if neither."""

    start: int
    end: int
    value: Fraction
    mode: Mode | None = None
    signed: bool = False
    each: bool = False
    total: bool = False
    instead: bool = False
    verbs: tuple[tuple[int, int], ...] = ()


class Unclear(Exception):
    """The message has to be asked back for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


FILLER = (
    r"(?:我们|我家|我|咱|给|帮忙|帮|替|代|也|都|想|要|来|接龙|接|订|定|买|下单|报名|跟团|参团|拼团|跟|拼|拿|带|留|谢谢|多谢|感谢"
    rf"|辛苦了?|麻烦|团长|老板|亲|请|你好|您好|和|与|还有|以及|一下|先|就|只|把|的|了|哈|啊|哦|呀|吧|啦|嗯|噢|[^\w+\-*{OFFER}])"
)
_VERB = re.compile(
    r"(?P<instead>改(?:成|为|到|要|订|下)?|变成)|(?P<total>一共|总共|共计|合计|总计|共)"
    r"|(?P<add>还(?=[要来加])|再(?![见说次问减退改])|加(?![油急班微])|追加|多(?=[加来要拿订买]))"
    r"|(?P<sub>减(?:去|掉)?|退(?:掉|了)?|少(?=[要来订拿])|扣掉?)"
    r"|(?P<each>各|每样|每种|每个品种|都(?=[要来订买]?$))"
)
_QUANTITY = re.compile(
    rf"(?P<sign>\+ ?|(?<![\da-z\-{KEPT}])-(?=[\d{CHINESE}])|(?<![a-z])[x*] ?)?"
    rf"(?P<number>{NUMBER}) ?(?P<unit>{UNIT})?(?P<half>半(?!价))?"
)
_GUARDED = set("统第万每大差剩满限够超凑")
_BARE = re.compile(rf"(?:{FILLER}|{PRIVATE}|{KEPT})*+(?P<number>\d{{1,3}}){FILLER}*+")
_NEGATION = re.compile(r"(?:不要|不想要|不是|不用|没有|没|别|不)(?:再|要|订|接|买)?$")
_DONE = re.compile(r"(?:买|订|定|接|下单|拿|取|领|付|要|团|报|抢)(?:过|了|到|完)(?:这|那)?$|(?:取|领|提)$|[这那有]$")
_UNCLEAR_MINUS = re.compile(rf"(?:^|\n|{OFFER})[ -]*-(?: +|(?<=--)){NUMBER}|{OFFER} ?-{NUMBER} ?{UNIT}")


def quantities(text: str, hits: Sequence[Hit]) -> list[Quantity]:
    """The quantities in masked `text`, in order; raises Unclear for what only looks like one."""
    if _UNCLEAR_MINUS.search(text):
        raise Unclear("number")
    if bare := _BARE.fullmatch(text):
        return [Quantity(bare.start("number"), bare.end("number"), Fraction(bare["number"]))]
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text):
        sign = (match["sign"] or "").strip()
        if not (sign or match["unit"] or _added_without_unit(text, match)):
            continue
        if not sign and text[match.start() - 1 : match.start()] in _GUARDED:
            continue
        _multiply_or_append(found, _read(text, match, sign))
    return _with_verbs(text, found, hits)


def check_believable(text: str, found: Sequence[Quantity], hits: Sequence[Hit]) -> None:
    """Raise Unclear where the words before a number or name deny it, or tell of something already done."""
    if any(_NEGATION.search(text[max(0, hit.start - 8) : hit.start]) for hit in hits):
        raise Unclear("negation")
    for quantity in found:
        before = text[max(0, quantity.start - 8) : quantity.start]
        if _NEGATION.search(before):
            raise Unclear("negation")
        if _DONE.search(before):
            raise Unclear("unsure")


def _added_without_unit(text: str, match: re.Match[str]) -> bool:
    """ "加一", "退2", "改成3": the verb stands for the unit when the clause ends with the number."""
    before, after = text[max(0, match.start() - 3) : match.start()], text[match.end() : match.end() + 1]
    return bool(re.search(r"[加退减]$|改[成为到]$", before)) and after in ("", ",", "。", "!", " ", "\n", "吧", "~")


def _read(text: str, match: re.Match[str], sign: str) -> Quantity:
    if re.search(r"\d\.?$", text[max(0, match.start() - 2) : match.start()]):
        raise Unclear("number")
    value = number(match["number"])
    if value is None:
        raise Unclear("range" if len(match["number"]) == 2 else "number")
    if match["half"]:
        value += Fraction(1, 2)
    mode: Mode | None = "add" if sign == "+" else "sub" if sign == "-" else None
    return Quantity(match.start(), match.end(), value, mode, signed=sign in ("x", "*") or mode is not None)


def _multiply_or_append(found: list[Quantity], new: Quantity) -> None:
    """ "两箱x3" is six; any other sign right after a quantity is a sum that nobody should guess."""
    if not (found and found[-1].end == new.start and new.signed):
        found.append(new)
    elif new.mode is None and not found[-1].signed:
        found[-1] = replace(found[-1], end=new.end, value=found[-1].value * new.value, signed=True)
    else:
        raise Unclear("several_numbers")


def _with_verbs(text: str, found: list[Quantity], hits: Sequence[Hit]) -> list[Quantity]:
    """Give each quantity the verbs between it and the one before."""
    result, at = [], 0
    for quantity in found:
        verbs = list(_VERB.finditer(text, at, quantity.start))
        kinds = {verb.lastgroup for verb in verbs}
        modes: set[Mode] = {quantity.mode} if quantity.mode else set()
        modes |= {m for m in ("add", "sub") if m in kinds}
        modes |= {"set"} if "instead" in kinds else set()
        if len(modes) > 1:
            raise Unclear("mixed")
        if "instead" in kinds and _swaps(verbs, hits, quantity.start):
            raise Unclear("swap")
        result.append(
            replace(
                quantity,
                mode=next(iter(modes), None),
                each="each" in kinds,
                total="total" in kinds,
                instead="instead" in kinds,
                verbs=tuple(verb.span() for verb in verbs),
            )
        )
        at = quantity.end
    return result


def _swaps(verbs: Sequence[re.Match[str]], hits: Sequence[Hit], until: int) -> bool:
    """True for "草莓改成蓝莓2份": another offer on each side of the verb."""
    verb = next(v for v in verbs if v.lastgroup == "instead")
    before = [h for h in hits if h.end <= verb.start()]
    after = [h for h in hits if verb.end() <= h.start < until]
    return bool(before) and bool(after) and before[-1].keys != after[0].keys
