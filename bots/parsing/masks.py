"""Hide the numbers that are not quantities: phones, rooms, money, times, pack sizes."""

import re
from collections.abc import Iterable

from bots.parsing.numerals import CHINESE, NUMBER

# Placeholders of the same length as what they hide, so that offsets stay true. All are private-use
# characters, which normalisation has removed from the message itself.
PRIVATE, KEPT, OFFER, COUNT = "\ue000", "\ue001", "\ue002", "\ue003"

UNIT = (
    r"(?:公斤|(?<=\d)两(?![\d份个只箱盒袋包斤])|千克|公克|毫升|kg(?![a-z])|g(?![a-z])|ml(?![a-z])"
    r"|个(?!人|口味|品种|味道|客|亲戚|同事|邻居|大人|老人|学生|小伙|姑娘|男|女|班|点?赞|月|小时|星期|礼拜|钟头|问题|孩子|小孩"
    r"|娃|快递|朋友|同学|电话|群|事|办法|地方|字|头|家|性|位|别"
    r"|工作日|意思|红包|名额|座位|车位|照片|视频|点(?!的))"
    r"|条(?!消息|微信|信息|命)|件(?!事|快递)"
    r"|单(?!元|价|独|位|号)|位(?![\u4e00-\u9fff])"
    r"|[份斤克只箱盒袋包瓶提桶串板罐枚捆把颗尾筐组套杯块打扎对双升支根粒朵棵束枝碗卷篮坛壶盘笼屉篓])"
)
UNIT_FIRST = "份斤公克个只箱盒袋包瓶件提桶串条板罐枚捆把颗尾筐组套杯块打扎单位支根粒朵棵"

RANGE = re.compile(
    rf"(?<![\d\-.])(?:\d{{1,3}}|[{CHINESE}]{{1,4}})\s?{UNIT}?\s?(?:-|~|到|至|或者|或|还是)\s?"
    rf"(?:\d{{1,3}}|[{CHINESE}]{{1,4}})\s?{UNIT}"
    rf"|(?<![\d.])\d{{1,2}}、\d{{1,2}}\s?{UNIT}|^\d{{1,2}}\s?[-~]\s?\d{{1,2}}$|(?<!\d)\d{{1,3}}\s?~\s?\d{{1,3}}(?![\d点时:])"
)

_PHONE = re.compile(
    r"(?:\+?86[- ]?)?(?<!\d)1[3-9]\d[- ]?[\dx*]{4}[- ]?\d{4}(?!\d)|(?<!\d)0\d{2,3}-\d{7,8}(?!\d)"
    r"|(?:电话|手机|尾号|尾数|单号|微信|密码|取件码|车牌|学号|工号)(?:号|是)?[: ]?[a-z\d][a-z\d-]{2,15}"
    r"|(?<!\d)1[3-9]\d\.\.\."
)
_ROOM = re.compile(
    r"(?<![\d\-])\d{1,3}-\d{1,2}-\d{3,4}(?!\d)|(?<![\d\-])\d{1,3}-\d{3,4}(?!\d)"
    rf"|(?<!\d)(?:\d{{1,3}}|[a-z]\d{{0,2}}|[{CHINESE}]{{1,3}})(?:号楼|号院|号门|号柜|号线|栋|幢|座|单元|楼|期)"
    rf"\s?(?:(?:\d{{1,2}}|[{CHINESE}])(?:单元|楼))?(?:-?\d{{3,4}}(?!\d))?室?"
    rf"|(?<!\d)\d{{3,4}}(?:室|的(?=[\u4e00-\u9fff]))|(?<!\d)[1-9]\d?0[1-9](?=$|[ ,。!\n])(?!\s?{UNIT})"
)
_LONG_DIGITS = re.compile(rf"(?<![\d.+*x\-])\d{{4,}}(?![\d.])(?!\s?{UNIT})")
_BARE_NUMBER = re.compile(r"(?:^|[\s,。:;!?要来接跟团])(?:\d{6,}|1\d\d[- ]\d{4}[- ]\d{4}|\d{4} \d{4})(?=$|[\s,。;!?])")
_MONEY = re.compile(
    rf"(?<![要来订买拿加接个])[一每]{UNIT} ?(?:才|只要|卖|就)?(?:{NUMBER}(?:元|块|毛)[\d{CHINESE}]?(?!{UNIT}))"
    rf"|[¥￥]\s?\d+(?:\.\d+)?|{NUMBER}\s?(?:元|块(?=钱|一|/|每|转|付|给|\d)|角|毛)钱?\d?(?:\s?(?:/|一|每)\s?{UNIT})?"
    rf"|(?:菜场|超市|市场|外面|店里|网上|平时)[里上]?(?:都|才|只|也)?[要卖]?{NUMBER}块"
    rf"|(?:\d{{2,}}|\d+\.\d+)\s?块\d?(?:\s?(?:/|一|每)\s?{UNIT})?"
    rf"|(?<![\d.]){NUMBER}块[\d{CHINESE}](?=\s?[/一每]|$|[ ,。!?\n])(?:\s?[/一每]{UNIT})?"
    rf"|(?<![\d.])\d+(?:\.\d+)?\s?[/一每]{UNIT}(?!x)|转(?:了|你|您|账|给你)+\d+(?:\.\d+)?"
    rf"|(?<![\d.])\d+\.\d+(?!\d*\s?{UNIT})"
    rf"|(?:每|一){UNIT}(?:才|只要|卖|也?要)?\d{{2,}}(?:\.\d+)?(?![\d.]*\s?(?:{UNIT}|栋|号|楼|单元))"
)
_TIME = re.compile(
    r"\d{1,2}:\d{2}(?::\d{2})?(?:之前|以后|前|后)?"
    rf"|(?:\d{{1,2}}\s?[-~到至]\s?)?(?:\d{{1,2}}|[{CHINESE}]{{1,3}})\s?点(?:半|钟|\d{{1,2}}分?)?(?:之前|以后|前|后)?"
    r"|\d{1,4}[年月]\d{1,2}[日号月]?(?:\d{1,2}[日号])?(?:之?前|之?后|以后)?|\d{1,2}[日号](?:之?前|之?后|以后)?"
    rf"|(?!一[天周年])(?:\d{{1,3}}|[{CHINESE}]{{1,3}})(?:天|个?半?小时|分钟|秒|个月|个?星期|个?礼拜|周|年|岁|度|级|次|趟|遍"
    rf"|公里|米(?!\d))"
    r"|(?:周|星期|礼拜)[一二三四五六日天]|初[一二三四五六七八九十]+"
)
_PACK = re.compile(
    rf"{NUMBER}\s?公?斤的(?={OFFER}[^,。\n]*(?:\d|[{CHINESE}]) ?{UNIT})"
    rf"|(?:\d|[一二三四五六七八九]){{1,2}}两(?=[的装重母公大左右以起])|{NUMBER}\s?{UNIT}\s?装(?!一?个|在|到|进"
    rf"|好)|{NUMBER}\s?{UNIT}\s?(?:[/每]\s?{UNIT}|一{UNIT}(?=[ ,。;\n的]|$))"
    rf"|[每一]{UNIT}\s?{NUMBER}\s?{UNIT}装?(?=[,。; \n]|$)|\d{{2,4}}\s?(?:ml|毫升|g|克)的(?=\w)"
)

# In this order: a phone looks like a room, a room like money, and so on.
_MASKS = (
    (_PHONE, PRIVATE),
    (_ROOM, PRIVATE),
    (_PACK, KEPT),
    (_MONEY, KEPT),
    (_TIME, KEPT),
    (_LONG_DIGITS, PRIVATE),
)


def room_runs_into_unit(text: str) -> bool:
    """True for "3栋5022份": where the room ends and the quantity begins cannot be told."""
    return any(re.match(UNIT, text[m.end() :][:3]) for m in _ROOM.finditer(text) if text[m.end() - 1].isdigit())


def bare_number(text: str) -> bool:
    """True where a code, or a phone that is not called one, stands alone: "我来，48210937" may bring a pickup code."""
    return bool(_BARE_NUMBER.search(text))


def mask(text: str) -> str:
    """`text` with phones, rooms and codes as PRIVATE, and money, times, pack sizes as KEPT, same length."""
    for pattern, sign in _MASKS:
        text = _overlay(text, pattern, sign)
    return text


def _overlay(text: str, pattern: re.Pattern[str], sign: str) -> str:
    return pattern.sub(lambda found: sign * len(found[0]), text)


def cover(text: str, spans: Iterable[tuple[int, int]], sign: str) -> str:
    """`text` with the given half-open spans replaced by `sign`, same length."""
    chars = list(text)
    for start, end in spans:
        chars[start:end] = sign * (end - start)
    return "".join(chars)
