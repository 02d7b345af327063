"""Telling one person: subscribe message, else customer service while its window is open, else a call in the group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from bots.channels import customer
from bots.channels.texts import cut
from bots.listening import filled_in
from bots.sending import pace
from bots.sending.plans import Claim, Decision, Later, Nothing, Send, Sending
from domain.clock import is_quiet
from services import subscriptions
from services.chat import identities, inbox, notifying, windows
from services.chat.identities import CUSTOMER
from services.chat.notifying import Push
from services.chat.windows import Opened
from services.context import Ctx
from services.ports import Refused

TEMPLATE_OF = {"arrival": "arrived", "refund": "refund", "formed": "formed", "failed": "formed"}
OPENED = "opened"
KEPT = {"arrival": 0, "refund": 2}
"""How many calls a notice leaves in the window for what matters more: arrival goes before refund before the rest."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
log = structlog.get_logger("lintuan.notices")


def notify(sending: Sending) -> Decision:
    """notify: one push by the first way that is open; the page has it in any case."""
    push = notifying.push_of(sending.ctx, sending.payload["notification"], tuple(sending.outside.chats))
    if push is None:
        return Nothing("told already")
    if push.kind == OPENED and is_quiet(sending.ctx.now):
        return Later(pace.morning_after(sending.ctx.now))
    opened = [Opened(customer.WROTE, push.wrote_at)] if push.wrote_at else []
    claim = _claim(sending.ctx, push.openid, opened, KEPT.get(push.kind, 3), "customer")

    def after(ctx: Ctx, way: str) -> None:
        if _template(sending, push):
            subscriptions.used(ctx, push.resident, TEMPLATE_OF[push.kind], sent=way == "subscribe")
        if way == "chat":
            notifying.will_mention(ctx, push)
        else:
            notifying.reached(ctx, [push.notification], way)

    return Send(
        lambda: _reach(sending, push, may_write=claim is not None), after,
        lambda ctx: notifying.reached(ctx, [push.notification], "page"), claim=claim,
    )  # fmt: skip


def customer_reply(sending: Sending) -> Decision:
    """customer_reply: the answer to something said to customer service."""
    ctx, heard = sending.ctx, sending.payload
    answer = inbox.answer_to(ctx, CUSTOMER, heard["event"])
    if not answer:
        return Nothing("no answer was kept")
    openid = ctx.vault.decrypt(heard["to"])
    limit = customer.ENTERED if heard["by"] == "enter" else customer.WROTE
    opened = [Opened(limit, datetime.fromtimestamp(heard["at"], UTC))]
    if wrote_at := identities.wrote_at(ctx, openid):
        opened.append(Opened(customer.WROTE, wrote_at))
    claim = _claim(ctx, openid, opened, 0, "")
    if claim is None:
        return Nothing("the person's window is over or used up")
    text = filled_in(ctx, answer["text"], identities.speaker(ctx, CUSTOMER, openid))
    mini_program = sending.outside.mini_program

    def act() -> str:
        mini_program.send_customer_text(openid, text)
        return ""

    return Send(act, lambda _ctx, _result: None, claim=claim)


def _claim(ctx: Ctx, openid: str, opened: Sequence[Opened], keep: int, made: str) -> Claim | None:
    """A place in the person's windows; None when they take no call that leaves `keep` more."""
    place, limits = ctx.vault.digest("customer window", openid), customer.CAPABILITIES.limits
    if not opened or not windows.take(ctx, CUSTOMER, limits, opened, place, keep=keep):
        return None
    return Claim(CUSTOMER, limits, place, ctx.now, made)


def _reach(sending: Sending, push: Push, *, may_write: bool) -> str:
    """Try the ways in their order; a refusal opens the next, anything else is raised."""
    mini_program = sending.outside.mini_program
    if push.kind == "arrival" and not push.code:  # collected before we came to say so
        return "page"
    if template := _template(sending, push):
        try:
            page = f"pages/order/order?id={push.order_id}"
            mini_program.send_subscribe(push.openid, template, page, template_data(push))
            return "subscribe"
        except Refused as refusal:
            log.info("a subscribe message was refused", kind=push.kind, errcode=refusal.code)
    if may_write:
        try:
            voice = sending.voice
            link = voice.order_link(push.order_id) if push.order_id else voice.campaign_link(push.campaign_id)
            mini_program.send_customer_text(push.openid, _words(push, link))
            return "customer"
        except Refused as refusal:
            log.info("a customer message was refused", kind=push.kind, errcode=refusal.code)
    return "chat" if push.mention_in else "page"


def _template(sending: Sending, push: Push) -> str:
    """The template that a subscribe message about this notice has; "" where it can have none."""
    if not push.order_id or (push.kind == "arrival" and not push.code):
        return ""
    return sending.voice.templates.get(TEMPLATE_OF.get(push.kind, ""), "")


def template_data(push: Push) -> dict[str, str]:
    """The template's values by key, each within the platform's rules for its kind."""
    title = _thing(push.campaign_title or push.title)
    if push.kind != "arrival":
        return {"thing1": title, "thing2": _thing(push.title), "thing3": _thing(push.body)}
    data = {"thing1": title, "character_string2": push.code, "thing3": _thing(push.point)}
    return {**data, "time4": push.deadline} if push.deadline else data


def _thing(text: str) -> str:
    return cut(_CONTROL.sub(" ", text).strip(), 20) or "-"


def _words(push: Push, link: str) -> str:
    code = f"取货码 {push.code}，" if push.code else ""
    where = f"自提点 {push.point}，" if push.code and push.point else ""
    return f"{push.title}：{push.body}\n{code}{where}详情 {link}"
