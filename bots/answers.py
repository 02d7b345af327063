"""Answers to what the bot asked: a number of a list, or yes and no."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bots.commands import arriving, giving_back, importing, leading, opening, placing
from bots.messages import Reply, say
from bots.parsing.normalise import normalise
from bots.parsing.numerals import number
from bots.turn import Turn
from services.chat.sessions import LAPSED, Question

TOO_LATE = "刚才的问题已经过时了，请重新说一遍；要一份请说「1份」。"
YES = {"1", "是", "好", "好的", "确认", "确定", "对", "对的", "要", "要的", "可以", "嗯", "行", "ok", "yes"}
NO = {"2", "不", "否", "不要", "不用", "不了", "算了", "保留", "不是", "重复了", "再等等", "no"}
ALSO_YES = {
    "again": {"下单", "再来一份"}, "cancel": {"取消", "退", "退掉"}, "close": {"截团"}, "import": {"导入"},
    "open": {"开团"}, "arrive": {"登记", "到货"},
}  # fmt: skip
_NUMBER = re.compile(r"(?:回复?|选择?|第) ?(?P<number>\d{1,2}|[一二三四五六七八九])个?")
CONFIRMED: dict[str, Callable[[Turn, dict[str, Any]], Reply]] = {
    "again": placing.again, "cancel": giving_back.confirmed, "close": leading.closed, "import": importing.confirmed,
    "open": opening.confirmed, "arrive": arriving.confirmed,
}  # fmt: skip
DECLINED: dict[str, Callable[[Turn, dict[str, Any]], Reply]] = {
    "import": importing.declined, "open": opening.declined,
}  # fmt: skip
CHOSEN: dict[str, tuple[str, Callable[[Turn, dict[str, Any], Any], Reply]]] = {
    "point": ("points", placing.at_point), "list": ("campaigns", importing.of_campaign),
    "arrival": ("arrivals", arriving.chosen),
}  # fmt: skip
"""By question: the fact that lists what was offered, and what is done with the one chosen."""


def answer(turn: Turn, question: Question) -> Reply | None:
    """Act on the answer to a question other than which campaign is meant; None when the message is none."""
    if question.name == "draft":
        return opening.answered(turn, question.facts)
    said = said_in(turn)
    if question.name == LAPSED:
        return say(TOO_LATE) if len(said) == 1 and said.isascii() and said.isdigit() else None
    if question.name in CHOSEN:
        listed, act = CHOSEN[question.name]
        one = chosen(said, question.facts[listed])
        return act(turn, question.facts, one) if one is not None else not_offered(turn, question, listed)
    if question.name not in CONFIRMED:
        return None
    if said in YES | ALSO_YES[question.name]:
        return CONFIRMED[question.name](turn, question.facts)
    if said not in NO:
        return not_offered(turn, question)
    decline = DECLINED.get(question.name)
    return decline(turn, question.facts) if decline else say("好的，没有改动。")


def said_in(turn: Turn) -> str:
    """The message as an answer is written; "回复1", "选 1" and "第一个" are "1"."""
    said = normalise(turn.heard.text, turn.voice.bot_name).lower().rstrip("。.!~ ")
    found = _NUMBER.fullmatch(said)
    return str(number(found["number"])) if found else said


def chosen(said: str, listed: list[Any]) -> Any | None:
    """The entry whose number was said, None when none was."""
    if _is_number(said) and 1 <= int(said) <= len(listed):
        return listed[int(said) - 1]
    return None


def not_offered(turn: Turn, question: Question, listed: str = "") -> Reply | None:
    """A bare number that was not among the choices (`listed` names their fact; none: yes and no) is asked once more.

    None for any other message. Else the "7" behind a list of three would be read as seven units.
    """
    if not _is_number(said_in(turn)):
        return None
    most = len(question.facts[listed]) if listed else 2
    told = f"没有这个序号，请回复 1 到 {most} 之间的数字；要下单请带上单位，如「2份」。"
    return turn.ask(question.name, question.facts, told)


def _is_number(said: str) -> bool:
    return len(said) < 3 and said.isascii() and said.isdigit()
