"""What of a turn is kept for the operator: only what was said to the bot, without codes, phones and names."""

from __future__ import annotations

import re
from typing import Any

from bots.channels.registry import CHANNELS
from bots.channels.texts import cut
from bots.messages import Code, Heard, Link, Part, Reply
from bots.parsing.masks import PRIVATE, UNIT, mask
from bots.parsing.normalise import fold, normalise
from domain.privacy import masked_name
from services.chat import transcripts
from services.chat.transcripts import Exchange
from services.context import Ctx

MOST_CHARACTERS = 500
MOST_LINES = 3
HIDDEN = "****"
_HIDDEN = re.compile(f"{PRIVATE}+")
# Codes have six or eight digits, phones eleven, however they are grouped.
_NUMBER = re.compile(r"(?<!\d)\d(?:[\W_]{0,3}\d){5,}(?!\d)")
_OWN_NUMBER = re.compile(r"(?<![\d.])(?:\d{4} ?\d{4}|\d{6,})(?!\d)")
_FOR_SOMEBODY = re.compile(
    r"(?P<lead>[替帮代给])(?P<name>(?![我你您咱他她它大自忙助力付收]|个忙|一下)[^\W\d]{1,8}?)"
    rf"(?=[\s接带订定拿买要来报登加再退减取留付，。,.;；：:）)\d]|[一二两三四五六七八九十半]{{1,2}}{UNIT}|$)"
)
_TITLED = re.compile(
    r"(?P<lead>)(?P<name>[赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏姜谢邹苏潘葛范彭郎鲁韦马方任袁柳史唐"
    r"薛雷贺倪汤罗毕郝邬安常于傅齐康伍余顾孟黄穆萧尹姚邵汪毛狄贝明戴宋庞熊纪舒项祝董梁杜阮蓝席季贾江童颜郭梅林徐"
    r"邱骆高夏蔡田樊胡凌霍万卢莫房丁邓单洪包左石崔吉龚程邢裴陆荣翁段侯龙叶黎白蒲赖谭温曾关游肖刘]"
    r"[^\W\d]{0,2}?(?:阿姨|叔叔|伯伯|奶奶|爷爷|老师|先生|女士|小姐|师傅|大姐|大哥|大妈|大爷|太太))"
)
_CALLED = re.compile(r"(?P<lead>(?:我叫|名叫|姓名|收件人|收货人|联系人)[是为:：\s]*)(?P<name>[^\W\d]{2,4})")


def kept(ctx: Ctx, heard: Heard, reply: Reply, bot_name: str) -> dict[str, Any]:
    """The columns that keep the turn; none for what neighbours say among themselves."""
    meant = not heard.group or CHANNELS[heard.place.channel].HEARD_AS_MEANT
    if heard.kind == "message" and not meant and not reply.parts and reply.card is None:
        return {}
    turn = Exchange(heard.place.user_id, _said(heard, bot_name), _told(heard, reply))
    return transcripts.columns(ctx, heard.place, turn)


def masked(text: str) -> str:
    """Free text without numbers that lead to somebody and without the names it gives others."""
    text = _NUMBER.sub(HIDDEN, text)  # first, for one half of a code may look like a room
    hidden = mask(fold(text))
    shown = "".join(PRIVATE if sign == PRIVATE else char for char, sign in zip(text, hidden, strict=True))
    return _nameless(_HIDDEN.sub(HIDDEN, shown))


def _said(heard: Heard, bot_name: str) -> str:
    if heard.kind == "enter":
        return "〔进入会话〕"
    if heard.kind == "click":
        return f"〔按钮 {cut(heard.action, 20)} {heard.units}〕"
    text = normalise(heard.text[:MOST_CHARACTERS], bot_name)
    lines = heard.text.count("\n") + 1
    return f"〔名单，{lines} 行〕" if lines > MOST_LINES else masked(text)


def _told(heard: Heard, reply: Reply) -> str:
    """Our own words; alone with a leader they list names, so that only their first line is kept there."""
    text = "".join(_word(part) for part in reply.parts).strip()
    first, _, rest = text.partition("\n")
    if rest and not heard.group:
        text = f"{first}〔另有 {rest.count(chr(10)) + 1} 行〕"
    shown = f"〔卡片「{reply.card.title}」{reply.card.count}〕" if reply.card is not None else ""
    return _nameless(_OWN_NUMBER.sub(HIDDEN, cut(text + shown, MOST_CHARACTERS)))


def _word(part: Part) -> str:
    if isinstance(part, Code):
        return HIDDEN
    return part.label if isinstance(part, Link) else part


def _nameless(text: str) -> str:
    for pattern in (_CALLED, _TITLED, _FOR_SOMEBODY):
        text = pattern.sub(lambda found: found["lead"] + masked_name(found["name"]), text)
    return text
