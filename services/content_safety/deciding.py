"""What follows from the platform's word or an operator's: words are written down, or their author is told kindly."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from domain.actors import Role
from domain.content import Subject, Suggestion
from domain.errors import NotFound
from domain.ids import new_id
from models import ContentCheck, Notification
from services import audit, transitions
from services.content_safety import holding, rows
from services.context import Ctx
from services.finding import by_public_id
from services.writing import insert_ignoring

NAMES = {
    Subject.NICKNAME: "昵称", Subject.ORDER: "订单备注或收货人", Subject.PLACE: "楼栋或房号",
    Subject.ADDRESS: "收货地址", Subject.PASS: "代取人", Subject.CAMPAIGN: "团购页面的文字",
    Subject.CANCELLATION: "取消原因", Subject.CLAIM: "售后说明", Subject.ANSWER: "售后答复",
    Subject.LEADER: "团长名称或介绍", Subject.POINT: "自提点的名称或地址", Subject.STAFF: "店员名称",
    Subject.DEVICE: "设备名称", Subject.LEASE: "设备名称", Subject.UNDO: "撤销原因", Subject.SHIFT: "差额原因",
    Subject.LOSS: "处理说明", Subject.REASON: "操作原因", Subject.PICTURE: "商品图片", Subject.ALT: "图片说明",
    Subject.EVIDENCE: "图片",
}  # fmt: skip


def judged(ctx: Ctx, check: ContentCheck, suggestion: Suggestion, label: int) -> bool:
    """Carry the platform's word out; False when it was decided or replaced before, or its author has left."""
    if not _held(ctx, check):
        return False
    if suggestion is Suggestion.FINE:
        return _pass(ctx, check, label=label)
    if suggestion is Suggestion.RISKY:
        return _refuse(ctx, check, label=label)
    return doubt(ctx, check, "平台拿不准", label=label)


def doubt(ctx: Ctx, check: ContentCheck, trouble: str, **values: Any) -> bool:
    """Leave it to an operator, who is alerted."""
    moved = move(ctx, check, "doubt", trouble, **values)
    if moved:
        audit.alert(ctx, "content_review", _cause(check), "有内容平台拿不准，等人决定能否展示。")
    return moved


def ask_again(ctx: Ctx, check: ContentCheck, trouble: str) -> None:
    """A picture whose answer is of no use is asked about once more."""
    move(ctx, check, "again", trouble, due_at=ctx.now, trace_id=None)


def pass_by_hand(ctx: Ctx, check_id: str) -> ContentCheck:
    """An operator finds nothing wrong; raises `NotFound`, or `WrongState` when it was decided."""
    check = _found(ctx, check_id)
    if not _pass(ctx, check):
        transitions.move(ctx, check, "pass")
    return check


def refuse_by_hand(ctx: Ctx, check_id: str, reason: str) -> ContentCheck:
    """An operator lets nobody see it; raises `NotFound`, or `WrongState` when it was decided."""
    check = _found(ctx, check_id)
    if not _refuse(ctx, check, reason=reason):
        transitions.move(ctx, check, "refuse")
    return check


def move(ctx: Ctx, check: ContentCheck, event: str, trouble: str = "", **values: Any) -> bool:
    """Move a check and keep with it what stood in its way; False when it has moved on."""
    return transitions.try_move(ctx, check, event, reason=trouble, trouble=trouble[:255], **values)


def _found(ctx: Ctx, check_id: str) -> ContentCheck:
    ctx.require(Role.OPERATOR)
    check = by_public_id(ctx, ContentCheck, check_id)
    if not _held(ctx, check):
        raise NotFound
    return check


def _held(ctx: Ctx, check: ContentCheck) -> bool:
    """Hold the check as it is now, after what its words stand in; False when it went with an author who left."""
    rows.lock(ctx, Subject(check.subject), check.row_id)
    mine = select(ContentCheck).where(ContentCheck.id == check.id).with_for_update(key_share=True)
    return ctx.session.scalars(mine, execution_options={"populate_existing": True}).one_or_none() is not None


def _pass(ctx: Ctx, check: ContentCheck, **values: Any) -> bool:
    words = holding.words_of(ctx, check)
    if not transitions.try_move(ctx, check, "pass", words="", decided_at=ctx.now, **values):
        return False
    rows.write(ctx, Subject(check.subject), check.row_id, words)
    audit.clear(ctx, _cause(check))
    return True


def _refuse(ctx: Ctx, check: ContentCheck, *, reason: str = "", **values: Any) -> bool:
    if not transitions.try_move(ctx, check, "refuse", reason=reason, words="", decided_at=ctx.now, **values):
        return False
    what = NAMES[Subject(check.subject)]
    insert_ignoring(
        ctx.session, Notification, ["cause"], public_id=new_id("Notification", ctx.now), resident_id=check.resident_id,
        kind="content", cause=f"content:{check.id}", title=f"{what}没有通过审核", reached_by="", created_at=ctx.now,
        body=f"您提交的{what}含有平台不允许展示的内容，别人看不到它。换个说法或换张图片再提交就可以了，订单不受影响。",
    )  # fmt: skip
    audit.clear(ctx, _cause(check))
    return True


def _cause(check: ContentCheck) -> str:
    return f"content_review:{check.id}"
