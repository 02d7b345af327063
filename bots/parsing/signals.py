"""Words that decide what kind of message this is, before any number in it is believed."""

import re

from bots.parsing.intents import QuestionKind
from bots.parsing.masks import OFFER, UNIT
from bots.parsing.numerals import CHINESE, NUMBER

PASTED_ROSTER = re.compile(r"^#? ?(?:接龙|group note)\b(?: ?\n| .*\n|\S.*\n)", re.IGNORECASE)
SAME_AS = re.compile(r"(?:我也|我)?(?:同上|同楼上|跟楼上一样|和楼上一样|跟上面一样|和上面一样|一样)[.。!~]*")

_NOT_WISHED = r"(?<!不要)(?<!别)(?<!不)"
_AFTER_SALE = re.compile(
    rf"(?:没|未|没有)收到|收到(?:了|的)?[^,。\n]{{0,10}}?{NUMBER} ?{UNIT}"
    rf"|{_NOT_WISHED}(?:坏了|坏的|坏果|坏\d|都坏|烂|碎了|破了|破损|臭了|发霉|霉了|变质|过期|压坏|死了|死的)"
    rf"|漏了|漏发|少发|错发|发错|少给|没抢到|缺货了|缺了|(?<!多)少了|(?<![减至最多])少(?:\d|[{CHINESE}](?!点|些))"
    r"|不新鲜|售后|赔|投诉|质量问题"
)

_ASKING = re.compile(
    r"\?|吗|[么呢](?=$|[ ,。!\n])|多少|几[点号时天块元份个箱斤盒楼栋]|怎么|咋|什么|啥|哪|多久"
    r"|能不能|可不可以|有没有|是不是|要不要|还能|谁"
)
_KINDS: tuple[tuple[QuestionKind, re.Pattern[str]], ...] = (
    ("price", re.compile(r"多少钱|什么价|啥价|价格|单价|几块|几元|[怎咋]么?卖|便宜|运费|贵")),
    (
        "pickup",
        re.compile(r"到货|提货|取货|自提|[几哪什啥].{0,6}[取拿提领送到]|[取拿提领送].{0,4}[几哪什啥]|到了|(?<!截)到$"),
    ),
    ("closing", re.compile(r"截|结束|成团|几点前|到几[点号]|多久")),
    ("open", re.compile(r"还能|还有|还可以|能接|可以接|能不能接|还接|有货|[还]?剩|卖完|开始|有没有|参加|报名")),
)
_TOPIC = re.compile(r"(?P<closing>截[止团单]时间)|(?P<price>价格|单价)|(?:到货|取货|提货|自提)(?:时间|地点|地址|点)")

CANCEL = re.compile(
    r"取消|(?:都|全)?不(?:想)?要了|不(?:买|接|订|定|团|跟|拼)了|撤单|撤销|撤回|退单|退团|全退|全部退|都退"
)
NEGATED_CANCEL = re.compile(r"(?:不要|不用|不想|没有|别|不|没|勿)(?:再|给我|把)?取消|取消不|(?:已|被)取消")
NOT_ONE = re.compile(rf"[一1]{UNIT}?[都也](?=不)")
REFUND = re.compile(r"退款|退钱|^(?:我|的|那份|要|想|申请)*退(?:了|掉|吧|$)")
UNWANTED = re.compile(rf"(?:我|我家|我们|的|{OFFER})*+(?:不要|不想要|不接|别给我)(?:{OFFER})*+[ 。!,~]*")
UNSURE = re.compile(
    r"上次|至少|最少|最多|大概|大约|左右|差不多|上回|昨天|前天|上周|之前买|以前|好吃|难吃|吃完|吃了|看到|听说|如果|要是|假如|别人|人家|他们|她们|凑够|抢光"
    r"|已经|达到|起送|起订|起(?=$|[ ,。!\n])|太少|太多|不够|的钱"
)
VAGUE_NUMBER = re.compile(rf"[要来接订加买]几 ?{UNIT}|十几|几十|好几")
ME_TOO = re.compile(
    r"(?:我们家|我们|我家|我)?(?:也|都)?(?:想)?(?:要|接龙|接|跟团|跟|报名|参团|参加|加入|下单|拼团|拼|订|买)"
    r"(?:一下|了|吧|啊|哦|呀|啦|哈|的)*[ 。!~.]*"
)


def is_after_sale(text: str) -> bool:
    """True for a complaint about goods."""
    return bool(_AFTER_SALE.search(text))


def question_kind(text: str) -> QuestionKind | None:
    """What a question is about, or None if the message asks nothing."""
    if found := _TOPIC.fullmatch(text):
        return "closing" if found["closing"] else "price" if found["price"] else "pickup"
    if not _ASKING.search(text):
        return None
    return next((kind for kind, pattern in _KINDS if pattern.search(text)), "other")
