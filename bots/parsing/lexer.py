"""Cut a masked message into offers and quantities, and the verbs that say what to do with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from bots.parsing.intents import Mode, Reason
from bots.parsing.masks import COUNT, KEPT, OFFER, PRIVATE, RANGE, UNIT, cover
from bots.parsing.names import Hit
from bots.parsing.numerals import CHINESE, NUMBER, number
from bots.parsing.words import BETWEEN, FILLER, WISH


@dataclass(frozen=True)
class Quantity:
    """A number of units; `mode` is what sign or verb before it says, None if neither; `unclear` why it is no number."""

    start: int
    end: int
    value: Fraction
    unit: str = ""
    mode: Mode | None = None
    signed: bool = False
    each: bool = False
    total: bool = False
    restated: bool = False
    instead: bool = False
    corrects: bool = False
    denied: bool = False
    unclear: Reason | None = None
    verbs: tuple[tuple[int, int], ...] = ()


class Unclear(Exception):
    """The message has to be asked back for `reason`."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason: Reason = reason


_DO = r"[加来要拿订买带报弄搞留接定整]"
VERB = re.compile(
    rf"(?P<instead>[加减](?:到|成)|改(?:成|为|到|要|订|下|城|程|称)?|变(?:成|为|$)|换成)|(?P<total>一共|总共|共计|加起来"
    r"|加一起|合计|总计|共)"
    rf"|(?P<add>还(?=(?:想|需)?[要来加])|再(?![见说次问减退改等过看考议者也不])|在(?=[加家来]$)"
    rf"|加单|加(?![油急班微到入群起])|追加|追$|增加|添|补$|多$|多(?![加来要拿订买][点些])(?=[给帮我俺]{{0,3}}{_DO}"
    rf"|[给帮我俺]{{1,3}}$))"
    rf"|(?P<sub>减(?:少|去|掉)?|退(?:掉|了)?(?!款|钱|一步)|少(?!.[点些])(?={_DO})|少$|扣掉?|去掉)"
    r"|(?P<each>各|每样|每种|每款|每个品种|一样(?=[来要]?$)|都(?=[来要订买]?$))"
)
# A slip of the thumb or of dictation for the unit, right behind a number.
_SLIPS = {
    "分": "份",
    "代": "袋",
    "合": "盒",
    "和": "盒",
    "想": "箱",
    "相": "箱",
    "今": "斤",
    "金": "斤",
    "通": "桶",
    "宝": "包",
    "支": "只",
}
_SLIP = rf"[{''.join(_SLIPS)}](?=[\W谢吧呀啊哈的]|$)"
_QUANTITY = re.compile(
    rf"(?P<sign>\+ ?|(?<![\da-z\-{KEPT}])-(?=[\d{CHINESE}])|(?<![a-z])[x*] ?)?"
    rf"(?P<number>{NUMBER})(?: ?整?(?P<unit>{UNIT}|{_SLIP})(?P<half>半(?!价))?)?"
)
_ONE = re.compile(rf"(?<=[来要整搞弄拿带留买订定加给])(?P<unit>{UNIT})(?=[{OFFER}]|[呗吧呀啊哈]|$|[ ,。!\n])")
# "三斤多" is no whole number, "三斤多谢" is polite.
_ODD = re.compile(r"多(?=$|[ ,。!的吧])")
_VAGUE = re.compile(rf"(?<![那这])(?:十几|几十|百来|十来|好?几|{NUMBER}多) ?(?P<unit>{UNIT})")
_GUARDED = set("统第万每大小差剩满限够超凑")
# "666", "88" and "520" are said, not ordered.
_CHEER = re.compile(r"([2-9])\1+|111+|520|2333*|886")
_BARE = re.compile(rf"(?>(?:{FILLER}|{PRIVATE}|{KEPT})*)(?P<number>\d{{1,3}})(?P<unit>个)?(?>{FILLER}*)")
_ENDS = rf"(?=$|[\W]|[吧呀啊哈哦啦呗谢整就送放{OFFER}{PRIVATE}{KEPT}])"
_BEFORE_BARE = re.compile(
    rf"(?:{OFFER}[ :的要来就加]*|(?:数量|份数|件数)[ :是为]*|各(?:来|要)?|[加家退减]|改[成为到城]?|{WISH})$"
)
_UNCLEAR_MINUS = re.compile(rf"(?:^|\n|{OFFER})[ -]*-(?: +|(?<=--)){NUMBER}|{OFFER} ?-{NUMBER} ?{UNIT}")
_BEFORE_NAME = re.compile(
    rf"(?<![\d.x*+-])(\d{{1,2}}) ?[x*] ?(?={OFFER})|(?:(?<=^)|(?<=[\s,、要来]))(\d{{1,2}})(?={OFFER}+(?:$"
    rf"|[\s,、。!\d]))"
)
_PRODUCT = re.compile(rf"(?<!\d)\d{{1,3}} ?[x*] ?\d{{1,3}}(?!\d) ?{UNIT}?")
_JOINT = re.compile(rf"[{OFFER} 的]*(?:外?加|[ ,]*[再另还](?:外|加|来|要)+)?{COUNT}")
_CORRECTION = re.compile(
    r"(?:[哦噢喔啊呃额哎诶]不是?(?=$|[,。! 要来])|不对|不不|(?<![不也])不是|[说写打报看记]错|错了|更正|手滑"
    r"|[,。 ]不(?=[,。 ])|而是|算了|还是(?=$|[要来]))"
)


# "6只里退2只": the first number is no wish.
_OUT_OF = re.compile(r"里面?的?,?(?=退|减|取消|去掉)")
_DONE = re.compile(r"(?<!对)了|过")
_BREAK = re.compile(r"[,。;!\n]")
_NOT = re.compile(r"(?<![哦噢喔啊呃额哎诶])不是$")
_BUT = re.compile(r"[, 而]*是")
_MISTAKE = re.compile(r"(?:[说写打报记填点]错了?|更正)[^。]{0,4}[ ,。:]*(?:应该)?(?:就?是|要)(?:[^,。]{0,4})$")


def quantities(text: str, hits: Sequence[Hit]) -> list[Quantity]:
    """The quantities in masked `text`, in order, believable or not."""
    if (bare := _BARE.fullmatch(text)) and not _CHEER.fullmatch(bare["number"]):
        return [Quantity(bare.start("number"), bare.end("number"), Fraction(bare["number"]), bare["unit"] or "")]
    found = [Quantity(m.start(), m.end(), Fraction(0), unclear="range") for m in RANGE.finditer(text)]
    found += [Quantity(m.start(), m.end(), Fraction(0), unclear="number") for m in _UNCLEAR_MINUS.finditer(text)]
    found += [Quantity(m.start(), m.end(), Fraction(m[1] or m[2]), signed=True) for m in _BEFORE_NAME.finditer(text)]
    found += [Quantity(m.start(), m.end(), Fraction(0), unclear="number") for m in _PRODUCT.finditer(text)]
    text = cover(text, [(q.start, q.end) for q in found], COUNT)
    found += [Quantity(m.start(), m.end(), Fraction(0), m["unit"], unclear="number") for m in _VAGUE.finditer(text)]
    text = cover(text, [(q.start, q.end) for q in found], COUNT)
    numbers: list[Quantity] = []
    for match in _QUANTITY.finditer(text):
        if _is_quantity(text, match):
            _multiply_or_append(numbers, _read(text, match))
    found += numbers
    text = cover(text, [(q.start, q.end) for q in found], COUNT)
    found += [Quantity(m.start(), m.end(), Fraction(1), m["unit"]) for m in _ONE.finditer(text) if m["unit"] != "单"]
    return _with_verbs(text, sorted(found, key=lambda q: q.start), hits)


def _is_quantity(text: str, match: re.Match[str]) -> bool:
    """Whether the number counts units: by sign or unit, or by the words around it."""
    before, after = text[max(0, match.start() - 6) : match.start()], text[match.end() : match.end() + 1]
    if (match["sign"] or "").strip():
        if len(match["number"]) > 3 and not match["unit"]:
            return False
        return not re.search(r"\d$", before) or match["sign"].strip() != "-"
    if before[-1:] in _GUARDED and before:
        return False
    if match["unit"]:
        return not (
            match["unit"] in _SLIPS and match["unit"] not in "支分" and not re.search(r"[\W要来加退]$|^$", before)
        )
    if len(match["number"]) > 3 or not re.match(_ENDS, after) or match["half"] or match["number"] == "半":
        return False
    if match["number"] in ("俩", "仨") and not re.search(r"[你我他她咱们]$", before):
        return True
    return bool(_BEFORE_BARE.search(before))


def _read(text: str, match: re.Match[str]) -> Quantity:
    sign = (match["sign"] or "").strip()
    unclear: Reason | None = None
    if re.search(r"\d\.?$", text[max(0, match.start() - 2) : match.start()]):
        unclear = "number"
    value = number(match["number"])
    if value is None:
        unclear = unclear or ("range" if len(match["number"]) == 2 else "number")
    if _ODD.match(text, match.end()):
        unclear = unclear or "fraction"
    value = (value or Fraction(0)) + (Fraction(1, 2) if match["half"] else 0)
    mode: Mode | None = "add" if sign == "+" else "sub" if sign == "-" else None
    unit = _SLIPS.get(match["unit"] or "", match["unit"] or "") if match["unit"] != "支" else "支"
    signed = sign in ("x", "*") or mode is not None
    return Quantity(match.start(), match.end(), value, unit, mode, signed=signed, unclear=unclear)


def _multiply_or_append(found: list[Quantity], new: Quantity) -> None:
    """ "两箱x3" is six; any other sign right after a quantity is a sum that nobody should guess."""
    if not (found and found[-1].end == new.start and new.signed):
        found.append(new)
    elif new.mode is None and not found[-1].signed and found[-1].unit:
        found[-1] = replace(found[-1], end=new.end, value=found[-1].value * new.value, signed=True)
    else:
        found[-1] = replace(found[-1], end=new.end, unclear="several_numbers" if found[-1].unit else "number")


def _with_verbs(text: str, found: list[Quantity], hits: Sequence[Hit]) -> list[Quantity]:
    """Give each quantity the verbs between it and the one before."""
    result: list[Quantity] = []
    at = 0
    for plain in found:
        joins = bool(result) and _joins(text, result[-1], plain, hits)
        quantity = replace(plain, mode=None, signed=False) if joins else plain
        verbs = said = list(VERB.finditer(text, at, quantity.start))
        if joins:
            verbs = [verb for verb in verbs if verb[0] not in ("加", "还", "再")]
        if result and not result[-1].mode and not _DONE.search(text, result[-1].end, quantity.start):
            # "草莓2盒，还要蓝莓1盒" and "再来蓝莓1盒" go on with a list; alone, they add.
            verbs = [verb for verb in verbs if verb[0] not in ("还", "再")]
        # "好吃再团，先1箱": what may be added later is not added now.
        verbs = [v for v in verbs if v[0] not in ("还", "再") or not _BREAK.search(text, v.end(), quantity.start)]
        kinds = {verb.lastgroup for verb in verbs}
        modes: set[Mode] = {quantity.mode} if quantity.mode else set()
        modes |= {m for m in ("add", "sub") if m in kinds}
        modes |= {"set"} if "instead" in kinds else set()
        unclear = quantity.unclear
        if len(modes) > 1:
            unclear = "mixed"
        if "instead" in kinds and _swaps(verbs, hits, quantity.start):
            unclear = "swap"
        rejected = bool(result) and _rejected(text, result[-1], quantity)
        denied = bool(result) and _denied(text, result[-1], quantity)
        if denied or (result and _OUT_OF.match(text, result[-1].end)):
            result[-1] = replace(result[-1], denied=True)
        result.append(
            replace(
                quantity,
                mode=next(iter(modes), None) if len(modes) < 2 else None,
                each="each" in kinds,
                restated=bool(result) and _restates(text, result[-1], quantity),
                total="total" in kinds,
                instead="instead" in kinds,
                denied=rejected,
                corrects=not rejected and (denied or _corrects(text, result, quantity)),
                unclear=unclear,
                verbs=tuple(verb.span() for verb in said),
            )
        )
        at = quantity.end
    return result


def _restates(text: str, last: Quantity, quantity: Quantity) -> bool:
    """True for the brackets of "叁箱（3箱）" and for "4只4只"."""
    between = text[last.end : quantity.start].strip()
    bracketed = between == "(" and text[quantity.end : quantity.end + 1] == ")"
    same = last.value == quantity.value and last.unit == quantity.unit
    return same and (bracketed or (not between and bool(last.unit)))


def _rejected(text: str, last: Quantity, quantity: Quantity) -> bool:
    """True for the 6 of "是5只不是6只"."""
    return bool(_NOT.search(text, last.end, quantity.start)) and not _BUT.match(text, quantity.end)


def _corrects(text: str, before: Sequence[Quantity], quantity: Quantity) -> bool:
    """Whether the words in front take back an earlier number, of this message ("2份，哦不3份") or of another."""
    if before:
        return bool(_CORRECTION.search(text, before[-1].end, quantity.start))
    return bool(_MISTAKE.search(text[: quantity.start]))


def _joins(text: str, last: Quantity, quantity: Quantity, hits: Sequence[Hit]) -> bool:
    """True for the plus of "一盒草莓+一盒蓝莓" and "草莓两盒加一盒蓝莓", which lists instead of adding."""
    if last.mode or len({hit.keys for hit in hits}) < 2:
        return False
    return bool(_JOINT.fullmatch(text[last.end : quantity.start + 1]))


def _denied(text: str, old: Quantity, new: Quantity) -> bool:
    """True for the 2 of "不是2份，是3份"."""
    return text[max(0, old.start - 2) : old.start] == "不是" and bool(_BUT.match(text, old.end, new.start))


def _swaps(verbs: Sequence[re.Match[str]], hits: Sequence[Hit], until: int) -> bool:
    """True for "草莓改成蓝莓2份": another offer on each side of the verb."""
    verb = next(v for v in verbs if v.lastgroup == "instead")
    before = [h for h in hits if h.end <= verb.start()]
    after = [h for h in hits if verb.end() <= h.start < until]
    return bool(before) and bool(after) and before[-1].keys != after[0].keys


def governed(text: str, start: int, quantity_start: int) -> bool:
    """Whether a verb of wishing, not yet done, leads up to the quantity at `quantity_start`."""
    return bool(_GOVERNS.search(text[max(start, quantity_start - 40) : quantity_start]))


_GOVERNS = re.compile(
    rf"(?<![不别没勿去])(?:{WISH}(?![了过到完着的])|家(?=$)|改[成为到城程]?|追加|再多|增?加单?|减掉?|退掉?"
    rf"|少(?={_DO})|多(?={_DO}))(?>{BETWEEN}*)$"
)
