"""Answers to what the bot asked: a number of a list, or yes and no."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bots.commands import giving_back, leading, placing
from bots.messages import Reply, say
from bots.parsing.normalise import normalise
from bots.turn import Turn
from services.chat.sessions import Question

YES = {"1", "是", "好", "好的", "确认", "确定", "对", "对的", "要", "要的", "可以", "嗯", "行", "ok", "yes"}
NO = {"2", "不", "否", "不要", "不用", "不了", "算了", "保留", "不是", "重复了", "再等等", "no"}
ALSO_YES = {"again": {"下单", "再来一份"}, "cancel": {"取消", "退", "退掉"}, "close": {"截团"}}
CONFIRMED: dict[str, Callable[[Turn, dict[str, Any]], Reply]] = {
    "again": placing.again, "cancel": giving_back.confirmed, "close": leading.closed,
}  # fmt: skip


def answer(turn: Turn, question: Question) -> Reply | None:
    """Act on the answer to a yes-or-no or point question; None when the message is none."""
    said = normalise(turn.heard.text, turn.voice.bot_name).lower().rstrip("。.!~ ")
    if question.name == "point":
        point = chosen(said, question.facts["points"])
        return placing.at_point(turn, question.facts, point) if point else None
    if question.name not in CONFIRMED:
        return None
    if said in YES | ALSO_YES[question.name]:
        return CONFIRMED[question.name](turn, question.facts)
    return say("好的，没有改动。") if said in NO else None


def chosen(said: str, listed: list[str]) -> str:
    """The entry whose number was said, "" when none was."""
    if len(said) == 1 and said.isascii() and said.isdigit() and 1 <= int(said) <= len(listed):
        return listed[int(said) - 1]
    return ""
