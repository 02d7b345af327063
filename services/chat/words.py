"""What a message is, and why it did not go out, in Chinese: kept are an exception's name and a code, or a note."""

from __future__ import annotations

LETTERS = {
    "notify": "个人通知", "share_update": "群卡片更新", "share_spread": "群卡片扩散",
    "customer_reply": "客服回复", "chat_card": "群里卡片", "chat_mention": "群里点名", "chat_outcome": "群里播报结果",
    "chat_progress": "群里播报进度",
}  # fmt: skip
"""By the kind of an outbox row; the bots' tests hold it to the kinds that can be sent."""

_KINDS = {
    "Refused": "对方拒绝", "Unreachable": "连不上对方", "Unknown": "发出后没有回音", "ChatGone": "群已不在",
    "ChatMoved": "群已换号", "expired": "已过时", "gone": "群已不在",
}  # fmt: skip
_NOTES = {
    "no such kind": "没有这类消息", "could not be prepared": "消息无法生成", "no answer was kept": "没有留下答复",
    "no longer so": "情况已变", "no such channel here": "这里没有配置这个渠道", "nothing new": "没有新情况",
    "nothing to remind of": "没有要提醒的", "the bot may not speak there by itself": "机器人不能在那里主动说话",
    "the card shows it already": "卡片上已经有了", "the card's life is over": "卡片已过期",
    "the chat is gone": "群已不在", "the person's window is over or used up": "这个人的客服窗口已过或用完",
    "told already": "已经说过",
}  # fmt: skip


def in_words(trouble: str) -> str:
    """`Refused 40003` as 对方拒绝（40003）; what has no words, because a person wrote it, as it is."""
    if trouble in _NOTES:
        return _NOTES[trouble]
    kind, _, code = trouble.partition(" ")
    if kind not in _KINDS:
        return trouble
    return f"{_KINDS[kind]}（{code}）" if code else _KINDS[kind]
