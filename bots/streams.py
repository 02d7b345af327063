"""An answer that keeps itself current: the platform asks on, and each time it is told the count of that moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bots.commands import looking
from bots.messages import Heard, Reply, say
from bots.turn import Turn
from bots.voice import Voice
from domain.errors import DomainError
from models import Campaign
from services.chat import rooms, sessions
from services.chat.inbox import key_of
from services.chat.sessions import Place
from services.context import Ctx
from services.finding import by_public_id
from services.queries import campaigns as reading

LIFE = timedelta(minutes=2)
"""A person has three talks with the robot open at most, so none is kept for longer, and one each."""
GONE = say("这个团不在这里了。")


def begin(ctx: Ctx, heard: Heard, reply: Reply) -> Reply:
    """The reply under a name of its own (`live`), or a finished one where there is nothing to wait for.

    Somebody who has one open gets a finished one, too: the next would be the second of three.
    """
    campaign = by_public_id(ctx, Campaign, reply.live)
    if heard.kind != "message" or _is_over(campaign) or _has_open(ctx, heard):
        return replace(reply, live="")
    until = int((ctx.now + LIFE).timestamp())
    name = f"{campaign.public_id}.{until}.{key_of(heard.key)[:16]}"
    sessions.ask(ctx, _seat(heard), "stream", {"name": name})
    return replace(reply, live=name)


def refresh(ctx: Ctx, heard: Heard, voice: Voice) -> Reply:
    """The state of an open answer (`heard.subject` is its name); `live` stays while it is worth asking again."""
    campaign = _campaign(ctx, heard, heard.subject.partition(".")[0])
    if campaign is None:
        return GONE
    reply = looking.show_progress(Turn(ctx, heard, voice, None, only=campaign), "")
    done = _is_over(campaign) or ctx.now.timestamp() >= _until(heard.subject)
    return replace(reply, live="" if done else heard.subject)


def _has_open(ctx: Ctx, heard: Heard) -> bool:
    newest = sessions.standing(ctx, _seat(heard))
    return newest is not None and ctx.now.timestamp() < _until(str(newest.facts.get("name")))


def _until(name: str) -> int:
    """When the answer of this name ends, in Unix seconds; long ago for a name that is none of ours."""
    until = name.partition(".")[2].partition(".")[0]
    return int(until) if until.isascii() and until.isdigit() and len(until) <= 12 else 0


def _campaign(ctx: Ctx, heard: Heard, public_id: str) -> Campaign | None:
    if heard.group:
        return rooms.shows(ctx, heard.place.channel, heard.place.chat_id, public_id)
    try:
        return by_public_id(ctx, Campaign, public_id)
    except DomainError:
        return None


def _is_over(campaign: Campaign) -> bool:
    progress = reading.progress_of(campaign)
    return campaign.state != "open" or 0 < progress.minimum <= progress.reached


def _seat(heard: Heard) -> Place:
    """Where the name of a person's newest open answer is kept; no chat is called so."""
    return Place(heard.place.channel, "~stream", heard.place.user_id)
