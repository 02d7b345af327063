"""What leaves the house and through which channels: messages, dead letters, bound chats, and what the bot was told."""

from __future__ import annotations

from typing import Any

from blueprints.console.door import door
from blueprints.console.forms import ReasonForm, ShortReasonForm, wanted
from blueprints.shared.product import lintuan
from blueprints.shared.schemas import public_id as an_id
from domain.operators import Duty
from domain.state_tables import OUTBOX
from services import dead_letters
from services.context import Ctx
from services.explaining.facts import names_of
from services.paging import MOST, Page
from services.queries import channels as channel_lists
from services.queries import console_files, outbox, transcripts
from services.queries import unreached as unreached_list

PROGRAM = ("customer", "wxgroup")
"""Channels that go through the mini-program, which is always there."""


class FromOrderForm(ShortReasonForm):
    """Why, and the order from whose page it was asked, which leads back there."""

    order = an_id(load_default="")


@door.page("/outbox", query=wanted(OUTBOX), paged=True)
def letters(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Messages, newest first; those that died wait for somebody."""
    return {"part": outbox.letters(ctx, page, query["state"] or None), "query": query, "states": OUTBOX.states}


@door.page("/outbox/<public_id>")
def letter(ctx: Ctx, public_id: str) -> dict[str, Any]:
    """One message by its references."""
    shown, history = console_files.letter(ctx, public_id)
    return {"letter": shown, "history_of": history}


@door.act("/outbox/<public_id>/retry", duty=Duty.MESSAGES)
def retry_letter(ctx: Ctx, public_id: str) -> str:
    """Send a dead letter again."""
    dead_letters.retry(ctx, public_id)
    return f"/console/outbox/{public_id}"


@door.act("/outbox/<public_id>/dismiss", duty=Duty.MESSAGES, takes=ReasonForm())
def dismiss_letter(ctx: Ctx, public_id: str, body: dict[str, str]) -> str:
    """Let a dead letter lie."""
    dead_letters.dismiss(ctx, public_id, body["reason"])
    return f"/console/outbox/{public_id}"


@door.page("/channels", query=wanted(channel=32), paged=True)
def channels(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Every kind of channel, and every bound chat."""
    product = lintuan()
    part = channel_lists.bound_chats(ctx, page, product.channels, query["channel"] or None)
    return {
        "kinds": channel_lists.channels(ctx, product.channels, {*product.outside.chats, *PROGRAM}),
        "part": part, "query": query, "names": names_of(ctx, {chat.leader for chat in part.items}),
    }  # fmt: skip


@door.page("/unreached", query=wanted(campaign=40), paged=True)
def unreached(ctx: Ctx, query: dict[str, str], page: Page) -> dict[str, Any]:
    """Who was told by no push, newest first, so that somebody may ring them up."""
    return {"part": unreached_list.unreached(ctx, page, query["campaign"] or None), "query": query}


@door.look("/chats/<public_id>/transcript", duty=Duty.REVEAL, takes=ShortReasonForm())
def chat_transcript(ctx: Ctx, public_id: str, body: dict[str, str]) -> dict[str, Any]:
    """The last hundred turns in a bound chat, masked; who looked, when and why is kept."""
    told = transcripts.of_chat(ctx, public_id, body["reason"], Page(MOST))
    return {"part": told, "reason": body["reason"], "order": ""}


@door.look("/residents/<public_id>/transcript", duty=Duty.REVEAL, takes=FromOrderForm())
def resident_transcript(ctx: Ctx, public_id: str, body: dict[str, str]) -> dict[str, Any]:
    """The last hundred turns of one person with the bot, masked; who looked, when and why is kept."""
    told = transcripts.of_resident(ctx, public_id, body["reason"], Page(MOST))
    return {"part": told, "reason": body["reason"], "order": body["order"]}
