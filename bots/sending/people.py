"""Telling one person: subscribe message, else customer service while its window is open, else a call in the group."""

from __future__ import annotations

import re

import structlog

from bots.channels.texts import cut
from bots.listening import filled_in
from bots.sending.plans import Decision, Nothing, Send, Sending
from services.chat import identities, inbox, notifying
from services.chat.identities import CUSTOMER
from services.chat.notifying import Push
from services.context import Ctx
from services.ports import Refused

TEMPLATE_OF = {"arrival": "arrived", "refund": "refund", "formed": "formed", "failed": "formed"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
log = structlog.get_logger("lintuan.notices")


def notify(sending: Sending) -> Decision:
    """notify: one push by the first way that is open; the page has it in any case."""
    push = notifying.push_of(sending.ctx, sending.payload["notification"], tuple(sending.outside.chats))
    if push is None:
        return Nothing("told already")

    def after(ctx: Ctx, way: str) -> None:
        if way == "chat":
            notifying.will_mention(ctx, push)
        else:
            notifying.reached(ctx, [push.notification], way)

    return Send(lambda: _reach(sending, push), after, lambda ctx: notifying.reached(ctx, [push.notification], "page"))


def customer_reply(sending: Sending) -> Decision:
    """customer_reply: the answer to something said to customer service."""
    answer = inbox.answer_to(sending.ctx, CUSTOMER, sending.payload["event"])
    if not answer:
        return Nothing("no answer was kept")
    openid = sending.ctx.vault.decrypt(sending.payload["to"])
    text = filled_in(sending.ctx, answer["text"], identities.speaker(sending.ctx, CUSTOMER, openid))
    mini_program = sending.outside.mini_program

    def act() -> str:
        mini_program.send_customer_text(openid, text)
        return ""

    return Send(act, lambda _ctx, _result: None)


def _reach(sending: Sending, push: Push) -> str:
    """Try the ways in their order; a refusal opens the next, anything else is raised."""
    mini_program = sending.outside.mini_program
    template = sending.voice.templates.get(TEMPLATE_OF.get(push.kind, ""), "")
    if push.kind == "arrival" and not push.code:  # collected before we came to say so
        return "page"
    if template and push.order_id:
        try:
            page = f"pages/order/index?id={push.order_id}"
            mini_program.send_subscribe(push.openid, template, page, template_data(push))
            return "subscribe"
        except Refused as refusal:
            log.info("a subscribe message was refused", kind=push.kind, errcode=refusal.code)
    if push.window_open:
        try:
            mini_program.send_customer_text(push.openid, _words(push, sending.voice.order_link(push.order_id)))
            return "customer"
        except Refused as refusal:
            log.info("a customer message was refused", kind=push.kind, errcode=refusal.code)
    return "chat" if push.mention_in else "page"


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
